"""What a schedule and an override say, once read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crisisdesk.domain.oncall.wall import DAY_MS, HOUR_MS, MINUTE_MS, weekday_of

Rotation = Literal["hour", "day", "week"]

TURN_MS: Mapping[Rotation, int] = {"hour": HOUR_MS, "day": DAY_MS, "week": 7 * DAY_MS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A part of the day on some weekdays (Monday 0), in minutes after local midnight.

    ``end`` is beyond ``start``; one beyond 1440 lies on the day after, whatever weekday that is.
    """

    days: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One rotation. Days are counted from 1970-01-01; ``handover`` is minutes after midnight.

    It is in force from the hand-over time of the day ``start`` up to that of ``until`` (None: for
    ever). Members take turns of ``every`` hours, days or weeks in their order. A week begins on
    ``weekday``, so that the first turn may be a short one. An hourly turn lasts that many real
    hours, whatever the wall clock does.
    """

    name: str
    members: tuple[str, ...]
    rotation: Rotation
    every: int = 1
    handover: int
    weekday: int = 0
    start: int
    until: int | None = None
    hours: tuple[Hours, ...] = ()

    @property
    def begin_wall(self) -> int:
        """The wall reading at which it comes into force."""
        return self.start * DAY_MS + self.handover * MINUTE_MS

    @property
    def end_wall(self) -> int | None:
        """The wall reading at which it ends; None for never."""
        return None if self.until is None else self.until * DAY_MS + self.handover * MINUTE_MS

    @property
    def anchor_wall(self) -> int:
        """The wall reading at which the first turn began, or would have."""
        if self.rotation != "week":
            return self.begin_wall
        return self.begin_wall - (weekday_of(self.start) - self.weekday) % 7 * DAY_MS

    @property
    def turn_ms(self) -> int:
        """How long one turn lasts: real ms for hours, ms on the wall clock otherwise."""
        return self.every * TURN_MS[self.rotation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Layers in one zone; a later one covers an earlier one where it has anybody."""

    name: str
    zone: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """For the time from ``start_ms`` up to ``end_ms`` (UTC) the contact takes a place.

    It is the place of the contact ``replaces``, or with "" that of the whole schedule.
    """

    schedule: str
    contact: str
    replaces: str = ""
    start_ms: int
    end_ms: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The same contacts from ``start_ms`` up to ``end_ms`` (UTC); none of them is a gap."""

    contacts: tuple[str, ...]
    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """How long it lasts."""
        return self.end_ms - self.start_ms
