"""Guard: asyncio tasks left unfinished."""

from __future__ import annotations

import asyncio
import weakref
from typing import Any

from tests.guards.origins import origin

_starts: weakref.WeakKeyDictionary[asyncio.Task[Any], str] = weakref.WeakKeyDictionary()
_plain_create = asyncio.BaseEventLoop.create_task


def _recording_create(self: asyncio.BaseEventLoop, *args: Any, **kwargs: Any) -> asyncio.Task[Any]:
    task = _plain_create(self, *args, **kwargs)
    _starts[task] = origin()
    return task


def record_starts() -> None:
    """Note the place of every task made by a stock event loop from now on."""
    asyncio.BaseEventLoop.create_task = _recording_create  # type: ignore[method-assign]


def _pending() -> set[asyncio.Task[Any]]:
    # The interpreter's own register also knows the tasks of other loops (uvloop).
    names = ("_scheduled_tasks", "_all_tasks")
    register: Any = next(
        (getattr(asyncio.tasks, n) for n in names if hasattr(asyncio.tasks, n)), ()
    )
    known = {task for task in list(register) if isinstance(task, asyncio.Task)}
    return {task for task in known | set(_starts) if not task.done()}


class TaskWatch:
    """Tasks that were not there before the test and are not done after it.

    A loop that was at work before the test (that of a module's fixture) owns what it takes on.
    """

    def __init__(self) -> None:
        self._older_loops = {task.get_loop() for task in _pending()}

    def leftovers(self) -> list[str]:
        """Name, coroutine and starting place of each task left."""
        return [
            f"{task.get_name()!r} of {task.get_coro()!r}, "
            f"started at {_starts.get(task, 'unknown place')}"
            for task in _pending()
            if task.get_loop() not in self._older_loops
        ]
