"""Reads published contents into schedules and overrides, and refuses what could be misread."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.fields import (
    DAY_MINUTES,
    Fields,
    checked_contact,
    checked_text,
    checked_whole,
)
from crisisdesk.domain.oncall.schedule import TURN_MS, Hours, Layer, Override, Rotation, Schedule
from crisisdesk.domain.oncall.wall import LAST_MS, checked_zone

SCHEDULE, OVERRIDE = "schedule", "override"
NAME_LIMIT = 120
REASON_LIMIT = 500
LAYERS_LIMIT = 20
MEMBERS_LIMIT = 200
HOURS_LIMIT = 50
EVERY_LIMIT = 366
_LAYER_FIELDS = "name members rotation every handover start until hours".split()


def read_schedule(name: str, content: dict[str, Any]) -> Schedule:
    """The schedule a published content describes.

    ``{"kind": "schedule", "zone": "Europe/Prague", "layers": [{"name", "members": ["C-..."],
    "rotation": "hour|day|week", "every": 1, "handover": {"time": "09:00", "weekday": 0},
    "start": "2026-01-05", "until": null, "hours": [{"days": [0], "from": "09:00", "to": "17:00"}]
    }]}``. ``weekday`` belongs to weekly rotations; ``until`` and ``hours`` may be left out.
    Raises Malformed naming the path of the field.
    """
    fields = Fields(content, known=("kind", "zone", "layers"))
    _of_kind(fields, SCHEDULE)
    layers = fields.items("layers", LAYERS_LIMIT, least=1)
    return Schedule(
        name=checked_text(name, "name", NAME_LIMIT),
        zone=checked_zone(fields.value("zone"), "zone"),
        layers=tuple(_layer(item, f"layers[{n}]") for n, item in enumerate(layers)),
    )


def read_override(content: dict[str, Any]) -> Override:
    """The override a published content describes.

    ``{"kind": "override", "schedule": NAME, "contact": "C-...", "replaces": "" or "C-...",
    "from": UTC ms, "to": UTC ms, "reason": ""}``; ``replaces`` and ``reason`` may be left out.
    Raises Malformed naming the field.
    """
    known = ("kind", "schedule", "contact", "replaces", "from", "to", "reason")
    fields = Fields(content, known=known)
    _of_kind(fields, OVERRIDE)
    start, end = fields.whole("from", 0, LAST_MS), fields.whole("to", 0, LAST_MS)
    if end <= start:
        raise Malformed("to", "is not after from", "send a later moment")
    contact = checked_contact(fields.value("contact"), "contact")
    replaces = fields.optional("replaces", "")
    if replaces != "":
        replaces = checked_contact(replaces, "replaces")
    if replaces == contact:
        raise Malformed("replaces", "is the contact itself", "name who is replaced, or leave it")
    return Override(
        schedule=fields.text("schedule", NAME_LIMIT),
        contact=contact,
        replaces=replaces,
        start_ms=start,
        end_ms=end,
        reason=fields.text("reason", REASON_LIMIT, required=False),
    )


def _of_kind(fields: Fields, kind: str) -> None:
    if fields.value("kind") != kind:
        raise Malformed("kind", f"is not {kind}", f"send {kind}")


def _layer(value: Any, path: str) -> Layer:
    fields = Fields(value, path, known=_LAYER_FIELDS)
    rotation = _rotation(fields)
    handover, weekday = _handover(fields, rotation)
    start = fields.day("start")
    until = None if fields.optional("until", None) is None else fields.day("until")
    if until is not None and until <= start:
        raise Malformed(fields.at("until"), "is not after start", "name a later day, or null")
    members = fields.items("members", MEMBERS_LIMIT, least=1)
    hours = fields.items("hours", HOURS_LIMIT) if fields.optional("hours", []) != [] else []
    return Layer(
        name=fields.text("name", NAME_LIMIT),
        members=tuple(checked_contact(m, f"{path}.members[{n}]") for n, m in enumerate(members)),
        rotation=rotation,
        every=fields.whole("every", 1, EVERY_LIMIT),
        handover=handover,
        weekday=weekday,
        start=start,
        until=until,
        hours=tuple(_hours(item, f"{path}.hours[{n}]") for n, item in enumerate(hours)),
    )


def _rotation(fields: Fields) -> Rotation:
    word = fields.text("rotation", 20)
    for rotation in TURN_MS:
        if word == rotation:
            return rotation
    raise Malformed(fields.at("rotation"), f"{word!r} is no rotation", f"use {', '.join(TURN_MS)}")


def _handover(fields: Fields, rotation: Rotation) -> tuple[int, int]:
    """Minutes after midnight and, for weekly rotations, the weekday."""
    known = ("time", "weekday") if rotation == "week" else ("time",)
    inner = Fields(fields.value("handover"), fields.at("handover"), known=known)
    return inner.minute("time"), inner.whole("weekday", 0, 6) if rotation == "week" else 0


def _hours(value: Any, path: str) -> Hours:
    fields = Fields(value, path, known=("days", "from", "to"))
    days = fields.items("days", 7, least=1)
    start, end = fields.minute("from"), fields.minute("to", last=DAY_MINUTES)
    if end == start:
        remedy = "write 00:00 to 24:00 for whole days"
        raise Malformed(fields.at("to"), "is the same as from", remedy)
    return Hours(
        days=frozenset(checked_whole(d, f"{path}.days[{n}]", 0, 6) for n, d in enumerate(days)),
        start=start,
        end=end if end > start else end + DAY_MINUTES,
    )
