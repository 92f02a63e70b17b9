"""Moments as they are typed at a shell."""

from __future__ import annotations

from datetime import datetime

from crisisdesk.cli.station import USAGE, fail


def read_time(option: str, text: str) -> datetime:
    """``2026-03-01T12:30:00Z``; ends the command naming the option where it is none, or where its
    zone is missing."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        fail(USAGE, f"{option} {text!r} is no time with its zone; write 2026-03-01T12:30:00Z")
    return at


def read_moment(option: str, text: str) -> int:
    """The same as UTC ms."""
    return round(read_time(option, text).timestamp() * 1000)
