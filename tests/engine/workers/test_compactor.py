"""The compactor: old events leave in pieces, only when all others are known to have them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crisisdesk.domain.frontier import Standing
from crisisdesk.engine import commands as c
from crisisdesk.engine.workers.compactor import Compactor
from crisisdesk.store.compaction import DAY_MS, CompactionPlanner

from tests.engine.workers.live import Live
from tests.store.workload import signal


@pytest.fixture
def busy(live: Live) -> Live:
    """An engine with some hundred old events in its log."""
    for start in range(0, 300, 50):
        live.do(c.TakeIn(signals=[signal(start + i) for i in range(50)]), "source:test")
        live.clock.advance(60_000)
    return live


def compactor(live: Live, others: Sequence[Standing] | None) -> Compactor:
    planner = CompactionPlanner(live.store, keep_days=2, most_events=100_000)
    return Compactor(planner, live.clock, live.engine.submit, lambda: others)


def run(live: Live, one: Compactor) -> int:
    return live.runner.run(one.once())


def test_young_events_stay_and_old_ones_leave(busy: Live) -> None:
    one = compactor(busy, ())
    assert run(busy, one) == 0
    busy.clock.advance(3 * DAY_MS)
    left = run(busy, one)
    # The newest stays unless a due clock has written another one behind it meanwhile.
    assert left in (299, 300)
    assert one.compacted == left
    states = busy.read(lambda reader: reader.page_alerts(limit=500))
    assert len(states.items) == 300


def test_nothing_leaves_that_another_station_lacks(busy: Live) -> None:
    busy.clock.advance(3 * DAY_MS)
    assert run(busy, compactor(busy, None)) == 0
    mine = busy.engine.health().origin
    far = Standing(origin="ff", vector={mine: 120}, hlc=2**62)
    assert run(busy, compactor(busy, [far])) in (119, 120)


def test_a_crowded_log_keeps_the_last_day(busy: Live) -> None:
    planner = CompactionPlanner(busy.store, keep_days=90, most_events=10)
    one = Compactor(planner, busy.clock, busy.engine.submit, lambda: ())
    assert run(busy, one) == 0
    busy.clock.advance(2 * DAY_MS)
    assert run(busy, one) >= 290
    assert busy.read(lambda reader: len(reader.events_after(0))) >= 10
