"""UTC and local times as the incidents room writes and reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from crisisdesk.domain.errors import Malformed

MINUTE_MS = 60_000
DAY_MS = 86_400_000
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def utc_clock(at_ms: int) -> str:
    """``02:41:02``, UTC."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%H:%M:%S}"


def utc_minute(at_ms: int) -> str:
    """``02:41``, UTC."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%H:%M}"


def local_minute(at_ms: int) -> str:
    """``03:41`` in this machine's zone."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone():%H:%M}"


def utc_day(at_ms: int) -> str:
    """``Thu 12 Feb``, UTC."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{moment:%a} {moment.day} {moment:%b}"


def zone_name(at_ms: int) -> str:
    """The name of this machine's zone at that time: ``CET``."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().tzname() or "local"


def when_words(at_ms: int, now_ms: int) -> str:
    """``02:41 UTC`` within a day, else with its day: ``Thu 12 Feb 02:41 UTC``."""
    clock = f"{utc_minute(at_ms)} UTC"
    return clock if abs(now_ms - at_ms) < DAY_MS // 2 else f"{utc_day(at_ms)} {clock}"


def parse_happened(text: str, now_ms: int) -> int | None:
    """``hh:mm`` UTC as the latest such minute that has passed, UTC ms; None when left blank.

    Raises Malformed naming ``happened_at``.
    """
    plain = text.strip().removesuffix("UTC").strip()
    if not plain:
        return None
    found = CLOCK.fullmatch(plain)
    if found is None:
        raise Malformed("happened_at", f"{text.strip()!r} is no time", "write hh:mm in UTC")
    midnight = now_ms - now_ms % DAY_MS
    at = midnight + (int(found[1]) * 60 + int(found[2])) * MINUTE_MS
    return at if at <= now_ms else at - DAY_MS
