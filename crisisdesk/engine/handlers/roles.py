"""Roles of an incident: taken, given up, chosen among rivals."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Conflict
from crisisdesk.domain.incident import COMMANDER, COMMUNICATIONS_LEAD, Incident, IncidentStatus
from crisisdesk.domain.roles import SEVERAL, checked_role, role_word
from crisisdesk.engine.handlers.incident_fields import NAME_LIMIT
from crisisdesk.engine.handlers.incident_parts import led_incident
from crisisdesk.engine.handlers.leases import work_goes_on
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.role_commands import AssumeRole, RenounceRole
from crisisdesk.engine.workbench import Workbench

REASON_LIMIT = 2_000


def filled_incident(bench: Workbench, incident_id: str) -> Incident:
    """The incident, whose roles can change; raises NotFound and Conflict."""
    incident = led_incident(bench, incident_id)
    if incident.status == IncidentStatus.CLOSED:
        raise Conflict("incident_id", f"{incident_id} is closed", "reopen it first")
    return incident


def name_commander(bench: Workbench, incident: Incident, value: str, reason: str = "") -> None:
    """Naming the acting one again settles who of several rivals commands."""
    if value == incident.commander and not incident.rivals:
        return
    body: dict[str, Any] = {"commander": value, "generation": incident.commander_generation + 1}
    body |= {"rivals": incident.rivals} if incident.rivals else {}
    body |= {"reason": reason} if reason else {}
    bench.emit(incident.incident_id, "incident.commander_named", body)


def assume_role(command: AssumeRole, bench: Workbench) -> None:
    """Put somebody in; who is in it already stays, and is chosen where there are rivals."""
    incident = filled_incident(bench, command.incident_id)
    role = checked_role(command.role)
    who = checked_text(command.who or bench.actor, "who", NAME_LIMIT, required=True)
    reason = checked_text(command.reason, "reason", REASON_LIMIT)
    others = [name for name in incident.holders(role) if name != who]
    if role in SEVERAL:
        others = []
    sits = who in incident.holders(role)
    if others and not sits and not reason:
        problem = f"{' and '.join(others)} has it"
        remedy = "ask to have it handed over, or take it over and say why"
        raise Conflict("role", f"{role_word(role)}: {problem}", remedy)
    if role == COMMANDER:
        name_commander(bench, incident, who, reason)
    elif role == COMMUNICATIONS_LEAD:
        _lead_communication(bench, incident, who, reason)
    elif sits and others:
        _end_seats(bench, incident, role, others, reason)
    elif not sits:
        seats = [s["seat"] for s in incident.sitting(role) if s["who"] in others]
        body: dict[str, Any] = {"role": role, "who": who}
        body |= {"instead": seats} if seats else {}
        body |= {"reason": reason} if reason else {}
        bench.emit(incident.incident_id, "incident.role_assumed", body)
    work_goes_on(bench, incident.incident_id)


def _lead_communication(bench: Workbench, incident: Incident, who: str, reason: str) -> None:
    if who == incident.communication_lead:
        return
    name = "communication_lead"
    body = {"field": name, "value": who, "base": incident.set_by.get(name, "")}
    body |= {"reason": reason} if reason else {}
    bench.emit(incident.incident_id, "incident.edited", body)


def _end_seats(
    bench: Workbench, incident: Incident, role: str, people: list[str], reason: str
) -> None:
    seats = [s["seat"] for s in incident.sitting(role) if s["who"] in people]
    body: dict[str, Any] = {"role": role, "seats": seats}
    body |= {"reason": reason} if reason else {}
    bench.emit(incident.incident_id, "incident.role_renounced", body)


def renounce_role(command: RenounceRole, bench: Workbench) -> None:
    """Take somebody out; nobody gives up command without saying why."""
    incident = filled_incident(bench, command.incident_id)
    role = checked_role(command.role)
    who = checked_text(command.who or bench.actor, "who", NAME_LIMIT, required=True)
    needs_reason = role == COMMANDER and incident.is_open
    reason = checked_text(command.reason, "reason", REASON_LIMIT, required=needs_reason)
    if who not in incident.holders(role):
        held = ", ".join(incident.holders(role)) or "nobody"
        raise Conflict("who", f"{who} is not {role_word(role).lower()}: {held}", "name who is")
    if role == COMMANDER:
        _give_up_command(bench, incident, who, reason)
    elif role == COMMUNICATIONS_LEAD:
        _lead_communication(bench, incident, "", reason)
    else:
        _end_seats(bench, incident, role, [who], reason)
    work_goes_on(bench, incident.incident_id)


def _give_up_command(bench: Workbench, incident: Incident, who: str, reason: str) -> None:
    """Of rivals the others stay; where there is none, nobody commands."""
    next_one = incident.rivals[0] if incident.rivals else ""
    stays = incident.commander if who != incident.commander else next_one
    body: dict[str, Any] = {"commander": stays, "generation": incident.commander_generation + 1}
    if incident.rivals:
        body["rivals"] = [who]
    bench.emit(incident.incident_id, "incident.commander_named", body | {"reason": reason})
