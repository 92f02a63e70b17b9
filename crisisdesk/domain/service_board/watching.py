"""How each source stands by what the station's files hold: its last usable look and its alert.

Whoever asks the engine hears more (a look that is not sure leaves nothing in a file); this is what
can be told beside it, and while it is away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from crisisdesk.domain.detection.source import EACH, Freshness, Source, alert_key, freshness
from crisisdesk.domain.detection.source_state import State

# What an alert of a look says, in the member of its details of this name.
LOOK = "look"
# What a file tells is so far behind the engine: looks are written out every 2 s, and read every few
# seconds. A source of a short interval is not late for that.
BEHIND_MS = 8_000


class Told(StrEnum):
    """What the open alert of a source says: that it is down, or that no look finds anything out."""

    DOWN = "down"
    SILENT = "silent"


class LastLook(NamedTuple):
    """The last look that found something out: when (UTC ms), and whether it was up."""

    at: int
    is_up: bool


class SourceLine(NamedTuple):
    """One source as it stands. ``since`` (UTC ms) is from when on its silence counts: its last
    usable look, or its declaration where there was none. ``is_here`` says whether this station is
    the one that looks."""

    source: Source
    state: State
    since: int
    last: LastLook | None
    is_here: bool

    def freshness(self, now_ms: int) -> Freshness | None:
        """How fresh it is; None where this station does not look."""
        if not self.is_here:
            return None
        fresh = freshness(self.source, self.since, now_ms)
        is_behind = now_ms - self.since < self.source.every_ms + BEHIND_MS
        return Freshness.FRESH if fresh is Freshness.LATE and is_behind else fresh


class Looker(NamedTuple):
    """Who looks: this station's id, and whether it is the one on duty."""

    station_id: str
    on_duty: bool


def source_line(
    source: Source,
    last: LastLook | None,
    told: Told | None,
    looker: Looker,
    now_ms: int,
) -> SourceLine:
    """How a source stands at ``now_ms``; ``told`` is what its open alert says, None for none."""
    since = max(source.since, 0 if last is None else last.at)
    is_here = not source.paused and (source.where == EACH or looker.on_duty)
    state = _state(source, last, told, is_here=is_here, since=since, now_ms=now_ms)
    return SourceLine(source, state, since, last, is_here)


def source_lines(
    declared: Iterable[Source],
    looks: Mapping[str, LastLook] | None,
    told: Mapping[str, Told],
    looker: Looker,
    now_ms: int,
) -> list[SourceLine]:
    """All of them; ``looks`` by source id, None where they cannot be read, ``told`` by the key of
    the alert."""
    found = []
    for one in declared:
        last = None if looks is None else looks.get(one.source_id)
        said = told.get(alert_key(one, looker.station_id))
        line = source_line(one, last, said, looker, now_ms)
        if looks is None and line.state in (State.NEW, State.STALE) and said is None:
            line = line._replace(state=State.UNSURE)
        found.append(line)
    return found


def _state(
    source: Source,
    last: LastLook | None,
    told: Told | None,
    *,
    is_here: bool,
    since: int,
    now_ms: int,
) -> State:
    if source.paused:
        return State.PAUSED
    if told is not None:
        return State.DOWN if told is Told.DOWN else State.STALE
    if not is_here:
        return State.ELSEWHERE
    if freshness(source, since, now_ms) is Freshness.STALE:
        return State.STALE
    if last is None or last.at < source.since:
        return State.NEW
    return State.UP if last.is_up else State.FAILING


class SourceCount(NamedTuple):
    """How many sources are fresh, late and stale, which is also what nothing can be told of;
    ``elsewhere`` are looked at by another station. Paused ones count nowhere."""

    fresh: int = 0
    late: int = 0
    stale: int = 0
    elsewhere: int = 0


def count_sources(lines: Iterable[SourceLine], now_ms: int) -> SourceCount:
    """Count them at ``now_ms``."""
    counts: dict[Freshness | None, int] = {}
    for line in lines:
        if line.state is not State.PAUSED:
            unknown = line.state is State.UNSURE
            how = Freshness.STALE if unknown else line.freshness(now_ms)
            counts[how] = counts.get(how, 0) + 1
    return SourceCount(
        fresh=counts.get(Freshness.FRESH, 0),
        late=counts.get(Freshness.LATE, 0),
        stale=counts.get(Freshness.STALE, 0),
        elsewhere=counts.get(None, 0),
    )
