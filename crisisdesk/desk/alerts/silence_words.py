"""What the desk says about silences, and what it suggests: pure functions of data and time."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.alerts.faces import utc_time
from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.domain.matchers import Matcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.domain.silence import Silence
    from crisisdesk.store.queries import AlertRow

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000
# Whoever silences before this hour means the coming morning by "tomorrow".
_NIGHT_ENDS, _MORNING = 6, 9


class Lasting(NamedTuple):
    """One choice of how long; ``ms`` is counted from now."""

    key: str
    word: str
    ms: int


def lastings(now_ms: int, zone: tzinfo | None = None) -> list[Lasting]:
    """How long a silence may last; the morning is that of ``zone``, None for this machine's."""
    local = datetime.fromtimestamp(now_ms / 1000, zone).astimezone(zone)
    tonight = local.hour < _NIGHT_ENDS
    day = local.date() if tonight else local.date() + timedelta(days=1)
    # Made from the wall clock of that day, so that a change of summer time in between counts.
    morning = datetime(day.year, day.month, day.day, _MORNING, tzinfo=zone).astimezone(zone)
    word = "till 09:00" if tonight else "till tomorrow 09:00"
    return [
        Lasting("30m", "30 min", 30 * MINUTE_MS),
        Lasting("2h", "2 h", 2 * HOUR_MS),
        Lasting("8h", "8 h", 8 * HOUR_MS),
        Lasting("morning", word, round(morning.timestamp() * 1000) - now_ms),
    ]


def suggested(row: AlertRow, labels: Mapping[str, str]) -> str:
    """Matchers that mean this condition and its kin: the service, and the rule's name or title."""
    found = [Matcher("service", "=", row.service)] if row.service else []
    name = labels.get("alertname", "")
    found.append(Matcher("alertname", "=", name) if name else Matcher("title", "=", row.title))
    return ", ".join(m.text for m in found)


def covers_words(count: int, *, broad: bool) -> str:
    """What matchers would keep quiet now."""
    if broad:
        return "Would hold for nearly every alert; name a service or a label."
    if count == 0:
        return "Covers no open alert now; what comes later and matches stays quiet."
    return f"Covers {count} open alert{'' if count == 1 else 's'} now."


def when_words(silence: Silence, now_ms: int) -> str:
    """How long it has left, when it begins, or when it was over."""
    standing = silence.standing(now_ms)
    if standing == "active":
        return f"{format_span(-(-(silence.until - now_ms) // 1000))} left"
    if standing == "planned" and silence.starts_at is not None:
        ahead = format_span(-(-(silence.starts_at - now_ms) // 1000))
        return f"in {ahead}, for {format_span((silence.until - silence.starts_at) // 1000)}"
    if standing == "ended":
        return f"ended {utc_time(silence.until)} UTC"
    return f"lifted {utc_time(silence.lifted_at or 0)} UTC by {short_name(silence.lifted_by)}"


def silenced_words(silence: Silence, now_ms: int) -> str:
    """What keeps an alert quiet, for its detail: until when, by whom."""
    day = "" if silence.until - now_ms < DAY_MS else f" in {(silence.until - now_ms) // DAY_MS} d"
    until = f"until {utc_time(silence.until)} UTC{day}"
    return f"Silenced {until} by {short_name(silence.set_by)}"
