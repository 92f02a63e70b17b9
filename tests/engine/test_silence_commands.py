"""Every command that there is can be asked for."""

from __future__ import annotations

from crisisdesk.engine.commands import Command
from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence


def test_every_command_has_its_handler() -> None:
    # A dataclass with slots is made a second time; the first is nobody's.
    kinds = [kind for kind in Command.__subclasses__() if "__slots__" in vars(kind)]
    # Those that others extend are no orders themselves.
    orders = [kind for kind in kinds if not kind.__subclasses__()]
    ours = {kind for kind in orders if kind.__module__.startswith("crisisdesk.")}
    assert {SetSilence, LiftSilence} <= ours
    assert ours <= HANDLERS.keys()
