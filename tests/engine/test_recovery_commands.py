"""Every command about procedures and runs has a handler."""

from __future__ import annotations

from crisisdesk.engine import recovery_commands
from crisisdesk.engine.command import Command
from crisisdesk.engine.handlers import HANDLERS


def test_every_command_is_served() -> None:
    bases = {recovery_commands.RunOrder, recovery_commands.StepOrder, Command}
    found = {
        one
        for one in vars(recovery_commands).values()
        if isinstance(one, type) and issubclass(one, Command) and one not in bases
    }
    assert len(found) > 15
    assert found - HANDLERS.keys() == set()
