"""Values as the columns of the published tables take them: numbers of rows, moments, money."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]
Number = Callable[[str], int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# 31 December 9999, the last day that Python and Django can read.
_LAST_MS = 253_402_300_799_999
# What numeric(10,2) holds.
_MOST_CENTS = 10**10 - 1


def number_of(name: str) -> int:
    """The number that is wished for an aggregate or a person: 1 to 2**31 - 1, from SHA-256."""
    bits = int.from_bytes(hashlib.sha256(f"crisisdesk row {name}".encode()).digest()[:4], "big")
    return (bits >> 1) or 1


def moment(ms: int | None) -> str | None:
    """UTC ms as a timestamp that Postgres reads, with its zone."""
    if ms is None:
        return None
    return (_EPOCH + timedelta(milliseconds=max(0, min(ms, _LAST_MS)))).isoformat()


def money(cents: int | None) -> str | None:
    """Whole cents as a decimal text; None when unknown or too much for the column."""
    if cents is None or abs(cents) > _MOST_CENTS:
        return None
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def span(ms: int) -> str:
    """A span of time as an interval that Postgres reads."""
    return f"{max(0, ms)} milliseconds"
