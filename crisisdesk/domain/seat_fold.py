"""Who sat in which role of an incident since when, and how a role is handed over: a pure fold.

A *seat* is one person's time in one role; its id is that of the event it began with. Commander and
communication lead stay the registers that they are and leave seats behind as their history; every
other role is its standing seats. An event that ends seats names those that its writer saw, so two
who took one role at the same moment both stand in it, as rivals, until somebody chooses.

A role is handed over by an offer with a brief, which the receiver accepts with a read-back. One
offer of a role stands at a time; of what ends it the first in canonical order counts. That somebody
said "I have it" is never lost: an acceptance that comes too late makes rivals of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import COMMANDER, COMMUNICATIONS_LEAD, Incident
from crisisdesk.domain.merge import also

REGISTERS = (COMMANDER, COMMUNICATIONS_LEAD)
BRIEF = ("known", "running", "decided", "next")
SEATS_KEPT = 200


def seated(state: Incident, event: Event, role: str, who: str, read_back: str = "") -> Incident:
    """The state with ``who`` in the role from this event on; nobody ("") sits nowhere."""
    if not who:
        return state
    seat: dict[str, Any] = {
        "seat": event.id,
        "role": role,
        "who": who,
        "at": event.at_ms,
        "by": event.actor,
    }
    seat |= {"read_back": read_back} if read_back else {}
    return with_changes(state, seats=_bounded([*state.seats, seat]))


def vacated(
    state: Incident, event: Event, role: str, only: Collection[str] | None = None
) -> Incident:
    """The state with the standing seats of a role ended, or ``only`` those of these ids."""
    seats = [
        {**seat, "until": event.at_ms, "ended_by": event.actor}
        if seat["role"] == role and "until" not in seat and (only is None or seat["seat"] in only)
        else seat
        for seat in state.seats
    ]
    return state if seats == state.seats else with_changes(state, seats=_bounded(seats))


def _bounded(seats: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All that stand, and the last that ended."""
    ended = [seat["seat"] for seat in seats if "until" in seat]
    gone = set(ended[: max(0, len(ended) - SEATS_KEPT)])
    return [seat for seat in seats if seat["seat"] not in gone]


def without_offer(state: Incident, role: str) -> Incident:
    """The state in which nobody is offered the role: somebody was named to it otherwise."""
    left = [offer for offer in state.handovers if offer["role"] != role]
    return state if left == state.handovers else with_changes(state, handovers=left)


def settled(state: Incident, event: Event, role: str, who: str) -> Incident:
    """What a register leaves in the history when it changes hands."""
    return seated(without_offer(vacated(state, event, role), role), event, role, who)


# ---------------------------------------------------------------------------------- the roles


def _assumed(state: Incident, event: Event) -> Incident:
    role, who = event.body["role"], event.body["who"]
    instead = event.body.get("instead", ())
    if role in REGISTERS or any(s["who"] == who for s in state.sitting(role)):
        trace = also(state.also_done, "role_assumed", event, role=role, who=who)
        return with_changes(state, also_done=trace)
    if instead:
        state = without_offer(vacated(state, event, role, instead), role)
    return seated(state, event, role, who)


def _renounced(state: Incident, event: Event) -> Incident:
    role = event.body["role"]
    after = vacated(state, event, role, event.body["seats"])
    if after is state:
        return with_changes(state, also_done=also(state.also_done, "role_left", event, role=role))
    held = {seat["who"] for seat in after.sitting(role)}
    return after if held else without_offer(after, role)


# ------------------------------------------------------------------------------ handing over


def _offered(state: Incident, event: Event) -> Incident:
    """It is offered; of two offers of a role made at the same moment the first stands."""
    body = event.body
    if state.offer_of(body["role"]) is not None:
        return _in_vain(state, event, "offered", to=body["to"])
    offer = {
        "offer": event.id,
        "role": body["role"],
        "by": event.actor,
        "to": body["to"],
        "at": event.at_ms,
        "until": body["until"],
        **{name: body.get(name, "") for name in BRIEF},
    }
    return with_changes(state, handovers=[*state.handovers, offer])


def _standing(state: Incident, event: Event) -> dict[str, Any] | None:
    offer = state.offer_of(event.body["role"])
    return offer if offer is not None and offer["offer"] == event.body["offer"] else None


def _accepted(state: Incident, event: Event) -> Incident:
    role, offer = event.body["role"], _standing(state, event)
    if offer is None:
        return _accepted_late(state, event)
    who, read_back = event.actor, event.body["read_back"]
    before = state
    state = vacated(without_offer(state, role), event, role, _given_up(state, event, offer))
    if role == COMMANDER:
        generation = max(event.body["generation"], before.commander_generation)
        unsettled = [r for r in before.rivals if r not in event.body.get("rivals", ()) and r != who]
        state = with_changes(
            state, commander=who, commander_generation=generation, rivals=unsettled
        )
    elif role == COMMUNICATIONS_LEAD:
        state = with_changes(
            state,
            communication_lead=who,
            set_by={**state.set_by, "communication_lead": event.id},
            editors={**state.editors, "communication_lead": who},
        )
    return seated(state, event, role, who, read_back)


def _given_up(state: Incident, event: Event, offer: dict[str, Any]) -> list[str] | None:
    """Which seats an acceptance ends: of a register all, else the giver's and those it names."""
    role = offer["role"]
    if role in REGISTERS:
        return None
    named = set(event.body.get("instead", ()))
    sitting = state.sitting(role)
    return [
        s["seat"] for s in sitting if s["who"] in (offer["by"], event.actor) or s["seat"] in named
    ]


def _accepted_late(state: Incident, event: Event) -> Incident:
    """The offer was over already, and neither saw the other: both say that they have it."""
    role, who = event.body["role"], event.actor
    sits = who in state.holders(role)
    if role == COMMANDER and not sits:
        if event.body["generation"] >= state.commander_generation:
            state = with_changes(state, rivals=sorted({*state.rivals, who}))
    elif role not in REGISTERS and not sits:
        state = seated(state, event, role, who, event.body["read_back"])
    return _in_vain(state, event, "accepted")


def _over(what: str) -> Callable[[Incident, Event], Incident]:
    def step(state: Incident, event: Event) -> Incident:
        if _standing(state, event) is None:
            return _in_vain(state, event, what)
        return without_offer(state, event.body["role"])

    return step


def _in_vain(state: Incident, event: Event, what: str, **more: Any) -> Incident:
    trace = also(state.also_done, f"handover_{what}", event, role=event.body["role"], **more)
    return with_changes(state, also_done=trace)


SEAT_STEPS: dict[str, Callable[[Incident, Event], Incident]] = {
    "incident.role_assumed": _assumed,
    "incident.role_renounced": _renounced,
    "incident.handover_offered": _offered,
    "incident.handover_accepted": _accepted,
    "incident.handover_declined": _over("declined"),
    "incident.handover_withdrawn": _over("withdrawn"),
    "incident.handover_expired": _over("unanswered"),
}
