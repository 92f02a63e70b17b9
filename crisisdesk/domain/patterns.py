"""Regular expressions that cannot run away: a plain part of the language, with its cost known.

Python's `re` tries one way through a text after the other and has no timeout: ``(a+)+`` takes years
over thirty letters. So a pattern is read first, and how many ways it could be tried is counted; one
that could be tried too often is refused in words. What is left means the same as in RE2, which
Alertmanager uses, and must fit the whole text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crisisdesk.domain.errors import Malformed

PATTERN_LIMIT = 256
# A longer text fits no pattern, whatever the pattern.
TEXT_LIMIT = 512
WAYS_LIMIT = 1_000_000
REPEATS_LIMIT = 500

_REPEAT = re.compile(r"\*|\+|\?|\{(\d{1,4})(,?)(\d{0,4})\}")
_LETTERS = frozenset("dDwWsSbBtnrfv")
# Python keeps these for set operations within brackets and warns about them.
_DOUBLED = ("--", "&&", "~~", "||")


@lru_cache(maxsize=512)
def compiled(pattern: str, field: str = "pattern") -> re.Pattern[str]:
    """The pattern, to be used with ``fullmatch``; a dot stands for line ends too.

    Raises Malformed naming ``field`` for what is too long, not understood or too costly.
    """
    if len(pattern) > PATTERN_LIMIT:
        raise Malformed(
            field, f"has {len(pattern)} characters", f"shorten the pattern to {PATTERN_LIMIT}"
        )
    _Reader(pattern, field).check()
    try:
        return re.compile(pattern, re.DOTALL)
    except (re.error, OverflowError) as error:
        raise Malformed(field, f"{pattern!r} is no pattern ({error})", "correct it") from error


class _Reader:
    """Reads a pattern from left to right and counts the ways in which it can be tried."""

    def __init__(self, pattern: str, field: str) -> None:
        self._text = pattern
        self._field = field
        self._at = 0

    def check(self) -> None:
        """Raises Malformed unless all of it is understood and cheap enough."""
        if self._text.startswith("(?i)"):
            self._at = 4
        ways = self._choice(outermost=True)
        if self._at < len(self._text):
            raise self._bad("closes a group that was not opened", r"write \) for the sign itself")
        if ways > WAYS_LIMIT:
            raise self._bad(
                "could be tried in too many ways", "use fewer of * and +, at most two in a row"
            )

    def _choice(self, *, outermost: bool) -> int:
        """Branches with | between them, up to the end of their group."""
        ways = self._branch(outermost)
        while self._peek() == "|":
            self._at += 1
            ways += self._branch(outermost)
        return ways

    def _branch(self, outermost: bool) -> int:
        ways = 1
        while self._peek() not in ("", "|", ")"):
            is_dot = self._peek() == "."
            repeated = self._repeated(self._atom())
            # It takes the rest of any text: nothing behind it can fail and have it tried again.
            takes_rest = is_dot and outermost and self._peek() in ("", "|")
            if not (takes_rest and repeated == TEXT_LIMIT):
                ways = min(ways * repeated, WAYS_LIMIT + 1)
        return ways

    def _atom(self) -> int:
        sign = self._peek()
        if sign == "(":
            return self._group()
        if sign == "[":
            self._brackets()
        elif sign == "\\":
            self._escape()
        elif sign in "*+?{":
            raise self._bad(f"repeats nothing at {sign!r}", rf"write \{sign} for the sign itself")
        elif sign in "^$" and not self._at_an_end(sign):
            raise self._bad(f"has {sign} in its middle", rf"write \{sign} for the sign itself")
        else:
            self._at += 1
        return 1

    def _at_an_end(self, sign: str) -> bool:
        before, behind = self._text[: self._at], self._text[self._at + 1 :]
        return before in ("", "(?i)") if sign == "^" else not behind

    def _group(self) -> int:
        self._at += 1
        for opening in ("?:", "?i:"):
            if self._text.startswith(opening, self._at):
                self._at += len(opening)
                break
        else:
            if self._peek() == "?":
                raise self._bad("has a group with (?", "use plain groups, or (?i) in front of all")
        ways = self._choice(outermost=False)
        if self._peek() != ")":
            raise self._bad("does not close a group", r"add the ), or write \( for the sign itself")
        self._at += 1
        return ways

    def _brackets(self) -> None:
        start = self._at
        self._at += 1
        if self._peek() == "^":
            self._at += 1
        if self._peek() == "]":
            self._at += 1
        while (sign := self._peek()) != "]":
            if sign == "":
                raise self._bad("does not close its [", r"add the ], or write \[ for the sign")
            if sign == "[":
                raise self._bad("has [ within brackets", r"write \[ for the sign itself")
            if sign == "\\":
                self._escape()
            else:
                self._at += 1
        self._at += 1
        if any(twice in self._text[start : self._at] for twice in _DOUBLED):
            raise self._bad("has a doubled sign within brackets", "write it once")

    def _escape(self) -> None:
        sign = self._text[self._at + 1 : self._at + 2]
        if not sign or (sign.isalnum() and sign not in _LETTERS):
            raise self._bad(f"has \\{sign}, which is not known here", "use plain characters")
        self._at += 2

    def _repeated(self, once: int) -> int:
        """The ways of a piece with the repetition that stands behind it, if one does."""
        found = _REPEAT.match(self._text, self._at)
        if found is None:
            return once
        self._at = found.end()
        if self._peek() == "?":
            self._at += 1
        if self._peek() in ("*", "+", "?", "{"):
            raise self._bad("repeats a repetition", "use one of * + ? {n} at a time")
        least, most = _bounds(found)
        if most is not None and most > REPEATS_LIMIT:
            raise self._bad(f"repeats {most} times", f"repeat at most {REPEATS_LIMIT} times")
        if once == 1:
            return TEXT_LIMIT if most is None else max(1, most - least + 1)
        if most is None or most > 1:
            raise self._bad(
                "repeats a group that can fit in several ways",
                "repeat single characters or brackets, such as [ab]*",
            )
        return once + 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _bad(self, problem: str, remedy: str) -> Malformed:
        return Malformed(self._field, f"{self._text!r} {problem}", remedy)


def _bounds(found: re.Match[str]) -> tuple[int, int | None]:
    """The least and the greatest number of a repetition; None for no end."""
    sign = found[0]
    if sign[0] in "*+":
        return int(sign == "+"), None
    if sign == "?":
        return 0, 1
    least = int(found[1])
    if not found[2]:
        return least, least
    return least, int(found[3]) if found[3] else None
