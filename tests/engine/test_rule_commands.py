"""Every command about rules can be asked for."""

from __future__ import annotations

from crisisdesk.engine import rule_commands
from crisisdesk.engine.command import Command
from crisisdesk.engine.handlers import HANDLERS


def test_every_command_has_its_handler() -> None:
    kinds = [
        kind
        for kind in vars(rule_commands).values()
        if isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
    ]
    assert len(kinds) >= 4
    assert set(kinds) <= HANDLERS.keys()
