"""Every command about loop tests can be asked for."""

from __future__ import annotations

from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.loop_commands import EndLoopTest, MindLoopTests, SetLoopTest


def test_every_command_has_its_handler() -> None:
    assert {SetLoopTest, EndLoopTest, MindLoopTests} <= HANDLERS.keys()
