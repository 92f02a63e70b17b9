"""Dependencies said to be out, and to be there again."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.channel_dependencies import checked_name
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.outages import KIND, REASON_LIMIT, Saying
from crisisdesk.engine.commands import PostUpdate
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy
from crisisdesk.engine.handlers.incident_parts import the_whole
from crisisdesk.engine.handlers.policies import publish_policy, withdraw_policy
from crisisdesk.engine.handlers.reaching import out_now
from crisisdesk.engine.handlers.rerouting import page_what_waits
from crisisdesk.engine.handlers.updates import write_entry
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.outage_commands import EndOutage, SetOutage
from crisisdesk.engine.workbench import Workbench

LONGEST_MS = 30 * 86_400_000


def set_outage(command: SetOutage, bench: Workbench) -> str:
    """Say it, and page what waits for a way that needs it by a way that does not."""
    dependency = checked_name(command.dependency, "dependency")
    reason = checked_text(command.reason, "reason", REASON_LIMIT, required=True)
    content: dict[str, Any] = {
        "kind": KIND,
        "dependency": dependency,
        "out": True,
        "reason": reason,
        "incident_id": _open_incident(bench, command.incident_id),
        "from": bench.now,
    }
    until = _until(command, bench.now)
    if until is not None:
        content["until"] = until
    before = [s for s in _said(bench, dependency) if s.out]
    if any((s.reason, s.incident_id, s.until) == _told(content) for s in before):
        return dependency
    _withdraw(bench, before)
    publish_policy(PublishPolicy(name=dependency, content=content), bench)
    if command.incident_id:
        _note(bench, command.incident_id, f"{dependency} counts as out", reason)
    page_what_waits(bench, {dependency})
    return dependency


def _told(content: dict[str, Any]) -> tuple[str, str, int | None]:
    return content["reason"], content["incident_id"], content.get("until")


def _until(command: SetOutage, now: int) -> int | None:
    if command.until is not None and command.duration_ms is not None:
        raise Malformed("until", "comes with a duration", "send one of them, or neither")
    until = command.until if command.duration_ms is None else now + command.duration_ms
    if until is not None and not now < until <= now + LONGEST_MS:
        field = "until" if command.duration_ms is None else "duration"
        days = LONGEST_MS // 86_400_000
        raise Malformed(field, "is no time ahead", f"let it end after now, within {days} days")
    return until


def _open_incident(bench: Workbench, incident_id: str) -> str:
    if not incident_id:
        return ""
    incident = bench.need(Incident, incident_id, "incident_id")
    if not incident.is_open:
        raise Conflict("incident_id", f"is {incident.status}", "name an open one, or none")
    return incident_id


def _said(bench: Workbench, dependency: str) -> list[Saying]:
    return [s for s in bench.at_hand.rota().sayings if s.dependency == dependency]


def _withdraw(bench: Workbench, said: list[Saying]) -> None:
    for one in said:
        withdraw_policy(WithdrawPolicy(version_id=one.version_id), bench)


def _note(bench: Workbench, incident_id: str, title: str, description: str = "") -> None:
    """Say it in the incident's timeline, in the name of whoever said it."""
    incident = the_whole(bench, bench.need(Incident, incident_id, "incident_id"))
    entry = PostUpdate(
        incident_id=incident.incident_id,
        title=title,
        description=description,
        update_type="communication",
    )
    write_entry(entry, bench, incident)


def end_outage(command: EndOutage, bench: Workbench) -> None:
    """Take back what was said of it; an incident that still names it is overruled."""
    dependency = checked_name(command.dependency, "dependency")
    out = out_now(bench).get(dependency)
    if out is None:
        raise NotFound("dependency", f"{dependency!r} is not out", "see what is: outage list")
    said = [s for s in _said(bench, dependency) if s.out]
    _withdraw(bench, said)
    for incident_id in {s.incident_id for s in said if s.incident_id}:
        incident = bench.get(incident_id)
        if isinstance(incident, Incident) and incident.is_open:
            _note(bench, incident_id, f"{dependency} is there again")
    while (left := out_now(bench).get(dependency)) is not None:
        content = {
            "kind": KIND,
            "dependency": dependency,
            "out": False,
            "reason": "",
            "incident_id": left.incident_id,
            "from": bench.now,
        }
        publish_policy(PublishPolicy(name=dependency, content=content), bench)
        _note(bench, left.incident_id, f"{dependency} does not count as out")
