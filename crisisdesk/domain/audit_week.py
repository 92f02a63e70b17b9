"""The weekly audit of people: when it is due, and that it runs once a week for a whole fleet.

That it ran is a published version of the kind `KIND`, whose content is the moment at which it was
due and nothing else: stations that run it at once publish the same one. What it found is an alert.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.ids import made_at
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.quiet_hours import zone_of

KIND = "reachability_audit"
NAME = "Weekly audit"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MS = 24 * 3_600_000
WEEK_MS = 7 * DAY_MS
# Stations may be told different hours: what was due less than half a week ago is this week's.
_APART_MS = WEEK_MS // 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """A moment of each week: ``weekday`` 0 is Monday, ``hour`` on the clocks of ``zone`` (IANA)."""

    weekday: int = 0
    hour: int = 9
    zone: str = "UTC"

    def last_due(self, now_ms: int) -> int:
        """The latest such moment that is not after ``now_ms``; both UTC ms."""
        day = self._day(now_ms)
        at = self._at(day)
        return at if at <= now_ms else self._at(day - timedelta(days=7))

    def next_due(self, now_ms: int) -> int:
        """The first such moment after ``now_ms``; both UTC ms."""
        day = self._day(now_ms)
        at = self._at(day)
        return at if at > now_ms else self._at(day + timedelta(days=7))

    def _day(self, now_ms: int) -> date:
        """The latest such weekday, today included, on the clocks there."""
        zone = zone_of(self.zone) or UTC
        today = (_EPOCH + timedelta(milliseconds=now_ms)).astimezone(zone).date()
        return today - timedelta(days=(today.weekday() - self.weekday) % 7)

    def _at(self, day: date) -> int:
        zone = zone_of(self.zone) or UTC
        at = datetime(day.year, day.month, day.day, self.hour, tzinfo=zone)
        return (at.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)


class Run(NamedTuple):
    """An audit that ran: when it was due, and when it was done (UTC ms)."""

    due: int
    done_at: int


def content_of(due_ms: int) -> dict[str, Any]:
    """What is published of the audit that was due then."""
    return {"kind": KIND, "due": due_ms}


def last_run(versions: Iterable[PolicyVersion], now_ms: int) -> Run | None:
    """The newest audit that ran; one far ahead of now was run by a clock that was wrong."""
    found = [
        Run(one.content["due"], one.published_at)
        for one in versions
        if one.withdrawn_at is None
        and one.content.get("kind") == KIND
        and type(one.content.get("due")) is int
    ]
    return max((run for run in found if run.due <= now_ms + DAY_MS), default=None)


def known_since(contacts: Iterable[Contact]) -> int | None:
    """When the first of those who are there was entered, UTC ms, as far as their cards still tell;
    None for nobody. Before that there was nothing to look at."""
    first = [
        min(made_at(name) for name in (one.saved_id, *one.set_by.values()))
        for one in contacts
        if one.enabled and not one.removed
    ]
    return min(first, default=None)


def due_now(weekly: Weekly, ran: Run | None, since_ms: int | None, now_ms: int) -> int | None:
    """The moment (UTC ms) of the audit that is to run now, however late; None for none."""
    due = weekly.last_due(now_ms)
    if since_ms is None or due < since_ms:
        return None
    if ran is not None and due - ran.due < _APART_MS:
        return None
    return due


def next_run(weekly: Weekly, ran: Run | None, since_ms: int | None, now_ms: int) -> int | None:
    """When the next one runs (UTC ms), now if one is due; None while there is nobody."""
    if since_ms is None:
        return None
    if due_now(weekly, ran, since_ms, now_ms) is not None:
        return now_ms
    at = weekly.next_due(now_ms)
    while at < min(since_ms, now_ms + WEEK_MS) or (ran is not None and at - ran.due < _APART_MS):
        at = weekly.next_due(at)
    return at
