"""The command about the weekly audit can be asked for."""

from __future__ import annotations

from crisisdesk.engine.audit_commands import MindAudit
from crisisdesk.engine.handlers import HANDLERS


def test_it_has_its_handler() -> None:
    assert MindAudit in HANDLERS
