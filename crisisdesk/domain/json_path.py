"""Paths into JSON: which member of which member something is, ``alerts[0].labels.severity``.

The one form in which mappings and sources say where something stands.
"""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]{1,6})\]")
ROOT = "$"

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


def find(item: Any, document: Any, path: Path) -> Any:
    """What a path leads to, or None; from the item, with ``$`` in front from the document."""
    value = document if path[0] == ROOT else item
    for step in path[1:] if path[0] == ROOT else path:
        if type(value) is dict and type(step) is str:
            value = value.get(step)
        elif type(value) is list and type(step) is int and step < len(value):
            value = value[step]
        else:
            return None
    return value


def written(path: Path) -> str:
    """The path as it is read: ``alerts[0].labels``."""
    return "".join(f"[{s}]" if type(s) is int else f".{s}" for s in path).removeprefix(".")
