"""Handing a role of an incident over: offered with a brief, accepted with a read-back."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.handover_brief import BRIEF_LIMIT, Brief
from crisisdesk.domain.ids import decision_id
from crisisdesk.domain.incident import COMMANDER, Incident
from crisisdesk.domain.roles import checked_role, role_word
from crisisdesk.engine.handlers.handing import receiver
from crisisdesk.engine.handlers.incident_fields import NAME_LIMIT
from crisisdesk.engine.handlers.incident_parts import find_incident
from crisisdesk.engine.handlers.leases import work_goes_on
from crisisdesk.engine.handlers.roles import REASON_LIMIT, filled_incident
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.role_commands import (
    AcceptRole,
    DeclineRole,
    MindRoles,
    OfferRole,
    WithdrawRole,
)
from crisisdesk.engine.workbench import Workbench

SHORTEST_MS, LONGEST_MS = 60_000, 24 * 3_600_000


def offer_role(command: OfferRole, bench: Workbench) -> str:
    """Ask somebody to take it over; until they accept, who has it keeps it."""
    incident = filled_incident(bench, command.incident_id)
    role = checked_role(command.role)
    holders = incident.holders(role)
    if bench.actor.casefold() not in map(str.casefold, holders):
        held = " and ".join(holders) or "nobody"
        remedy = "take it first, then hand it over" if not holders else f"ask {held} to"
        raise Conflict("role", f"{held} has it, not {bench.actor}", remedy)
    wanted = checked_text(command.to, "to", NAME_LIMIT, required=True)
    _people, name = receiver(bench, wanted)
    if name.casefold() in map(str.casefold, holders):
        raise Conflict("to", f"{name} has it already", "name somebody else")
    within = command.within_ms
    if not SHORTEST_MS <= within <= LONGEST_MS:
        raise Malformed("within_ms", f"{within} is out of range", "give 1 minute to 24 hours")
    brief = _checked_brief(command.brief)
    if (offer := incident.offer_of(role)) is not None:
        _end(bench, incident, offer, "withdrawn")
    body = {"role": role, "to": name, "until": bench.now + within, **brief}
    bench.emit(incident.incident_id, "incident.handover_offered", body)
    work_goes_on(bench, incident.incident_id)
    return name


def _checked_brief(brief: Brief) -> dict[str, str]:
    told = {
        name: checked_text(value, name, BRIEF_LIMIT, required=name == "known")
        for name, value in brief.as_dict().items()
    }
    return {name: text for name, text in told.items() if text}


def accept_role(command: AcceptRole, bench: Workbench) -> None:
    """Take it over: from here on it is the receiver's."""
    incident = filled_incident(bench, command.incident_id)
    offer = _offered(bench, incident, command.role)
    said = checked_text(command.read_back, "read_back", BRIEF_LIMIT, required=True)
    if _plain(said) in {_plain(offer[name]) for name in Brief().as_dict()}:
        problem = "is a part of the brief as it stands"
        raise Malformed("read_back", problem, "say in your own words what you have understood")
    role = offer["role"]
    body: dict[str, Any] = {
        "offer": offer["offer"],
        "role": role,
        "read_back": said,
        "generation": incident.commander_generation + 1,
        "instead": [seat["seat"] for seat in incident.sitting(role)],
    }
    if role == COMMANDER and incident.rivals:
        body["rivals"] = incident.rivals
    bench.emit(incident.incident_id, "incident.handover_accepted", body)
    work_goes_on(bench, incident.incident_id)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def decline_role(command: DeclineRole, bench: Workbench) -> None:
    """Say no; whoever offered it keeps it."""
    incident = filled_incident(bench, command.incident_id)
    offer = _offered(bench, incident, command.role)
    reason = checked_text(command.reason, "reason", REASON_LIMIT, required=True)
    _end(bench, incident, offer, "declined", reason=reason)


def withdraw_role(command: WithdrawRole, bench: Workbench) -> None:
    """Offer it no longer."""
    incident = filled_incident(bench, command.incident_id)
    offer = _standing(incident, checked_role(command.role))
    may = (offer["by"], *incident.holders(offer["role"]))
    if bench.actor.casefold() not in map(str.casefold, may):
        problem = f"{offer['by']} offered it, not {bench.actor}"
        raise Conflict("role", problem, f"ask {offer['by']} to take it back")
    _end(bench, incident, offer, "withdrawn")


def _standing(incident: Incident, role: str) -> dict[str, Any]:
    offer = incident.offer_of(role)
    if offer is None:
        held = " and ".join(incident.holders(role)) or "nobody"
        problem = f"{role_word(role)} is offered to nobody; {held} has it"
        raise Conflict("role", problem, "take it over with a reason, if that is meant")
    return offer


def _offered(bench: Workbench, incident: Incident, role: str) -> dict[str, Any]:
    """The offer, made to whoever acts and not run out."""
    offer = _standing(incident, checked_role(role))
    if offer["to"].casefold() != bench.actor.casefold():
        problem = f"it is offered to {offer['to']}, not to {bench.actor}"
        raise Conflict("role", problem, "take it over with a reason, if that is meant")
    if offer["until"] <= bench.now:
        raise Conflict("role", "the offer has run out", f"ask {offer['by']} to offer it again")
    return offer


def _end(
    bench: Workbench, incident: Incident, offer: dict[str, Any], how: str, **more: str
) -> None:
    body = {"offer": offer["offer"], "role": offer["role"], **more}
    bench.emit(incident.incident_id, f"incident.handover_{how}", body)


def mind_roles(command: MindRoles, bench: Workbench) -> int:
    """Offers that nobody answered end; who offered it keeps it."""
    names = bench.journal.due_handovers(bench.now - command.late_ms, command.limit)
    bench.prefetch(names)
    minded = 0
    for name in names:
        incident = find_incident(bench, name)
        for offer in () if incident is None else incident.handovers:
            if offer["until"] <= bench.now:
                body = {"offer": offer["offer"], "role": offer["role"]}
                dedup = decision_id(name, "handover", offer["offer"], "expired")
                bench.emit(name, "incident.handover_expired", body, dedup_id=dedup)
                minded += 1
    return minded
