"""The engine is killed under load again and again: nothing it promised may be lost.

``kill -9`` cannot show a missing flush to the disk, because what a process wrote stays with the
system; that the writer asks for one is looked up in ``test_durability.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crisisdesk.settings.places import Places
from crisisdesk.store.chain import verify_log

from tests.crash.engine_process import running
from tests.crash.run import CrashRun

MUTANT = ("-m", "tests.crash.mutant")
SEED = 20_261_121


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_promised_is_lost_in_two_hundred_kills(tmp_path: Path) -> None:
    result = CrashRun(tmp_path / "station", SEED).go(200)
    print(f"\ncrash: {result}")
    assert result.faults == []
    assert result.kills == 200
    assert result.ledger.acked > 200 * 50
    assert result.ledger.unanswered > 200
    assert max(result.ready_s) < 3.0


@pytest.mark.timeout(300)
def test_nothing_promised_is_lost_in_ten_kills(tmp_path: Path) -> None:
    result = CrashRun(tmp_path / "station", SEED + 1).go(10)
    print(f"\ncrash: {result}")
    assert result.faults == []
    assert result.kills == 10
    assert result.ledger.unanswered > 10


@pytest.mark.timeout(300)
def test_an_engine_that_answers_before_the_commit_is_caught(tmp_path: Path) -> None:
    result = CrashRun(tmp_path / "station", SEED + 2, MUTANT, reports_only=True).go(40)
    print(f"\nmutant: {result}; {result.faults[:2]}")
    assert any("is not in the log" in fault for fault in result.faults)


def test_a_terminated_engine_keeps_what_it_took(tmp_path: Path) -> None:
    """SIGTERM under load: a clean end, and every promise kept."""
    assert sys.executable
    with running(tmp_path / "station") as (engine, _door):
        assert engine.stop() == 0
    assert verify_log(Places(tmp_path / "station").store).first_bad is None
