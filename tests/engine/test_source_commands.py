"""Every command about sources can be asked for."""

from __future__ import annotations

from crisisdesk.engine import source_commands
from crisisdesk.engine.command import Command
from crisisdesk.engine.handlers import HANDLERS


def test_every_command_has_its_handler() -> None:
    kinds = [
        kind
        for kind in vars(source_commands).values()
        if isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
    ]
    assert len(kinds) == 5
    assert set(kinds) <= HANDLERS.keys()
