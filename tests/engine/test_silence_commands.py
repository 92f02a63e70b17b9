"""Every command that there is can be asked for."""

from __future__ import annotations

from crisisdesk.engine.commands import Command
from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence


def test_every_command_has_its_handler() -> None:
    ours = {kind for kind in Command.__subclasses__() if kind.__module__.startswith("crisisdesk.")}
    assert {SetSilence, LiftSilence} <= ours
    assert ours <= HANDLERS.keys()
