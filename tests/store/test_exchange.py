"""The log as the exchange reads it: whole runs of one origin, bounded, and what ends where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.domain.event import GENESIS, check_stored
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.ports import Absorbed, Mark
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.exchange import ExchangeLog

from tests.engine.foreign import ORIGIN, chain, event
from tests.store.workload import Station


@pytest.fixture
def log(station: Station) -> Iterator[ExchangeLog]:
    made = ExchangeLog(
        station.path,
        own=lambda: station.bench.origin,
        absorb=lambda events: station.do(c.Absorb(events=events))[0],
        leave=lambda mark: f"left at {mark.seq}",
    )
    yield made
    made.close()


def test_it_tells_where_each_log_ends(station: Station, log: ExchangeLog) -> None:
    assert log.marks() == {}
    station.fire(3)
    events = chain(event(), event(2))
    assert log.absorb(events) == Absorbed(events=2)
    own = station.journal.head()
    assert log.own_origin() == own.origin
    assert log.marks() == {own.origin: Mark(3, own.hash), ORIGIN: Mark(2, events[1].hash)}
    assert log.hlc() == station.journal.head().hlc


def test_hashes_are_those_of_the_chain(station: Station, log: ExchangeLog) -> None:
    events = chain(event(), event(2))
    log.absorb(events)
    told = [log.hash_at(ORIGIN, seq) for seq in (0, 1, 2, 3)]
    assert told == [GENESIS, events[0].hash, events[1].hash, None]
    assert log.hash_at("f" * 32, 1) is None


def test_it_reads_the_very_bytes_behind_a_place(station: Station, log: ExchangeLog) -> None:
    events = chain(*(event(n) for n in range(1, 8)))
    log.absorb(events)
    assert log.read(ORIGIN, 0, 100, 10**6) == events
    assert log.read(ORIGIN, 3, 2, 10**6) == events[3:5]
    assert log.read(ORIGIN, 7, 2, 10**6) == []
    previous = GENESIS
    for stored in log.read(ORIGIN, 0, 100, 10**6):
        previous = check_stored(stored, previous).hash


def test_a_batch_is_bounded_in_bytes_but_never_empty(station: Station, log: ExchangeLog) -> None:
    events = chain(*(event(n) for n in range(1, 6)))
    log.absorb(events)
    size = len(events[0].raw) + len(events[0].body)
    assert log.read(ORIGIN, 0, 100, 1) == events[:1]
    assert len(log.read(ORIGIN, 0, 100, 2 * size + 10)) == 2


def test_nothing_is_read_over_a_gap(station: Station, log: ExchangeLog) -> None:
    log.absorb(chain(*(event(n) for n in range(1, 6))))
    station.journal._connected().execute("DELETE FROM event WHERE origin=? AND seq<4", (ORIGIN,))
    assert log.read(ORIGIN, 0, 100, 10**6) == []
    assert [e.seq for e in log.read(ORIGIN, 3, 100, 10**6)] == [4, 5]
    assert log.hash_at(ORIGIN, 2) is None


def test_the_digest_is_of_the_states_at_its_vector(station: Station, log: ExchangeLog) -> None:
    station.fire(4)
    before = log.digest()
    assert before.vector == {station.bench.origin: 4}
    assert log.digest() == before
    station.do(c.NameStation(name="Post 7"))
    after = log.digest()
    assert (after.vector, after.digest) != (before.vector, before.digest)
    assert after.fold_version == before.fold_version


def test_leaving_goes_to_the_writer(log: ExchangeLog) -> None:
    assert log.start_new_incarnation(Mark(5, b"x")) == "left at 5"


def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    def nobody(*_given: object) -> Absorbed:
        raise AssertionError

    log = ExchangeLog(tmp_path / "none.db", own=str, absorb=nobody, leave=lambda _m: "")
    for ask in (log.marks, log.digest, log.hlc):
        with pytest.raises(StoreFailed, match="cannot be read"):
            ask()
    log.close()
