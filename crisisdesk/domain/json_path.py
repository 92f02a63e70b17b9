"""Paths into JSON: which member of which member something is, ``alerts[0].labels.severity``.

The one form in which mappings and sources say where something stands.
"""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]{1,6})\]")
ROOT = "$"
_DIGITS, _BEYOND = 6, 1 << 60

Step = str | int
Path = tuple[Step, ...]


def path_of(text: str) -> Path:
    """Read a dotted path: ``alerts[0].labels.severity``, ``$.receiver`` for the document's.

    Raises ValueError naming the path.
    """
    steps: list[Step] = []
    position = 0
    while position < len(text):
        if steps and text[position] == ".":
            position += 1
        found = _STEP.match(text, position)
        if found is None:
            break
        name, number = found.groups()
        steps.append(name if number is None else int(number))
        position = found.end()
    if not steps or position != len(text) or text.endswith("."):
        raise ValueError(f"{text!r} is not a path; write one like alerts[0].labels.severity")
    return tuple(steps)


def find(item: Any, document: Any, path: Path, absent: Any = None) -> Any:
    """What a path leads to, ``absent`` where it leads nowhere; from the item, with ``$`` in front
    from the document. A step of digits counts in a list as well: ``alerts.0`` is ``alerts[0]``."""
    value = document if path[0] == ROOT else item
    for step in path[1:] if path[0] == ROOT else path:
        if type(value) is dict and type(step) is str:
            value = value.get(step, absent)
        elif type(value) is list and (index := _index(step)) < len(value):
            value = value[index]
        else:
            return absent
    return value


def _index(step: Step) -> int:
    """Which item of a list a step means; one beyond every list for a step that means none."""
    if isinstance(step, int):
        return step
    return int(step) if step.isascii() and step.isdigit() and len(step) <= _DIGITS else _BEYOND


def written(path: Path) -> str:
    """The path as it is read: ``alerts[0].labels``."""
    return "".join(f"[{s}]" if type(s) is int else f".{s}" for s in path).removeprefix(".")
