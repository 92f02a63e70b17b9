"""Guard: a test that leaves a thread, timer, window, asyncio task or child process behind fails."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.guards import processes, qthreads, tasks, threads, widgets

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("widget", "timer", "task", "thread", "qthread", "process")

MARK = "allow_leak(kind, reason): something of one of the guarded kinds may stay, for a reason"


_exit_status: list[int] = []
_left_threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()


class Watch(Protocol):
    """Remembers what lives before a test and names what a test has added and left."""

    def leftovers(self) -> list[str]:
        """One line or more for each thing left, with where it was started; waits a short grace."""


def pytest_configure(config: pytest.Config) -> None:
    """Begin to record where things are started."""
    config.addinivalue_line("markers", MARK)
    threads.record_starts()
    tasks.record_starts()
    processes.record_starts()


def pytest_sessionfinish(exitstatus: int) -> None:
    """Remember how the session ended, for an end that must be forced."""
    _exit_status.append(int(exitstatus))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End although a thread a test has left behind would hold the interpreter for ever."""
    holding = [t.name for t in threading.enumerate() if t in _left_threads and not t.daemon]
    if holding and _exit_status:
        sys.stdout.write(f"forced to end: threads left behind by tests: {', '.join(holding)}\n")
        sys.stdout.flush()
        os._exit(_exit_status[-1] or 1)


def _watches() -> dict[str, Watch]:
    return {
        "widget": widgets.WidgetWatch(),
        "timer": widgets.TimerWatch(),
        "task": tasks.TaskWatch(),
        "thread": threads.ThreadWatch(),
        "qthread": qthreads.QtThreadWatch(),
        "process": processes.ProcessWatch(),
    }


def _allowed(node: pytest.Item) -> set[str]:
    allowed = set()
    for mark in node.iter_markers("allow_leak"):
        kind, reason = mark.args
        if kind not in KINDS or not str(reason).strip():
            msg = f"allow_leak needs a kind of {', '.join(KINDS)} and a reason, not {mark.args!r}"
            raise pytest.UsageError(msg)
        allowed.add(kind)
    return allowed


@pytest.fixture(autouse=True)
def _leak_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    allowed = _allowed(request.node)
    threads_before = set(threading.enumerate())
    watches = _watches()
    yield
    left = [
        f"left behind: {kind} {line}"
        for kind, watch in watches.items()
        if kind not in allowed
        for line in watch.leftovers()
    ]
    if left:
        _left_threads.update(set(threading.enumerate()) - threads_before)
        pytest.fail("\n".join(left), pytrace=False)
