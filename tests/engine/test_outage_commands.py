"""Every command about outages can be asked for."""

from __future__ import annotations

from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.outage_commands import AskReach, EndOutage, SetOutage


def test_every_command_has_its_handler() -> None:
    assert {SetOutage, EndOutage, AskReach} <= HANDLERS.keys()
