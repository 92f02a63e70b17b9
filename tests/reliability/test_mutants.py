"""R25: every planted bug is noticed, and the checks pass where none is planted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.checker import check, look
from tests.reliability.fleet import Fleet, Weather, run
from tests.reliability.mutants import MUTANTS, Mutant
from tests.reliability.tiers import record, scaled

SEEDS = scaled(8, 20)
STEPS = 250
STATIONS = 3


def _one_gone(fleet: Fleet, steps: int) -> list[str]:
    """One station is lost for good, its events handed over; then the hub forgets them."""
    for _ in range(steps):
        fleet.step()
    copy = fleet.copies[0]
    if wrong := fleet.heal():
        return wrong
    lost = fleet.stations.pop()
    last_words = look(lost.path).rows
    lost.close()
    fleet.hub.set_back(copy)
    wrong = fleet.heal() or check(fleet.stations, fleet.hub, fleet.rogue, also=[lost])
    missing = set(last_words) - set(look(fleet.stations[0].path).rows)
    return wrong + [f"{len(missing)} events of the lost station are gone"] * bool(missing)


def _killed(disk: Path, mutant: Mutant) -> tuple[int, str]:
    """How many seeds it took to notice it, and what was noticed; 0 when it was not."""
    with mutant.plant():
        if mutant.small is not None:
            try:
                mutant.small()
            except AssertionError as error:
                return 1, f"{mutant.small.__name__}: {str(error)[:80]}"
            return 0, ""
        for n in range(1, SEEDS + 1):
            play = _one_gone if mutant.gone else None
            result = run(disk, 9_000 + n, STATIONS, STEPS, mutant.weather, play)
            if result.wrong:
                return n, result.wrong[0][:120]
    return 0, ""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name.replace(" ", "-"))
def test_a_planted_bug_is_noticed(disk: Path, quiet: None, mutant: Mutant) -> None:
    seeds, noticed = _killed(disk, mutant)
    record("R25 mutant", mutant=mutant.name, killed=bool(seeds), seeds=seeds, by=noticed)
    assert seeds, f"{mutant.name}: not noticed in {SEEDS} seeds; the checker has a hole"


WEATHERS = {m.weather for m in MUTANTS if m.weather is not None}


@pytest.mark.parametrize("weather", sorted(WEATHERS, key=repr), ids=lambda _w: "weather")
def test_without_a_planted_bug_all_is_well(disk: Path, quiet: None, weather: Weather) -> None:
    for seed in range(9_001, 9_005):
        for play in (None, _one_gone):
            assert run(disk, seed, STATIONS, STEPS, weather, play).wrong == []


def test_there_are_at_least_25() -> None:
    assert len({m.name for m in MUTANTS}) == len(MUTANTS) >= 25
