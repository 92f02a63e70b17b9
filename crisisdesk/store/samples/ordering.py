"""Puts what arrived in order, and makes what is old coarser, until it fits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from crisisdesk.store.samples.columns import HOUR_MS, MINUTE_MS, NONE, Points, coarser
from crisisdesk.store.samples.file import PAGE_BYTES, SERIES_LIMIT, Unfit
from crisisdesk.store.samples.packing import Arrived, Torn, pack_minutes, pack_raw
from crisisdesk.store.samples.reading import BY_MINUTE, HOURLY, RAW, points_of, with_arrived

# Hours each grain is kept where the budget allows it, and how many of each the others go before.
KEPT_HOURS = {RAW: 48, BY_MINUTE: 14 * 24, HOURLY: 400 * 24}
FIRST_KEPT_HOURS = {RAW: 6, BY_MINUTE: 48, HOURLY: 60 * 24}
# A station that was off for long, or whose clock leapt, makes no more than this coarser at a time.
PASS_HOURS = 4
# Series that are put in order in one transaction, which keeps the write-ahead log small.
SLICE = 1_000
# Pages in use beyond this share of the budget make the oldest go.
FULL_SHARE = 0.85

_PUT = (
    "INSERT OR REPLACE INTO hour (key, low, high, last, mean, count, grain, data) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_ROW = "SELECT low, high, last, mean, count, grain, data FROM hour WHERE key = ?"
_SPAN = (
    "SELECT key, low, high, last, mean, count, grain, data FROM hour "
    "WHERE key >= ? AND key < ? ORDER BY key"
)


@contextmanager
def transaction(raw: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        yield
        raw.execute("COMMIT")
    except BaseException:
        # SQLite has taken back by itself some of what failed for want of room.
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise


def horizon(raw: sqlite3.Connection, grain: int) -> int:
    """From which hour on a grain is kept; below everything before anything was let go."""
    rows = raw.execute("SELECT hour FROM horizon WHERE grain = ?", (grain,)).fetchall()
    return rows[0][0] if rows else -(1 << 31)


def put_in_order(raw: sqlite3.Connection, arrived: Arrived, last_id: int) -> None:
    """Write what arrived into its hours and take it off the list, up to that number.

    In slices: after a crash between two of them the same is written once more, to the same end.
    """
    order = np.lexsort((arrived.ids, arrived.at // HOUR_MS))
    ids, at, value = arrived.ids[order], arrived.at[order], arrived.value[order]
    keys = at // HOUR_MS * SERIES_LIMIT + ids
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else keys
    ends = [*first[1:].tolist(), len(keys)]
    groups = list(zip(first.tolist(), ends, strict=True)) if len(keys) else []
    from_hour = horizon(raw, RAW)
    for begin in range(0, len(groups), SLICE):
        with transaction(raw):
            newest: dict[int, int] = {}
            for start, end in groups[begin : begin + SLICE]:
                hour, number = divmod(int(keys[start]), SERIES_LIMIT)
                if hour >= from_hour:
                    _put_hour(raw, hour, number, at[start:end], value[start:end])
                    newest[number] = max(hour, newest.get(number, hour))
            raw.executemany(
                "UPDATE series SET newest = ? WHERE id = ? AND newest < ?",
                [(hour, number, hour) for number, hour in newest.items()],
            )
    with transaction(raw):
        raw.execute("DELETE FROM arrived WHERE id <= ?", (last_id,))


def _put_hour(raw: sqlite3.Connection, hour: int, number: int, at: Any, value: Any) -> None:
    key = hour * SERIES_LIMIT + number
    row = raw.execute(_ROW, (key,)).fetchone()
    try:
        kept = points_of(hour, row) if row is not None else NONE
    except Torn:
        kept = NONE
    points = with_arrived(kept, at, value)
    data = pack_raw(points.at, points.last, hour * HOUR_MS)
    raw.execute(_PUT, (key, *_summary(points), RAW, data))


def _summary(points: Points) -> tuple[Any, ...]:
    whole = coarser(points, HOUR_MS)
    return tuple(column.tolist()[0] for column in whole[1:])


def let_age(raw: sqlite3.Connection, now_hour: int) -> None:
    """Make coarser what is older than its grain is kept, a few hours of it at a time."""
    for grain, hours in KEPT_HOURS.items():
        for _ in range(PASS_HOURS):
            if not _advance(raw, grain, now_hour - hours):
                break


def make_room(raw: sqlite3.Connection, now_hour: int, pages: int) -> bool:
    """Make the oldest coarser until no more than these pages are in use: samples first, then
    minutes, then hours, of each at first what is not recent. False when nothing is left to go."""
    floors = [(grain, now_hour - hours) for grain, hours in FIRST_KEPT_HOURS.items()]
    floors += [(grain, now_hour) for grain in FIRST_KEPT_HOURS]
    for grain, floor in floors:
        while used_pages(raw) > pages:
            if not _advance(raw, grain, floor):
                break
    return used_pages(raw) <= pages


def forget_series(raw: sqlite3.Connection) -> bool:
    """Let go of series whose last hour is gone; only when nothing waits to be put in order."""
    sql = "DELETE FROM series WHERE newest < ?"
    with transaction(raw):
        return raw.execute(sql, (horizon(raw, HOURLY),)).rowcount > 0


def used_pages(raw: sqlite3.Connection) -> int:
    """Pages of the file that hold something."""
    (whole,) = raw.execute("PRAGMA page_count").fetchone()
    (free,) = raw.execute("PRAGMA freelist_count").fetchone()
    return int(whole - free)


def shrink_to(raw: sqlite3.Connection, budget_bytes: int) -> None:
    """Give pages back when the file is larger than a budget that was made smaller."""
    (whole,) = raw.execute("PRAGMA page_count").fetchone()
    over = whole - budget_bytes // PAGE_BYTES
    if over > 0:
        # One step of this statement frees one page; only a script is stepped to its end.
        raw.executescript(f"PRAGMA incremental_vacuum({over})")


def _advance(raw: sqlite3.Connection, grain: int, floor: int) -> bool:
    """Let go of the oldest hour of a grain that lies before ``floor``; False when there is none."""
    at = horizon(raw, grain)
    # What is of a finer grain goes with it: hours are left in order.
    rows = raw.execute(
        "SELECT key FROM hour WHERE key >= ? AND key < ? ORDER BY key LIMIT 1",
        (at * SERIES_LIMIT, floor * SERIES_LIMIT),
    ).fetchall()
    if not rows:
        if at < floor:
            with transaction(raw):
                _move_horizon(raw, grain, floor)
        return False
    hour = rows[0][0] // SERIES_LIMIT
    if not at <= hour < floor:
        # It would go round in a circle.
        raise Unfit("damaged", "its hours are out of order")
    with transaction(raw):
        if grain == HOURLY:
            span = (hour * SERIES_LIMIT, (hour + 1) * SERIES_LIMIT)
            raw.execute("DELETE FROM hour WHERE key >= ? AND key < ?", span)
        else:
            _make_coarser(raw, hour, grain - 1)
        _move_horizon(raw, grain, hour + 1)
    return True


def _move_horizon(raw: sqlite3.Connection, grain: int, hour: int) -> None:
    # A finer grain is never kept longer than a coarser one.
    for finer in range(grain, RAW + 1):
        if horizon(raw, finer) < hour:
            raw.execute("INSERT OR REPLACE INTO horizon VALUES (?, ?)", (finer, hour))


def _make_coarser(raw: sqlite3.Connection, hour: int, grain: int) -> None:
    """Write the hour's rows anew, so that their pages are full again."""
    span = (hour * SERIES_LIMIT, (hour + 1) * SERIES_LIMIT)
    rows = raw.execute(_SPAN, span).fetchall()
    raw.execute("DELETE FROM hour WHERE key >= ? AND key < ?", span)
    raw.executemany(_PUT, [_coarser_row(hour, row, grain) for row in rows])


def _coarser_row(hour: int, row: tuple[Any, ...], grain: int) -> tuple[Any, ...]:
    key, *summary, now, _ = row
    if now <= grain:
        return row
    if grain == HOURLY:
        return (key, *summary, HOURLY, None)
    try:
        points = points_of(hour, row[1:])
    except Torn:
        return (key, *summary, HOURLY, None)
    minutes = pack_minutes(coarser(points, MINUTE_MS), hour * HOUR_MS)
    # What was measured seldom takes less as it is than by the minute.
    return row if len(minutes) >= len(row[-1]) else (key, *summary, BY_MINUTE, minutes)
