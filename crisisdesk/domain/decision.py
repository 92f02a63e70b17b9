"""A decision taken in an incident: what, instead of what, at which risk, and when to look again.

A decision stands until it is reverted. Its check-back is an absolute moment that rings once; each
check is kept, and may set the next. Of a check and a reverting at the same moment the reverting
stands. Two who checked at the same moment both did, and the sooner of their next moments counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also, edited

CHECKS_KEPT = OBJECTIONS_KEPT = 100


class DecisionStatus(StrEnum):
    """Where a decision stands."""

    STANDING = "standing"
    REVERTED = "reverted"


DECISION_STATUSES = frozenset(DecisionStatus)
EDITABLE_DECISION_FIELDS = (
    "title",
    "options",
    "expected",
    "risk",
    "decider",
    "revert_trigger",
    "check_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The state of one decision. Times are UTC ms.

    ``title`` is what was decided, ``options`` what else was on the table, ``expected`` what it
    should bring about, ``revert_trigger`` what will make it be taken back. ``objections`` are rows
    of id, by, text, at and the answer with who gave it; ``checks`` rows of by, at and result.
    ``check_at`` is when it is to be looked at again, ``told_due`` the moment for which it rang.
    """

    decision_id: str
    incident_id: str
    title: str
    options: list[str] = field(default_factory=list)
    expected: str = ""
    risk: str = ""
    objections: list[dict[str, Any]] = field(default_factory=list)
    decider: str = ""
    revert_trigger: str = ""
    check_at: int | None = None
    status: str = DecisionStatus.STANDING
    logged_at: int
    logged_by: str = ""
    checks: list[dict[str, Any]] = field(default_factory=list)
    ended_at: int | None = None
    ended_by: str = ""
    reason: str = ""
    told_due: int | None = None
    due_at: int | None = None
    also_done: list[dict[str, Any]] = field(default_factory=list)
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    set_by: dict[str, str] = field(default_factory=dict)
    editors: dict[str, str] = field(default_factory=dict)
    newer_needed: str = ""

    @property
    def stands(self) -> bool:
        """It was not reverted."""
        return self.status == DecisionStatus.STANDING

    @property
    def next_due(self) -> int | None:
        """When it is to ring, UTC ms; None once it has, was checked without a next, or ended."""
        return self.check_at if self.stands and self.check_at != self.told_due else None

    @property
    def rings(self) -> bool:
        """Its check-back has come, and nobody has looked since."""
        return self.stands and self.check_at is not None and self.check_at == self.told_due

    @property
    def unanswered(self) -> list[dict[str, Any]]:
        """The objections to which nobody has said anything."""
        return [one for one in self.objections if not one.get("answer")]


def apply_decision(state: Decision | None, event: Event) -> Decision | None:
    """The decision after one more event in canonical order; unknown kinds leave it as it is."""
    step = _STEPS.get(event.kind)
    if step is None:
        return state
    if state is None:
        return _logged(event) if event.kind == "decision.logged" else None
    return state if state.newer_needed else step(state, event)


def _logged(event: Event) -> Decision:
    body = event.body
    objections = [
        {"id": f"{event.id}.{at}", "at": event.at_ms, **one}
        for at, one in enumerate(body.get("objections", ()), start=1)
    ]
    return Decision(
        decision_id=event.agg,
        incident_id=body["incident_id"],
        title=body["title"],
        options=list(body.get("options", [])),
        expected=body.get("expected", ""),
        risk=body.get("risk", ""),
        objections=objections,
        decider=body.get("decider", ""),
        revert_trigger=body.get("revert_trigger", ""),
        check_at=body.get("check_at"),
        logged_at=event.at_ms,
        logged_by=event.actor,
    )


def _again(state: Decision, _event: Event) -> Decision:
    return state


def _revised(state: Decision, event: Event) -> Decision:
    """Last writer wins by canonical order; what gave way is kept."""
    if event.body["field"] not in EDITABLE_DECISION_FIELDS:
        return state
    changes, _wins = edited(state, event, {})
    return with_changes(state, **changes)


def _objected(state: Decision, event: Event) -> Decision:
    one = {"id": event.id, "at": event.at_ms, "by": event.body["by"], "text": event.body["text"]}
    return with_changes(state, objections=[*state.objections, one][-OBJECTIONS_KEPT:])


def _answered(state: Decision, event: Event) -> Decision:
    """Of two answers to one objection the first stands, the other is kept as a trace."""
    wanted, answer = event.body["objection"], event.body["answer"]
    found = next((one for one in state.objections if one["id"] == wanted), None)
    if found is None or found.get("answer"):
        trace = also(state.also_done, "answered", event, answer=answer)
        return with_changes(state, also_done=trace)
    told = {**found, "answer": answer, "answered_by": event.actor}
    return with_changes(
        state, objections=[told if one is found else one for one in state.objections]
    )


def _checked(state: Decision, event: Event) -> Decision:
    if not state.stands:
        return with_changes(state, also_done=also(state.also_done, "checked", event))
    then = event.body.get("check_at")
    if event.body.get("of") != state.check_at:
        # Somebody else has moved it at the same moment: rather look once too often.
        then = min((m for m in (then, state.check_at) if m is not None), default=None)
    row = {"by": event.actor, "at": event.at_ms, "result": event.body.get("result", "")}
    return with_changes(state, checks=[*state.checks, row][-CHECKS_KEPT:], check_at=then)


def _reverted(state: Decision, event: Event) -> Decision:
    if not state.stands:
        return with_changes(state, also_done=also(state.also_done, "reverted", event))
    return with_changes(
        state,
        status=DecisionStatus.REVERTED,
        ended_at=event.at_ms,
        ended_by=event.actor,
        reason=event.body.get("reason", ""),
    )


def _due(state: Decision, event: Event) -> Decision:
    """It rings once for each moment; one that was moved meanwhile rings anew when it has come."""
    if not state.stands or event.body["check_at"] != state.check_at:
        return state
    return with_changes(state, told_due=event.body["check_at"], due_at=event.at_ms)


_STEPS: dict[str, Callable[[Decision, Event], Decision]] = {
    "decision.logged": _again,
    "decision.revised": _revised,
    "decision.objected": _objected,
    "decision.answered": _answered,
    "decision.checked": _checked,
    "decision.reverted": _reverted,
    "decision.due": _due,
}

DECISION_KINDS = frozenset(_STEPS)
