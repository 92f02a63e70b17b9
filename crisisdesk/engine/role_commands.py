"""Commands about the roles of an incident: taken, given up, handed over."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.domain.handover_brief import Brief
from crisisdesk.engine.command import Command

OFFER_MS = 15 * 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumeRole(Command):
    """Put somebody ("" for whoever acts) into a role. What somebody else has needs a ``reason``.

    Naming one of several rivals settles who has it.
    """

    incident_id: str
    role: str
    who: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenounceRole(Command):
    """Let somebody ("" for whoever acts) be in a role no longer; of command with a ``reason``."""

    incident_id: str
    role: str
    who: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRole(Command):
    """Ask somebody (a contact's id or name, or an operator) to take a role over within that time;
    the result is the name. Another offer of the role is taken back."""

    incident_id: str
    role: str
    to: str
    brief: Brief
    within_ms: int = OFFER_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRole(Command):
    """Take over what is offered to one, and say in one's own words what one has understood."""

    incident_id: str
    role: str
    read_back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRole(Command):
    """Say that one does not take it, and why."""

    incident_id: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRole(Command):
    """Take an offer back."""

    incident_id: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MindRoles(Command):
    """Let offers run out that have been due for ``late_ms``; the result is how many."""

    late_ms: int = 0
    limit: int = 200
