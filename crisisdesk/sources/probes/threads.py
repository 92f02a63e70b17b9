"""Threads for looks that block: one for each source at most, and bounded in all.

A call that hangs in the kernel (a network file system that is gone) cannot be ended from outside.
Its thread is left to itself, its source is not looked at again before it has ended, and the number
of such threads is bounded.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from crisisdesk.engine.patience import within
from crisisdesk.sources.probes.looking import unsure

MOST = 32

T = TypeVar("T")


class Threads:
    """Runs blocking work for sources; ``name`` is that of the type, for whoever lists threads."""

    def __init__(self, name: str, most: int = MOST) -> None:
        self._name = name
        self._most = most
        self._running: dict[str, threading.Thread] = {}

    async def run(
        self,
        source_id: str,
        work: Callable[[], T],
        seconds: float,
        stop: Callable[[], None] | None = None,
    ) -> T:
        """The result of ``work``, or what it raised; TimeoutError when it takes longer.

        ``stop`` is called then from the loop and makes the work end where it can. Raises Unanswered
        while an earlier look of this source still hangs, or too many of others do.
        """
        for key in [key for key, thread in self._running.items() if not thread.is_alive()]:
            del self._running[key]
        if source_id in self._running:
            raise unsure("the look before has not come back yet")
        if len(self._running) >= self._most:
            raise unsure(f"{self._most} earlier looks of this type have not come back yet")
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[T] = loop.create_future()
        # A daemon: one that hangs must not hold up the end of the engine.
        thread = threading.Thread(
            target=_run,
            args=(work, loop, ended),
            name=f"crisisdesk-{self._name}",
            daemon=True,
        )
        self._running[source_id] = thread
        thread.start()
        try:
            return await within(seconds, _result(ended))
        finally:
            if ended.done():
                # Its work has come back; that the thread itself still ends is of no account. Where
                # it has ended, another look that began meanwhile may have tidied it away.
                if self._running.get(source_id) is thread:
                    del self._running[source_id]
            elif stop is not None:
                stop()
            ended.cancel()

    @property
    def running(self) -> int:
        """How many threads have not ended."""
        return sum(thread.is_alive() for thread in self._running.values())


async def _result(ended: asyncio.Future[T]) -> T:
    # The future outlives this wait, so that the caller sees whether the work has ended.
    return await asyncio.shield(ended)


def _run(work: Callable[[], T], loop: asyncio.AbstractEventLoop, ended: asyncio.Future[T]) -> None:
    tell: Callable[[asyncio.Future[Any]], None]
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001  the caller waits for it, whatever it is
        failure = error
        tell = lambda future: future.set_exception(failure)  # noqa: E731
    else:
        tell = lambda future: future.set_result(result)  # noqa: E731
    try:
        loop.call_soon_threadsafe(_settle, ended, tell)
    except RuntimeError:
        return  # the loop has ended meanwhile, and nobody waits


def _settle(future: asyncio.Future[Any], tell: Callable[[asyncio.Future[Any]], None]) -> None:
    if not future.done():
        tell(future)
