"""The escalation: one policy version at work for one life of one epoch of an alert.

Its steps are numbered from 1 through all repeats. Whoever finds it due writes the step with the
next number; of two that wrote the same one, the first in canonical order counts. ``due_at`` is the
next moment at which somebody has to look at it; None while a person has the alert in hand and once
it is over. Quiet (a silence, a cause, flapping, a wait by severity) only moves that moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.event import Event

ESCALATION_KINDS = frozenset(
    {
        "escalation.started",
        "escalation.stepped",
        "escalation.deferred",
        "escalation.held",
        "escalation.resumed",
        "escalation.ended",
    }
)
HISTORY_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The state of one escalation. Times are UTC ms.

    ``version_id`` is the pinned `PolicyVersion`, "" for the built-in policy. ``number`` counts the
    steps taken, ``all_hands`` is of the last one. ``quiet_by`` is what keeps it quiet until
    ``due_at``, in an id or a word; "" when nothing does. ``quiet_since`` is when causes began
    to keep it quiet without a page since, ``paged_before`` when an earlier life of the alert paged
    anybody last, where it was told at the start. ``history`` has an entry for each of the last
    steps: number, at, step and round (from 1), contacts (ids), and words when nobody of its own
    targets was found, or when it was kept quiet before.
    """

    escalation_id: str
    alert_id: str
    epoch: str
    life: int
    version_id: str = ""
    policy: str = ""
    number: int = 0
    all_hands: bool = False
    started_at: int
    due_at: int | None = None
    quiet_by: str = ""
    held_at: int | None = None
    ended_at: int | None = None
    ended_why: str = ""
    history: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""
    quiet_since: int | None = None
    paged_before: int | None = None

    @property
    def next_due(self) -> int | None:
        """When a worker must look at it, UTC ms; None once it is over or while it is held."""
        return None if self.newer_needed else self.due_at

    @property
    def is_over(self) -> bool:
        """Whether nothing will come of it any more."""
        return self.ended_at is not None

    @property
    def paged_at(self) -> int | None:
        """When anybody was paged last, in this life of the alert or an earlier one; UTC ms."""
        found = [one["at"] for one in self.history if one["contacts"]]
        return found[-1] if found else self.paged_before

    def contacts(self) -> set[str]:
        """Everybody its last step paged."""
        return set(self.history[-1]["contacts"]) if self.history else set()


def apply_escalation(state: Escalation | None, event: Event) -> Escalation | None:
    """The escalation after one more event in canonical order."""
    if state is None:
        return _started(event) if event.kind == "escalation.started" else None
    step = _STEPS.get(event.kind)
    if step is None or state.newer_needed or (state.is_over and step is not _resumed):
        return state
    return step(state, event)


def _started(event: Event) -> Escalation:
    body = event.body
    begun = Escalation(
        escalation_id=event.agg,
        alert_id=body["alert_id"],
        epoch=body["epoch"],
        life=body["life"],
        version_id=body.get("version_id", ""),
        policy=body.get("policy", ""),
        started_at=event.at_ms,
        due_at=body["due"],
        quiet_by=body.get("quiet_by", ""),
        quiet_since=body.get("since"),
        paged_before=body.get("paged_before"),
    )
    # The first step is often taken in the same breath.
    return _stepped(begun, event) if "number" in body else begun


def _stepped(state: Escalation, event: Event) -> Escalation:
    body = event.body
    if body["number"] <= state.number:
        return state
    entry = {
        "number": body["number"],
        "at": event.at_ms,
        "step": body["step"],
        "round": body["round"],
        "contacts": list(body["contacts"]),
    }
    if body.get("words"):
        entry["words"] = body["words"]
    return replace(
        state,
        number=body["number"],
        all_hands=body.get("all_hands", False),
        due_at=body["due"],
        quiet_by="",
        quiet_since=None,
        held_at=None,
        history=[*state.history, entry][-HISTORY_KEPT:],
    )


def _deferred(state: Escalation, event: Event) -> Escalation:
    body = event.body
    if body["number"] != state.number or state.held_at is not None:
        return state
    since = body.get("since")
    return replace(state, due_at=body["due"], quiet_by=body["by"], quiet_since=since)


def _held(state: Escalation, event: Event) -> Escalation:
    if event.body["number"] != state.number:
        return state
    return replace(state, due_at=None, quiet_by="", quiet_since=None, held_at=event.at_ms)


def _resumed(state: Escalation, event: Event) -> Escalation:
    """Looked at again from this moment on; sooner than it was, never later.

    Also one that had ended: whoever looks finds out whether its alert still stands.
    """
    due = event.body["due"]
    if state.due_at is not None and state.due_at <= due:
        return state
    return replace(state, due_at=due, quiet_by="", held_at=None, ended_at=None, ended_why="")


def _ended(state: Escalation, event: Event) -> Escalation:
    why = event.body.get("why", "")
    return replace(state, due_at=None, quiet_by="", ended_at=event.at_ms, ended_why=why)


_STEPS: dict[str, Callable[[Escalation, Event], Escalation]] = {
    "escalation.stepped": _stepped,
    "escalation.deferred": _deferred,
    "escalation.held": _held,
    "escalation.resumed": _resumed,
    "escalation.ended": _ended,
}
