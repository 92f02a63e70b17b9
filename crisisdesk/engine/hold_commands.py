"""Commands about who has an alert: still on it, handed over, and what its clocks ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewAlerts(Command):
    """Say that one still has these alerts. ``epochs`` (same length, or empty) are those seen."""

    alert_ids: list[str]
    epochs: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAlert(Command):
    """Ask somebody to take an alert over: a contact (id or name) or an operator; the result is the
    name it was offered to."""

    alert_id: str
    to: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer(Command):
    """Take over what was offered to one."""

    alert_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOffer(Command):
    """Say that one does not take it, and why."""

    alert_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(Command):
    """Take an offer back."""

    alert_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MindHolds(Command):
    """Do what has been due for ``late_ms``: ask, let run out; the result is how many there were.

    ``look`` looks as well for acknowledgements without an end, which then get one.
    """

    late_ms: int = 0
    limit: int = 200
    look: bool = False
