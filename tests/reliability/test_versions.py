"""R22: what only a newer version knows is kept and handed on; an upgrade understands it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.checker import check, look
from tests.reliability.fleet import Fleet, must_hold, run
from tests.reliability.tiers import record, scaled
from tests.reliability.versions import MixedFleet, coming

SEEDS, STEPS = scaled((4, 450), (20, 2_000))


def _play(fleet: Fleet, steps: int) -> list[str]:
    for _ in range(steps):
        fleet.step()
    if wrong := fleet.heal() or check(fleet.stations, fleet.hub, fleet.rogue, mixed=True):
        return wrong
    told = [look(s.path) for s in fleet.stations]
    if told[0].states == told[1].states or not told[1].states.keys() < told[2].states.keys():
        return ["the versions have the same states: nothing was mixed"]
    for station in fleet.stations[:2]:
        station.close()
        station.within, station.upgraded = coming, True
        station.start()
    wrong = fleet.heal() or check(fleet.stations, fleet.hub, fleet.rogue)
    if look(fleet.stations[0].path).states != told[2].states:
        wrong.append("after the upgrade the states are not those of the newer version")
    return wrong


@pytest.mark.timeout(scaled(120, 1_800))
def test_versions_live_together_and_an_upgrade_understands_all(disk: Path, quiet: None) -> None:
    total: Counter[str] = Counter()
    for seed in range(SEEDS):
        result = run(disk, 22_000 + seed, 3, STEPS, None, _play, MixedFleet)
        must_hold(result)
        total += result.seen + result.kinds
    assert total["alert.tagged"] > 0
    assert total["room.opened"] > 0
    assert total["alert.edited"] > 0
    assert total["update.posted"] > 0
    record(
        "R22 mixed versions",
        seeds=SEEDS,
        steps=SEEDS * STEPS,
        fold_crashes=0,
        unknown_events=total["alert.tagged"] + total["room.opened"],
        relayed="all",
    )
