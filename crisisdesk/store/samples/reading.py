"""What is asked of the file of samples, by the engine that writes it and by screens that do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Series
from crisisdesk.engine.detection_ports import Bucket
from crisisdesk.store.samples.columns import (
    HOUR_MS,
    NONE,
    Points,
    coarser,
    joined,
    newest_of_each,
    raw_points,
)
from crisisdesk.store.samples.file import SERIES_LIMIT
from crisisdesk.store.samples.packing import (
    NOTHING,
    Arrived,
    Torn,
    unpack_arrived,
    unpack_minutes,
    unpack_raw,
)

Rows = Callable[[str, Sequence[Any] | Mapping[str, Any]], list[Any]]

HOURLY, BY_MINUTE, RAW = 0, 1, 2
# The hours that there are, from one to the next, and of each the series' row. Bounded, because a
# torn page may lead round in a circle.
_HOURS = (
    "WITH RECURSIVE kept (n) AS ("
    "SELECT min(key) / :many FROM hour WHERE key >= :first * :many UNION ALL "
    "SELECT (SELECT min(key) / :many FROM hour WHERE key >= (n + 1) * :many) FROM kept "
    "WHERE n < :last LIMIT 20000) "
    "SELECT hour.key, low, high, last, mean, count, grain, {data} "
    "FROM kept CROSS JOIN hour ON hour.key = n * :many + :number WHERE n <= :last"
)
_UTMOST_HOUR = 1 << 38


class ArrivedRows:
    """What came in and is not yet in order, read once and kept until it is.

    A row never changes and its number never comes again, so that only new ones are read.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._parts: dict[int, Arrived] = {}
        self._all: Arrived | None = NOTHING

    def all(self) -> Arrived:
        """All of it in the order in which it came; a torn row is left out."""
        (span,) = self._rows("SELECT min(id), max(id) FROM arrived", ())
        oldest = span[0] if span[0] is not None else 1 << 62
        newest = max(self._parts, default=0)
        gone = [number for number in self._parts if number < oldest]
        for number in gone:
            del self._parts[number]
        fresh = self._rows("SELECT id, data FROM arrived WHERE id > ? ORDER BY id", (newest,))
        for number, data in fresh:
            self._parts[number] = _arrived(data)
        if gone or fresh or self._all is None:
            columns = zip(NOTHING, *self._parts.values(), strict=True)
            self._all = Arrived(*(np.concatenate(parts) for parts in columns))
        return self._all

    def of(self, number: int) -> tuple[Any, Any]:
        """Times and values of one series."""
        everything = self.all()
        mine = everything.ids == number
        return everything.at[mine], everything.value[mine]

    def forget(self) -> None:
        """Read everything anew; the file is another one."""
        self._parts.clear()
        self._all = None


