"""Every command about context can be asked for."""

from __future__ import annotations

from crisisdesk.engine.context_commands import RecordChanges
from crisisdesk.engine.handlers import HANDLERS


def test_every_command_has_its_handler() -> None:
    assert {RecordChanges} <= HANDLERS.keys()
