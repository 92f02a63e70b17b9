"""Lanes: blocking deliveries in their own few threads per channel, each bound by its deadline.

Threads are daemons started per delivery: a provider that never answers then keeps neither another
channel nor the end of the engine waiting, which the threads of a standard executor would.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from crisisdesk.comms.channels import masked
from crisisdesk.comms.verdicts import words_of
from crisisdesk.domain.redaction import secrets_in_url
from crisisdesk.engine.patience import within
from crisisdesk.engine.ports import Outcome, Outgoing

log = logging.getLogger(__name__)

THREADS_PER_LANE = 16

T = TypeVar("T")


class LaneBusyError(Exception):
    """All threads of the lane hang in attempts that were given up; the text says how many."""


class LaneTimeoutError(Exception):
    """The deadline passed; ``started`` tells whether the provider may have seen anything."""

    def __init__(self, *, started: bool) -> None:
        super().__init__("deadline passed")
        self.started = started


@dataclass(slots=True)
class Lane:
    """One channel's threads; used from one event loop."""

    name: str
    size: int = THREADS_PER_LANE
    hanging: int = 0
    _free: asyncio.Semaphore = field(init=False)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.size)

    async def run(self, call: Callable[[float], T], deadline_s: float) -> T:
        """``call(seconds left)`` in a thread of this lane.

        Raises LaneBusyError at once when every thread hangs, LaneTimeoutError when the deadline
        passes while waiting for a thread or for the call, and whatever the call raises.
        """
        if self.hanging >= self.size:
            raise LaneBusyError(f"{self.hanging} earlier attempts still hang")
        loop = asyncio.get_running_loop()
        until = loop.time() + deadline_s
        try:
            async with asyncio.timeout_at(until):
                await self._free.acquire()
        except TimeoutError as error:
            raise LaneTimeoutError(started=False) from error
        left = until - loop.time()
        answer: asyncio.Future[T] = loop.create_future()
        state = {"given_up": False}
        self._start(lambda: call(left), answer, state, loop)
        try:
            return await within(until - loop.time(), _awaited(answer))
        except TimeoutError as error:
            if answer.done():
                raise
            raise LaneTimeoutError(started=True) from error
        finally:
            if not answer.done():
                state["given_up"] = True
                self.hanging += 1

    def _start(
        self,
        call: Callable[[], T],
        answer: asyncio.Future[T],
        state: dict[str, bool],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        def ended(result: T | None, error: BaseException | None) -> None:
            self._free.release()
            if state["given_up"]:
                self.hanging -= 1
                answer.cancel()
            elif error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(result)  # type: ignore[arg-type]

        def work() -> None:
            result: T | None = None
            failure: BaseException | None = None
            try:
                result = call()
            except Exception as error:  # noqa: BLE001  handed to the one who awaits
                failure = error
            # After the engine's end nobody waits for a straggler.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(ended, result, failure)

        name = f"page {self.name} {next(self._numbers)}"
        threading.Thread(target=work, name=name, daemon=True).start()


async def _awaited(answer: asyncio.Future[T]) -> T:
    """The thread's answer; giving it up leaves the thread's future as it is."""
    return await asyncio.shield(answer)


async def attempt(
    lane: Lane, deliver: Callable[[Outgoing, float], Outcome], outgoing: Outgoing
) -> Outcome:
    """One blocking ``deliver(page, seconds left)`` in a lane; how it ended, whatever happens."""
    try:
        return await lane.run(partial(deliver, outgoing), outgoing.deadline_s)
    except LaneBusyError as error:
        return Outcome(ok=False, words=f"{lane.name}: {error}; not tried")
    except LaneTimeoutError as error:
        waited = f"{outgoing.deadline_s:g} s"
        if error.started:
            return Outcome(ok=False, words=f"no answer within {waited}; it may still arrive")
        return Outcome(ok=False, words=f"{lane.name}: no free thread within {waited}")
    except Exception as error:
        # A provider module may fail in any way; that must cost this attempt alone.
        log.exception("page to %s failed inside its provider module", masked(outgoing.url))
        secrets = secrets_in_url(outgoing.url)
        return Outcome(ok=False, words=words_of(f"{type(error).__name__}: {error}", secrets))
