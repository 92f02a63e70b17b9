"""What a kill cannot show: the flush asked for, a clean end, a second engine, a full disk."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from crisisdesk.settings.places import Places
from crisisdesk.store import opening
from crisisdesk.store.chain import verify_log
from crisisdesk.store.files import reading_connection, writing_connection

from tests.crash.checker import Checker
from tests.crash.engine_process import ROOT, Caller, Door, environment, running
from tests.crash.ledger import Ledger
from tests.crash.posters import Posters
from tests.fleet.stations import until

FULL = 2


def titles(places: Places) -> set[str]:
    """The titles of all alerts in the store."""
    with closing(reading_connection(places.store)) as raw:
        return {title for (title,) in raw.execute("SELECT title FROM alert")}


def post(door: Door, title: str) -> int:
    """Raise one alert; the status of the answer."""
    caller = Caller(door, "Ann")
    status, _ = caller.ask("POST", "/crisis/alerts/", {"title": title, "severity": "low"})
    caller.close()
    return status


def test_the_writer_asks_for_a_flush_at_every_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very connection that the committer writes by; ``kill -9`` would not tell."""
    made: list[sqlite3.Connection] = []

    def remembered(path: Path) -> sqlite3.Connection:
        made.append(writing_connection(path))
        return made[-1]

    monkeypatch.setattr("crisisdesk.store.journal.writing_connection", remembered)
    opened = opening.open_station(tmp_path / "station.sqlite3")
    opened.journal.head()
    [raw] = made
    assert raw.execute("PRAGMA synchronous").fetchone() == (FULL,)
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    opened.journal.close()


def test_an_engine_that_is_asked_to_stop_keeps_what_it_took(tmp_path: Path) -> None:
    """SIGTERM under load: a clean end, no promise broken, and no log left beside the file."""
    ledger = Ledger()
    posters = Posters(ledger, 5, 4)
    try:
        with running(tmp_path / "station") as (engine, door):
            posters.open(door)
            assert ledger.wait_for(200, 20)
            assert engine.stop() == 0
            posters.open(None)
    finally:
        posters.end()
    checker = Checker(Places(tmp_path / "station").store, ledger)
    checker.look_at_all()
    assert checker.faults + posters.errors == []
    assert not engine.places.engine_door.exists()
    assert "the engine has stopped" in engine.said.read_text()


def test_a_second_engine_on_the_same_data_is_refused_in_words(tmp_path: Path) -> None:
    with running(tmp_path / "station") as (engine, door):
        second = subprocess.run(
            [
                *(sys.executable, "-m", "crisisdesk", "engine", "--port", "0"),
                *("--data-dir", str(tmp_path / "station")),
            ],
            env=environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 1
        assert str(engine.process.pid) in second.stderr + second.stdout
        assert "Traceback" not in second.stderr + second.stdout
        assert post(door, "still here") == 201
    assert titles(engine.places) == {"still here"}


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process: Linux only")
def test_a_full_disk_is_told_and_passes(tmp_path: Path) -> None:
    """Files may grow no further: writes are refused in words, reading goes on, nothing is lost."""
    with running(tmp_path / "station") as (engine, door):
        assert post(door, "before") == 201
        wal = Path(f"{engine.places.store}-wal")
        limited = psutil.Process(engine.process.pid)
        limited.rlimit(psutil.RLIMIT_FSIZE, (wal.stat().st_size + 500_000, psutil.RLIM_INFINITY))
        statuses = [post(door, f"alert {n}") for n in range(60)]
        caller = Caller(door, "Ann")
        status, told = caller.ask("POST", "/crisis/alerts/", {"title": "x", "severity": "low"})
        assert status == 503
        assert "nothing was saved" in str(told)
        assert caller.ask("GET", "/crisis/alerts/")[0] == 200
        caller.close()
        limited.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
        # A disk that has refused some times is left alone for two seconds between two tries.
        until(lambda: post(door, "after") == 201, 20)
    assert {201, 503} == set(statuses)
    kept = {f"alert {n}" for n, status in enumerate(statuses) if status == 201}
    assert titles(engine.places) == kept | {"before", "after"}
    assert verify_log(engine.places.store).first_bad is None
