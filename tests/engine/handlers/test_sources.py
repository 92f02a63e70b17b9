"""Declaring, pausing and removing sources; which reports of looks count."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.source import ALERT_SOURCE, EACH, Source, sources
from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine.source_commands import (
    DeclaredSources,
    DeclareSource,
    ListSources,
    NoteLooks,
    PauseSource,
    RemoveSource,
)
from crisisdesk.engine.source_signals import cut_off, down, network_key, up

from tests.store.workload import Station

READING = Reading(source_id="x", verdict=Verdict.DOWN, at=1, took_ms=1, words="connection refused")


def declare(station: Station, name: str = "shop", **fields: Any) -> str:
    given: dict[str, Any] = {"type": "tcp", "settings": {"host": "a", "port": 1}} | fields
    made = station.do(DeclareSource(name=name, **given))[0]
    if isinstance(made, DomainError):
        raise made
    return str(made)


def known(station: Station) -> list[Source]:
    return sources(station.bench.at_hand.policies())


def told(station: Station) -> DeclaredSources:
    found: DeclaredSources = station.do(ListSources())[0]
    return found


def alert(station: Station, key: str) -> Alert | None:
    found = station.bench.get(alert_id_of(ALERT_SOURCE, key))
    return found if isinstance(found, Alert) else None


def is_open(station: Station, key: str) -> bool:
    found = alert(station, key)
    return found is not None and found.is_open


def fire(station: Station, one: Source, station_id: str = "", **how: Any) -> None:
    who = (station_id or station.bench.station_id, "North")
    station.do(NoteLooks(signals=[down(one, who, READING, 2)], **how))


def test_a_change_keeps_the_id_and_leaves_one_version_standing(station: Station) -> None:
    key = declare(station)
    assert declare(station, "till", source_id=key, every_ms=60_000) == key
    (one,) = known(station)
    assert (one.name, one.every_ms) == ("till", 60_000)
    assert len(station.bench.at_hand.policies()) == 1


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"name": " "}, Malformed, "name"),
        ({"every_ms": 999}, Malformed, "every_s"),
        ({"timeout_ms": 20_000}, Malformed, "timeout_ms"),
        ({"failures": 0}, Malformed, "failures"),
        ({"severity": "bad"}, Malformed, "severity"),
        ({"where": "moon"}, Malformed, "where"),
        ({"source_id": "SRC-NONE"}, NotFound, "source_id"),
        ({"name": "taken"}, Conflict, "name"),
    ],
)
def test_what_cannot_be_declared_is_refused_and_changes_nothing(
    station: Station, fields: dict[str, Any], error: type[DomainError], field: str
) -> None:
    declare(station, "taken")
    head = station.journal.head().seq
    with pytest.raises(error) as refused:
        declare(station, **fields)
    assert refused.value.field == field
    assert station.journal.head().seq == head


def test_a_source_stays_of_its_type(station: Station) -> None:
    key = declare(station)
    with pytest.raises(Conflict, match="type"):
        declare(station, source_id=key, type="http")


def test_its_alert_begins_once_and_ends_once(station: Station) -> None:
    key = declare(station)
    (one,) = known(station)
    fire(station, one)
    fire(station, one)
    found = alert(station, key)
    assert found is not None
    assert (found.is_open, found.count) == (True, 1)
    assert told(station).told.keys() == {key}
    who = (station.bench.station_id, "North")
    for _ in range(2):
        station.do(NoteLooks(signals=[up(one, who, READING)]))
    assert not is_open(station, key)
    assert told(station).told == {}


def test_another_finding_of_the_same_source_is_told_in_the_same_alert(station: Station) -> None:
    key = declare(station)
    (one,) = known(station)
    fire(station, one)
    fire(station, one, again=True)
    found = alert(station, key)
    assert found is not None
    assert found.count == 2


@pytest.mark.parametrize("end", ["pause", "remove", "elsewhere"])
def test_alerts_of_every_station_end_with_what_they_are_about(station: Station, end: str) -> None:
    key = declare(station, where=EACH)
    (one,) = known(station)
    mine = f"{key}@{station.bench.station_id}"
    fire(station, one)
    # As it comes from another station, which looks for itself.
    from crisisdesk.engine.commands import TakeIn

    station.do(TakeIn(signals=[down(one, ("ST-OTHER", "South"), READING, 2)]))
    assert is_open(station, mine)
    assert is_open(station, f"{key}@ST-OTHER")
    commands: dict[str, Any] = {
        "pause": PauseSource(source_id=key, paused=True),
        "remove": RemoveSource(source_id=key),
        "elsewhere": DeclareSource(
            name="shop", type="tcp", settings={"host": "a", "port": 1}, source_id=key
        ),
    }
    station.do(commands[end])
    assert not is_open(station, mine)
    assert not is_open(station, f"{key}@ST-OTHER")


def test_what_is_paused_or_gone_raises_nothing_any_more(station: Station) -> None:
    key = declare(station)
    (one,) = known(station)
    station.do(PauseSource(source_id=key, paused=True))
    fire(station, one)
    station.do(RemoveSource(source_id=key))
    fire(station, one)
    assert alert(station, key) is None
    assert known(station) == []


def test_paused_twice_is_paused_once(station: Station) -> None:
    key = declare(station)
    station.do(PauseSource(source_id=key, paused=True))
    head = station.journal.head().seq
    station.do(PauseSource(source_id=key, paused=True))
    assert station.journal.head().seq == head
    assert [s.paused for s in known(station)] == [True]
    station.do(PauseSource(source_id=key, paused=False))
    assert [s.paused for s in known(station)] == [False]


def test_a_station_says_itself_that_it_is_cut_off(station: Station) -> None:
    me = station.bench.station_id
    signal = cut_off((me, "North"), "no name server answers", SignalAction.FIRE)
    other = cut_off(("ST-OTHER", "South"), "x", SignalAction.FIRE)
    station.do(NoteLooks(signals=[signal, other]))
    assert told(station).told.keys() == {network_key(me)}
    assert alert(station, network_key("ST-OTHER")) is None
