"""The clock on the wall of a zone, as a number that never runs backwards.

A *wall reading* is local time in ms since 1970-01-01 00:00 local. While an hour is repeated in
autumn the wall clock stands still at the last ms before it; in spring it jumps. So each reading is
reached once, at its first moment: ``wall_ms(zone, at) >= wall`` if and only if
``at >= moment_ms(zone, wall)``.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crisisdesk.domain.errors import Malformed

SECOND_MS = 1_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
# Nothing later is planned; up to here every number of ms is a date that Python can hold.
LAST_MS = 7_258_118_400_000  # 2200-01-01
_MILLISECOND = timedelta(milliseconds=1)
# 1970-01-01 was a Thursday.
_FIRST_WEEKDAY = 3
# Names that mean the same on every machine; others ("localtime", "posix/...") are one machine's.
_ZONE = re.compile(
    r"UTC|(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)"
    r"(?:/[A-Za-z0-9_+-]{1,32}){1,2}"
)


def checked_zone(name: object, field: str) -> str:
    """The name of a zone that this machine knows; Malformed naming ``field`` otherwise."""
    remedy = "name a zone such as Europe/Prague, or UTC"
    if not isinstance(name, str):
        raise Malformed(field, "is no text", remedy)
    try:
        if not _ZONE.fullmatch(name):
            raise ValueError(name)
        ZoneInfo(name)
    except (ValueError, LookupError, OSError) as error:
        raise Malformed(field, f"{name[:64]!r} is no time zone", remedy) from error
    return name


def weekday_of(day: int) -> int:
    """Monday 0 to Sunday 6 of a day counted from 1970-01-01."""
    return (day + _FIRST_WEEKDAY) % 7


def wall_ms(zone: str, at_ms: int) -> int:
    """What the wall clock reads at a moment (UTC ms)."""
    seconds = at_ms // SECOND_MS
    local = datetime.fromtimestamp(seconds, ZoneInfo(zone))
    offset = _offset_ms(local)
    if not local.fold:
        return at_ms + offset
    before = _offset_ms(local.replace(fold=0))
    start = _change(zone, seconds - (before - offset) // SECOND_MS, seconds, offset)
    return start * SECOND_MS + before - 1


@lru_cache(maxsize=16_384)
def moment_ms(zone: str, wall: int) -> int:
    """The first moment (UTC ms) at which the wall clock reads ``wall`` or later."""
    # Adding to an aware datetime of one zone moves the hands of its wall clock.
    early = datetime(1970, 1, 1, tzinfo=ZoneInfo(zone)) + wall * _MILLISECOND
    before, after = _offset_ms(early), _offset_ms(early.replace(fold=1))
    if before >= after:
        return wall - before
    # The reading is leapt over: it is reached when the clock jumps.
    low, high = (wall - after) // SECOND_MS, (wall - before) // SECOND_MS
    return _change(zone, low, high, after) * SECOND_MS


def _change(zone: str, low: int, high: int, after: int) -> int:
    """The first second in (low, high] with the offset ``after`` (ms), which ``high`` has."""
    info = ZoneInfo(zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_ms(datetime.fromtimestamp(middle, info)) == after:
            high = middle
        else:
            low = middle
    return high


def _offset_ms(local: datetime) -> int:
    offset = local.utcoffset()
    assert offset is not None, "a datetime of a zone has an offset"
    return offset // _MILLISECOND
