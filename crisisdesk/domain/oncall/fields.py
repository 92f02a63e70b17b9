"""Typed fields out of a published content; every error names the path, such as ``layers[1].every``.

A field that is not known is refused, not passed over: a misspelt ``until`` would go on for ever,
and what a newer station wrote would be half understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Malformed

_NAMES = {bool: "a boolean", dict: "an object", float: "a float", int: "a number", list: "a list"}
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TIME = re.compile(r"[0-9]{2}:[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1990, 2199
DAY_MINUTES = 24 * 60


class Fields:
    """The fields of one object, read one by one; ``path`` is where it stands ("" for the top)."""

    def __init__(self, value: Any, path: str = "", *, known: Iterable[str]) -> None:
        names = tuple(known)
        if type(value) is not dict:
            raise wrong_type(path or "content", value, "an object")
        for name in value:
            if name not in names:
                raise Malformed(
                    f"{path}.{name}"[:200] if path else str(name)[:200],
                    "is no field known here",
                    f"use {', '.join(names)}",
                )
        self._value = value
        self._path = path

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self._path}.{name}" if self._path else name

    def value(self, name: str) -> Any:
        """The field as it stands; Malformed when it is absent."""
        if name not in self._value:
            raise Malformed(self.at(name), "is missing", "send it")
        return self._value[name]

    def optional(self, name: str, default: Any) -> Any:
        """The field as it stands, or the default when it is absent."""
        return self._value.get(name, default)

    def text(self, name: str, limit: int, *, required: bool = True) -> str:
        """Storable text of at most ``limit`` characters; "" only when it is not required."""
        found = self.value(name) if required else self.optional(name, "")
        return checked_text(found, self.at(name), limit, required=required)

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        return checked_whole(self.value(name), self.at(name), low, high)

    def items(self, name: str, most: int, *, least: int = 0) -> list[Any]:
        """A list of ``least`` to ``most`` items."""
        found = self.value(name)
        if type(found) is not list:
            raise wrong_type(self.at(name), found, "a list")
        if not least <= len(found) <= most:
            problem = f"has {len(found)} items" if found else "is empty"
            raise Malformed(self.at(name), problem, f"send {least} to {most}")
        return found

    def minute(self, name: str, *, last: int = DAY_MINUTES - 1) -> int:
        """Minutes after midnight of a time such as ``09:30``; ``24:00`` where ``last`` allows."""
        found = self.text(name, 20)
        if not _TIME.fullmatch(found):
            raise Malformed(self.at(name), f"{found!r} is no time", "write hh:mm, such as 09:00")
        minute = int(found[:2]) * 60 + int(found[3:])
        if minute > last:
            raise Malformed(
                self.at(name),
                f"{found!r} is past the end of the day",
                f"write at most {last // 60}:{last % 60:02d}",
            )
        return minute

    def day(self, name: str) -> int:
        """Days since 1970-01-01 of a date such as ``2026-01-05``."""
        found = self.text(name, 20)
        try:
            if not _DATE.fullmatch(found):
                raise ValueError(found)
            read = date.fromisoformat(found)
        except ValueError as error:
            raise Malformed(
                self.at(name), f"{found!r} is no date", "write it like 2026-01-05"
            ) from error
        if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
            raise Malformed(
                self.at(name),
                f"{found!r} is out of reach",
                f"name a year from {_FIRST_YEAR} to {_LAST_YEAR}",
            )
        return read.toordinal() - _EPOCH_DAY


def checked_text(value: Any, field: str, limit: int, *, required: bool = True) -> str:
    """Storable text of at most ``limit`` characters, or Malformed naming the field."""
    if type(value) is not str:
        raise wrong_type(field, value, "a text")
    if required and not value.strip():
        raise Malformed(field, "is empty", "write at least one character")
    if len(value) > limit:
        raise Malformed(field, f"has {len(value)} characters", f"shorten it to {limit}")
    text: str = tidy(value, field=field)
    return text


def checked_whole(value: Any, field: str, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``, or Malformed naming the field."""
    if type(value) is not int:
        raise wrong_type(field, value, "a whole number")
    if not low <= value <= high:
        raise Malformed(field, f"{value} is out of range", f"send {low} to {high}")
    return value


def checked_contact(value: Any, field: str) -> str:
    """The id of a contact by its form; whether there is one only the store knows."""
    text = checked_text(value, field, 40)
    if not text.startswith("C-") or not text.isascii() or not text[2:].isalnum():
        raise Malformed(field, f"{text!r} is no contact", "send an id such as C-7K3QX2M9")
    return text


def wrong_type(field: str, value: Any, wanted: str) -> Malformed:
    """The error for a value of the wrong type; ``wanted`` is a noun with its article."""
    found = "null" if value is None else _NAMES.get(type(value), "a text")
    return Malformed(field, f"is {found}", f"send {wanted}")
