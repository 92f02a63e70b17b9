"""A draft of a simple schedule: people in turn, checked before anything is sent.

Simple is a schedule of one layer that holds at all hours and without an end; what is not is written
as a file.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.drafts import Order
from crisisdesk.domain.oncall.wall import checked_zone
from crisisdesk.domain.publishing import checked_content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crisisdesk.domain.oncall.schedule import Schedule

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TURN = re.compile(r"(?:(\d{1,3}) ?)?(hour|day|week)s?", re.ASCII)
_CLOCK = re.compile(r"(?:([a-z]{3,9}) )?(\d{1,2}:\d{2})", re.ASCII)
_LAYER_FIELD = re.compile(r"layers\[0\]\.(\w+)")
_OWN = {"members": "people", "rotation": "turn", "every": "turn", "handover": "handover"}


class ScheduleDraft(NamedTuple):
    """What was filled in, as typed: ``people`` are names with commas between, in the order of their
    turns; ``turn`` is such as "1 week", ``handover`` "Monday 09:00" or "09:00". ``layer`` is the
    name of its one layer."""

    name: str
    people: str
    turn: str
    handover: str
    start: str
    zone: str
    layer: str = "Turns"


def fresh(zone: str, now_ms: int) -> ScheduleDraft:
    """What the form begins with: weeks from this one's Monday on."""
    try:
        checked_zone(zone, "zone")
    except Malformed:
        zone = "UTC"  # a machine may call its own zone by a name that others do not know
    today = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    return ScheduleDraft("", "", "1 week", "Monday 09:00", monday.isoformat(), zone)


def drafted(schedule: Schedule, words: Mapping[str, str]) -> ScheduleDraft | None:
    """A published schedule as a draft, people by their ``words``; None for one that is not simple.

    Somebody nobody knows stands there by the id.
    """
    if len(schedule.layers) != 1:
        return None
    layer = schedule.layers[0]
    if layer.hours or layer.until is not None:
        return None
    clock = f"{layer.handover // 60:02d}:{layer.handover % 60:02d}"
    day = f"{DAYS[layer.weekday]} " if layer.rotation == "week" else ""
    start = datetime(1970, 1, 1, tzinfo=UTC).date() + timedelta(days=layer.start)
    plural = "s" if layer.every > 1 else ""
    return ScheduleDraft(
        name=schedule.name,
        people=", ".join(words.get(one, one) for one in layer.members),
        turn=f"{layer.every} {layer.rotation}{plural}",
        handover=f"{day}{clock}",
        start=start.isoformat(),
        zone=schedule.zone,
        layer=layer.name,
    )


def schedule_of(draft: ScheduleDraft, people: Sequence[tuple[str, str]]) -> Order:
    """What a draft publishes; ``people`` are (id, word) of whom it can name.

    Raises Malformed naming the field: name, people, turn, handover, start or zone.
    """
    name = draft.name.strip()
    if not name:
        raise Malformed("name", "is empty", "write what it is for, such as Database")
    every, rotation = _turn(draft.turn)
    content = {
        "kind": "schedule",
        "zone": draft.zone.strip(),
        "layers": [
            {
                "name": draft.layer,
                "members": _members(draft.people, people),
                "rotation": rotation,
                "every": every,
                "handover": _handover(draft.handover, rotation),
                "start": draft.start.strip(),
            }
        ],
    }
    try:
        return Order(name, checked_content(name, content))
    except Malformed as error:
        found = _LAYER_FIELD.match(error.field)
        field = _OWN.get(found[1], found[1]) if found is not None else error.field
        raise Malformed(field, error.problem, error.remedy) from error


def _members(text: str, people: Sequence[tuple[str, str]]) -> list[str]:
    ids = {one for one, _ in people}
    known: dict[str, list[str]] = {}
    for one, word in people:
        known.setdefault(word.casefold(), []).append(one)
    members = []
    for said in (part.strip() for part in text.split(",")):
        if not said:
            continue
        found = [said] if said in ids else known.get(said.casefold(), [])
        if len(found) != 1:
            problem = f"nobody is called {said[:60]!r}" if not found else f"{said!r} are several"
            raise Malformed("people", problem, "write names or ids as in Settings, People")
        members += found
    if not members:
        raise Malformed("people", "is empty", "name who takes turns, with commas between")
    return members


def _turn(text: str) -> tuple[int, str]:
    found = _TURN.fullmatch(" ".join(text.casefold().split()))
    if found is None:
        raise Malformed("turn", f"{text.strip()[:40]!r} is no length", "write it like 1 week")
    return int(found[1] or 1), found[2]


def _handover(text: str, rotation: str) -> dict[str, Any]:
    found = _CLOCK.fullmatch(" ".join(text.casefold().split()))
    remedy = "write it like Monday 09:00" if rotation == "week" else "write it like 09:00"
    if found is None:
        raise Malformed("handover", f"{text.strip()[:40]!r} is no time", remedy)
    told: dict[str, Any] = {"time": found[2].zfill(5)}
    day = found[1] or ""
    named = [n for n, name in enumerate(DAYS) if day and name.casefold().startswith(day)]
    if (rotation == "week") != bool(named) or (day and not named):
        raise Malformed("handover", f"{text.strip()[:40]!r} does not fit the turn", remedy)
    if named:
        told["weekday"] = named[0]
    return told
