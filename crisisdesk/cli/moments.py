"""Moments as they are typed at a shell."""

from __future__ import annotations

from datetime import datetime

from crisisdesk.cli.station import USAGE, fail, in_words
from crisisdesk.cli.words import moment, now_ms
from crisisdesk.domain.playbook.content import span_ms


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


def from_now(text: str, option: str) -> str:
    """A moment as it is, or a span from now (``15m``, ``4h``, ``3d``) as the moment it means."""
    if text[:1].isdigit() and text[-1:] in ("m", "h", "d"):
        with in_words():
            return moment(now_ms() + span_ms(text, option)).replace(" ", "T")
    return text
