"""What a row of the queue says: its words, its clock and its name for a screen reader."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.alerts.hand_words import nobody_words, owner_words
from crisisdesk.desk.alerts.layout import initials, short_name
from crisisdesk.desk.look.countdown import Countdown, countdown, format_span
from crisisdesk.domain.kept_quiet import KeptQuiet, quiet_words
from crisisdesk.domain.queue_order import SEVERITY_NAME, Band, band_of
from crisisdesk.domain.queue_rows import Child, GroupItem, Head
from crisisdesk.domain.silence import Silence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.store.queries import AlertRow

# What keeps an alert quiet, as rows tell of it.
Quieter = Silence | KeptQuiet

BAND_WORDS = {
    Band.NOBODY: ("Nobody has it", "next to expire first"),
    Band.IN_HAND: ("In hand", "worst first"),
    Band.WATCHING: ("Watching", "low, no page"),
    Band.RESOLVED: ("Resolved", "in the last hour"),
}


class Live(NamedTuple):
    """What of a row moves with time: age, owner's words with icon, clock."""

    age: str
    owner: str
    owner_icon: str
    clock: Countdown | None
    clock_word: str


def alert_of(item: Any) -> AlertRow | None:
    """The alert a visible row stands for: itself, a member, or a group's most urgent one."""
    if isinstance(item, Child):
        return item.row  # type: ignore[return-value]
    if isinstance(item, GroupItem):
        return item.lead  # type: ignore[return-value]
    if isinstance(item, Head) or item is None:
        return None
    return item  # type: ignore[no-any-return]


def utc_time(ms: int, seconds: bool = False) -> str:
    """UTC ms as "02:09" or "02:09:21"."""
    at = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"


def minutes_since(ms: int, now_ms: int) -> str:
    """How long ago in whole minutes: "2 min", "1 h 05 min"."""
    minutes = max(0, now_ms - ms) // 60_000
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def ack_clock(row: AlertRow, now_ms: int) -> Countdown:
    """The clock that runs until somebody must have acknowledged."""
    return countdown(
        deadline_ms=row.sla_deadline,
        now_ms=now_ms,
        total_ms=row.sla_deadline - row.detected_at,
    )


def hold_clock(row: AlertRow, now_ms: int) -> Countdown | None:
    """The clock that runs until whoever has it has it no longer; None where that has no end."""
    if row.hold_until is None:
        return None
    total_ms = row.hold_until - (row.acknowledged_at or row.detected_at)
    return countdown(deadline_ms=row.hold_until, now_ms=now_ms, total_ms=total_ms)


def live(row: AlertRow, now_ms: int, short: bool, silence: Quieter | None = None) -> Live:
    """The moving parts of an alert's row; ``short`` writes owners as initials.

    ``silence`` is what keeps it quiet now.
    """
    age = format_span(max(0, now_ms - row.detected_at) // 1000)
    band = band_of(row)
    if silence is not None and band in (Band.NOBODY, Band.WATCHING):
        clock = countdown(deadline_ms=silence.until, now_ms=now_ms, total_ms=0, paused=True)
        return Live(age, _quiet_owner(silence, short), "bell-off", clock, "")
    if band is Band.NOBODY:
        return Live(age, nobody_words(row), "", ack_clock(row, now_ms), "")
    if band is Band.WATCHING:
        return Live(age, "no page for low", "", ack_clock(row, now_ms), "")
    if band is Band.IN_HAND:
        since = minutes_since(row.acknowledged_at or row.detected_at, now_ms)
        word = "working on it" if row.status == "investigating" else ""
        icon = "arrow-left-right" if row.handed_to else "user-check"
        owner = owner_words(row, since, short)
        if row.hold_asked_at is None:
            return Live(age, owner, icon, None, word)
        return Live(age, owner, icon, hold_clock(row, now_ms), "")
    over = f"{row.status} {utc_time(row.resolved_at)}" if row.resolved_at else row.status
    return Live(age, over, "circle-check", None, "")


def _quiet_owner(quieter: Quieter, short: bool) -> str:
    """Where an owner stands: who silenced it, or what keeps it quiet."""
    if isinstance(quieter, KeptQuiet):
        return f"by {quieter.why or quieter.by}" if quieter.by else "flapping"
    return f"silenced, {initials(quieter.set_by) if short else short_name(quieter.set_by)}"


def _quiet_spoken(quieter: Quieter) -> str:
    if isinstance(quieter, KeptQuiet):
        return quiet_words(quieter)
    return f"silenced by {quieter.set_by}"


def spoken(item: Any, now_ms: int, silenced: Mapping[str, Quieter] | None = None) -> str:
    """The name of a row for a screen reader; ``silenced`` are the alerts kept quiet now."""
    if isinstance(item, Head):
        return f"{BAND_WORDS[item.band][0]}, {item.rows} alerts"
    row = alert_of(item)
    if row is None:
        return ""
    severity = SEVERITY_NAME[row.severity].capitalize()
    band = band_of(row)
    owner = "unowned" if band in (Band.NOBODY, Band.WATCHING) else f"{row.status} by {row.owner}"
    if band is Band.RESOLVED:
        owner = row.status
    elif band is Band.IN_HAND:
        owner += "".join(
            (
                f" until {utc_time(row.hold_until)} UTC" if row.hold_until is not None else "",
                ", asked whether still on it" if row.hold_asked_at is not None else "",
                f", offered to {row.handed_to}" if row.handed_to else "",
            )
        )
    elif row.lapsed_by:
        owner += f", {row.lapsed_by} let it run out"
    parts = [severity, owner, row.service, row.title]
    if silenced and row.alert_id in silenced and band is not Band.RESOLVED:
        parts.insert(2, _quiet_spoken(silenced[row.alert_id]))
    if isinstance(item, GroupItem):
        parts.insert(0, f"Group of {item.size} alerts, {'open' if item.open else 'closed'}")
    if band in (Band.NOBODY, Band.WATCHING):
        clock = ack_clock(row, now_ms)
        late = clock.state == "late"
        parts.append(
            clock.spoken if late else f"{clock.spoken.removesuffix(' left')} to acknowledge"
        )
    return ", ".join(part for part in parts if part)
