"""Guard: Qt's own threads left running."""

from __future__ import annotations

import sys
import weakref
from time import monotonic
from typing import TYPE_CHECKING, Any

from tests.guards.origins import origin

if TYPE_CHECKING:
    from PySide6.QtCore import QThread

GRACE_S = 2.0

_started: dict[int, tuple[weakref.ref[QThread], str]] = {}


def record_starts() -> None:
    """Note the place of every ``QThread.start`` from now on; once per process."""
    from PySide6.QtCore import QThread

    plain_start: Any = QThread.start
    if getattr(plain_start, "records_origin", False):
        return

    def start(self: QThread, *args: Any) -> None:
        _started[id(self)] = (weakref.ref(self), origin())
        plain_start(self, *args)

    start.records_origin = True  # type: ignore[attr-defined]
    QThread.start = start  # type: ignore[assignment,method-assign]


def _running() -> list[tuple[QThread, str]]:
    if not _started:
        return []
    import shiboken6

    return [
        (thread, place)
        for ref, place in _started.values()
        if (thread := ref()) is not None and shiboken6.isValid(thread) and thread.isRunning()
    ]


class QtThreadWatch:
    """QThreads started during the test that do not end within the grace."""

    def __init__(self) -> None:
        if "PySide6.QtCore" in sys.modules:
            record_starts()
        for key, (ref, _) in list(_started.items()):
            if ref() is None:
                del _started[key]
        self._before = {id(thread) for thread, _ in _running()}

    def _new(self) -> list[tuple[QThread, str]]:
        return [pair for pair in _running() if id(pair[0]) not in self._before]

    def leftovers(self) -> list[str]:
        """Name and starting place of each thread left; waits up to ``GRACE_S`` for them to end."""
        deadline = monotonic() + GRACE_S
        for thread, _ in self._new():
            thread.wait(max(0, int((deadline - monotonic()) * 1000)))
        return [
            f"{type(thread).__name__} {thread.objectName()!r}, started at {place}"
            for thread, place in self._new()
        ]
