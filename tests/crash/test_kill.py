"""The engine is killed under load again and again: nothing it promised may be lost.

``kill -9`` cannot show a missing flush to the disk, because what a process wrote stays with the
system; that the writer asks for one is looked up in ``test_durability.py``.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from crisisdesk.settings.places import Places

from tests.crash.desk_process import DesksEngine, desk_on, stop_engine_of
from tests.crash.engine_process import EngineProcess, running, seat
from tests.crash.run import CrashRun
from tests.reliability.tiers import scaled

MUTANT = ("-m", "tests.crash.mutant")
SEED = 20_261_121
KILLS = scaled(50, 200)
# About a second and a half on a machine of its own; here others may hold both cores.
RECOVERY_S = 20.0


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_nothing_promised_is_lost_in_many_kills_before_an_open_desk(tmp_path: Path) -> None:
    """The desk starts the engine again each time, stays the same process and shows what is so."""
    data_dir = tmp_path / "station"
    with running(data_dir) as (_engine, door):
        seat(door)
    with desk_on(data_dir, dict(os.environ), starts_engine=True) as desk:
        starts: list[DesksEngine] = []

        def start() -> DesksEngine:
            starts.append(DesksEngine(desk, data_dir, starts[-1] if starts else None))
            return starts[-1]

        try:
            result = CrashRun(SEED, start, start_kills=False).go(KILLS)
        finally:
            desk.quit()
            stop_engine_of(Places(data_dir))
    slow = [(round(e.ready_s, 2), round(e.door_s, 2), e.story) for e in starts if e.ready_s > 2]
    print(f"\ncrash: {result}; slow: {slow}")
    assert result.faults == []
    assert result.kills == KILLS
    assert result.ledger.acked > KILLS * 50
    assert result.ledger.unanswered > KILLS
    assert max(result.ready_s[1:]) < RECOVERY_S


@pytest.mark.timeout(300)
def test_nothing_promised_is_lost_in_ten_kills(tmp_path: Path) -> None:
    """Some of them before the engine has come up."""
    result = CrashRun(SEED + 1, lambda: EngineProcess(tmp_path / "station")).go(10)
    print(f"\ncrash: {result}")
    assert result.faults == []
    assert result.kills == 10
    assert result.ledger.unanswered > 10


@pytest.mark.timeout(300)
def test_an_engine_that_answers_before_the_commit_is_caught(tmp_path: Path) -> None:
    """The same run with the same checker; reports alone, since the fault spoils other answers."""
    mutant = partial(EngineProcess, tmp_path / "station", MUTANT)
    result = CrashRun(SEED + 2, mutant, reports_only=True).go(40)
    print(f"\nmutant: {result}; {result.faults[:2]}")
    assert any("is not in the log" in fault for fault in result.faults)
