"""Events continue a chain as they are; behind a gap they are written anew, or wait."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.domain.event import Stored, unseal
from crisisdesk.store.chain import verify_log
from crisisdesk.store.files import writing_connection
from crisisdesk.store.rebuild import compare
from crisisdesk.store.takeover import Taken, take_over

from tests.reliability.spoiling import events_of
from tests.store.workload import START, Station


@pytest.fixture
def source(tmp_path: Path) -> list[Stored]:
    """The log of a station that fired twelve alerts and worked on them."""
    station = Station(tmp_path / "source")
    station.fire(12)
    station.work_at_random(10)
    station.close()
    return events_of(station.path)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Another station's closed file."""
    station = Station(tmp_path / "target", seed=2)
    station.fire(2)
    station.close()
    return station.path


def taken_over(target: Path, events: list[Stored], *, rewrite: bool) -> Taken:
    with closing(writing_connection(target)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        taken = take_over(raw, events, now_ms=START, rewrite=rewrite)
        raw.execute("COMMIT")
    assert verify_log(target).first_bad is None
    assert compare(target).different == 0
    return taken


def test_a_chain_is_continued_in_any_order_and_once(source: list[Stored], target: Path) -> None:
    shuffled = [*reversed(source), *source]
    assert taken_over(target, shuffled, rewrite=True) == Taken(salvaged=len(source))
    assert set(source) <= set(events_of(target))
    assert taken_over(target, source, rewrite=True) == Taken()


def test_behind_a_gap_they_wait_for_the_hub(source: list[Stored], target: Path) -> None:
    with_gap = [*source[:4], *source[6:]]
    taken = taken_over(target, with_gap, rewrite=False)
    assert taken == Taken(salvaged=4, stranded=len(source) - 6)
    rest = taken_over(target, source, rewrite=False)
    assert rest.salvaged == len(source) - 4


def test_behind_a_gap_they_are_written_anew_where_nobody_has_them(
    source: list[Stored], target: Path
) -> None:
    taken = taken_over(target, [*source[:4], *source[6:]], rewrite=True)
    assert taken == Taken(salvaged=4, rewritten=len(source) - 6)
    anew = [unseal(e.raw, e.body) for e in events_of(target)][-(len(source) - 6) :]
    before = [unseal(e.raw, e.body) for e in source[6:]]
    for event, old in zip(anew, before, strict=True):
        assert (event.id, event.agg, event.kind, event.actor, event.wall_ms, event.body) == (
            old.id,
            old.agg,
            old.kind,
            old.actor,
            old.wall_ms,
            old.body,
        )
        assert event.origin != old.origin
    assert [e.seq for e in anew] == list(range(1, len(anew) + 1))


def test_an_event_with_another_hash_continues_nothing(source: list[Stored], target: Path) -> None:
    first = source[0]
    wrong = Stored(
        origin=first.origin,
        seq=1,
        raw=first.raw,
        body=first.body,
        salt=first.salt,
        hash=b"\1" * 32,
    )
    assert taken_over(target, [wrong], rewrite=False) == Taken(stranded=1)


def test_a_failure_leaves_the_transaction_to_be_undone(source: list[Stored], target: Path) -> None:
    count = len(events_of(target))
    with closing(writing_connection(target)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("DROP TABLE origin_head")
        with pytest.raises(sqlite3.OperationalError):
            take_over(raw, source, now_ms=START, rewrite=False)
        raw.rollback()
    assert len(events_of(target)) == count
