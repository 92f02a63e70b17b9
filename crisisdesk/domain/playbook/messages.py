"""The messages of a response plan with what is known of the incident put in.

A message is a `wording`; `PLACES` are the names it may use. What is not known yet stands there in
square brackets, as does what only its author can know: ``[what happened]``. Somebody has to fill
it in before the words go out, and sees where.
"""

from __future__ import annotations

from collections.abc import Mapping

from crisisdesk.domain.incident import Incident
from crisisdesk.domain.papers.times import minute
from crisisdesk.domain.playbook.content import Playbook, Template
from crisisdesk.domain.wording import check_wording, fill_wording

# Each name and what stands there while it is unknown.
PLACES: Mapping[str, str] = {
    "id": "incident",
    "title": "what happened",
    "severity": "severity",
    "status": "status",
    "commander": "commander",
    "declared": "time",
    "detected": "time",
    "resolved": "time",
    "now": "time",
    "users": "how many",
}


def check_messages(playbook: Playbook) -> None:
    """Raise Malformed naming the first message that names what no incident has."""
    for i, one in enumerate(playbook.templates):
        check_wording(one.text, PLACES, f"templates[{i}].text")


def known_of(incident: Incident, now_ms: int) -> dict[str, str]:
    """What stands at each of the `PLACES`; moments as ``2026-11-21 02:36`` in UTC."""
    known = {
        "id": incident.incident_id,
        "title": " ".join(incident.title.split()),
        "severity": incident.severity,
        "status": incident.status.replace("_", " "),
        "commander": incident.commander,
        "declared": _utc(incident.created_at),
        "detected": _utc(incident.detected_at or incident.created_at),
        "resolved": _utc(incident.resolved_at),
        "now": _utc(now_ms),
        "users": f"{incident.user_impact_count:,}" if incident.user_impact_count else "",
    }
    return {name: known[name] or f"[{blank}]" for name, blank in PLACES.items()}


def messages(playbook: Playbook, incident: Incident, now_ms: int) -> tuple[Template, ...]:
    """The plan's messages in its order, each text filled in."""
    known = known_of(incident, now_ms)
    return tuple(
        Template(name=one.name, audience=one.audience, text=fill_wording(one.text, known))
        for one in playbook.templates
    )


def _utc(at_ms: int | None) -> str:
    return "" if at_ms is None else minute(at_ms)
