"""The frontier: up to where no event can ever come late any more, so that a log may be compacted.

A station's report promises that every later event of its own sorts after ``hlc``. An event that all
registered stations have, and that sorts before everything anyone may still be missing or writing,
will never be preceded by a new one: what it did to a state is final.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

NOTHING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One registered station: its origin, how much of each origin's log it has, and its promise."""

    origin: str
    vector: Mapping[str, int]
    hlc: int


def common(stations: Sequence[Standing], origins: Iterable[str]) -> dict[str, int]:
    """How much of each origin's log every station has."""
    return {o: min(s.vector.get(o, 0) for s in stations) for o in origins}


def stable_hlc(
    stations: Sequence[Standing],
    here: Mapping[str, int],
    hlc_at: Callable[[str, int], int],
) -> int:
    """The greatest hlc up to which nothing can come late; `NOTHING` when that is nowhere.

    ``stations`` are all registered ones, this one among them. ``here`` is this station's vector and
    ``hlc_at`` the reading of an event it holds. A station that has been silent holds the frontier
    where it was; only evicting it lets the frontier pass.
    """
    if not stations:
        return NOTHING
    cut = min(station.hlc for station in stations)
    for origin, all_have in common(stations, here).items():
        if here[origin] > all_have:
            cut = min(cut, hlc_at(origin, all_have + 1) - 1)
        elif any(station.vector.get(origin, 0) > all_have for station in stations):
            # Someone has more of it than this station: all that is known is that it comes later.
            cut = min(cut, hlc_at(origin, all_have) if all_have else NOTHING)
    for station in stations:
        for origin, seq in station.vector.items():
            if seq and origin not in here:
                return NOTHING
    return max(cut, NOTHING)
