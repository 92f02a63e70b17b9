"""Commands about the weekly audit of people."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.domain.audit_week import Weekly
from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class MindAudit(Command):
    """Run the audit if it is due, and end its alert when everybody has a proven way again; the
    result is whether it ran."""

    weekly: Weekly
