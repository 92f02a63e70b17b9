"""One engine a folder: the second is told who has it, and death lets go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crisisdesk.store.errors import InUse
from crisisdesk.store.lock import EngineLock, lock_holder
from crisisdesk.store.opening import open_station

HOLD = (
    "import sys; from pathlib import Path; from crisisdesk.store.lock import EngineLock\n"
    "lock = EngineLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


def test_a_second_engine_is_refused_in_words_until_the_first_ends(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    first = open_station(path)
    with pytest.raises(InUse) as refused:
        open_station(path)
    assert f"process {os.getpid()}" in str(refused.value)
    assert "stop it first" in str(refused.value)
    assert lock_holder(tmp_path) == os.getpid()
    first.journal.close()
    assert lock_holder(tmp_path) is None
    open_station(path).journal.close()


def test_a_refused_opening_gives_the_lock_back(tmp_path: Path) -> None:
    (tmp_path / "station.db").write_bytes(b"no database")
    for _ in range(2):
        with pytest.raises(Exception, match="no database"):
            open_station(tmp_path / "station.db")
    EngineLock(tmp_path).release()


def test_releasing_twice_harms_nobody(tmp_path: Path) -> None:
    lock = EngineLock(tmp_path)
    lock.release()
    other = EngineLock(tmp_path)
    lock.release()
    with pytest.raises(InUse):
        EngineLock(tmp_path)
    other.release()


def test_a_killed_engine_lets_go(tmp_path: Path) -> None:
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with held:
        assert held.stdout is not None
        assert held.stdout.readline() == b"held\n"
        with pytest.raises(InUse, match=f"process {held.pid}"):
            EngineLock(tmp_path)
        assert lock_holder(tmp_path) == held.pid
        held.send_signal(signal.SIGKILL)
        held.wait()
    EngineLock(tmp_path).release()


def test_nobody_holds_a_folder_that_never_had_an_engine(tmp_path: Path) -> None:
    assert lock_holder(tmp_path) is None
