"""Guard: child processes left running."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from time import monotonic
from typing import Any

import psutil

from tests.guards.origins import origin

GRACE_S = 3.0
# One per interpreter, started by multiprocessing itself.
KEPT_BY_LIBRARIES = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")

_starts: dict[int, str] = {}
_plain_init = subprocess.Popen.__init__


def _recording_init(self: subprocess.Popen[Any], *args: Any, **kwargs: Any) -> None:
    _plain_init(self, *args, **kwargs)
    _starts[self.pid] = origin()


def record_starts() -> None:
    """Note the place of every ``subprocess.Popen`` from now on."""
    subprocess.Popen.__init__ = _recording_init  # type: ignore[method-assign]


def _children() -> set[int]:
    tasks = Path("/proc/self/task")
    if not (tasks / str(os.getpid()) / "children").exists():
        return {child.pid for child in psutil.Process().children()}
    found: set[int] = set()
    for task in tasks.iterdir():
        try:
            found.update(int(pid) for pid in (task / "children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue  # the thread has ended meanwhile; its children now belong to another one
    return found


def _command(pid: int) -> str | None:
    """The command line of a living child; None when it has ended or is kept by a library."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        command = " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return None
    return None if any(name in command for name in KEPT_BY_LIBRARIES) else command


class ProcessWatch:
    """Children that were not there before the test and do not end within the grace."""

    def __init__(self) -> None:
        self._before = _children()

    def leftovers(self) -> list[str]:
        """Pid, command and starting place of each child left; waits up to ``GRACE_S``."""
        left: list[str] = []
        deadline = monotonic() + GRACE_S
        for pid in sorted(_children() - self._before):
            if _command(pid) is None:
                continue
            psutil.wait_procs([psutil.Process(pid)], timeout=max(0.0, deadline - monotonic()))
            command = _command(pid)
            if command is not None:
                left.append(f"{pid} ({command}), started at {_starts.get(pid, 'unknown place')}")
        return left
