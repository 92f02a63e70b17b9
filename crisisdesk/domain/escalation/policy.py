"""Escalation policies: what is published, read and checked.

The content of one, as `PolicyVersion` keeps it (numbers are integers, unknown fields are refused):

    kind       "escalation"
    for        matchers in one text: 'severity=~"critical|emergency", service=db'; "" for all
    place      0 to 999: of several that are for an alert the one with the lowest place is taken
    steps      a list of 1 to 20:
        to         targets: {"contact": id}, {"schedule": name}, {"group": name}, {"everyone": true}
        wait_s     how long this step has until the next one begins, 30 s to 7 days
        ack        "one": one person is enough; "all": everybody in it must say so
    repeat     0 to 9: how often the steps are gone through again
    otherwise  targets for a step that finds nobody; everyone when empty
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crisisdesk.domain.errors import Malformed

KIND = "escalation"
STEPS_LIMIT = 20
TARGETS_LIMIT = 20
REPEAT_LIMIT = 9
PLACE_LIMIT = 999
SHORTEST_WAIT_S, LONGEST_WAIT_S = 30, 7 * 86_400
TEXT_LIMIT = 500

TargetKind = Literal["contact", "schedule", "group", "everyone"]
_TARGETS: tuple[TargetKind, ...] = ("contact", "schedule", "group", "everyone")
# What people write for what has another name here.
_INSTEAD = {
    "team": 'write {"group": name}: a team is the contacts that name it as their group',
    "channel": 'make a contact of it, and write {"contact": id}',
}
_FIELDS = frozenset({"kind", "for", "place", "steps", "repeat", "otherwise"})
_STEP_FIELDS = frozenset({"to", "wait_s", "ack"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Who is meant: a contact by id, whoever is on call by a schedule, a group, or everyone."""

    kind: TargetKind
    name: str = ""

    def words(self) -> str:
        """For people."""
        if self.kind == "everyone":
            return "everyone"
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; ``wait_ms`` passes before the next begins. ``all_hands``: one ack is not enough."""

    targets: tuple[Target, ...]
    wait_ms: int
    all_hands: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPolicy:
    """A policy as it can be run. ``matching`` is the text of its matchers, "" for every alert."""

    name: str
    steps: tuple[Step, ...]
    matching: str = ""
    place: int = 0
    repeat: int = 0
    otherwise: tuple[Target, ...] = (Target(kind="everyone"),)


EVERYONE = EscalationPolicy(
    name="everyone",
    place=PLACE_LIMIT + 1,
    steps=(Step(targets=(Target(kind="everyone"),), wait_ms=15 * 60_000),),
    repeat=REPEAT_LIMIT,
)
"""What is run where nobody has published anything: everybody is paged until someone has it."""


def read_policy(name: str, content: Mapping[str, Any]) -> EscalationPolicy:
    """The policy in ``content``; raises Malformed naming the field that cannot be used."""
    _known(content, _FIELDS, "")
    if content.get("kind") != KIND:
        raise Malformed("kind", f"is {content.get('kind')!r}", f'write "{KIND}"')
    steps = _list(content.get("steps"), "steps", STEPS_LIMIT)
    if not steps:
        raise Malformed("steps", "is empty", "write at least one step")
    otherwise = _targets(content.get("otherwise", []), "otherwise")
    return EscalationPolicy(
        name=name,
        matching=_text(content.get("for", ""), "for"),
        place=_number(content.get("place", 0), "place", 0, PLACE_LIMIT),
        steps=tuple(_step(step, f"steps[{i}]") for i, step in enumerate(steps)),
        repeat=_number(content.get("repeat", 0), "repeat", 0, REPEAT_LIMIT),
        otherwise=otherwise or EVERYONE.otherwise,
    )


def _step(told: Any, field: str) -> Step:
    if not isinstance(told, Mapping):
        raise Malformed(field, "is no object", "write its fields to, wait_s and ack")
    _known(told, _STEP_FIELDS, field)
    targets = _targets(told.get("to"), f"{field}.to")
    if not targets:
        raise Malformed(f"{field}.to", "is empty", "name at least one target")
    ack = told.get("ack", "one")
    if ack not in ("one", "all"):
        raise Malformed(f"{field}.ack", f"is {ack!r}", 'write "one" or "all"')
    wait = _number(told.get("wait_s", 300), f"{field}.wait_s", SHORTEST_WAIT_S, LONGEST_WAIT_S)
    return Step(targets=targets, wait_ms=wait * 1000, all_hands=ack == "all")


def _targets(told: Any, field: str) -> tuple[Target, ...]:
    found = [
        _target(one, f"{field}[{i}]") for i, one in enumerate(_list(told, field, TARGETS_LIMIT))
    ]
    return tuple(dict.fromkeys(found))


def _target(told: Any, field: str) -> Target:
    remedy = 'write one of {"contact": id}, {"schedule": name}, {"group": name}, {"everyone": true}'
    if not isinstance(told, Mapping) or len(told) != 1:
        raise Malformed(field, "is no target", remedy)
    ((kind, name),) = told.items()
    if kind not in _TARGETS:
        remedy = _INSTEAD.get(str(kind), remedy)
        raise Malformed(field, f"{str(kind)[:40]!r} is no kind of target", remedy)
    if kind == "everyone":
        if name is not True:
            raise Malformed(f"{field}.everyone", "is not true", remedy)
        return Target(kind="everyone")
    text = _text(name, f"{field}.{kind}")
    if not text:
        raise Malformed(f"{field}.{kind}", "is empty", remedy)
    return Target(kind=kind, name=text)


def _known(told: Mapping[str, Any], known: frozenset[str], field: str) -> None:
    for name in told:
        if name not in known:
            where = f"{field}.{name}" if field else str(name)
            raise Malformed(where[:80], "is no field of it", f"use {', '.join(sorted(known))}")


def _list(told: Any, field: str, limit: int) -> list[Any]:
    if not isinstance(told, list):
        raise Malformed(field, "is no list", "write a list")
    if len(told) > limit:
        raise Malformed(field, f"has {len(told)} entries", f"keep at most {limit}")
    return told


def _text(told: Any, field: str) -> str:
    if not isinstance(told, str) or len(told) > TEXT_LIMIT:
        raise Malformed(field, "is no text", f"write at most {TEXT_LIMIT} characters")
    return told.strip()


def _number(told: Any, field: str, least: int, most: int) -> int:
    if type(told) is not int or not least <= told <= most:
        raise Malformed(field, f"{told!r} is out of bounds"[:80], f"write {least} to {most}")
    return told
