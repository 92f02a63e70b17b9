"""Reads RFC 3339 times into UTC milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from crisisdesk.sources.payload import wrong_type
from crisisdesk.sources.rules import IntakeError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,12})?)?"
    r"(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)


def time_at(value: Any, path: str) -> int | None:
    """UTC milliseconds of an RFC 3339 string; None for null, "" and the year 1 (Go's zero time).

    Digits after the millisecond are cut off. Seconds and the offset may be missing, the offset then
    being UTC, as Alertmanager takes it. Raises IntakeError 400 for anything else.
    """
    if value is None:
        return None
    if type(value) is not str:
        raise wrong_type(path, "an RFC 3339 time", value)
    try:
        return _to_ms(value)
    except (ValueError, OverflowError):
        raise IntakeError(
            400,
            path,
            "is not an RFC 3339 time",
            "Write it like 2026-03-01T12:30:00Z.",
        ) from None


@lru_cache(maxsize=8192)
def _to_ms(text: str) -> int | None:
    if not text:
        return None
    if len(text) > 40 or _FORM.fullmatch(text) is None:
        raise ValueError(text)
    moment = datetime.fromisoformat(text.upper() if text[-1] == "z" else text)
    if moment.year == 1:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND
