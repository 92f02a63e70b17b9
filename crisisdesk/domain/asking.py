"""Pages that ask or tell somebody who has an alert, or should: their reasons, in words and codes.

Such a page says in its ``reason`` what it is about and which end or offer it means, so that it is
dropped as soon as that was answered. It is never taken for a page that calls for an alert.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from crisisdesk.domain.alert import Alert

STILL, OFFER, TAKEN, DECLINED, UNANSWERED = "still", "offer", "taken", "declined", "unanswered"
CHECK = "check"
OVERDUE, DUE_SOON = "overdue", "due-soon"
TASK_PAGES = (OVERDUE, DUE_SOON)

_LEADS: dict[str, str] = {
    STILL: "Still on it?",
    OFFER: "Take it over?",
    TAKEN: "Taken over:",
    DECLINED: "Hand-off declined:",
    UNANSWERED: "Hand-off unanswered:",
    CHECK: "Check back:",
    OVERDUE: "Overdue:",
    DUE_SOON: "Due soon:",
}
_WHY: dict[str, str] = {
    STILL: "the acknowledgement was about to run out",
    OFFER: "it was offered to be handed over",
    TAKEN: "somebody else took it over",
    DECLINED: "whoever it was offered to declined",
    UNANSWERED: "nobody answered the offer to hand it over",
    CHECK: "a decision is to be looked at again",
    OVERDUE: "a task was not done in time",
    DUE_SOON: "the time of a task was nearly over",
}


def reason_of(what: str, which: str | int) -> str:
    """The reason of such a page; ``which`` is the end it asks about (UTC ms), or an event's id."""
    return f"{what}:{which}"


def kind_of(reason: str) -> str:
    """What such a page is about; "" for one that calls for an alert."""
    what, colon, _which = reason.partition(":")
    return what if colon and what in _LEADS else ""


def titled(reason: str, title: str) -> str:
    """The title of a page, with what it asks before it."""
    lead = lead_of(reason)
    return f"{lead} {title}" if lead else title


def lead_of(reason: str) -> str:
    """What such a page asks or tells, to stand before its title; "" for others."""
    return _LEADS.get(kind_of(reason), "")


def why(reason: str) -> str:
    """Why it was queued, in words; "" for one that calls for an alert."""
    return _WHY.get(kind_of(reason), "")


def lines_of(reason: str, alert: Alert) -> tuple[str, ...]:
    """What a page says of who has the alert, a sentence each; none where nobody ever had it."""
    teller = _TELLERS.get(kind_of(reason))
    return teller(alert) if teller is not None else _lapse(alert)


def _lapse(alert: Alert) -> tuple[str, ...]:
    if not alert.lapsed or alert.acknowledged_at is not None:
        return ()
    last = alert.lapsed[-1]
    since, until = _clock(last["at"]), _clock(last["until"])
    ran_out = f"the acknowledgement ran out at {until} UTC unanswered"
    return (f"{last['owner']} had it from {since}; {ran_out}. Nobody has it now.",)


def _still(alert: Alert) -> tuple[str, ...]:
    if alert.hold_until is None:
        return ()
    until = _clock(alert.hold_until)
    return (f"{alert.owner} has it until {until} UTC. Without an answer others are paged then.",)


def _offer(alert: Alert) -> tuple[str, ...]:
    if alert.handoff_until is None:
        return ()
    note = (f"{alert.handoff_by}: {alert.handoff_note}",) if alert.handoff_note else ()
    asks = f"{alert.handoff_by} asks {alert.handoff_to} to take it over"
    until = _clock(alert.handoff_until)
    return (f"{asks}, until {until} UTC; {alert.owner or 'nobody'} keeps it until then.", *note)


def _owned(alert: Alert) -> tuple[str, ...]:
    return (f"{alert.owner} has it now." if alert.owner else "Nobody has it now.",)


def _task(alert: Alert) -> tuple[str, ...]:
    labels = alert.labels
    return (f"A task of {labels.get('incident', 'an incident')}, due {labels.get('due', 'now')}.",)


_TELLERS: dict[str, Callable[[Alert], tuple[str, ...]]] = {
    OVERDUE: _task,
    DUE_SOON: _task,
    STILL: _still,
    OFFER: _offer,
    TAKEN: _owned,
    DECLINED: _owned,
    UNANSWERED: _owned,
}


def answer_words(reason: str, alert_id: str) -> str:
    """How to answer such a page at a shell or the desk; "" for one that only tells."""
    kind = kind_of(reason)
    if kind == STILL:
        return f"crisisdesk alert still {alert_id}, or T at the desk"
    if kind == OFFER:
        return f"crisisdesk alert accept {alert_id} (or decline), or Y at the desk"
    return ""


def over(reason: str, alert: Alert) -> str | None:
    """Why a page of this kind need not go out any more, of an alert that is open; None while it
    must, and for pages of other kinds."""
    kind, _colon, which = reason.partition(":")
    if kind == STILL and (alert.acknowledged_at is None or str(alert.hold_until) != which):
        return f"{alert.owner} answered" if alert.owner else "it ran out"
    if kind == OFFER and alert.handoff_id != which:
        return "the offer is over"
    if kind in TASK_PAGES and alert.acknowledged_at is not None:
        return f"{alert.acknowledged_by} has it"
    return None


def _clock(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).strftime("%H:%M")
