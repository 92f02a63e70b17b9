"""The decisions of an incident as lines: what is to be looked at soonest first, reverted last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.task_rows import HeadWords
from crisisdesk.desk.look.countdown import Countdown, countdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.domain.decision import Decision


def arrange_decisions(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that stand by when they are looked at next, then those without a moment, the newest
    first, then the reverted ones."""
    return sorted(
        decisions,
        key=lambda d: (
            not d.stands,
            d.check_at is None,
            (d.check_at or 0) if d.stands else 0,
            -(d.ended_at or d.logged_at),
            d.decision_id,
        ),
    )


def is_due(decision: Decision, now_ms: int) -> bool:
    """Whether it is time to look at it again (UTC ms)."""
    at = decision.check_at
    return decision.stands and at is not None and at <= now_ms


def head_words(decisions: Iterable[Decision], now_ms: int) -> HeadWords:
    """How many stand, were reverted, and are due to be looked at."""
    known = list(decisions)
    standing = sum(d.stands for d in known)
    reverted = len(known) - standing
    due = sum(is_due(d, now_ms) for d in known)
    parts = [f"{standing} standing"] + [f"{reverted} reverted"] * bool(reverted)
    quiet = ", ".join(parts) if known else "none"
    return HeadWords(quiet, f"{due} due" if due else "")


def clock_of(decision: Decision, now_ms: int) -> Countdown | None:
    """How long until it is looked at again; None where that is not to be."""
    at = decision.check_at
    if not decision.stands or at is None:
        return None
    since = decision.checks[-1]["at"] if decision.checks else decision.logged_at
    return countdown(deadline_ms=at, now_ms=now_ms, total_ms=at - since)


def below(decision: Decision) -> str:
    """The second line: who decided, what became of it, what nobody has answered, what ends it."""
    parts = [decision.decider or "nobody named"]
    if not decision.stands:
        reason = " ".join(decision.reason.split())
        return " · ".join([*parts, f"reverted by {decision.ended_by}", *[reason] * bool(reason)])
    open_ones = len(decision.unanswered)
    if open_ones:
        parts.append(f"{open_ones} objection{'' if open_ones == 1 else 's'} not answered")
    if decision.checks:
        last = decision.checks[-1]
        parts.append(" ".join(f"holds: {last['result']}".split()) if last["result"] else "it holds")
    if decision.revert_trigger:
        parts.append(f"taken back if {' '.join(decision.revert_trigger.split())}")
    return " · ".join(parts)


def spoken_decision(decision: Decision, now_ms: int) -> str:
    """A line for the screen reader."""
    clock = clock_of(decision, now_ms)
    due = "" if clock is None else f"look again {clock.spoken}"
    parts = (f"Decision {decision.title}", str(decision.status), below(decision), due)
    return ", ".join(part for part in parts if part)
