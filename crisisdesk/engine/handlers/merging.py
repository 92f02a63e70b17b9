"""Incidents made parts of others and split again, and who may read a restricted one."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.ids import decision_id, split_id_of
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_parts import alerts_of, is_part
from crisisdesk.domain.signal import TITLE_LIMIT
from crisisdesk.engine.commands import OpenIncident
from crisisdesk.engine.handlers.incident_fields import checked_names
from crisisdesk.engine.handlers.incident_parts import (
    find_incident,
    known_incident,
    led_incident,
    the_parts,
    the_whole,
)
from crisisdesk.engine.handlers.incidents import REASON_LIMIT, declare
from crisisdesk.engine.handlers.late_tasks import veil_tasks
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.incident_commands import (
    MergeIncident,
    MindRings,
    RestrictIncident,
    SplitIncident,
    UnmergeIncident,
)
from crisisdesk.engine.workbench import Workbench


def merge_incident(command: MergeIncident, bench: Workbench) -> str:
    """Point it at the other one; merged there already is enough."""
    incident = known_incident(bench, command.incident_id)
    into = the_whole(bench, known_incident(bench, command.into, "into"))
    reason = checked_text(command.reason, "reason", REASON_LIMIT)
    own, target = incident.incident_id, into.incident_id
    if own == target:
        problem = f"{command.into} is part of {own}" if command.into != own else f"is {own} itself"
        raise Conflict("into", problem, "name another incident, or merge the other way round")
    if is_part(incident, lambda name: find_incident(bench, name)):
        whole = the_whole(bench, incident).incident_id
        if whole == target:
            return target
        raise Conflict("incident_id", f"{own} is part of {whole}", "split it off first")
    if not into.is_open:
        raise Conflict("into", f"{target} is {into.status}", "reopen it first")
    if incident.restricted and not into.restricted:
        problem = f"{own} is restricted and {target} is not"
        raise Conflict("into", problem, f"restrict {target} first, or lift the other restriction")
    body = {"into": target, "generation": incident.merge_generation + 1, "reason": reason}
    merged = bench.emit(own, "incident.merged", body)
    told = {"incident_id": own, "title": incident.title}
    bench.emit(target, "incident.absorbed", told, causes=(merged.id,))
    return target


def unmerge_incident(command: UnmergeIncident, bench: Workbench) -> None:
    """Let it stand for itself again; one that does so already is enough."""
    incident = known_incident(bench, command.incident_id)
    reason = checked_text(command.reason, "reason", REASON_LIMIT)
    if incident.merged_into:
        _part_again(bench, incident, {"reason": reason})


def _part_again(
    bench: Workbench, incident: Incident, more: dict[str, Any], dedup_id: str | None = None
) -> None:
    own, into = incident.incident_id, incident.merged_into
    body = {"into": "", "generation": incident.merge_generation + 1, **more}
    parted = bench.emit(own, "incident.unmerged", body, dedup_id=dedup_id)
    whole = find_incident(bench, into)
    if whole is not None and own in whole.absorbed:
        told = {"incident_id": own}
        again = None if dedup_id is None else decision_id(into, "released", dedup_id)
        bench.emit(into, "incident.released", told, dedup_id=again, causes=(parted.id,))


def mind_rings(command: MindRings, bench: Workbench) -> int:
    """Two stations merged two incidents into each other: the elder is written down as whole."""
    minded = 0
    for incident_id in bench.journal.merged_incidents(command.limit):
        incident = find_incident(bench, incident_id)
        if incident is None or not incident.merged_into:
            continue
        if find_incident(bench, incident.merged_into) is None:
            continue  # what it is part of has not arrived here yet
        if the_whole(bench, incident).incident_id == incident_id:
            generation = incident.merge_generation
            dedup = decision_id(incident_id, "ring", incident.merged_into, str(generation))
            _part_again(bench, incident, {"ring": True}, dedup)
            minded += 1
    return minded


def split_incident(command: SplitIncident, bench: Workbench) -> str:
    """Declare what these alerts are, and take them off the incident they were in."""
    incident = led_incident(bench, command.incident_id)
    parts = the_parts(bench, incident)
    held = alerts_of(incident, parts)
    chosen = list(dict.fromkeys(command.alerts))
    if not chosen:
        raise Malformed("alerts", "is empty", "name at least one alert of the incident")
    own = incident.incident_id
    new_id = split_id_of(own, chosen)
    if isinstance(before := bench.get(new_id), Incident):
        return _split_before(bench, before, chosen)
    for i, alert_id in enumerate(chosen):
        if alert_id not in held:
            problem = f"{alert_id[:64]!r} is not attached to {own}"
            raise Malformed(f"alerts[{i}]", problem, "choose among its alerts")
    reason = checked_text(command.reason, "reason", REASON_LIMIT)
    order = OpenIncident(
        title=command.title or f"Split off: {incident.title}"[:TITLE_LIMIT],
        severity=command.severity or incident.severity,
        category=incident.category,
        crisis_type=incident.crisis_type,
        commander=command.commander or incident.commander,
        alerts=chosen,
        restricted=incident.restricted,
        readers=incident.knowing() if incident.restricted else [],
    )
    declare(order, bench, new_id, {"split_from": own, "reason": reason})
    for one in (incident, *parts):
        for alert_id in one.alerts:
            if alert_id in chosen:
                gone = {"alert_id": alert_id, "to": new_id}
                bench.emit(one.incident_id, "incident.alert_unlinked", gone)
    return new_id


def _split_before(bench: Workbench, before: Incident, chosen: list[str]) -> str:
    """The same alerts were split off before; what became of that is not undone by the way."""
    new_id = before.incident_id
    whole = the_whole(bench, before).incident_id
    if whole != new_id:
        problem = f"were split off as {new_id} before, which is part of {whole} now"
        raise Conflict("alerts", problem, f"split {new_id} off again")
    missing = [alert_id for alert_id in chosen if alert_id not in before.alerts]
    if missing:
        problem = f"were split off as {new_id} before, which has lost some since"
        raise Conflict("alerts", problem, f"attach them to {new_id}")
    return new_id


def restrict_incident(command: RestrictIncident, bench: Workbench) -> None:
    """Say who may read it. Who says so keeps being able to."""
    incident = known_incident(bench, command.incident_id)
    reason = checked_text(command.reason, "reason", REASON_LIMIT)
    readers = sorted({*checked_names("readers", command.readers)})
    if not command.restricted and readers:
        raise Malformed("readers", "are named, and all may read it", "leave them out")
    if command.restricted and bench.actor not in readers:
        readers = sorted({*readers, bench.actor})
    if (command.restricted, readers) == (incident.restricted, incident.readers):
        return
    if not command.restricted and not incident.restricted:
        return
    body = {
        "restricted": command.restricted,
        "readers": readers,
        "generation": incident.restriction_generation + 1,
        "reason": reason,
    }
    bench.emit(incident.incident_id, "incident.restricted", body)
    if command.restricted:
        veil_tasks(bench, incident)
