"""Fields of a rule as they are written: read, bounded, and told again without floats."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.matchers import Matcher, parse_matchers

_SPAN = re.compile(r"([0-9]{1,8})\s*(s|m|h|d)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_EXACT = 2**53


class Fields:
    """One object of a declaration; ``where`` is its place, in front of each field's name.

    Every method raises Malformed naming the field and the remedy.
    """

    def __init__(self, told: Any, where: str, known: Collection[str]) -> None:
        if not isinstance(told, Mapping):
            raise Malformed(where or "content", "is no object", f"write {', '.join(sorted(known))}")
        self._told = told
        self._where = where
        for name in told:
            if name not in known:
                remedy = f"use {', '.join(sorted(known))}"
                raise Malformed(self.at(str(name)[:80]), "is no field of it", remedy)

    def __contains__(self, name: str) -> bool:
        return name in self._told

    def at(self, name: str) -> str:
        """The field's whole name."""
        return f"{self._where}.{name}" if self._where else name

    def raw(self, name: str) -> Any:
        """What was written; None when it was left out."""
        return self._told.get(name)

    def text(self, name: str, limit: int, default: str | None = None) -> str:
        """A text without blanks around it; without a default it must not be empty."""
        told = self._told.get(name, default)
        if not isinstance(told, str) or len(told) > limit:
            raise Malformed(self.at(name), "is no text", f"write at most {limit} characters")
        if default is None and not told.strip():
            raise Malformed(self.at(name), "is empty", f"write at most {limit} characters")
        return told.strip()

    def number(self, name: str, default: float | None = None) -> float:
        """A finite number; a decimal text is one too."""
        told = self._told.get(name, default)
        if isinstance(told, str) and _NUMBER.fullmatch(told.strip()):
            told = float(told)
        if isinstance(told, bool) or not isinstance(told, int | float):
            raise Malformed(self.at(name), f"{told!r:.60} is no number", "write it like 5 or 0.25")
        try:
            value = float(told)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise Malformed(self.at(name), "is no finite number", "write it like 5 or 0.25")
        return value

    def whole(self, name: str, least: int, most: int, default: int) -> int:
        """A whole number within bounds."""
        told = self._told.get(name, default)
        if type(told) is not int or not least <= told <= most:
            raise Malformed(
                self.at(name), f"{told!r:.60} is out of bounds", f"write {least} to {most}"
            )
        return told

    def span(self, name: str, least_s: int, most_s: int, default_s: int | None = None) -> int:
        """A span in ms: written in whole seconds, or as ``90s``, ``5m``, ``2h``, ``1d``."""
        told = self._told.get(name, default_s)
        found = _SPAN.fullmatch(told.strip()) if isinstance(told, str) else None
        if found is not None:
            told = int(found[1]) * _SECONDS[found[2]]
        if type(told) is not int:
            raise Malformed(
                self.at(name), f"{told!r:.60} is no span", "write it like 90s, 5m, 2h or 1d"
            )
        if not least_s <= told <= most_s:
            bounds = f"write {least_s} s to {most_s} s"
            raise Malformed(self.at(name), f"{told} s is out of bounds", bounds)
        return told * 1_000

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """One of them."""
        told = self._told.get(name, default)
        if not isinstance(told, str) or told not in choices:
            known = ", ".join(c for c in choices if c)
            raise Malformed(self.at(name), f"{told!r:.60} is unknown", f"use one of {known}")
        return told

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        told = self._told.get(name, default)
        if not isinstance(told, bool):
            raise Malformed(self.at(name), "is neither true nor false", "write true or false")
        return told

    def matchers(self, name: str) -> tuple[Matcher, ...]:
        """Matchers in one text; none when it was left out."""
        return parse_matchers(self.text(name, 1_000, ""), self.at(name))

    def names(self, name: str, most: int, limit: int = 200) -> tuple[str, ...]:
        """Names, each once, in their order; none when it was left out."""
        told = self._told.get(name, ())
        fits = isinstance(told, Sequence) and not isinstance(told, str) and len(told) <= most
        if not fits or not all(isinstance(n, str) and 0 < len(n) <= limit for n in told):
            raise Malformed(self.at(name), f"is no list of up to {most} names", "write [a, b]")
        if len(set(told)) < len(told):
            raise Malformed(self.at(name), "names one twice", "write each once")
        return tuple(told)


def plain(value: float) -> int | str:
    """A number as it is kept: whole ones as such, others as their shortest decimal text."""
    if value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return repr(value)


def matching(matchers: Sequence[Matcher]) -> str:
    """Matchers as they are kept, in one text."""
    return ", ".join(m.text for m in matchers)
