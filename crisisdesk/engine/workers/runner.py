"""The runner: does the automatic steps of the runs that are at home at this station.

A step is claimed in the log before it begins and its end is written down after it. What was claimed
and has no end when nobody here is doing it (the engine died) is *unknown*: the runner says so and
leaves it to a person. It never begins such a step again by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.recovery.step_map import StepMap, StepState
from crisisdesk.engine.command import ENGINE, Command, Submit
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.recovery_commands import (
    ClaimStep,
    FinishStep,
    ListRuns,
    MindRuns,
    NoteOutput,
    OpenRuns,
)
from crisisdesk.engine.recovery_ports import Claims, Done, Hands, Job

log = logging.getLogger(__name__)

TICK_S = 1.0
# Steps that wait for health may do so for a day.
MOST_AT_ONCE = 32
# How long after a claim was refused the hub is asked again.
REFUSED_S = 5.0
# An executor keeps its deadline itself; one that does not is given up.
OVERTIME_S = 15.0
AGAIN_S = 1.0
PIECE, MOST_PIECES = 4_000, 48
FLUSH_S = 0.5
CUT = "\n… more was said; it is not kept\n"
Key = tuple[str, str]


class Runner:
    """Serves on the engine's loop; ``states`` are those of this station's sources by name."""

    def __init__(
        self,
        submit: Submit,
        now: Callable[[], int],
        hands: Hands,
        states: Callable[[], Mapping[str, str]],
        claims: Claims | None = None,
    ) -> None:
        self._submit = submit
        self._now = now
        self.hands = hands
        self.states = states
        self._claims = claims
        self._jobs: dict[Key, asyncio.Task[None]] = {}
        self._refused: dict[Key, float] = {}
        self._woken = asyncio.Event()

    def on_commit(self, kinds: dict[str, int]) -> None:
        """Something was written: perhaps a step opened."""
        if any(kind.startswith("run.") for kind in kinds):
            self._woken.set()

    async def run(self) -> None:
        """Serve until cancelled; what is being done then is stopped, and its end is unknown."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self.look()
                except (StoreFailed, Overloaded) as error:
                    log.error("runs could not be minded, trying again: %s", error)
                    await asyncio.sleep(AGAIN_S)
                    continue
                try:
                    async with asyncio.timeout(TICK_S):
                        await self._woken.wait()
                except TimeoutError:
                    pass  # time alone makes approvals run out
        finally:
            await self._stop_all()

    async def look(self) -> None:
        """Begin what may begin, stop what must not go on, say what nobody knows the end of."""
        found: OpenRuns = await self._submit(ListRuns(), ENGINE)
        mine = {run.run_id: run for run in found.runs if run.home == found.origin}
        for (run_id, _step), task in list(self._jobs.items()):
            is_over = run_id not in mine or mine[run_id].ended_at is not None
            # Once: a second time would break off what stops the step.
            if is_over and not task.cancelling():
                task.cancel()
        for run in mine.values():
            await self._say_unknown(run, found.origin)
            if run.ended_at is None:
                self._begin_all(run)
        if any(run.ended_at is None for run in mine.values()):
            await self._submit(MindRuns(), ENGINE)

    async def claim(self, run_id: str, step_id: str, claim_ms: int) -> str:
        """The hub's claim for an exclusive step; a station without a hub has nobody to ask."""
        if self._claims is None:
            return "station"
        return await self._claims.claim(f"{run_id}/{step_id}", claim_ms)

    def unclaimed(self, run_id: str) -> frozenset[str]:
        """The steps of a run that wait for a claim that could not be had a moment ago."""
        return frozenset(step for run, step in self._refused if run == run_id)

    # -- how ---------------------------------------------------------------------------------

    def _begin_all(self, run: Run) -> None:
        for one in StepMap(run, self._now()).every():
            key = (run.run_id, one.step_id)
            if one.state != StepState.READY or key in self._jobs:
                continue
            if len(self._jobs) >= MOST_AT_ONCE or self._is_refused(key):
                continue
            task = asyncio.get_running_loop().create_task(
                self._do(run, dict(one.step)), name=f"{run.run_id} {one.step_id}"
            )
            self._jobs[key] = task
            task.add_done_callback(partial(self._ended, key))

    def _ended(self, key: Key, task: asyncio.Task[None]) -> None:
        self._jobs.pop(key, None)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("doing %s of %s failed: %r", key[1], key[0], error, exc_info=error)

    def _is_refused(self, key: Key) -> bool:
        return self._refused.get(key, 0.0) > asyncio.get_running_loop().time()

    async def _say_unknown(self, run: Run, origin: str) -> None:
        for step_id, attempts in run.attempts.items():
            if (run.run_id, step_id) in self._jobs:
                continue
            for one in attempts:
                is_over = one["origin"] == origin or self._now() > one["deadline"]
                if one["state"] == "running" and "settled" not in one and is_over:
                    words = "the engine ended while it ran; look what it has done"
                    await self._finish(
                        run.run_id, step_id, one["id"], Done(outcome="unknown", words=words)
                    )

    async def _finish(self, run_id: str, step_id: str, attempt: str, done: Done) -> None:
        """Written down however long that takes: an end that is lost would be unknown for good."""
        await self._surely(
            FinishStep(
                run_id=run_id,
                step_id=step_id,
                attempt=attempt,
                outcome=done.outcome,
                words=done.words[:500],
            )
        )

    async def _surely(self, command: Command) -> Any:
        while True:
            try:
                return await self._submit(command, ENGINE)
            except (StoreFailed, Overloaded) as error:
                log.error("a step's course could not be written down, trying again: %s", error)
                await asyncio.sleep(AGAIN_S)

    async def _do(self, run: Run, step: dict[str, Any]) -> None:
        run_id, step_id = run.run_id, step["step_id"]
        timeout_s = step["timeout_ms"] / 1_000
        claim = ""
        if run.is_exclusive(step_id):
            claim_ms = round((timeout_s + OVERTIME_S) * 1_000)
            claim = await self.claim(run_id, step_id, claim_ms)
        attempt = await self._submit(ClaimStep(run_id=run_id, step_id=step_id, claim=claim), ENGINE)
        if not attempt:
            self._refused[run_id, step_id] = asyncio.get_running_loop().time() + REFUSED_S
            return
        self._refused.pop((run_id, step_id), None)
        pieces = Pieces(partial(self._say, run_id, step_id, attempt))
        telling = asyncio.get_running_loop().create_task(pieces.run())
        try:
            done = await self._executed(step, timeout_s, pieces.say)
            telling.cancel()
            await asyncio.wait({telling})
            await pieces.flush()
            await self._finish(run_id, step_id, attempt, done)
            if self._claims is not None and claim:
                self._claims.settle(f"{run_id}/{step_id}", claim, done.outcome)
        except asyncio.CancelledError:
            telling.cancel()
            self._say_stopped(run_id, step_id, attempt)
            raise

    def _say_stopped(self, run_id: str, step_id: str, attempt: str) -> None:
        """Not waited for: the engine may be stopping, and keeps what was submitted."""
        words = "it was stopped on its way; look what it has done"
        told = FinishStep(
            run_id=run_id, step_id=step_id, attempt=attempt, outcome="unknown", words=words
        )
        try:
            self._submit(told, ENGINE)
        except (Stopped, Overloaded) as error:
            # The next look, of this engine or the next one, finds it without an end.
            log.warning("the stop of %s in %s is not written down yet: %s", step_id, run_id, error)

    async def _say(self, run_id: str, step_id: str, attempt: str, number: int, text: str) -> None:
        await self._surely(
            NoteOutput(run_id=run_id, step_id=step_id, attempt=attempt, number=number, text=text)
        )

    async def _executed(
        self, step: Mapping[str, Any], timeout_s: float, say: Callable[[str], None]
    ) -> Done:
        job = Job(step=step, timeout_s=timeout_s, say=say, states=self.states)
        try:
            executor = self.hands.of(step)
            async with asyncio.timeout(timeout_s + OVERTIME_S):
                return await executor.execute(job)
        except DomainError as error:
            return Done(outcome="failed", words=f"nothing was done: {error}")
        except TimeoutError:
            return Done(outcome="unknown", words="it did not end within its time and was given up")
        except Exception as error:
            log.exception("step %s (%s) failed here", step["step_id"], step.get("kind"))
            words = f"it failed here ({type(error).__name__}); see the log"
            return Done(outcome="unknown", words=words)

    async def _stop_all(self) -> None:
        tasks = list(self._jobs.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Pieces:
    """Output as it comes, handed on in bounded pieces; beyond the bound it is cut, and says so."""

    def __init__(self, tell: Callable[[int, str], Any]) -> None:
        self._tell = tell
        self._waiting = ""
        self._number = 0
        self._room = PIECE * MOST_PIECES
        self._told = asyncio.Lock()

    def say(self, text: str) -> None:
        """Take some more."""
        if self._room <= 0:
            return
        kept = text[: self._room]
        self._room -= len(kept)
        self._waiting += kept if self._room > 0 else kept + CUT

    async def run(self) -> None:
        """Hand on at intervals, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_S)
            await self.flush()

    async def flush(self) -> None:
        """Hand on what waits."""
        async with self._told:
            while self._waiting:
                # Put back when telling is broken off, for the last flush.
                text, rest = self._waiting[:PIECE], self._waiting[PIECE:]
                self._waiting = rest
                try:
                    await self._tell(self._number, text)
                except asyncio.CancelledError:
                    self._waiting = text + self._waiting
                    raise
                self._number += 1
