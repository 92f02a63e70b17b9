"""R20: a long log of ten stations at a fresh one, which then holds what the log says, to the byte.

How long it takes, and how large the file gets, is recorded; tests/benchmarks/catching_up.py judges.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from crisisdesk.domain.canonical import use_parser
from crisisdesk.domain.event import Event, Stored, unseal
from crisisdesk.domain.fold import fold, state_bytes
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.absorbing import absorb_in_pieces
from crisisdesk.engine.exchange.exchange import Exchange
from crisisdesk.engine.exchange.ports import Absorbed, Mark
from crisisdesk.hub.log import PgHub
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.opening import open_station
from crisisdesk.store.projections import TABLES, table_of

from tests.fleet.long_log import LongLog
from tests.hub.ways import address
from tests.postgres.fixtures import HubPlace
from tests.reliability.tiers import NIGHTLY, record, scaled
from tests.store.workload import Station

EVENTS = scaled(20_000, 1_000_000)
STATIONS = 10
PUSH_EVENTS = 500


def fill(hub: PgHub, log: LongLog) -> tuple[dict[str, int], dict[str, list[Event]]]:
    """Put the log into the hub: where each origin ends, and the events of each aggregate."""
    waiting: dict[str, list[Stored]] = {}
    ends: dict[str, int] = {}
    stories: dict[str, list[Event]] = {}
    for stored in log:
        event = unseal(stored.raw, stored.body)
        stories.setdefault(event.agg, []).append(event)
        batch = waiting.setdefault(stored.origin, [])
        batch.append(stored)
        if len(batch) == PUSH_EVENTS:
            ends[stored.origin] = hub.push(stored.origin, batch[0].seq, batch)
            batch.clear()
    for origin, batch in waiting.items():
        if batch:
            ends[origin] = hub.push(origin, batch[0].seq, batch)
    return ends, stories


def digest_of(stories: dict[str, list[Event]]) -> bytes:
    """The digest that `ExchangeLog.digest` must give, folded straight from the events."""
    whole = hashlib.sha256()
    tables: dict[str, list[str]] = {table: [] for table in sorted(TABLES)}
    for aggregate in sorted(stories):
        place = table_of(aggregate)
        assert place is not None
        tables[place[0]].append(aggregate)
    for names in tables.values():
        for aggregate in names:
            state = fold(stories[aggregate])
            assert state is not None
            content = hashlib.sha256(state_bytes(state)).digest()
            whole.update(aggregate.encode() + b"\0" + content)
    return whole.digest()


def log_of(station: Station) -> ExchangeLog:
    """Its log, which takes events over in the pieces that an engine takes."""

    def one(events: Sequence[Stored]) -> Absorbed:
        (result,) = station.do(c.Absorb(events=events))
        assert isinstance(result, Absorbed)
        return result

    def leave(_mark: Mark) -> str:
        raise AssertionError("nobody else writes here")

    return ExchangeLog(
        station.path,
        own=lambda: station.bench.origin,
        absorb=lambda events: absorb_in_pieces(events, one, lambda: 0),
        leave=leave,
    )


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Station]:
    # As the product reads its bytes.
    use_parser(orjson.loads)
    station = Station(tmp_path / "fresh")
    yield station
    station.close()
    use_parser(None)


@pytest.mark.slow
def test_a_fresh_station_holds_a_long_log_to_the_byte(hub_place: HubPlace, fresh: Station) -> None:
    log = LongLog(EVENTS, stations=STATIONS)
    with closing(PgHub(address(hub_place.login("fresh")))) as hub:
        ends, stories = fill(hub, log)
        assert sum(ends.values()) == EVENTS
        with closing(log_of(fresh)) as here:
            began, spent = time.perf_counter(), time.process_time()
            outcome = Exchange(here, hub).run()
            seconds, processor = time.perf_counter() - began, time.process_time() - spent
            assert outcome.pulled == EVENTS
            assert not outcome.held_back
            assert {o: mark.seq for o, mark in here.marks().items()} == ends
            assert here.digest().digest == digest_of(stories)
            # It can fail: one event less is another digest.
            name = next(agg for agg, story in stories.items() if len(story) > 2)
            assert here.digest().digest != digest_of({**stories, name: stories[name][:-1]})
    size = sum(path.stat().st_size for path in fresh.path.parent.glob(f"{fresh.path.name}*"))
    fresh.journal.close()
    began = time.perf_counter()
    open_station(fresh.path).journal.close()
    record(
        "R20 scale",
        events=EVENTS,
        aggregates=len(stories),
        stations=STATIONS,
        nightly_tier=NIGHTLY,
        ready_s=round(seconds, 2),
        processor_s=round(processor, 2),
        size_mib=round(size / 2**20, 1),
        start_s=round(time.perf_counter() - began, 2),
    )
