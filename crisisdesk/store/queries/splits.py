"""What changed while this station was cut off, read from its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crisisdesk.domain.event import Event, unseal
from crisisdesk.domain.fold import TYPES, State
from crisisdesk.domain.split import Split, SplitView, split_from, what_changed
from crisisdesk.domain.station import Station
from crisisdesk.store.projections import table_of
from crisisdesk.store.queries.images import FOLLOWED_BODY
from crisisdesk.store.queries.incidents import veiled_among
from crisisdesk.store.states import decode

Rows = Callable[[str, Sequence[Any]], list[Any]]

_CHUNK = 500
_RANGE = (
    f"SELECT raw, {FOLLOWED_BODY} FROM event WHERE origin = ? AND seq BETWEEN ? AND ? ORDER BY seq"  # noqa: S608
)


def splits_of(station: Station) -> list[Split]:
    """The last times it was cut off, newest first."""
    return [split_from(entry) for entry in reversed(station.splits)]


def load_split(rows: Rows, split: Split) -> SplitView:
    """The view of one split; events that were compacted away since are not told any more."""
    mine = _events(rows, [(split.origin, split.first_seq, split.last_seq)])
    theirs = _events(
        rows, [(origin, first, last) for origin, (first, last) in sorted(split.others.items())]
    )
    # What is for a few is told on its own page, to them.
    veiled = veiled_among(rows, {event.agg for event in (*mine, *theirs)})
    mine = [event for event in mine if event.agg not in veiled]
    theirs = [event for event in theirs if event.agg not in veiled]
    touched = dict.fromkeys(event.agg for event in (*mine, *theirs))
    return what_changed(split, mine, theirs, _names(rows), _states(rows, touched))


def _events(rows: Rows, ranges: Iterable[tuple[str, int, int]]) -> list[Event]:
    return [unseal(raw, body) for asked in ranges for raw, body in rows(_RANGE, asked)]


def _names(rows: Rows) -> dict[str, str]:
    """Station names by every origin they have announced as theirs."""
    stations = [decode(Station, state) for (state,) in rows("SELECT state FROM station", ())]
    return {origin: s.name for s in stations if s.name for origin in s.incarnations}


def _states(rows: Rows, aggregates: Iterable[str]) -> dict[str, State]:
    wanted: dict[tuple[str, str], list[str]] = {}
    for aggregate in aggregates:
        if (place := table_of(aggregate)) is not None:
            wanted.setdefault(place, []).append(aggregate)
    found: dict[str, State] = {}
    for (table, kind), names in wanted.items():
        for start in range(0, len(names), _CHUNK):
            chunk = names[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            sql = f"SELECT agg, state FROM {table} WHERE agg IN ({marks})"  # noqa: S608
            found |= {agg: decode(TYPES[kind], state) for agg, state in rows(sql, chunk)}
    return found
