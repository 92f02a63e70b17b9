"""Where the columns of the Comms room stand, in pixels at 100 % and as painted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from crisisdesk.desk.alerts.layout import Span
from crisisdesk.desk.look.theme import theme

_PAD, _GAP = 12, 12
_DAY_MS = 86_400_000


class BoardColumns(NamedTuple):
    """The columns of a delivery's row; a width of 0 drops one. ``dated`` leaves room for the day
    beside the time."""

    time: Span
    mark: Span
    word: Span
    what: Span
    contact: Span
    way: Span
    state: Span
    tries: Span
    station: Span
    dated: bool


class _Class(NamedTuple):
    least: int
    time: int
    contact: int
    way: int
    state: int
    tries: int
    station: int


_CLASSES = (
    _Class(1000, 92, 140, 236, 186, 34, 92),
    _Class(880, 92, 120, 150, 184, 34, 0),
    _Class(700, 58, 92, 88, 184, 34, 0),
    _Class(0, 58, 88, 0, 184, 0, 0),
)


def board_columns(width: int) -> BoardColumns:
    """The columns of a list this many pixels wide (as painted)."""
    px = theme().px
    at_100 = width / (theme().zoom / 100)
    chosen = next(entry for entry in _CLASSES if at_100 >= entry.least)
    x = px(_PAD)
    time = Span(x, px(chosen.time))
    mark = Span(time.right + px(_GAP), px(16))
    word = Span(mark.right + px(6), px(44))
    right = width - px(_PAD)
    spans: dict[str, Span] = {}
    for name, wide in (
        ("station", chosen.station),
        ("tries", chosen.tries),
        ("state", chosen.state),
        ("way", chosen.way),
        ("contact", chosen.contact),
    ):
        spans[name] = Span(right - px(wide), px(wide))
        right -= px(wide + _GAP) if wide else 0
    what_x = word.right + px(4)
    what = Span(what_x, max(px(60), right - what_x))
    return BoardColumns(time, mark, word, what, dated=chosen.time > 60, **spans)


def short_clock(ms: int, now_ms: int, *, dated: bool) -> str:
    """UTC ms as "02:05:04"; of another day "12 Feb 02:05", or the day alone without room."""
    at = datetime.fromtimestamp(ms // 1000, UTC)
    if abs(now_ms - ms) < _DAY_MS:
        return f"{at:%H:%M:%S}"
    return f"{at.day} {at:%b} {at:%H:%M}" if dated else f"{at.day} {at:%b}"


class ChannelColumns(NamedTuple):
    """The columns of a channel's row; a width of 0 drops one."""

    name: Span
    verdict: Span
    contacts: Span
    only: Span
    success: Span
    failure: Span
    waiting: Span
    share: Span
    wait: Span


def channel_columns(width: int) -> ChannelColumns:
    """The columns of a table of channels this many pixels wide (as painted)."""
    px = theme().px
    at_100 = width / (theme().zoom / 100)
    roomy, tight = at_100 >= 960, at_100 < 720
    right = width - px(_PAD)
    spans: dict[str, Span] = {}
    for name, wide in (
        ("wait", 0 if tight else 72),
        ("share", 104),
        ("waiting", 52),
        ("failure", 96 if roomy else 0),
        ("success", 96 if roomy else 72),
        ("only", 0 if tight else 50),
        ("contacts", 56),
        ("verdict", 124),
    ):
        spans[name] = Span(right - px(wide), px(wide))
        right -= px(wide + (16 if roomy else 10)) if wide else 0
    name_x = px(_PAD + 24)
    return ChannelColumns(name=Span(name_x, max(px(60), right - name_x)), **spans)
