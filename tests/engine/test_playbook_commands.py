"""Every command about response plans has a handler."""

from __future__ import annotations

from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.playbook_commands import ListPlaybooks, ResetPlaybook


def test_each_is_served() -> None:
    assert {type(ListPlaybooks()), type(ResetPlaybook(name="x"))} <= HANDLERS.keys()
