"""The step map of a run: from what its log says to what is open, waiting, stopped and late.

A pure function of (run, now): after a crash, on another station or years later it says the same.
A step opens when all that it comes after are done or skipped. It is skipped when the answer it
depends on was another one, or when all that it comes after were skipped; the criteria of the whole
never are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.expanding import BACK
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step import AUTOMATIC


class StepState(StrEnum):
    """How one step stands."""

    LATER = "later"  # what it comes after is not done yet
    OPEN = "open"  # a person does it, answers it, or starts it
    READY = "ready"  # the station at home does it by itself
    WAITING = "waiting"  # for an approval that was asked for
    RUNNING = "running"
    UNKNOWN = "unknown"  # it may have happened; a person has to say
    STOPPED = "stopped"  # an approval was refused or ran out
    FAILED = "failed"
    NOTED = "noted"  # a criterion that did not hold before: written down, no obstacle
    DONE = "done"
    SKIPPED = "skipped"
    CLOSED = "closed"  # the run has ended, or goes back


PASSED = frozenset({StepState.DONE, StepState.SKIPPED, StepState.NOTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStanding:
    """One step now. ``words`` say why it stands so, ``by`` who did it; times are UTC ms.

    ``since`` is when it opened or came to stand so; ``due_at`` when it is late or its approval
    runs out, None without such a moment. ``also_by`` did it as well.
    """

    step: Mapping[str, Any]
    state: StepState
    words: str = ""
    by: str = ""
    also_by: tuple[str, ...] = ()
    since: int | None = None
    due_at: int | None = None

    @property
    def step_id(self) -> str:
        """Its id within the run."""
        return str(self.step["step_id"])

    def is_late(self, now: int) -> bool:
        """Whether it should have been over by now."""
        return self.state not in PASSED and self.due_at is not None and now > self.due_at


class StepMap:
    """All steps of one run at ``now`` (UTC ms)."""

    def __init__(self, run: Run, now: int) -> None:
        self._run, self._now = run, now
        self._steps = {step["step_id"]: step for step in run.steps}
        self._found: dict[str, StepStanding] = {}
        self._asking: set[str] = set()

    def standing(self, step_id: str) -> StepStanding:
        """How one step stands; raises KeyError for one that there is not."""
        if step_id not in self._found:
            step = self._steps[step_id]
            if step_id in self._asking:
                # Only a log of another program's making goes in a circle.
                return StepStanding(step=step, state=StepState.LATER, words="waits for itself")
            self._asking.add(step_id)
            self._found[step_id] = self._looked_up(step)
            self._asking.discard(step_id)
        return self._found[step_id]

    def forward(self) -> list[StepStanding]:
        """Every step of the way forward, in its order."""
        return [self.standing(s) for s, step in self._steps.items() if not _is_back(step)]

    def back(self) -> list[StepStanding]:
        """The steps of the way back that is being gone, in their order."""
        listed = self._run.way_back.get("steps", ())
        return [self.standing(step_id) for step_id in listed if step_id in self._steps]

    def every(self) -> list[StepStanding]:
        """The way forward, then the way back."""
        return [*self.forward(), *self.back()]

    def way_back(self) -> list[str]:
        """What going back from here would do: of steps that were done or tried, the last first."""
        tried: list[tuple[int, int, str]] = []
        for step_id in self._steps:
            if step_id + BACK not in self._steps:
                continue
            entries = self._run.done.get(step_id) or self._run.attempts.get(step_id)
            if entries:
                tried.append((entries[0]["at"], len(tried), step_id + BACK))
        return [name for _at, _n, name in sorted(tried, reverse=True)]

    # -- one step ----------------------------------------------------------------------------

    def _looked_up(self, step: Mapping[str, Any]) -> StepStanding:
        own = self._own(step)
        if own is not None:
            return own
        if self._run.ended_at is not None or (self._run.way_back and not _is_back(step)):
            return StepStanding(step=step, state=StepState.CLOSED)
        before = [self.standing(name) for name in self._before(step)]
        if not _is_back(step) and self._is_skipped(step, before):
            since = max((b.since or 0 for b in before), default=self._run.started_at)
            return StepStanding(step=step, state=StepState.SKIPPED, since=since)
        waited = [b for b in before if b.state not in PASSED]
        if waited:
            words = "comes after: " + ", ".join(str(b.step["title"]) for b in waited[:3])
            return StepStanding(step=step, state=StepState.LATER, words=words)
        return self._opened(step, self._since(step, before))

    def _before(self, step: Mapping[str, Any]) -> list[str]:
        if not _is_back(step):
            return [name for name in step.get("after", ()) if name in self._steps]
        listed = self._run.way_back.get("steps", [])
        place = listed.index(step["step_id"]) if step["step_id"] in listed else 0
        return [name for name in listed[max(0, place - 1) : place] if name in self._steps]

    def _since(self, step: Mapping[str, Any], before: list[StepStanding]) -> int:
        begun = self._run.way_back.get("at", 0) if _is_back(step) else self._run.started_at
        return max((b.since or 0 for b in before), default=begun) or begun

    def _is_skipped(self, step: Mapping[str, Any], before: list[StepStanding]) -> bool:
        for decision, answer in step.get("when", {}).items():
            if decision not in self._steps:
                continue
            if self.standing(decision).state == StepState.SKIPPED:
                return True
            taken = self._run.done.get(decision)
            if taken and taken[0].get("answer") != answer:
                return True
        if step.get("keep"):
            return False
        return bool(before) and all(b.state == StepState.SKIPPED for b in before)

    def _own(self, step: Mapping[str, Any]) -> StepStanding | None:
        """How it stands by what was done to it; None while nothing was."""
        step_id = step["step_id"]
        for attempt in self._run.attempts.get(step_id, ()):
            if (told := _of_attempt(step, attempt)) is not None:
                return told
        if entries := self._run.done.get(step_id):
            names = self._run.done_by(step_id)
            answer = entries[0].get("answer", "")
            return StepStanding(
                step=step,
                state=StepState.DONE,
                words=answer,
                by=names[0],
                also_by=names[1:],
                since=entries[0]["at"],
            )
        ask = self._run.asks.get(step_id)
        if ask is not None and "passed_at" in ask:
            names = tuple(one["by"] for one in ask["given"])
            glass = ask.get("glass")
            words = f"without a second person: {glass['why']}" if glass else "approved"
            by = glass["by"] if glass else names[0]
            return StepStanding(
                step=step,
                state=StepState.DONE,
                words=words,
                by=by,
                also_by=tuple(name for name in names if name != by),
                since=ask["passed_at"],
            )
        if (failure := self._run.failures.get(step_id)) is not None:
            return StepStanding(
                step=step,
                state=StepState.FAILED,
                words=failure["why"],
                by=failure["by"],
                since=failure["at"],
            )
        return self._last_failure(step)

    def _last_failure(self, step: Mapping[str, Any]) -> StepStanding | None:
        attempts = self._run.attempts.get(step["step_id"], [])
        last = attempts[-1] if attempts else None
        if last is None or last.get("settled", {}).get("outcome") == "again":
            return None
        seen = step.get("phase") == "seen"
        settled = last.get("settled", {})
        return StepStanding(
            step=step,
            state=StepState.NOTED if seen else StepState.FAILED,
            words=settled.get("note") or last.get("words", ""),
            by=settled.get("by") or last["by"],
            since=last.get("ended_at", last["at"]),
        )

    def _opened(self, step: Mapping[str, Any], since: int) -> StepStanding:
        step_id, kind = step["step_id"], kind_of(step)
        within = step.get("within_ms", 0)
        due_at = since + within if within else None
        if kind == "approval":
            return self._of_ask(step, since)
        gates = [self.standing(name) for name in step.get("needs", ()) if name in self._steps]
        shut = [gate for gate in gates if gate.state != StepState.DONE]
        if shut:
            words = f"waits for: {shut[0].step['title']}"
            return StepStanding(step=step, state=StepState.LATER, words=words, since=since)
        if kind not in AUTOMATIC:
            return StepStanding(step=step, state=StepState.OPEN, since=since, due_at=due_at)
        attempts = self._run.attempts.get(step_id, ())
        again = bool(attempts)
        if step.get("auto") or again or step_id in self._run.released:
            words = "again, as told" if again else ""
            return StepStanding(
                step=step, state=StepState.READY, words=words, since=since, due_at=due_at
            )
        words = "waits until somebody starts it"
        return StepStanding(
            step=step, state=StepState.OPEN, words=words, since=since, due_at=due_at
        )

    def _of_ask(self, step: Mapping[str, Any], since: int) -> StepStanding:
        ask = self._run.asks.get(step["step_id"])
        if ask is None:
            return StepStanding(step=step, state=StepState.OPEN, since=since)
        if (refused := ask.get("refused")) is not None:
            words = f"refused: {refused['why']}" if refused["why"] else "refused"
            return StepStanding(
                step=step,
                state=StepState.STOPPED,
                words=words,
                by=refused["by"],
                since=refused["at"],
            )
        if ask.get("expired") or self._now > ask["expires_at"]:
            words = "nobody approved in time"
            return StepStanding(
                step=step, state=StepState.STOPPED, words=words, since=ask["expires_at"]
            )
        given, needed = len(ask["given"]), step.get("approvals", 1)
        return StepStanding(
            step=step,
            state=StepState.WAITING,
            words=f"{given} of {needed} approved",
            also_by=tuple(one["by"] for one in ask["given"]),
            since=ask["at"],
            due_at=ask["expires_at"],
        )


def _is_back(step: Mapping[str, Any]) -> bool:
    return step.get("phase") == "back"


def _of_attempt(step: Mapping[str, Any], attempt: Mapping[str, Any]) -> StepStanding | None:
    """What stands before all else: it runs, or nobody knows what became of it."""
    if "settled" in attempt or attempt["state"] not in ("running", "unknown"):
        return None
    if attempt["state"] == "running":
        return StepStanding(
            step=step,
            state=StepState.RUNNING,
            by=attempt["by"],
            since=attempt["at"],
            due_at=attempt["deadline"],
        )
    return StepStanding(
        step=step,
        state=StepState.UNKNOWN,
        words=attempt.get("words", ""),
        by=attempt["by"],
        since=attempt.get("ended_at", attempt["at"]),
    )


def next_steps(run: Run, now: int) -> list[StepStanding]:
    """How every step stands: the way forward, then the way back that is being gone."""
    return StepMap(run, now).every()
