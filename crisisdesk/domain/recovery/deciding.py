"""What follows by itself from how a run stands: questions to ask, the way back, the end.

Every decision is made by a machine, perhaps by several at once, so each has an id that is the same
wherever it is made. A failure alone never ends a run: a person says so, or the strategy does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.ids import decision_id
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step_map import PASSED, StepMap, StepStanding, StepState

_UNDECIDED = frozenset({StepState.RUNNING, StepState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One event that follows."""

    kind: str
    dedup_id: str
    body: dict[str, Any] = field(default_factory=dict)


def decided(run: Run, now: int) -> list[Decided]:
    """What follows at ``now`` (UTC ms), in order; nothing once the run has ended."""
    if run.ended_at is not None or run.newer_needed or not run.procedure:
        return []
    steps = StepMap(run, now)
    return [*_lateness(run, now), *_questions(run, steps, now), *_turns(run, steps)]


def _lateness(run: Run, now: int) -> Iterator[Decided]:
    if run.objective and run.missed_at is None and now > run.objective["by"]:
        yield _made(run, "run.objective_missed", {"recover_by": run.objective["by"]}, "objective")


def _questions(run: Run, steps: StepMap, now: int) -> Iterator[Decided]:
    for one in steps.forward():
        if kind_of(one.step) != "approval":
            continue
        ask = run.asks.get(one.step_id)
        if one.state == StepState.OPEN:
            body = {"step_id": one.step_id, "number": 1, "expires_ms": one.step["expires_ms"]}
            yield _made(run, "run.approval_asked", body, "ask", one.step_id, "1")
        elif one.state == StepState.STOPPED and ask is not None:
            is_over = now > ask["expires_at"] and not ask.get("expired") and "refused" not in ask
            if is_over:
                number = str(ask["number"])
                body = {"step_id": one.step_id, "number": ask["number"]}
                yield _made(run, "run.approval_expired", body, "expire", one.step_id, number)


def _turns(run: Run, steps: StepMap) -> Iterator[Decided]:
    every = steps.every()
    if any(one.state in _UNDECIDED for one in every):
        return
    way_back = [name for name in steps.way_back() if name not in run.way_back.get("steps", ())]
    if run.way_back:
        if way_back:
            # Another station did a step that was not known of when the way back began.
            body = {"why": "more was done elsewhere", "steps": way_back}
            yield _made(run, "run.rollback_started", body, "back", *way_back)
        elif all(one.state in PASSED for one in steps.back()):
            yield _made(run, "run.ended", {"verdict": "rolled_back"}, "end")
        return
    forward = steps.forward()
    finished = all(one.state in PASSED for one in forward)
    why = ""
    if run.rollback == "always" and finished:
        why = "the procedure always goes back"
    elif run.rollback in ("always", "on_deviation"):
        why = deviation(forward)
    if why and way_back:
        body = {"why": why, "steps": way_back}
        yield _made(run, "run.rollback_started", body, "back", *way_back)
    elif finished:
        yield _made(run, "run.ended", {"verdict": "succeeded"}, "end")


def deviation(forward: list[StepStanding]) -> str:
    """What did not go as the procedure says, in words; "" when all did so far."""
    failed = [one for one in forward if one.state == StepState.FAILED]
    if not failed:
        return ""
    first = failed[0]
    what = "does not hold" if first.step.get("phase") == "after" else "failed"
    return f"{first.step['title']}: {what}"


def _made(run: Run, kind: str, body: dict[str, Any], *parts: str) -> Decided:
    return Decided(kind=kind, dedup_id=decision_id(run.run_id, *parts), body=body)
