"""How long an acknowledgement holds: when whoever gave it is asked, and when it runs out.

Each sign of life carries the new end in its own event (``hold``: epoch, life, until, ask_at), as an
absolute moment, so that no station needs the settings of another one. The last in canonical order
stands. What runs out names the end it saw: where somebody has given a sign of life meanwhile it
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.severity import Severity

_MINUTE_MS = 60_000
LAPSED_KEPT = 8

HOLD_MS: dict[str, int] = {
    Severity.LOW: 0,
    Severity.MEDIUM: 0,
    Severity.HIGH: 120 * _MINUTE_MS,
    Severity.CRITICAL: 30 * _MINUTE_MS,
    Severity.EMERGENCY: 15 * _MINUTE_MS,
}

# What is gone with the acknowledgement.
NO_HOLD: dict[str, Any] = {"hold_until": None, "hold_ask_at": None, "hold_asked_at": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPolicy:
    """Milliseconds for which an acknowledgement holds, by severity; 0 is without end.

    ``ask_ms`` before the end whoever has it is asked (0: never), of a short hold in its last third.
    An offer to hand an alert over stands for ``offer_ms``.
    """

    hold_ms: Mapping[str, int] = field(default_factory=lambda: HOLD_MS)
    ask_ms: int = 5 * _MINUTE_MS
    offer_ms: int = 10 * _MINUTE_MS

    def span(self, severity: str, now: int) -> tuple[int, int | None] | None:
        """When what is said now runs out and when to ask before that, UTC ms; None: never."""
        hold_ms = self.hold_ms[severity]
        if not hold_ms:
            return None
        until = now + hold_ms
        return until, until - min(self.ask_ms, hold_ms // 3) if self.ask_ms else None


def held(state: Alert, event: Event) -> Alert:
    """The state with the end that a sign of life brings; one for another life changes nothing."""
    hold = event.body["hold"]
    standing = (state.epoch, state.life)
    if (hold["epoch"], hold["life"]) != standing or state.acknowledged_at is None:
        return state
    if not state.is_open:
        return state
    return with_changes(
        state, hold_until=hold["until"], hold_ask_at=hold.get("ask_at"), hold_asked_at=None
    )


def asked(state: Alert, event: Event) -> Alert:
    """Whoever has it was asked; passed over where a sign of life has come meanwhile."""
    if not state.is_open or state.hold_until is None or event.body["until"] != state.hold_until:
        return state
    return with_changes(state, hold_ask_at=None, hold_asked_at=event.at_ms)


def is_answered(state: Alert, event: Event) -> bool:
    """Whether a sign of life came that the writer of this end had not seen."""
    until = event.body.get("until")
    return until is not None and state.hold_until is not None and until < state.hold_until


def lapsed(before: Alert, after: Alert, event: Event) -> Alert:
    """``after`` an acknowledgement of ``before`` has run out: remembered, and a new clock runs.

    Nobody has it again, but it was taken: the first response of this life goes on counting.
    """
    at = before.acknowledged_at
    if at is None or after is before:
        return after
    if after.acknowledged_at is not None:
        # One that whoever decided it had not seen: it gets an end of its own.
        return with_changes(after, **NO_HOLD)
    entry = {
        "id": before.ack_id,
        "by": before.acknowledged_by,
        "owner": before.owner,
        "at": at,
        "until": event.at_ms,
        "late": at > before.sla_deadline,
    }
    kept = [*before.lapsed, entry]
    if len(kept) > LAPSED_KEPT:
        kept = [kept[0], *kept[1 - LAPSED_KEPT :]]
    body = event.body
    return with_changes(
        after,
        lapsed=kept,
        response_ms=before.response_ms,
        sla_deadline=body.get("sla_deadline", after.sla_deadline),
        sla_prealarm_at=body.get("sla_prealarm_at", after.sla_prealarm_at),
        sla_prealarmed=after.sla_prealarmed and "sla_deadline" not in body,
    )
