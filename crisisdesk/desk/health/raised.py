"""The alerts that a series raised, as marks at the time axis of its chart."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.severity import SEVERITY_RANK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.domain.alert import Alert

# Marks nearer to each other than this lie on one another, px at 100 %.
NEAR = 12


class Spell(NamedTuple):
    """One time that an alert was open, UTC ms; ``since`` is None where its beginning is no longer
    known, ``until`` while it is open."""

    alert_id: str
    title: str
    severity: str
    since: int | None
    until: int | None


class Mark(NamedTuple):
    """One moment at which an alert began or ended."""

    at: int
    begins: bool
    spell: Spell


def spells_of(alert: Alert) -> list[Spell]:
    """The times that it was open, as far as they are known, oldest first."""
    moments = list(alert.changes) or [alert.detected_at]
    if not alert.changes and not alert.is_open and alert.resolved_at is not None:
        moments.append(alert.resolved_at)
    # They take turns, and the last one says how it stands now.
    begins = alert.is_open
    found: list[Spell] = []
    until: int | None = None
    for at in reversed(moments):
        if begins:
            # Clocks of stations differ: nothing ends before it began.
            end = None if until is None else max(at, until)
            found.append(_spell(alert, at, end))
            until = None
        else:
            until = at
        begins = not begins
    if until is not None:
        found.append(_spell(alert, None, until))
    return found[::-1]


def _spell(alert: Alert, since: int | None, until: int | None) -> Spell:
    return Spell(alert.alert_id, alert.title, alert.severity, since, until)


def in_view(spells: Iterable[Spell], since: int, until: int) -> tuple[Spell, ...]:
    """Those that were open at any time of a stretch, in order of their beginning."""
    found = [
        one
        for one in spells
        if (one.since is None or one.since <= until) and (one.until is None or one.until >= since)
    ]
    return tuple(sorted(found, key=lambda one: (one.since or 0, one.until or 0, one.alert_id)))


def marks_of(spells: Iterable[Spell], since: int, until: int) -> list[Mark]:
    """Every beginning and end that lies in a stretch, in order of time."""
    found = []
    for one in spells:
        if one.since is not None and since <= one.since <= until:
            found.append(Mark(one.since, True, one))
        if one.until is not None and since <= one.until <= until:
            found.append(Mark(one.until, False, one))
    return sorted(found, key=lambda mark: (mark.at, not mark.begins, mark.spell.alert_id))


def open_now(spells: Iterable[Spell]) -> Spell | None:
    """Of those that are open the one of the highest severity, of equals the newest."""
    standing = [one for one in spells if one.until is None]
    return max(
        standing, key=lambda one: (SEVERITY_RANK[one.severity], one.since or 0), default=None
    )


def nearest(places: Sequence[float], x: float, reach: float) -> int | None:
    """The number of the mark nearest to ``x``, no farther than ``reach``; the later of equals."""
    best: int | None = None
    for number, place in enumerate(places):
        if abs(place - x) <= reach and (best is None or abs(place - x) <= abs(places[best] - x)):
            best = number
    return best


def stepped(count: int, chosen: int | None, by: int) -> int | None:
    """The mark after (1) or before (-1) the chosen one, the last where none is; None without."""
    if not count:
        return None
    if chosen is None:
        return count - 1
    return max(0, min(count - 1, chosen + by))


def clock_words(at_ms: int) -> str:
    """A moment in local time: ``30 Nov 12:03:10``."""
    at = datetime.fromtimestamp(at_ms / 1000).astimezone()
    return f"{at.day} {at:%b %H:%M:%S}"


def mark_words(mark: Mark, now_ms: int) -> str:
    """What a mark says: ``Alert began 12:03:10, high: Disk nearly full: /var. Open for 4 min``."""
    spell = mark.spell
    if mark.begins:
        how = (
            f"open for {span_words(now_ms - mark.at)}"
            if spell.until is None
            else f"ended after {span_words(spell.until - mark.at)}"
        )
        return f"Alert began {clock_words(mark.at)}, {spell.severity}: {spell.title} ({how})"
    lasted = "" if spell.since is None else f" (after {span_words(mark.at - spell.since)})"
    return f"Alert ended {clock_words(mark.at)}: {spell.title}{lasted}"
