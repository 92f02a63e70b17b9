"""Contacts: who can be reached, and by which contact methods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.severity import SEVERITY_RANK


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMethod:
    """One way to reach a contact. The address with its secrets lives in the secrets store under
    ``method:<method_id>``; here stand only the channel and the masked address."""

    method_id: str
    channel: str
    label: str
    masked: str
    min_severity: str = "high"
    enabled: bool = True

    def takes(self, severity: str) -> bool:
        """Whether a page of this severity goes here."""
        return self.enabled and SEVERITY_RANK[severity] >= SEVERITY_RANK[self.min_severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or a shared address that pages can be sent to."""

    contact_id: str
    name: str
    role: str = ""
    enabled: bool = True
    removed: bool = False
    methods: list[dict[str, Any]] = field(default_factory=list)

    def ways(self, severity: str) -> list[ContactMethod]:
        """The methods that take a page of this severity, in the order they were written down."""
        if not self.enabled or self.removed:
            return []
        return [m for m in (ContactMethod(**m) for m in self.methods) if m.takes(severity)]


def apply_contact(state: Contact | None, event: Event) -> Contact | None:
    """The contact after one more event; a save replaces the whole card."""
    if event.kind == "contact.saved":
        body = event.body
        return Contact(
            contact_id=event.agg,
            name=body["name"],
            role=body.get("role", ""),
            enabled=body.get("enabled", True),
            methods=list(body.get("methods", [])),
        )
    if event.kind == "contact.removed" and state is not None:
        return Contact(
            contact_id=state.contact_id,
            name=state.name,
            role=state.role,
            enabled=False,
            removed=True,
        )
    return state
