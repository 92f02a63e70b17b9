"""Changes to the content of an escalation policy, and its figures as they are typed and read.

Every change gives a new content and touches nothing but what it names: a field that was left out
stays out until it gets another value than it has by default. What cannot be understood is put in as
it was typed, so that the domain refuses it at its field.
"""

from __future__ import annotations

import re
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.escalation.policy import KIND

Content = dict[str, Any]
Target = dict[str, Any]

# Where targets stand: a step by its place from 0, or those for a step that finds nobody.
OTHERWISE = -1
EVERYONE: Target = {"everyone": True}
FIELD_DEFAULTS: dict[str, Any] = {"for": "", "place": 0, "repeat": 0, "otherwise": []}
STEP_DEFAULTS: dict[str, Any] = {"wait_s": 300, "ack": "one"}

_UNITS = {"d": 86_400, "h": 3_600, "min": 60, "m": 60, "s": 1}
_PART = re.compile(r"\s*(\d{1,9})\s*(d|h|min|m|s)\b\s*")


def fresh() -> Content:
    """The content a new policy begins with: everyone, at once, and three times."""
    return {"kind": KIND, "for": "", "steps": [fresh_step()], "repeat": 2}


def fresh_step() -> Content:
    """The step that is added: everyone, as it is safe whoever is away."""
    return {"to": [dict(EVERYONE)], "wait_s": 300, "ack": "one"}


def shape_fault(content: Any) -> Malformed | None:
    """Why this cannot be shown as a form, None when it can. Values may still be wrong."""
    if not isinstance(content, dict):
        return Malformed("content", "is no object", "write kind, steps and the other fields")
    steps = content.get("steps", [])
    if not isinstance(steps, list):
        return Malformed("steps", "is no list", "write a list")
    for i, step in enumerate(steps):
        if not isinstance(step, dict):
            return Malformed(f"steps[{i}]", "is no object", "write its fields to, wait_s and ack")
        fault = _targets_fault(step.get("to", []), f"steps[{i}].to")
        if fault is not None:
            return fault
    return _targets_fault(content.get("otherwise", []), "otherwise")


def _targets_fault(told: Any, field: str) -> Malformed | None:
    if not isinstance(told, list):
        return Malformed(field, "is no list", "write a list")
    for i, one in enumerate(told):
        if not isinstance(one, dict) or len(one) != 1:
            return Malformed(f"{field}[{i}]", "is no target", "write one kind with its name")
    return None


# ------------------------------------------------------------------------------------- reading


def steps_of(content: Content) -> list[Content]:
    """The steps."""
    return list(content.get("steps", []))


def targets_of(content: Content, where: int) -> list[Target]:
    """The targets of a step, or those of ``OTHERWISE``."""
    if where == OTHERWISE:
        return list(content.get("otherwise", []))
    return list(content["steps"][where].get("to", []))


def value_of(content: Content, field: str) -> Any:
    """A field of the policy, its default when it is left out."""
    return content.get(field, FIELD_DEFAULTS[field])


def step_value(content: Content, at: int, field: str) -> Any:
    """A field of a step, its default when it is left out."""
    return content["steps"][at].get(field, STEP_DEFAULTS[field])


# ------------------------------------------------------------------------------------- changing


def with_value(content: Content, field: str, value: Any) -> Content:
    """With another value of a field of the policy."""
    return _put(content, field, value, FIELD_DEFAULTS)


def with_step_value(content: Content, at: int, field: str, value: Any) -> Content:
    """With another value of a field of a step."""
    return _with_step(content, at, _put(content["steps"][at], field, value, STEP_DEFAULTS))


def _put(told: Content, field: str, value: Any, defaults: dict[str, Any]) -> Content:
    if field not in told and _same(value, defaults[field]):
        return told
    return told | {field: value}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def with_step_added(content: Content, at: int, step: Content | None = None) -> Content:
    """With one more step, which then has the place ``at``."""
    steps = steps_of(content)
    steps.insert(at, step if step is not None else fresh_step())
    return content | {"steps": steps}


def without_step(content: Content, at: int) -> Content:
    """Without a step."""
    steps = steps_of(content)
    del steps[at]
    return content | {"steps": steps}


def with_step_moved(content: Content, at: int, by: int) -> Content:
    """With a step ``by`` places further down (negative: up), never beyond the ends."""
    steps = steps_of(content)
    to = max(0, min(len(steps) - 1, at + by))
    steps.insert(to, steps.pop(at))
    return content | {"steps": steps}


def with_targets(content: Content, where: int, targets: list[Target]) -> Content:
    """With other targets in a step, or in ``OTHERWISE``."""
    if where == OTHERWISE:
        return _put(content, "otherwise", targets, FIELD_DEFAULTS)
    return _with_step(content, where, content["steps"][where] | {"to": targets})


def with_target(content: Content, where: int, at: int, target: Target) -> Content:
    """With another target at this place; one place behind the last adds it."""
    targets = targets_of(content, where)
    targets[at : at + 1] = [target]
    return with_targets(content, where, targets)


def without_target(content: Content, where: int, at: int) -> Content:
    """Without a target."""
    targets = targets_of(content, where)
    del targets[at]
    return with_targets(content, where, targets)


def _with_step(content: Content, at: int, step: Content) -> Content:
    steps = steps_of(content)
    steps[at] = step
    return content | {"steps": steps}


# --------------------------------------------------------------------------- figures in words


def delay_words(seconds: Any) -> str:
    """300 as ``5 min``, 5430 as ``1 h 30 min 30 s``; what is no span as it stands."""
    if type(seconds) is not int or seconds <= 0:
        return str(seconds)
    parts = []
    for unit in ("d", "h", "min", "s"):
        count, seconds = divmod(seconds, _UNITS[unit])
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts)


def read_delay(text: str) -> int | str:
    """``5 min``, ``1 h 30 min`` or plain seconds in seconds; the text itself when it is none."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) <= 9:
        return int(plain)
    at, seconds = 0, 0
    while at < len(plain):
        found = _PART.match(plain, at)
        if found is None:
            return plain
        seconds += int(found[1]) * _UNITS[found[2]]
        at = found.end()
    return seconds if plain else plain


def read_number(text: str) -> int | str:
    """Digits as a number; the text itself when it is none."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 9 else plain
