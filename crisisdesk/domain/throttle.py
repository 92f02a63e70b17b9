"""Throttles: how many messages one contact method may get, and one kind of channel may send.

A window is "at most so many in so long", counted over the messages that did or may have arrived.
What finds no room stays queued and leaves in the next bundle. Nothing here is ever dropped.

| channel | burst | spacing | lasting |
|---|---|---|---|
| sms, voice | 5 in 5 s | 1 in 1 min | 5 in 15 min, 11 in 1 h, 21 in 3 h |
| email | 5 in 5 s | 1 in 1 min | 8 in 15 min, 30 in 1 h |
| push | 5 in 5 s | 1 in 30 s | 10 in 15 min, 40 in 1 h |
| slack, teams, discord, telegram | 5 in 5 s | 1 in 15 s | 15 in 15 min, 60 in 1 h |
| machines (webhook, json, ...) | 5 in 5 s | | |

A person reads a text message a minute at the most and pays for each; a mailbox is cheaper, a chat
is made for more, a machine takes what it is given. The burst keeps four pages at once possible and
a storm short. Over all methods together a kind of channel sends at most 5 text messages or calls in
5 s, which is what their providers take from one number, and 50 of anything else.

Urgent pages do not wait for the spacing. When the lasting windows are full they still go, one in
each spacing: a critical page that waits a quarter of an hour for its turn is a missed page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
# A moment further ahead than this was written by a clock that is wrong: it holds nothing back.
AHEAD_MS = MINUTE_MS
PLENTY = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most ``count`` messages in any ``per_ms``."""

    count: int
    per_ms: int

    def room(self, moments: Sequence[int], now: int) -> int:
        """How many more fit now; ``moments`` (UTC ms) of earlier messages come newest first."""
        since, until, left = now - self.per_ms, now + AHEAD_MS, self.count
        for at in moments:
            if at <= since or not left:
                break
            left -= at <= until
        return left

    def opens_at(self, moments: Sequence[int], now: int) -> int:
        """Since when, or from when on, one more fits; UTC ms, 0 when one always did."""
        known = sorted((at for at in moments if at <= now + AHEAD_MS), reverse=True)
        return known[self.count - 1] + self.per_ms if len(known) >= self.count else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The windows of one contact method."""

    burst: tuple[Window, ...] = ()
    spacing: tuple[Window, ...] = ()
    lasting: tuple[Window, ...] = ()

    def room(self, moments: Sequence[int], now: int) -> tuple[int, int]:
        """How many messages may go now: (urgent ones, any)."""
        burst, spacing, lasting = (
            min((w.room(moments, now) for w in windows), default=PLENTY)
            for windows in (self.burst, self.spacing, self.lasting)
        )
        return min(burst, max(spacing, lasting)), min(burst, spacing, lasting)

    def opens_at(self, moments: Sequence[int], now: int) -> tuple[int, int]:
        """Since when or from when on there is room: (for urgent ones, for any); UTC ms."""
        burst, spacing, lasting = (
            max((w.opens_at(moments, now) for w in windows), default=0)
            for windows in (self.burst, self.spacing, self.lasting)
        )
        return max(burst, min(spacing, lasting)), max(burst, spacing, lasting)


_BURST = (Window(count=5, per_ms=5 * SECOND_MS),)
_MACHINE = Limits(burst=_BURST)
_CALLS = Limits(
    burst=_BURST,
    spacing=(Window(count=1, per_ms=MINUTE_MS),),
    lasting=(
        Window(count=5, per_ms=15 * MINUTE_MS),
        Window(count=11, per_ms=HOUR_MS),
        Window(count=21, per_ms=3 * HOUR_MS),
    ),
)
_MAIL = Limits(
    burst=_BURST,
    spacing=(Window(count=1, per_ms=MINUTE_MS),),
    lasting=(Window(count=8, per_ms=15 * MINUTE_MS), Window(count=30, per_ms=HOUR_MS)),
)
_PUSH = Limits(
    burst=_BURST,
    spacing=(Window(count=1, per_ms=30 * SECOND_MS),),
    lasting=(Window(count=10, per_ms=15 * MINUTE_MS), Window(count=40, per_ms=HOUR_MS)),
)
_CHAT = Limits(
    burst=_BURST,
    spacing=(Window(count=1, per_ms=15 * SECOND_MS),),
    lasting=(Window(count=15, per_ms=15 * MINUTE_MS), Window(count=60, per_ms=HOUR_MS)),
)
METHOD_LIMITS: dict[str, Limits] = {
    "sms": _CALLS,
    "voice": _CALLS,
    "email": _MAIL,
    "push": _PUSH,
    "slack": _CHAT,
    "teams": _CHAT,
    "discord": _CHAT,
    "telegram": _CHAT,
}
_FEW_CALLS = Window(count=5, per_ms=5 * SECOND_MS)
CHANNEL_WINDOWS: dict[str, Window] = {"sms": _FEW_CALLS, "voice": _FEW_CALLS}
# How far back a message can still hold another one back, and how many of them can matter.
LOOK_BACK_MS = 3 * HOUR_MS
LOOK_BACK_COUNT = 60
CHANNEL_LOOK_BACK_MS = 5 * SECOND_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """The limits that hold on a station: by channel, and for channels not named."""

    methods: Mapping[str, Limits] = field(default_factory=lambda: METHOD_LIMITS)
    other_methods: Limits = _MACHINE
    channels: Mapping[str, Window] = field(default_factory=lambda: CHANNEL_WINDOWS)
    other_channels: Window = Window(count=50, per_ms=CHANNEL_LOOK_BACK_MS)

    def of_method(self, channel: str) -> Limits:
        """The windows of each contact method of this channel."""
        return self.methods.get(channel, self.other_methods)

    def of_channel(self, channel: str) -> Window:
        """The window of all contact methods of this channel together."""
        return self.channels.get(channel, self.other_channels)


UNTHROTTLED = Throttle(
    methods={},
    other_methods=Limits(),
    channels={},
    other_channels=Window(count=PLENTY, per_ms=1),
)
