"""A draft of an override: what was filled in, read and checked before anything is sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.schedule import Override
from crisisdesk.domain.oncall.wall import LAST_MS, moment_ms, wall_ms
from crisisdesk.domain.publishing import checked_content

NAME_LIMIT = 100
_FORM = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{3})?)?) ?(Z|UTC)?", re.ASCII
)
_REMEDY = "write it like 2026-11-02 09:00, in the schedule's zone, or with UTC behind it"


class Draft(NamedTuple):
    """What was filled in; times as typed. ``replaces`` is the contact whose place is taken, "" for
    everybody's."""

    contact: str
    start: str
    end: str
    reason: str
    replaces: str = ""


class Order(NamedTuple):
    """What is published: the policy's name and content."""

    name: str
    content: dict[str, Any]


def written(at_ms: int, zone: str) -> str:
    """A moment as `moment` reads it back: in the zone where that is plain, else in UTC."""
    local = _text(at_ms, ZoneInfo(zone))
    # The second of two hours that read the same, and the last ms before a leap, have no own name.
    return local if _wall(local) == wall_ms(zone, at_ms) and _known(local, zone) == at_ms else (
        f"{_text(at_ms, UTC)} UTC"
    )  # fmt: skip


def moment(text: str, zone: str, field: str) -> int:
    """UTC ms of a time such as ``2026-11-02 09:00`` in a zone, or of one with UTC behind it.

    A time that comes twice is the first of both. Raises Malformed naming ``field`` for what is no
    time, for one that the clock leaps over, and for one beyond what is planned.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise Malformed(field, f"{text.strip()[:40]!r} is no time", _REMEDY)
    wall = _wall(text.strip())
    if wall is None:
        raise Malformed(field, f"{text.strip()!r} is on no calendar", _REMEDY)
    if not 0 < wall < LAST_MS:
        raise Malformed(field, f"{text.strip()!r} is too far away", "name one before 2200")
    if found[3]:
        return wall
    at = moment_ms(zone, wall)
    if wall_ms(zone, at) != wall:
        raise Malformed(
            field, f"{text.strip()!r} is leapt over that day", "name one after the leap"
        )
    return at


def order_of(draft: Draft, schedule: str, zone: str, who: str, given_at: str) -> Order:
    """What a draft publishes. ``who`` is the contact's name, ``given_at`` sets two orders apart.

    Raises Malformed naming the field: contact, replaces, from, to or reason.
    """
    if not draft.contact:
        raise Malformed("contact", "is not chosen", "choose who steps in")
    start = moment(draft.start, zone, "from")
    end = moment(draft.end, zone, "to")
    name = override_name(schedule, who, start, given_at)
    content: dict[str, Any] = {
        "kind": "override",
        "schedule": schedule,
        "contact": draft.contact,
        "from": start,
        "to": end,
        "reason": draft.reason.strip(),
    }
    if draft.replaces:
        content["replaces"] = draft.replaces
    return Order(name, checked_content(name, content))


def again(override: Override, who: str, given_at: str) -> Order:
    """What publishes an override that was taken back once more, as a version of its own."""
    content: dict[str, Any] = {
        "kind": "override",
        "schedule": override.schedule,
        "contact": override.contact,
        "replaces": override.replaces,
        "from": override.start_ms,
        "to": override.end_ms,
        "reason": override.reason,
    }
    name = override_name(override.schedule, who, override.start_ms, given_at)
    return Order(name, checked_content(name, content))


def override_name(schedule: str, who: str, start_ms: int, given_at: str) -> str:
    """``Database: Priya Nair 2026-11-02 08:00 UTC (09:14:02)``; the end is what stays whole."""
    tail = f" {_text(start_ms, UTC)} UTC ({given_at})"
    return f"{schedule}: {who}"[: NAME_LIMIT - len(tail)] + tail


def _text(at_ms: int, zone: Any) -> str:
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    text = f"{local:%Y-%m-%d %H:%M}"
    if at_ms % 60_000:
        text += f":{local:%S}"
    return f"{text}.{at_ms % 1000:03d}" if at_ms % 1000 else text


def _wall(text: str) -> int | None:
    """Ms since 1970-01-01 of a time without its zone; None when there is no such date or time."""
    found = _FORM.fullmatch(text)
    assert found is not None, "asked of what has the form"
    clock = found[2] if len(found[2].partition(":")[0]) == 2 else f"0{found[2]}"
    try:
        at = datetime.fromisoformat(f"{found[1]} {clock}").replace(tzinfo=UTC)
    except ValueError:
        return None
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def _known(text: str, zone: str) -> int | None:
    try:
        return moment(text, zone, "from")
    except Malformed:
        return None
