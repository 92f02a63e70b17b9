"""Something published to look at: two schedules, an override and the people in them."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.planning.oncall.reading import Published, overrides_of
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.rota import Rota

from tests.domain.oncall.rosters import content, layer, ms, weekly

NOW = ms("2026-10-22T12:00Z")
HOUR, DAY = 3_600_000, 86_400_000
ZONE = "Europe/Prague"
NAMES = {"C-ANN": "Ann Alder", "C-BO": "Bo Birk", "C-CY": "Cy Cole", "C-DEE": "Dee Dorn"}


def contact(contact_id: str, **fields: Any) -> Contact:
    method = {
        "method_id": f"M-{contact_id}",
        "channel": "mail",
        "label": "",
        "masked": "a***@example.org",
        "min_severity": "high",
        "enabled": True,
    }
    known: dict[str, Any] = {"name": NAMES[contact_id], "methods": [method]}
    return Contact(contact_id=contact_id, **(known | fields))


def version(name: str, told: dict[str, Any], number: int = 0, **fields: Any) -> PolicyVersion:
    known: dict[str, Any] = {"published_at": NOW - DAY + number, "published_by": "Klára Langová"}
    return PolicyVersion(
        version_id=f"POL-{name}-{number}", name=name, content=told, **(known | fields)
    )


def swap(start_ms: int, end_ms: int, contact_id: str = "C-DEE", **fields: Any) -> dict[str, Any]:
    told = {"kind": "override", "schedule": "Database", "contact": contact_id, "from": start_ms}
    return told | {"to": end_ms, "reason": "swapped"} | fields


# Nobody is on call by it at week-ends.
OFFICE = content(
    layer(hours=[{"days": [0, 1, 2, 3, 4], "from": "00:00", "to": "24:00"}]), zone=ZONE
)
DATABASE = content(weekly(), zone=ZONE)


def published(*versions: PolicyVersion, people: list[Contact] | None = None) -> Published:
    found = list(versions) or [version("Database", DATABASE), version("Office", OFFICE, 1)]
    known = [contact(one) for one in NAMES] if people is None else people
    return Published(
        rota=Rota(found),
        contacts={one.contact_id: one for one in known},
        versions=overrides_of(found),
    )
