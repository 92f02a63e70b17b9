"""R13: no clock, however wrong, cuts a station off or puts a reply before its cause."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.fleet import Weather, must_hold, run
from tests.reliability.tiers import record, scaled

SEEDS, STEPS = scaled((20, 200), (200, 500))


@pytest.mark.timeout(scaled(120, 1_800))
def test_ten_years_off_either_way_and_standing_still(disk: Path, quiet: None) -> None:
    total: Counter[str] = Counter()
    for seed in range(13_000, 13_000 + SEEDS):
        result = run(disk, seed, 3, STEPS, Weather(jump=0.15, crash=0.01, roll_back=0.0))
        must_hold(result)
        total += result.seen
    assert total["clock jumps"] > SEEDS
    record(
        "R13 clocks",
        seeds=SEEDS,
        jumps=total["clock jumps"],
        sync_refusals=0,
        replies=total["events"],
        replies_before_their_cause=0,
    )
