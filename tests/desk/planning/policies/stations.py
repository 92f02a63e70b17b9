"""People, schedules and policies for a station whose engine runs."""

from __future__ import annotations

from typing import Any

from crisisdesk.api.client import Client

NOWHERE = "webhook://127.0.0.1:9/hooks/x"


def save_person(client: Client, name: str, *urls: str, **fields: Any) -> str:
    """A contact; its id."""
    methods = [{"url": url, "min_severity": "high"} for url in urls or (NOWHERE,)]
    card = {"name": name, "role": "", "enabled": True, "methods": methods} | fields
    return str(client.save_contact(card)["contact_id"])


def publish(client: Client, name: str, content: dict[str, Any]) -> str:
    """A version; its id."""
    return str(client.publish_policy(name, content)["version_id"])


def schedule(*members: str) -> dict[str, Any]:
    """Each a day, from 09:00."""
    layer = {
        "name": "One",
        "members": list(members),
        "rotation": "day",
        "every": 1,
        "handover": {"time": "09:00"},
        "start": "2026-01-05",
        "hours": [],
    }
    return {"kind": "schedule", "zone": "Europe/Prague", "layers": [layer]}
