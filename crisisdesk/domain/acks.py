"""How acknowledgements follow from their events: given, given again, taken back, run out."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain import holding
from crisisdesk.domain.alert import NOBODY, STATUS_RANK, Alert, AlertStatus
from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also

# What goes with an offer to hand the alert over.
NO_OFFER: dict[str, Any] = {
    "handoff_id": "",
    "handoff_by": NOBODY,
    "handoff_to": NOBODY,
    "handoff_contact": "",
    "handoff_at": None,
    "handoff_until": None,
    "handoff_note": "",
}


def of_another_epoch(state: Alert, event: Event, what: str) -> Alert:
    """It ends or takes an occurrence that is over: kept to be seen, and nothing else."""
    trace = also(state.also_done, what, event, epoch=event.body["epoch"])
    return with_changes(state, also_done=trace)


def acknowledged(state: Alert, event: Event) -> Alert:
    """Somebody has it; the first of a life is the one who was asked for, others stand beside it."""
    if event.body["epoch"] != state.epoch or event.body.get("life", state.life) != state.life:
        return of_another_epoch(state, event, "acknowledged")
    if not state.is_open:
        return with_changes(state, also_done=also(state.also_done, "acknowledged", event))
    if state.acknowledged_at is not None:
        ack = {"id": event.id, "by": event.actor, "at": event.at_ms}
        return _with_acks(state, [*state.also_acks, ack])
    return with_changes(
        state,
        status=max(state.status, AlertStatus.ACKNOWLEDGED, key=STATUS_RANK.__getitem__),
        owner=event.actor,
        ack_id=event.id,
        acknowledged_at=event.at_ms,
        acknowledged_by=event.actor,
        response_ms=state.response_ms if state.lapsed else max(0, event.at_ms - state.detected_at),
    )


def renewed(state: Alert, event: Event) -> Alert:
    """Somebody says that they still have it: an acknowledgement where none stands any more."""
    if event.body["epoch"] != state.epoch or event.body["life"] != state.life:
        return of_another_epoch(state, event, "renewed")
    return acknowledged(state, event) if state.acknowledged_at is None else state


def ack_expired(state: Alert, event: Event) -> Alert:
    """Nobody answered in time; where somebody did, unseen by who decided it, nothing changes."""
    if holding.is_answered(state, event):
        return with_changes(state, also_done=also(state.also_done, "ack_expired", event))
    return holding.lapsed(state, _without_acks(state, event), event)


def _with_acks(state: Alert, acks: list[dict[str, Any]]) -> Alert:
    """The state with these acknowledgements beside the first; each person is told once."""
    names = dict.fromkeys(ack["by"] for ack in acks if ack["by"] != state.acknowledged_by)
    return with_changes(state, also_acks=acks, also_acknowledged_by=list(names))


def unacknowledged(state: Alert, event: Event) -> Alert:
    """Somebody took it back; with the last acknowledgement goes the offer to hand it over."""
    after = _without_acks(state, event)
    gone = after.acknowledged_at is None and after is not state
    return with_changes(after, **NO_OFFER) if gone and after.handoff_id else after


def _without_acks(state: Alert, event: Event) -> Alert:
    """Take back the acknowledgements it names and no other: one it did not see goes on standing."""
    if not state.is_open:
        return state
    named = {event.body["ack_id"], *event.body.get("also", ())}
    rest = [ack for ack in state.also_acks if ack["id"] not in named]
    if state.ack_id not in named:
        return state if len(rest) == len(state.also_acks) else _with_acks(state, rest)
    if rest:
        return _next_acknowledgement(state, rest)
    return with_changes(
        state,
        status=AlertStatus.ACTIVE,
        owner=NOBODY,
        ack_id="",
        acknowledged_at=None,
        acknowledged_by=NOBODY,
        also_acknowledged_by=[],
        also_acks=[],
        rival_owners=[],
        response_ms=state.response_ms if state.lapsed else None,
        investigating_at=None,
        **holding.NO_HOLD,
    )


def _next_acknowledgement(state: Alert, rest: list[dict[str, Any]]) -> Alert:
    first = rest[0]
    owner = first["by"] if state.owner == state.acknowledged_by else state.owner
    state = with_changes(
        state,
        owner=owner,
        ack_id=first["id"],
        acknowledged_at=first["at"],
        acknowledged_by=first["by"],
        response_ms=state.response_ms if state.lapsed else max(0, first["at"] - state.detected_at),
    )
    return _with_acks(state, rest[1:])
