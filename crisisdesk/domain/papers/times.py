"""Moments as they stand on paper: in UTC, and in the zone of the one who reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_words(at_ms: int, local: tzinfo) -> str:
    """``Thu 12 February 2026, 02:05 UTC (03:05 CET)``."""
    utc = _EPOCH + timedelta(milliseconds=at_ms)
    here = utc.astimezone(local)
    words = f"{utc:%a} {utc.day} {utc:%B %Y, %H:%M} UTC"
    if here.utcoffset() == timedelta():
        return words
    day = "" if here.date() == utc.date() else f"{here:%a} "
    return f"{words} ({day}{here:%H:%M} {here.tzname() or 'here'})"


def stamp(at_ms: int | None) -> str:
    """``2026-02-12 02:05:02Z``; "" for what has not happened."""
    if at_ms is None:
        return ""
    return f"{_EPOCH + timedelta(milliseconds=at_ms // 1000 * 1000):%Y-%m-%d %H:%M:%S}Z"


def minute(at_ms: int) -> str:
    """``2026-02-12 02:05``, in UTC."""
    return stamp(at_ms)[:16]


def read_iso(text: str) -> int:
    """The UTC ms of a moment that a station wrote as `iso` does."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def iso(at_ms: int | None) -> str | None:
    """``2026-02-12T02:05:02.123Z`` for machines; None for what has not happened."""
    if at_ms is None:
        return None
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
