"""Guard: a test that leaves a thread, timer, window, asyncio task or child process behind fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from tests.guards import processes, qthreads, tasks, threads, widgets

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("widget", "timer", "task", "thread", "qthread", "process")

MARK = "allow_leak(kind, reason): something of one of the guarded kinds may stay, for a reason"


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
    watches = _watches()
    yield
    left = [
        f"left behind: {kind} {line}"
        for kind, watch in watches.items()
        if kind not in allowed
        for line in watch.leftovers()
    ]
    if left:
        pytest.fail("\n".join(left), pytrace=False)