class SampleQuestions:
    """Questions to one file; ``rows`` runs one statement and returns all its rows."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.arrived = ArrivedRows(rows)

    def known(self, source_id: str = "") -> list[Series]:
        """The series that have samples, of one source or of all, in order."""
        where, values = ("WHERE source = ?", (source_id,)) if source_id else ("", ())
        sql = f"SELECT source, metric, labels FROM series {where}"  # noqa: S608
        return sorted(series_of(*row) for row in self._rows(sql, values))

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        """See `SampleStore.between`; a bucket counts by its start."""
        return self.columns(series, since, until, step_ms).buckets()

    def columns(self, series: Series, since: int, until: int, step_ms: int = 0) -> Points:
        """The same in columns, as charts want it."""
        number = self._number(series)
        if number is None or until <= since:
            return NONE
        # What has arrived is looked at first: what is put in order meanwhile then counts twice, to
        # the same end, and never not at all.
        at, value = self._arrived_of(number)
        first = max(since // HOUR_MS, -_UTMOST_HOUR)
        last = min((until - 1) // HOUR_MS, _UTMOST_HOUR)
        # A step of whole hours needs what came of each hour; only the first and the last may be in
        # part outside, and what has just arrived may change its hour.
        whole = step_ms > 0 and step_ms % HOUR_MS == 0
        parts = dict(self._hours(number, first, last, with_data=not whole))
        hours = at // HOUR_MS
        inside = (hours >= first) & (hours <= last)
        at, value, hours = at[inside], value[inside], hours[inside]
        touched = set(np.unique(hours).tolist())
        if whole:
            for hour in touched | {h for h in (first, last) if h in parts}:
                parts.update(self._hours(number, hour, hour, with_data=True))
        for hour in touched:
            mine = hours == hour
            parts[hour] = with_arrived(parts.get(hour, NONE), at[mine], value[mine])
        points = joined(parts[hour] for hour in sorted(parts)).within(since, until)
        return coarser(points, step_ms) if step_ms > 0 else points

    def newest(self, all_of: Iterable[Series]) -> dict[Series, tuple[int, float]]:
        """Time and value of the newest sample of each series that has one still raw; of one that
        is coarser already the last bucket's."""
        found: dict[Series, tuple[int, float]] = {}
        for one in all_of:
            for hour in self._newest_hours(one):
                points = self.columns(one, hour * HOUR_MS, (hour + 1) * HOUR_MS)
                if len(points.at):
                    found[one] = (int(points.at[-1]), float(points.last[-1]))
                    break
        return found

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        """The newest ``limit`` lines of [since, until), of one log or of all, oldest first."""
        where, values = ("AND name = ?", (name,)) if name else ("", ())
        sql = (
            f"SELECT at, name, text FROM line WHERE at >= ? AND at < ? {where} "  # noqa: S608
            "ORDER BY at DESC, id DESC LIMIT ?"
        )
        rows = self._rows(sql, (since, until, *values, limit))
        return [Line(at=at, name=log, text=text) for at, log, text in reversed(rows)]

    def forget(self) -> None:
        """The file is another one."""
        self.arrived.forget()

    def _number(self, series: Series) -> int | None:
        sql = "SELECT id FROM series WHERE source = ? AND metric = ? AND labels = ?"
        rows = self._rows(sql, (series.source_id, series.metric, labels_text(series)))
        return rows[0][0] if rows else None

    def _arrived_of(self, number: int) -> tuple[Any, Any]:
        at, value = self.arrived.of(number)
        rows = self._rows("SELECT hour FROM horizon WHERE grain = ?", (RAW,))
        if not rows or not len(at):
            return at, value
        still = at >= rows[0][0] * HOUR_MS
        return at[still], value[still]

    def _newest_hours(self, series: Series) -> list[int]:
        number = self._number(series)
        if number is None:
            return []
        at, _ = self._arrived_of(number)
        (newest,) = self._rows("SELECT newest FROM series WHERE id = ?", (number,))[0]
        return sorted({newest, *(at // HOUR_MS).tolist()}, reverse=True)

    def _hours(
        self, number: int, first: int, last: int, *, with_data: bool
    ) -> Iterable[tuple[int, Points]]:
        sql = _HOURS.replace("{data}", "data" if with_data else "NULL")
        named = {"many": SERIES_LIMIT, "first": first, "last": last, "number": number}
        for key, *row in self._rows(sql, named):
            hour = key // SERIES_LIMIT
            try:
                yield hour, points_of(hour, row, with_data=with_data)
            except Torn:
                # One torn hour is a gap in a chart.
                continue


def points_of(hour: int, row: Sequence[Any], *, with_data: bool = True) -> Points:
    """One row of the table of hours (low, high, last, mean, count, grain, data) as it is kept, or
    as the hour as a whole; raises Torn."""
    *summary, count, grain, data = row
    start = hour * HOUR_MS
    try:
        if with_data and grain == RAW:
            return unpack_raw(data, start)
        if with_data and grain == BY_MINUTE:
            return unpack_minutes(data, start)
        # SQLite keeps what is not a number as NULL.
        columns = [np.array([np.nan if v is None else v], np.float64) for v in summary]
        return Points._make((np.array([start]), *columns, np.array([count], np.int64)))
    except (TypeError, ValueError, OverflowError) as error:
        raise Torn(f"an hour is torn: {error}") from error


def with_arrived(kept: Points, at: Any, value: Any) -> Points:
    """An hour's samples with those that came later; those replace what stands at their time."""
    times = np.concatenate((kept.at, at))
    return raw_points(*newest_of_each(times, np.concatenate((kept.last, value))))


def labels_text(series: Series) -> str:
    """The labels as they stand in the file."""
    return json.dumps(series.labels, ensure_ascii=False, separators=(",", ":"))


def series_of(source: str, metric: str, labels: str) -> Series:
    """The series of a row."""
    return Series(source, metric, tuple((name, value) for name, value in json.loads(labels)))


def _arrived(data: bytes) -> Arrived:
    try:
        return unpack_arrived(data)
    except Torn:
        return NOTHING
