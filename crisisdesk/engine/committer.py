"""The committer: one thread that turns commands into durable facts, a group at a time.

Commands wait in a queue; the thread takes all that have come, decides them one after the other on a
`Workbench`, and keeps every resulting event in one transaction. Only then is any of them answered.
While one group is being flushed to disk the next one gathers, so throughput grows with load.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.event import Sealed
from crisisdesk.engine.commands import Command
from crisisdesk.engine.handlers import HANDLERS, Handler
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Clock, Journal, StoreFailed
from crisisdesk.engine.workbench import Entropy, Workbench

log = logging.getLogger(__name__)

GROUP_COMMANDS = 256
GROUP_EVENTS = 2_000
QUEUE_LIMIT = 20_000
# So many refusals of the disk in a row, and it is left alone for a while between two tries.
FAILURES_BORNE = 3
TRY_AGAIN_S = 2.0


class Overloaded(Exception):
    """More commands wait than the station can promise to keep soon; ask again later."""


class Stopped(Exception):
    """The engine is stopping; nothing was kept."""


class _Job:
    __slots__ = ("actor", "command", "error", "future", "result")

    def __init__(self, command: Command, actor: str, future: asyncio.Future[Any]) -> None:
        self.command = command
        self.actor = actor
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None


class Committer:
    """Owns the writer thread; `submit` is called on the engine's loop, which gets the answers."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        policy: Policy,
        entropy_source: Callable[[int], bytes],
        handlers: dict[type[Command], Handler] | None = None,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._policy = policy
        self._entropy = Entropy(entropy_source)
        self._handlers = HANDLERS if handlers is None else handlers
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._listeners: list[Callable[[dict[str, int]], None]] = []
        head = journal.head()
        self.last_pos = head.pos
        # The incarnation under which this station writes now.
        self.origin = head.origin
        # Where its own log ends, as far as it is kept.
        self.own_seq = head.seq
        self.groups = 0
        # What to add to this station's clock for the hub's; set on the loop, read by the thread.
        self.hub_offset_ms = 0
        self.problem = ""
        self._failures = 0
        self._reopen_failures = 0
        self._try_at = 0.0
        self._broken_listeners: list[Callable[[str], None]] = []

    @property
    def waiting(self) -> int:
        """How many commands wait for their group."""
        return self._queue.qsize()

    def on_commit(self, listener: Callable[[dict[str, int]], None]) -> None:
        """Call ``listener`` on the loop after each group, with the count of each event kind."""
        self._listeners.append(listener)

    def on_broken(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` on the loop when the file cannot be read any more, with the reason.

        Only a fresh start, which checks and mends the file, helps then.
        """
        self._broken_listeners.append(listener)

    def start(self) -> None:
        """Start the thread; must be called on the running loop that will submit."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="committer", daemon=False)
        self._thread.start()

    async def stop(self) -> None:
        """Finish what was submitted, then end the thread and close the journal."""
        self._stopping = True
        self._queue.put(None)
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        """Ask for a command; the future ends when its facts are on disk, or with a refusal.

        Raises `DomainError` for a refusal, `StoreFailed` when the disk would not take it,
        `Overloaded` and `Stopped` at once when it was not even tried.
        """
        if self._stopping or self._loop is None:
            raise Stopped("the engine is stopping; nothing was saved")
        if self._queue.qsize() >= QUEUE_LIMIT:
            raise Overloaded("too many commands are waiting; nothing was saved, try again")
        future = self._loop.create_future()
        self._queue.put(_Job(command, actor, future))
        return future

    # -- the writer thread -------------------------------------------------------------------

    def _run(self) -> None:
        bench: Workbench | None = None
        try:
            while (job := self._queue.get()) is not None:
                bench = self._commit_group(job, bench)
            self._refuse_rest()
        finally:
            self._journal.close()

    def _commit_group(self, first: _Job, bench: Workbench | None) -> Workbench | None:
        jobs: list[_Job] = []
        follower: _Job | None = None
        if self._failures >= FAILURES_BORNE and self._clock.boottime() < self._try_at:
            self._refuse([first])
            return None
        try:
            bench = bench or Workbench(self._journal, self._policy, self._entropy)
            job: _Job | None = first
            while job is not None:
                jobs.append(job)
                self._decide(job, bench)
                job = self._next(len(jobs), len(bench.sealed))
                if job is not None and (job.command.alone or first.command.alone):
                    follower, job = job, None
            kinds = dict(Counter(s.event.kind for s in bench.sealed))
            if bench.sealed:
                self.groups += 1
                self.last_pos = self._journal.append(bench.sealed, bench.touched, bench.spoilt)
                bench.settle(self.last_pos)
                self.problem = ""
                self._failures = 0
            self.own_seq = bench.own_seq
            if (bench.origin, bench.pos) != (self.origin, self.last_pos):
                self.origin, self.last_pos = bench.origin, bench.pos
        except Exception as error:  # noqa: BLE001 - told to everyone who waits, in _fail
            kinds = {}
            tried = bench.sealed if bench is not None else []
            bench = None
            self._fail(jobs or [first], error, tried)
        self._answer(jobs or [first], kinds)
        return bench if follower is None else self._commit_group(follower, bench)

    def _next(self, commands: int, events: int) -> _Job | None:
        """The next waiting job, if the group may still grow; a stop request is put back."""
        if commands >= GROUP_COMMANDS or events >= GROUP_EVENTS:
            return None
        try:
            job = self._queue.get_nowait()
        except queue.Empty:
            return None
        if job is None:
            self._queue.put(None)
        return job

    def _decide(self, job: _Job, bench: Workbench) -> None:
        bench.begin(job.actor, self._clock.now_ms(), self.hub_offset_ms)
        try:
            job.result = self._handlers[type(job.command)](job.command, bench)
        except DomainError as refused:
            bench.take_back()
            job.error = refused
        except StoreFailed:
            raise
        except Exception as bug:
            bench.take_back()
            log.exception("command %s failed", type(job.command).__name__)
            job.error = bug

    def _fail(self, jobs: list[_Job], error: Exception, tried: list[Sealed]) -> None:
        """Nothing of the group was kept: tell everyone, and read the truth from the file again.

        A failed flush is never asked for again on the same connection: the next success would prove
        nothing. The journal lets go of the file, reads it from disk and verifies its end.
        """
        log.error("the store did not keep a group of %d commands: %s", len(jobs), error)
        failure = error if isinstance(error, StoreFailed) else StoreFailed(str(error))
        self.problem = str(failure)
        self._failures += 1
        try:
            head = self._journal.reopen()
            self.origin, self.own_seq, pos = head.origin, head.seq, head.pos
            self._reopen_failures = 0
            if pos > self.last_pos:
                # The bytes were there before the disk said no: nobody may be told "not saved".
                failure = StoreFailed(
                    f"{failure} - but the file holds it now all the same: look before trying again"
                )
                log.error("a group that the disk refused stands in the file")
        except StoreFailed as again:
            log.error("the store could not be opened again: %s", again)
            self.problem = f"the store could not be opened again: {again}"
            self._reopen_failures += 1
            if self._reopen_failures == FAILURES_BORNE:
                self._tell_broken(str(again))
        for job in jobs:
            job.error = failure
        self._try_at = self._clock.boottime() + TRY_AGAIN_S

    def _stands(self, tried: list[Sealed]) -> bool:
        if not tried:
            return False
        last = tried[-1]
        end = self._journal.marks([last.event.origin]).get(last.event.origin)
        return end == (last.event.seq, last.hash)

    def _refuse(self, jobs: list[_Job]) -> None:
        """The disk has refused again and again: say so without asking it at every command."""
        words = f"nothing was saved: the disk keeps refusing ({self.problem})"
        for job in jobs:
            job.error = StoreFailed(words)
        self._answer(jobs, {})

    def _tell_broken(self, why: str) -> None:
        assert self._loop is not None
        for listener in self._broken_listeners:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(listener, why)

    def _answer(self, jobs: list[_Job], kinds: dict[str, int]) -> None:
        assert self._loop is not None
        # The loop may be gone when a test or a crash tears it down first; nobody waits then.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._deliver, jobs, kinds)

    def _deliver(self, jobs: list[_Job], kinds: dict[str, int]) -> None:
        for job in jobs:
            if job.future.cancelled():
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)
        if kinds:
            for listener in self._listeners:
                listener(kinds)

    def _refuse_rest(self) -> None:
        left = []
        with contextlib.suppress(queue.Empty):
            while True:
                job = self._queue.get_nowait()
                if job is not None:
                    job.error = Stopped("the engine is stopping; nothing was saved")
                    left.append(job)
        if left:
            self._answer(left, {})
