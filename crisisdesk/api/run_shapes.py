"""Runs of procedures as they are told to clients."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, iso_or_none
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.objective import Standing, standing
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step_map import PASSED, StepMap, StepStanding, StepState

State = Literal[
    "later",
    "open",
    "ready",
    "waiting",
    "running",
    "unknown",
    "stopped",
    "failed",
    "noted",
    "done",
    "skipped",
    "closed",
]
UNCLAIMED = "waits for the hub's claim; somebody may start it unclaimed"
# What a step does, besides what every step has.
_SPECIFIC = (
    "command args method url expect body secret database query parameters source approvals "
    "timeout_ms for_ms"
).split()


class AttemptOut(Out):
    """One attempt of an automatic step; ``output`` is the end of what it said. ``settled`` is what
    a person said of it: done, failed or again, "" for nothing."""

    attempt: str
    state: Literal["running", "ok", "failed", "unknown"]
    words: str
    output: str
    claim: str
    by: str
    began_at: Time
    ended_at: Time | None
    settled: str
    settled_by: str
    note: str


class ApprovalOut(Out):
    """What was asked of whom else: ``given`` by these, of ``needed``; ``why`` glass was broken."""

    number: int
    asked_at: Time
    expires_at: Time
    needed: int
    given: list[str]
    refused_by: str
    broken_by: str
    why: str


class RunStepOut(Out):
    """One step. ``does`` says what an automatic one does, ``answers`` what a decision takes."""

    step_id: str
    title: str
    description: str
    kind: str
    phase: str
    state: State
    words: str
    by: str
    also_by: list[str]
    since: Time | None
    due_at: Time | None
    is_late: bool
    exclusive: bool
    answers: list[str]
    does: dict[str, Any]
    attempts: list[AttemptOut]
    approval: ApprovalOut | None


class ObjectiveOut(Out):
    """By when it is to have recovered. ``of`` is "procedure" or the service whose objective it is;
    "left" is a run that ended before without having succeeded; ``over_s`` counts on while a run
    that missed it goes on."""

    recover_by: Time
    within_s: int
    of: str
    state: Literal["open", "met", "missed", "left"]
    over_s: int


class RunOut(Out):
    """One run. ``here`` says that this station does its automatic steps; ``binding`` is what an
    approval has to name; ``way_back`` are the titles of what going back from here would do."""

    run_id: str
    title: str
    incident_id: str
    procedure: str
    version_id: str
    arguments: dict[str, str]
    binding: str
    here: bool
    rollback: str
    started_at: Time
    started_by: str
    ended_at: Time | None
    ended_by: str
    ended_why: str
    verdict: str
    done: int
    total: int
    executed_twice: list[str]
    unclaimed: list[str]
    going_back: bool
    way_back: list[str]
    steps: list[RunStepOut]
    objective: ObjectiveOut | None


class RunsOut(Out):
    """Runs, the newest first."""

    results: list[RunOut]


class OutputOut(Out):
    """All that an attempt said, as far as it was kept."""

    text: str


def run_out(run: Run, origin: str, now: int, unclaimed: Collection[str] = ()) -> RunOut:
    """A run as it is told at ``now`` (UTC ms) by the station that writes as ``origin``.

    ``unclaimed`` are the steps that wait for the hub's claim.
    """
    steps = StepMap(run, now)
    every, forward = steps.every(), steps.forward()
    titles = {step["step_id"]: step["title"] for step in run.steps}
    return RunOut(
        run_id=run.run_id,
        title=run.title,
        incident_id=run.incident_id,
        procedure=run.procedure,
        version_id=run.policy,
        arguments={name: str(value) for name, value in run.arguments.items()},
        binding=run.binding,
        here=run.home == origin,
        rollback=run.rollback,
        started_at=iso(run.started_at),
        started_by=run.started_by,
        ended_at=iso_or_none(run.ended_at),
        ended_by=run.ended_by,
        ended_why=run.ended_why,
        verdict=run.verdict,
        done=sum(one.state in PASSED for one in forward),
        total=len(forward),
        executed_twice=list(run.executed_twice),
        unclaimed=list(run.unclaimed),
        going_back=bool(run.way_back),
        way_back=[titles[name] for name in steps.way_back()],
        steps=[_step_out(run, one, now, one.step_id in unclaimed) for one in every],
        objective=_objective_out(standing(run, now)),
    )


def _objective_out(one: Standing | None) -> ObjectiveOut | None:
    if one is None:
        return None
    return ObjectiveOut(
        recover_by=iso(one.by),
        within_s=one.within_ms // 1000,
        of=one.of,
        state=one.state,
        over_s=one.over_ms // 1000,
    )


def _step_out(run: Run, one: StepStanding, now: int, is_unclaimed: bool) -> RunStepOut:
    step = one.step
    waits = is_unclaimed and one.state == StepState.READY and bool(step.get("exclusive"))
    ask = run.asks.get(one.step_id)
    return RunStepOut(
        step_id=one.step_id,
        title=step["title"],
        description=step.get("description", ""),
        kind=kind_of(step),
        phase=step.get("phase", "main"),
        state=str(one.state),  # type: ignore[arg-type]
        words=UNCLAIMED if waits else one.words,
        by=one.by,
        also_by=list(one.also_by),
        since=iso_or_none(one.since),
        due_at=iso_or_none(one.due_at),
        is_late=one.is_late(now),
        exclusive=bool(step.get("exclusive")),
        answers=list(step.get("answers", ())),
        does={name: step[name] for name in _SPECIFIC if step.get(name)},
        attempts=[_attempt_out(attempt) for attempt in run.attempts.get(one.step_id, ())],
        approval=None if ask is None else _approval_out(ask, step),
    )


def _attempt_out(attempt: Mapping[str, Any]) -> AttemptOut:
    settled = attempt.get("settled", {})
    return AttemptOut(
        attempt=attempt["id"],
        state=attempt["state"],
        words=attempt.get("words", ""),
        output=attempt.get("output", ""),
        claim=attempt["claim"],
        by=attempt["by"],
        began_at=iso(attempt["at"]),
        ended_at=iso_or_none(attempt.get("ended_at")),
        settled=settled.get("outcome", ""),
        settled_by=settled.get("by", ""),
        note=settled.get("note", ""),
    )


def _approval_out(ask: Mapping[str, Any], step: Mapping[str, Any]) -> ApprovalOut:
    refused, glass = ask.get("refused", {}), ask.get("glass", {})
    return ApprovalOut(
        number=ask["number"],
        asked_at=iso(ask["at"]),
        expires_at=iso(ask["expires_at"]),
        needed=step.get("approvals", 1),
        given=[one["by"] for one in ask["given"]],
        refused_by=refused.get("by", ""),
        broken_by=glass.get("by", ""),
        why=glass.get("why", "") or refused.get("why", ""),
    )
