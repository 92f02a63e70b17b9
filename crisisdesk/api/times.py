"""Times at the door: UTC milliseconds inside, ISO 8601 with Z and milliseconds outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from crisisdesk.domain.errors import Malformed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
FIRST = "0001-01-01T00:00:00.000Z"
LAST = "9999-12-31T23:59:59.999Z"


def iso(at_ms: int) -> str:
    """``2026-03-01T12:30:00.000Z``; beyond the calendar's ends, its first or last moment."""
    try:
        moment = _EPOCH + at_ms * _MS
    except OverflowError:
        return LAST if at_ms > 0 else FIRST
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def iso_or_none(at_ms: int | None) -> str | None:
    """The same for what may not have happened yet."""
    return None if at_ms is None else iso(at_ms)


def ms_of(text: str, field: str) -> int:
    """UTC milliseconds of an RFC 3339 time with its offset; raises Malformed naming ``field``."""
    if len(text) <= 40 and _FORM.fullmatch(text):
        try:
            return (datetime.fromisoformat(text.upper()) - _EPOCH) // _MS
        except (ValueError, OverflowError):
            pass  # the error below says the same of a 31st of February as of a wrong form
    raise Malformed(field, "is no time", "write it like 2026-03-01T12:30:00Z")
