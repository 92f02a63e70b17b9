"""People and policies for tests of escalation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.planning import Directory
from crisisdesk.domain.escalation.policy import EscalationPolicy, read_policy

# 2026-02-12 02:05:02 UTC.
START = 1_770_861_902_000
MINUTE = 60_000


def person(name: str, *channels: str, severity: str = "high", **more: Any) -> Contact:
    """A contact whose id is C- and the name, with a method for each channel."""
    methods = [
        {
            "method_id": f"M-{name}-{channel}",
            "channel": channel,
            "label": "",
            "masked": "***",
            "min_severity": severity,
        }
        for channel in channels or ("sms",)
    ]
    return Contact(contact_id=f"C-{name}", name=name, methods=methods, **more)


def directory(*people: Contact, **on_call: Sequence[str] | None) -> Directory:
    """These people; ``on_call`` maps schedules to names, the same at every moment."""

    def ask(schedule: str, _at: int) -> list[str] | None:
        names = on_call.get(schedule)
        return None if names is None else [f"C-{name}" for name in names]

    contacts: Mapping[str, Contact] = {one.contact_id: one for one in people}
    return Directory(contacts=contacts, on_call=ask)


def content(*steps: Any, **more: Any) -> dict[str, Any]:
    """A policy's content; a step is a list of targets or the whole object."""
    told = [step if isinstance(step, dict) and "to" in step else {"to": step} for step in steps]
    return {"kind": "escalation", "steps": told, **more}


def policy(*steps: Any, name: str = "Night", **more: Any) -> EscalationPolicy:
    """The same, read."""
    return read_policy(name, content(*steps, **more))


def contact(name: str) -> dict[str, str]:
    """A target."""
    return {"contact": f"C-{name}"}


EVERYBODY: dict[str, bool] = {"everyone": True}
