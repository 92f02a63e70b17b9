"""How good a schedule is over a range: what it covers, and how evenly it asks people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crisisdesk.domain.oncall.schedule import Override, Schedule, Shift
from crisisdesk.domain.oncall.shifts import shifts
from crisisdesk.domain.oncall.wall import wall_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Figures of a range; times in ms.

    ``per_person`` maps contacts to their time on call, the busiest first; a member whose layer is
    in force but who never has a turn stands there with 0. ``longest_gap`` and ``longest_shift`` are
    None when there is none.
    """

    range_ms: int
    covered_ms: int
    per_person: dict[str, int]
    longest_gap: Shift | None
    longest_shift: Shift | None

    @property
    def coverage(self) -> float:
        """The share of time in which somebody is on call, from 0 to 1."""
        return self.covered_ms / self.range_ms

    @property
    def imbalance(self) -> float:
        """0 when all have the same time, 1 when somebody has none; what the least busy has less."""
        most, least = (
            max(self.per_person.values(), default=0),
            min(self.per_person.values(), default=0),
        )
        return (most - least) / most if most else 0.0


def quality(
    schedule: Schedule, overrides: Iterable[Override], start_ms: int, end_ms: int
) -> Quality:
    """The figures of a range (UTC ms); Malformed for a range that `shifts` refuses."""
    found = shifts(schedule, overrides, start_ms, end_ms)
    per_person = dict.fromkeys(_members(schedule, start_ms, end_ms), 0)
    for shift in found:
        for contact in shift.contacts:
            per_person[contact] = per_person.get(contact, 0) + shift.length_ms
    return Quality(
        range_ms=end_ms - start_ms,
        covered_ms=sum(s.length_ms for s in found if s.contacts),
        per_person=dict(sorted(per_person.items(), key=lambda item: (-item[1], item[0]))),
        longest_gap=_longest(s for s in found if not s.contacts),
        longest_shift=_longest(s for s in found if s.contacts),
    )


def _members(schedule: Schedule, start_ms: int, end_ms: int) -> set[str]:
    """Everybody in a layer that is in force at some moment of the range."""
    low, high = wall_ms(schedule.zone, start_ms), wall_ms(schedule.zone, end_ms - 1)
    return {
        member
        for layer in schedule.layers
        if layer.begin_wall <= high and (layer.end_wall is None or layer.end_wall > low)
        for member in layer.members
    }


def _longest(found: Iterable[Shift]) -> Shift | None:
    """The longest, the earliest of equal ones."""
    return max(found, key=lambda s: s.length_ms, default=None)
