"""Why somebody is on call: by whose turn in which layer, or by which override; all pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crisisdesk.domain.oncall.schedule import Override, Schedule
from crisisdesk.domain.oncall.shifts import on_call, whole_shifts
from crisisdesk.domain.oncall.turns import changes, holder
from crisisdesk.domain.oncall.wall import wall_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One contact from ``start_ms`` up to ``end_ms`` (UTC) for one reason; "" is a gap.

    ``layers`` are the names of the layers whose turn it is, in the order in which they come; with
    an ``override`` they are those whose place it takes. ``longer_before`` and ``longer_after`` say
    that it lasts for more than eight weeks beyond what was asked for, and was cut there.
    """

    contact: str
    start_ms: int
    end_ms: int
    layers: tuple[str, ...] = ()
    override: Override | None = None
    longer_before: bool = False
    longer_after: bool = False


def holds(
    schedule: Schedule, overrides: Iterable[Override], start_ms: int, end_ms: int
) -> list[Hold]:
    """Who is on call in a range (UTC ms), and why; whole, in order and without overlap.

    The same contact twice in a row means that the reason is another. Overrides are given as to
    `domain.oncall.shifts`. Raises Malformed for a range that is empty, too long or out of reach.
    """
    standing = [o for o in overrides if o.schedule == schedule.name]
    found: list[Hold] = []
    for shift in whole_shifts(schedule, standing, start_ms, end_ms):
        contact = next(iter(shift.contacts), "")
        pieces = list(_pieces(schedule, standing, contact, shift.start_ms, shift.end_ms))
        found += [p for p in pieces if p.start_ms < end_ms and p.end_ms > start_ms]
    return [_told_whole(schedule, standing, hold) for hold in found]


def turns_of_layer(schedule: Schedule, number: int, start_ms: int, end_ms: int) -> list[Hold]:
    """The turns of one layer (counted from 0) in a range, as if it stood alone; no gaps."""
    layer = schedule.layers[number]
    alone = Schedule(name=schedule.name, zone=schedule.zone, layers=(layer,))
    return [hold for hold in holds(alone, (), start_ms, end_ms) if hold.contact]


def _pieces(
    schedule: Schedule, standing: Sequence[Override], contact: str, start_ms: int, end_ms: int
) -> Iterator[Hold]:
    """A shift cut where another override, or none, is the reason for it."""
    inner = [o for o in standing if o.start_ms < end_ms and o.end_ms > start_ms]
    cuts = {start_ms}
    for one in inner:
        cuts.update(m for m in (one.start_ms, one.end_ms) if start_ms < m < end_ms)
    for layer in schedule.layers:
        cuts.update(changes(layer, schedule.zone, start_ms, end_ms))
    parts: list[tuple[int, Override | None, list[str]]] = []
    for cut in sorted(cuts):
        decider, layer_name = _decider(schedule, inner, cut), _layer_in_force(schedule, cut)
        if not parts or parts[-1][1] is not decider:
            parts.append((cut, decider, []))
        names = parts[-1][2]
        if layer_name and layer_name not in names:
            names.append(layer_name)
    ends = [start for start, _, _ in parts[1:]] + [end_ms]
    for (start, override, names), end in zip(parts, ends, strict=True):
        yield Hold(
            contact=contact, start_ms=start, end_ms=end, layers=tuple(names), override=override
        )


def _decider(schedule: Schedule, standing: Sequence[Override], at_ms: int) -> Override | None:
    """The last override without which somebody else would be on call; None: the layers decide."""
    before, found = on_call(schedule, (), at_ms), None
    at_work: list[Override] = []
    for override in standing:
        if not override.start_ms <= at_ms < override.end_ms:
            continue
        at_work.append(override)
        after = on_call(schedule, at_work, at_ms)
        if after != before:
            before, found = after, override
    return found


def _layer_in_force(schedule: Schedule, at_ms: int) -> str:
    wall = wall_ms(schedule.zone, at_ms)
    for layer in reversed(schedule.layers):
        if holder(layer, schedule.zone, at_ms, wall):
            return layer.name
    return ""


def _told_whole(schedule: Schedule, standing: Sequence[Override], hold: Hold) -> Hold:
    """The hold, saying whether it was cut where nothing changes."""
    now = (hold.contact,) if hold.contact else ()

    def goes_on(at_ms: int) -> bool:
        same = on_call(schedule, standing, at_ms) == now
        return same and _decider(schedule, standing, at_ms) is hold.override

    before = hold.start_ms > 0 and goes_on(hold.start_ms - 1)
    after = goes_on(hold.end_ms)
    if not before and not after:
        return hold
    return Hold(
        contact=hold.contact,
        start_ms=hold.start_ms,
        end_ms=hold.end_ms,
        layers=hold.layers,
        override=hold.override,
        longer_before=before,
        longer_after=after,
    )
