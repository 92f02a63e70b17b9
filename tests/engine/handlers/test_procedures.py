"""Procedures published and withdrawn, checked whole before a word is kept."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.recovery.procedure import procedures
from crisisdesk.engine.handlers.procedures import known_procedures
from crisisdesk.engine.recovery_commands import PublishProcedure, WithdrawProcedure

from tests.engine.recovering import content
from tests.store.workload import Station


def publish(station: Station, name: str = "Fail over", **fields: Any) -> Any:
    told = content({"id": "a"}, **fields)
    return station.do(PublishProcedure(name=name, content=told))[0]


def test_the_newest_version_counts_and_publishing_it_again_is_nothing(station: Station) -> None:
    first = publish(station)
    second = publish(station, description="better")
    head = station.bench.pos
    assert publish(station, description="better") == second
    assert station.bench.pos == head
    assert known_procedures(station.bench)["Fail over"].version_id == second
    back = publish(station)
    assert isinstance(back, Conflict)
    assert first != second


def test_a_withdrawn_one_is_gone_and_brings_no_older_one_back(station: Station) -> None:
    publish(station)
    publish(station, description="better")
    assert station.do(WithdrawProcedure(name="Fail over")) == [None]
    assert known_procedures(station.bench) == {}
    gone = station.do(WithdrawProcedure(name="Fail over"))[0]
    assert isinstance(gone, NotFound)
    assert procedures(station.journal.policies()) == []


def test_what_cannot_be_run_is_refused_and_nothing_kept(station: Station) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"steps": []},
        {"rollback": "always"},
        {"steps": [{"id": "s", "title": "S", "kind": "procedure", "procedure": "none"}]},
    )
    for fields in wrong:
        assert isinstance(publish(station, **fields), Malformed)
    assert station.bench.pos == 0
