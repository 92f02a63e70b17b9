"""Handing an alert over: offered, then accepted, declined, withdrawn or run out.

Until the receiver accepts, whoever has the alert keeps it. One offer stands at a time; of what ends
it the first in canonical order counts, and the rest leaves a trace. That somebody said "I have it"
is never lost: an acceptance that comes too late still counts as an acknowledgement.
"""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.acks import NO_OFFER, acknowledged
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also


def offered(state: Alert, event: Event) -> Alert:
    """It is offered; of two offers made at the same moment the first stands."""
    body = event.body
    if not _is_of_life(state, event) or state.handoff_id:
        return _in_vain(state, event, "offered", to=body["to"])
    return with_changes(
        state,
        handoff_id=event.id,
        handoff_by=event.actor,
        handoff_to=body["to"],
        handoff_contact=body.get("contact_id", ""),
        handoff_at=event.at_ms,
        handoff_until=body["until"],
        handoff_note=body.get("note", ""),
    )


def accepted(state: Alert, event: Event) -> Alert:
    """The receiver has it now; whoever acknowledged it before stays the one who did so first."""
    if not _is_of_life(state, event):
        return _in_vain(state, event, "accepted")
    generation = event.body["generation"]
    stands = state.handoff_id == event.body["offer"]
    if not state.has_it(event.actor):
        state = acknowledged(state, event)
    if stands:
        return with_changes(
            state,
            owner=event.actor,
            owner_generation=max(generation, state.owner_generation),
            rival_owners=[],
            **NO_OFFER,
        )
    if generation <= state.owner_generation and event.actor != state.owner:
        # Somebody took it over at the same moment, and neither saw the other.
        rivals = sorted({*state.rival_owners, event.actor})
        state = with_changes(state, rival_owners=rivals)
    return _in_vain(state, event, "accepted")


def declined(state: Alert, event: Event) -> Alert:
    """The receiver does not take it."""
    return _over(state, event, "declined")


def withdrawn(state: Alert, event: Event) -> Alert:
    """It is offered no longer."""
    return _over(state, event, "withdrawn")


def expired(state: Alert, event: Event) -> Alert:
    """Nobody answered the offer."""
    return _over(state, event, "unanswered")


def _over(state: Alert, event: Event, what: str) -> Alert:
    if not _is_of_life(state, event) or state.handoff_id != event.body["offer"]:
        return _in_vain(state, event, what)
    return with_changes(state, **NO_OFFER)


def _is_of_life(state: Alert, event: Event) -> bool:
    standing = (state.epoch, state.life)
    return state.is_open and (event.body["epoch"], event.body["life"]) == standing


def _in_vain(state: Alert, event: Event, what: str, **more: Any) -> Alert:
    trace = also(state.also_done, f"handoff_{what}", event, epoch=event.body["epoch"], **more)
    return with_changes(state, also_done=trace)
