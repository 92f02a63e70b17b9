"""Who is at a desk: the sign that each open desk gives, and what may be said of it later.

A sign is no fact for the log: it is given every few seconds, and the next one makes it worthless.
Between stations only ages travel, so clocks that differ move nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from crisisdesk.domain.errors import Malformed

# A desk that has given no sign for so long is not there any more.
HEARD_MS = 30_000
# An open desk that nobody has touched for so long says nothing of who sits there.
TOUCHED_MS = 5 * 60_000
KEPT_MS = 12 * 3_600_000
# What one station tells of, and what one keeps of all.
TOLD_LIMIT, KEPT_LIMIT = 8, 500
DESK_LIMIT, NAME_LIMIT, INCIDENT_LIMIT = 40, 150, 40
_AGE_LIMIT = 400 * 86_400_000
_AGES = ("opened", "since", "touched", "seen")


class Standing(StrEnum):
    """Whether somebody is there: ``here`` now; ``idle``: a desk is open, untouched; ``away``."""

    HERE = "here"
    IDLE = "idle"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One desk and who sits at it. Times are UTC ms on the clock of the station that keeps it.

    ``desk`` is a name that the desk gave itself when it was opened, ``station`` what its station is
    called. ``incident_id`` is the incident that it shows since ``since_ms``, "" for none.
    ``touched_ms`` is the last key or click, ``seen_ms`` the last sign; ``left`` says that the desk
    was closed.
    """

    desk: str
    operator: str
    station: str
    incident_id: str = ""
    opened_ms: int
    since_ms: int
    touched_ms: int
    seen_ms: int
    left: bool = False

    def standing(self, now_ms: int) -> Standing:
        """Whether somebody is there at ``now_ms``."""
        if self.left or now_ms - self.seen_ms > HEARD_MS:
            return Standing.AWAY
        return Standing.IDLE if now_ms - self.touched_ms > TOUCHED_MS else Standing.HERE


_ORDER = tuple(Standing)


def by_standing(presences: Iterable[Presence], now_ms: int) -> list[Presence]:
    """Who is here first, then by name; of each person the desk that says most."""
    best: dict[str, Presence] = {}
    for one in presences:
        key = one.operator.casefold()
        known = best.get(key)
        if known is None or _weight(one, now_ms) < _weight(known, now_ms):
            best[key] = one
    return sorted(
        best.values(), key=lambda p: (_ORDER.index(p.standing(now_ms)), p.operator.casefold())
    )


def _weight(one: Presence, now_ms: int) -> tuple[int, int, str]:
    return (_ORDER.index(one.standing(now_ms)), -one.seen_ms, one.desk)


def at_desk(presences: Iterable[Presence], now_ms: int) -> frozenset[str]:
    """The names, in small letters, of those who are here now."""
    here = (p for p in presences if p.standing(now_ms) == Standing.HERE)
    return frozenset(p.operator.casefold() for p in here)


def told(presences: Iterable[Presence], now_ms: int) -> list[dict[str, Any]]:
    """What a station tells others of its desks: ages in ms, the newest signs, a bounded number."""
    newest = sorted(presences, key=lambda p: (-p.seen_ms, p.desk))[:TOLD_LIMIT]
    return [
        {
            "desk": one.desk,
            "operator": one.operator,
            "incident": one.incident_id,
            "left": one.left,
            **{name: max(0, now_ms - getattr(one, f"{name}_ms")) for name in _AGES},
        }
        for one in newest
    ]


def read_told(rows: Any, station: str, now_ms: int) -> list[Presence]:
    """What another station told, as it stands on this clock; raises Malformed naming the field."""
    if not isinstance(rows, list) or len(rows) > TOLD_LIMIT:
        raise Malformed("desks", "is no list, or too long", f"tell of at most {TOLD_LIMIT}")
    return [_read(row, f"desks[{at}]", station, now_ms) for at, row in enumerate(rows)]


def _read(row: Any, field: str, station: str, now_ms: int) -> Presence:
    if not isinstance(row, dict):
        raise Malformed(field, "is no object", "tell of a desk")
    ages = {name: _age(row.get(name), f"{field}.{name}") for name in _AGES}
    left = row.get("left", False)
    if type(left) is not bool:
        raise Malformed(f"{field}.left", "is neither true nor false", "leave it out")
    return Presence(
        desk=_text(row.get("desk"), f"{field}.desk", DESK_LIMIT, least=1),
        operator=_text(row.get("operator"), f"{field}.operator", NAME_LIMIT, least=1),
        station=station,
        incident_id=_text(row.get("incident", ""), f"{field}.incident", INCIDENT_LIMIT),
        left=left,
        **{f"{name}_ms": now_ms - age for name, age in ages.items()},
    )


def _age(value: Any, field: str) -> int:
    if type(value) is not int or not 0 <= value <= _AGE_LIMIT:
        raise Malformed(field, "is no age", "send ms")
    return value


def _text(value: Any, field: str, limit: int, least: int = 0) -> str:
    if not isinstance(value, str) or not least <= len(value) <= limit or not value.isprintable():
        raise Malformed(field, "is no text of that length", f"write {least} to {limit} characters")
    return value


def kept(presences: Sequence[Presence], now_ms: int) -> list[Presence]:
    """What is still worth knowing, the newest first; the oldest give way."""
    fresh = [p for p in presences if now_ms - p.seen_ms <= KEPT_MS]
    return sorted(fresh, key=lambda p: (-p.seen_ms, p.desk))[:KEPT_LIMIT]


def gone(one: Presence, now_ms: int) -> Presence:
    """The desk was closed."""
    return replace(one, left=True, seen_ms=now_ms, incident_id="")


def span_words(ms: int) -> str:
    """``40 s``, ``4 min``, ``3 h``: rough, for how long ago somebody was seen."""
    seconds = max(0, ms) // 1000
    if seconds < 90:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 90 * 60 else f"{seconds // 3600} h"


def presence_words(one: Presence, now_ms: int, incident_id: str = "") -> str:
    """How it stands with somebody, as a clause: ``here now, on this incident for 12 min``.

    ``incident_id`` is the incident beside which it is said.
    """
    standing = one.standing(now_ms)
    if standing == Standing.AWAY:
        return f"away, last seen {span_words(now_ms - one.seen_ms)} ago"
    where = ""
    if one.incident_id:
        what = "this incident" if one.incident_id == incident_id else one.incident_id
        where = f", on {what} for {span_words(now_ms - one.since_ms)}"
    if standing == Standing.IDLE:
        return f"desk open, untouched for {span_words(now_ms - one.touched_ms)}{where}"
    return f"here now{where}"
