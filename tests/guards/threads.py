"""Guard: threads left running."""

from __future__ import annotations

import threading
import weakref
from time import monotonic
from typing import Any

from tests.guards.origins import origin

GRACE_S = 2.0
# Kept for the life of the process by their libraries, once used.
KEPT_BY_LIBRARIES = ("pytest_timeout", "execnet", "ThreadPoolExecutor-anyio")

_starts: weakref.WeakKeyDictionary[threading.Thread, str] = weakref.WeakKeyDictionary()
_starters: weakref.WeakKeyDictionary[threading.Thread, threading.Thread] = (
    weakref.WeakKeyDictionary()
)
_plain_start = threading.Thread.start


def _recording_start(self: threading.Thread, *args: Any, **kwargs: Any) -> None:
    _starts[self] = origin()
    _starters[self] = threading.current_thread()
    _plain_start(self, *args, **kwargs)


def record_starts() -> None:
    """Note the place of every ``Thread.start`` from now on."""
    threading.Thread.start = _recording_start  # type: ignore[method-assign]


class ThreadWatch:
    """Threads that were not there before the test and do not end within the grace.

    A worker which an older background thread takes on (that of a module's fixture) belongs to it.
    """

    def __init__(self) -> None:
        self._before = set(threading.enumerate())
        self._older = self._before - {threading.current_thread()}

    def _new(self) -> list[threading.Thread]:
        return [
            thread
            for thread in threading.enumerate()
            if thread not in self._before
            and thread.is_alive()
            and _starters.get(thread) not in self._older
            and not thread.name.startswith(KEPT_BY_LIBRARIES)
        ]

    def leftovers(self) -> list[str]:
        """Name and starting place of each thread left; waits up to ``GRACE_S`` for them to end."""
        deadline = monotonic() + GRACE_S
        for thread in self._new():
            # A thread Python did not start (Qt, a library in C) cannot be joined.
            if not isinstance(thread, threading._DummyThread):
                thread.join(max(0.0, deadline - monotonic()))
        return [
            f"{thread.name!r}, started at {_starts.get(thread, 'unknown place')}"
            for thread in self._new()
        ]
