"""Commands about response plans."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlaybooks(Command):
    """The plan that counts for each type of crisis: `domain.playbook.choosing.InForce` by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPlaybook(Command):
    """Go back to the plan that comes with the program; the result is how many were withdrawn."""

    name: str
