"""R2 and R19: real stations and a real hub under kills, cuts and crashes lose nothing and agree."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.engine_process import PRODUCT
from tests.crash.ledger import Write
from tests.reliability.fleet_audit import why_not_equal
from tests.reliability.fleet_posters import FleetPosters, Shared
from tests.reliability.real_fleet import NotConverged, RealFleet, real_fleet
from tests.reliability.real_run import Plan, Run
from tests.reliability.tiers import record, scaled

pytestmark = [pytest.mark.serial, pytest.mark.slow]

PLAN = scaled(
    Plan(ops=400, kills=12, stops=2, ops_per_break=20),
    Plan(ops=10_000, kills=500, stops=20, ops_per_break=200),
)
ANSWERS_TOO_EARLY = ("-m", "tests.crash.mutant")
FORGETFUL = ("-m", "tests.reliability.mutant_engine", "forgetful")
SELFISH = ("-m", "tests.reliability.mutant_engine", "selfish")
# What is asked of a fleet on a machine of its own; here it shares two cores with other tests.
CONVERGED_S = 10.0
# A fleet that has a way to converge needs a second or two; one that has none may stop trying then.
NEVER_S = 12.0
SEED = secrets.randbits(32)


@pytest.mark.timeout(scaled(400, 7_200))
def test_nothing_promised_is_lost_and_all_agree(tmp_path: Path) -> None:
    """Kills, broken roads, a hub that crashes; then everybody holds and shows the same."""
    print(f"\nseed {SEED}")
    with real_fleet(tmp_path, SEED) as fleet:
        fleet.start_all()
        run = Run(fleet, PLAN, SEED)
        tally = run.go()
        assert tally.faults == []
        fleet.mend()
        tally.equal_s, tally.shown_s = fleet.converge(since=run.faults_ended_at)
        tally.faults = fleet.audit(run.writes())
        print(tally)
        record("R2 real fleet", seed=SEED, **tally.figures())
        in_time = tally.equal_s <= CONVERGED_S
        equal_s, shown_s = round(tally.equal_s, 2), round(tally.shown_s, 2)
        record("R19 liveness", seed=SEED, equal_s=equal_s, shown_s=shown_s, in_time=in_time)
        assert tally.faults == []
    assert tally.kills + tally.kills_at_start >= PLAN.kills
    assert tally.stops >= PLAN.stops
    assert tally.promised >= PLAN.ops


@pytest.mark.timeout(400)
def test_stations_that_answer_before_the_commit_are_caught(tmp_path: Path) -> None:
    """The same run with the same checks; reports alone, since the fault spoils other answers."""
    plan = replace(PLAN, ops=0, kills=60, stops=0, entry=ANSWERS_TOO_EARLY, reports_only=True)
    plan = replace(plan, stop_at_fault=True, jitter_s=0.0)
    with real_fleet(tmp_path, SEED) as fleet:
        fleet.start_all(ANSWERS_TOO_EARLY)
        tally = Run(fleet, plan, SEED).go()
    record("R2 control answers too early", seed=SEED, kills=tally.kills, caught=bool(tally.faults))
    assert any("is not in the log" in fault for fault in tally.faults), tally


@pytest.mark.timeout(200)
def test_a_hub_put_back_gets_everything_again_also_from_the_dead(tmp_path: Path) -> None:
    """What a station wrote that died for good is known to the others alone; they hand it over."""
    with real_fleet(tmp_path, SEED) as fleet:
        posters = lose_hub_and_station(fleet, PRODUCT)
        fleet.become_equal()
        faults = fleet.audit(written(posters))
    assert faults == []


@pytest.mark.timeout(200)
@pytest.mark.parametrize("entry", [FORGETFUL, SELFISH], ids=["forgetful", "selfish"])
def test_a_station_that_leaves_a_hole_in_the_hub_is_caught(
    tmp_path: Path, entry: tuple[str, ...]
) -> None:
    """One remembers what it pushed, one hands over only what it wrote: both are found out."""
    with real_fleet(tmp_path, SEED) as fleet:
        posters = lose_hub_and_station(fleet, entry)
        with pytest.raises(NotConverged) as found:
            fleet.become_equal(NEVER_S)
        faults = fleet.audit(written(posters))
    record("R2 control", mutant=entry[-1], seed=SEED, caught=bool(faults))
    assert "hold" in str(found.value)
    assert any(fault.startswith("the hub: ") and "lost" in fault for fault in faults), faults


def lose_hub_and_station(fleet: RealFleet, entry: tuple[str, ...]) -> list[FleetPosters]:
    """Back up the hub, write everywhere, lose the last station for good, put the hub back."""
    shared = Shared()
    fleet.start_all(entry)
    posters = [FleetPosters(s.name, SEED + n, 1, shared) for n, s in enumerate(fleet.stations)]
    try:
        load(fleet, posters)
        fleet.become_equal()
        backup = fleet.server.base_backup()
        load(fleet, posters)
        fleet.become_equal()
        dead = fleet.stations.pop()
        dead.kill()
        fleet.server.put_back(backup)
        assert why_not_equal(fleet.stations, fleet.hub.admin_dsn), "the backup lacks nothing"
        load(fleet, posters[:-1])
    finally:
        for one in posters:
            one.end()
    assert not any(one.errors for one in posters)
    return posters


def load(fleet: RealFleet, posters: list[FleetPosters], promises: int = 25) -> None:
    """Let all write until each station has promised some more."""
    for station, one in zip(fleet.stations, posters, strict=True):
        one.ledger.next_cycle()
        one.open(station.door)
    for one in posters:
        assert one.ledger.wait_for(promises, 30.0), one.errors
        one.open(None)


def written(posters: list[FleetPosters]) -> list[Write]:
    """All that they tried."""
    for one in posters:
        one.ledger.take()
    return [write for one in posters for write in one.kept.writes]
