"""Reading one mapping of a scenario file field by field, with errors that name the field."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

_OFFSET = re.compile(r"([+-]?)(\d{1,3}):([0-5]\d):([0-5]\d)")
_MISSING: Any = object()


class ScenarioError(Exception):
    """A scenario that cannot be played; nothing of it was.

    ``entry`` is the path of the entry (``entries[12]``), ``field`` the field in it.
    """

    def __init__(self, file: str, entry: str, field: str, problem: str, remedy: str) -> None:
        place = f"{file}: {entry}.{field}" if entry else f"{file}: {field}"
        super().__init__(f"{place}: {problem}; {remedy}")
        self.file = file
        self.entry = entry
        self.field = field
        self.problem = problem
        self.remedy = remedy


def offset_ms(text: str) -> int | None:
    """Milliseconds of ``-06:30:00`` (sign, hours, minutes, seconds); None when it is no offset."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes, seconds = found.groups()
    ms = (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000
    return -ms if sign == "-" else ms


class Entry:
    """One mapping; a field is read once, and `done` refuses whatever nobody has read."""

    def __init__(self, value: Any, file: str, path: str) -> None:
        self.file = file
        self.path = path
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise ScenarioError(file, path, "entry", "is no mapping", "write `field: value` lines")
        self._fields: dict[str, Any] = value
        self._read: set[str] = set()

    def fault(self, field: str, problem: str, remedy: str) -> ScenarioError:
        """An error about one field of this entry."""
        return ScenarioError(self.file, self.path, field, problem, remedy)

    def has(self, field: str) -> bool:
        """Whether the field is there."""
        return field in self._fields

    def names(self) -> list[str]:
        """All fields that are there."""
        return list(self._fields)

    def _take(self, field: str, default: Any) -> Any:
        self._read.add(field)
        value = self._fields.get(field, default)
        if value is _MISSING:
            raise self.fault(field, "is missing", "write it")
        return value

    def text(self, field: str, default: str = _MISSING) -> str:
        """A string; numbers must be quoted. Missing without a default is an error."""
        value = self._take(field, default)
        if not isinstance(value, str) or (default is _MISSING and not value.strip()):
            raise self.fault(field, f"{value!r} is no text", "write text, in quotes if need be")
        return value.strip()

    def texts(self, field: str, default: Iterable[str] = _MISSING) -> list[str]:
        """A list of strings; a single string stands for a list of one."""
        value = self._take(field, default)
        if isinstance(value, str):
            return [value]
        items = list(value) if isinstance(value, list | tuple) else None
        if items is None or not all(isinstance(item, str) and item for item in items):
            raise self.fault(field, f"{value!r} is no list of texts", "write [one, two]")
        return items

    def choice(self, field: str, choices: Iterable[str], default: str = _MISSING) -> str:
        """One of some words."""
        known = [str(choice) for choice in choices]
        value = self.text(field, default)
        if value not in known and value != default:
            raise self.fault(field, f"{value!r} is unknown", f"use one of {', '.join(known)}")
        return value

    def number(self, field: str, default: int = _MISSING, *, low: int = 0, high: int) -> int:
        """A whole number within bounds."""
        value = self._take(field, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.fault(field, f"{value!r} is out of range", f"write {low} to {high}")
        return value

    def decimal(self, field: str, default: float = _MISSING) -> float:
        """A finite number."""
        value = self._take(field, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
            raise self.fault(field, f"{value!r} is no number", "write a number such as 0.4")
        return float(value)

    def flag(self, field: str, default: bool) -> bool:
        """True or false."""
        value = self._take(field, default)
        if not isinstance(value, bool):
            raise self.fault(field, f"{value!r} is neither true nor false", "write one of them")
        return value

    def offset(self, field: str, default: str = _MISSING) -> int:
        """Milliseconds of a time such as ``-06:30:00`` or ``+00:00:20``."""
        text = self._take(field, default)
        ms = offset_ms(text) if isinstance(text, str) else None
        if ms is None:
            raise self.fault(field, f"{text!r} is no time", 'write "-HH:MM:SS" in quotes')
        return ms

    def mapping(self, field: str) -> dict[str, Any]:
        """A mapping with text keys, empty when the field is absent."""
        value = self._take(field, {})
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise self.fault(field, "is no mapping", "write {name: value}")
        return value

    def text_mapping(self, field: str) -> dict[str, str]:
        """A mapping from text to text."""
        value = self.mapping(field)
        for key, item in value.items():
            if not isinstance(item, str):
                raise self.fault(f"{field}.{key}", f"{item!r} is no text", "put it in quotes")
        return value

    def entries(self, field: str, *, required: bool = False) -> list[Entry]:
        """A list of mappings."""
        value = self._take(field, _MISSING if required else [])
        if not isinstance(value, list):
            raise self.fault(field, "is no list", "write one `- ` line for each")
        inside = f"{self.path}.{field}" if self.path else field
        return [Entry(item, self.file, f"{inside}[{i}]") for i, item in enumerate(value)]

    def entry(self, field: str) -> Entry:
        """A mapping to be read field by field; an empty one when the field is absent."""
        inside = f"{self.path}.{field}" if self.path else field
        return Entry(self._take(field, {}), self.file, inside)

    def done(self) -> None:
        """Refuse fields that were not read; each is a slip of the pen."""
        for field in self._fields:
            if field not in self._read:
                near = difflib.get_close_matches(field, self._read, n=1)
                remedy = f"did you mean {near[0]}?" if near else "take it out"
                raise self.fault(field, "is not a field here", remedy)


def open_entry(value: Mapping[str, Any] | Any, file: str) -> Entry:
    """The whole file as an entry."""
    return Entry(value, file, "")
