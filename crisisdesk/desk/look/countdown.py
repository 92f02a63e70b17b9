"""What a clock says and how loudly, as pure functions of deadline, now and total."""

from __future__ import annotations

from typing import Literal, NamedTuple

CountdownState = Literal["calm", "soon", "urgent", "late", "paused"]

_URGENT_BELOW_MS = 60_000
_MINUTE_S = 60
_HOUR_S = 3_600
_DAY_S = 86_400


class Countdown(NamedTuple):
    """A clock at one instant.

    ``text`` is what is painted, ``spoken`` the same for a screen reader, ``share`` the part of the
    total still left (0 to 1; 0 once late).
    """

    text: str
    state: CountdownState
    share: float
    spoken: str


def format_span(seconds: int) -> str:
    """Seconds as ``mm:ss`` under an hour, then ``1 h 51``, then ``2 d 03 h``."""
    if seconds < _HOUR_S:
        return f"{seconds // _MINUTE_S:02d}:{seconds % _MINUTE_S:02d}"
    if seconds < _DAY_S:
        return f"{seconds // _HOUR_S} h {seconds % _HOUR_S // _MINUTE_S:02d}"
    return f"{seconds // _DAY_S} d {seconds % _DAY_S // _HOUR_S:02d} h"


def speak_span(seconds: int) -> str:
    """Seconds in words, the two largest units: "1 hour 51 minutes"."""
    parts = []
    for size, word in ((_DAY_S, "day"), (_HOUR_S, "hour"), (_MINUTE_S, "minute"), (1, "second")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {word}{'' if count == 1 else 's'}")
    return " ".join(parts[:2]) or "0 seconds"


def countdown(*, deadline_ms: int, now_ms: int, total_ms: int, paused: bool = False) -> Countdown:
    """The clock for a deadline (UTC ms) whose whole span was ``total_ms``.

    Time left is rounded up and lateness down, so that 00:00 is never shown while time remains.
    A paused clock keeps its figures and only loses its voice. A total of zero or less counts as
    used up.
    """
    left_ms = deadline_ms - now_ms
    if left_ms <= 0 and not paused:
        late_s = -left_ms // 1000
        return Countdown(
            text=f"+{format_span(late_s)} late",
            state="late",
            share=0.0,
            spoken=f"{speak_span(late_s)} late",
        )
    left_s = max(0, -(-left_ms // 1000))
    share = min(1.0, max(0.0, left_ms / total_ms)) if total_ms > 0 else 0.0
    return Countdown(
        text=format_span(left_s),
        state=_state(left_ms, share, paused),
        share=share,
        spoken=f"{speak_span(left_s)} left",
    )


def _state(left_ms: int, share: float, paused: bool) -> CountdownState:
    if paused:
        return "paused"
    if left_ms < _URGENT_BELOW_MS or share < 0.2:
        return "urgent"
    return "soon" if share <= 0.5 else "calm"
