"""The lines of the left pane: schedules with who has them, gaps ahead, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from crisisdesk.desk.planning.oncall.words import (
    NOBODY,
    on_words,
    short_moment,
    short_range,
    until_words,
)
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from crisisdesk.desk.planning.oncall.reading import Outlook

Tone = Literal["", "soon", "nobody"]


class ScheduleLine(NamedTuple):
    """One schedule; ``tone`` says whether nobody has it now, or will not within a day."""

    name: str
    zone: str
    on: str
    until: str
    tone: Tone
    warning: str = ""


class GapLine(NamedTuple):
    """One gap of the next 30 days; ``now`` when it lasts already."""

    key: str
    schedule: str
    start_ms: int
    when: str
    length: str
    now: bool


def schedule_lines(outlook: Outlook) -> list[ScheduleLine]:
    """All schedules by name."""
    found = []
    for standing in outlook.standings:
        zone = ZoneInfo(standing.zone)
        tone: Tone = "nobody" if standing.empty_now else ""
        warning = ""
        if standing.gap_soon(outlook.at_ms):
            tone, (start, end) = "soon", standing.gaps[0]
            warning = f"nobody {short_moment(start, outlook.at_ms, zone)} to "
            warning += short_moment(end, start, zone)
        found.append(
            ScheduleLine(
                name=standing.name,
                zone=standing.zone,
                on=on_words(standing, outlook.published),
                until=until_words(standing, outlook.published, outlook.at_ms),
                tone=tone,
                warning=warning,
            )
        )
    return found


def gap_lines(outlook: Outlook) -> list[GapLine]:
    """The gaps of all schedules, the next one first."""
    found = [
        GapLine(
            key=f"{standing.name} {start}" if start > outlook.at_ms else f"{standing.name} now",
            schedule=standing.name,
            start_ms=start,
            when=_when(start, end, outlook.at_ms, ZoneInfo(standing.zone)),
            length=span_words(end - start),
            now=start <= outlook.at_ms,
        )
        for standing in outlook.standings
        for start, end in standing.gaps
    ]
    return sorted(found, key=lambda line: (line.start_ms, line.schedule))


def _when(start_ms: int, end_ms: int, now_ms: int, zone: ZoneInfo) -> str:
    if start_ms <= now_ms:
        return f"until {short_moment(end_ms, now_ms, zone)}"
    return short_range(start_ms, end_ms, zone)


def spoken_schedule(line: ScheduleLine) -> str:
    """A schedule for the screen reader."""
    who = "nobody is on call" if line.on == NOBODY else f"{line.on} is on call"
    parts = (line.name, who, line.until, line.warning, line.zone)
    return ", ".join(part for part in parts if part)


def spoken_gap(line: GapLine) -> str:
    """A gap for the screen reader."""
    return f"Gap of {line.schedule}, {'now, ' if line.now else ''}{line.when}, {line.length}"
