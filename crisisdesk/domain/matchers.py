"""Matchers: which alerts are meant, as Alertmanager writes it: ``service="db", env=~"prod|stage"``.

All of them must hold. A name is that of a label, or one of `BUILT_IN`, which goes before a label of
that name. What an alert does not have is the empty text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.patterns import TEXT_LIMIT, compiled
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

MATCHERS_LIMIT = 20
LIST_TEXT_LIMIT = 4_000
_NAME_LIMIT = 200

BUILT_IN: dict[str, Callable[[Any], Any]] = {
    "severity": attrgetter("severity"),
    "service": attrgetter("service"),
    "place": attrgetter("place"),
    "source": attrgetter("source"),
    "title": attrgetter("title"),
    "group": attrgetter("group_key"),
    "alert_id": attrgetter("alert_id"),
}
# Those that page unless a station says otherwise.
_PAGING = (Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY)
# One of each kind of sign: what takes them all takes anything.
_ANYTHING = ("a", "Z", "7", "-", "ž b/", "x" * 40)
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_ONE = re.compile(
    rf'\s*(?:{_QUOTED}|([^\s=!~,"{{}}]+))\s*(=~|!~|!=|=)\s*(?:{_QUOTED}|([^,"{{}}]*?))\s*(,|$)'
)
_PLAIN_NAME = re.compile(r'[^\s=!~,"{}\\]+')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Subject(Protocol):
    """What matchers look at: an `Alert`, or a row of one."""

    @property
    def alert_id(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def group_key(self) -> str: ...
    @property
    def labels(self) -> Mapping[str, str]: ...


class Matcher(NamedTuple):
    """One condition; ``op`` is one of ``= != =~ !~``. A named tuple, as it is asked for each alert
    and each silence."""

    name: str
    op: str
    value: str

    @property
    def text(self) -> str:
        """As it is written and stored: ``env=~"prod|stage"``."""
        name = self.name if _PLAIN_NAME.fullmatch(self.name) else _quote(self.name)
        return f"{name}{self.op}{_quote(self.value)}"

    def accepts(self, value: object) -> bool:
        """Whether it holds for this value; a pattern never does for a text beyond its limits."""
        op = self.op
        if op == "=":
            return value == self.value
        if op == "!=":
            return value != self.value
        if not isinstance(value, str) or len(value) > TEXT_LIMIT:
            return False
        fits = compiled(self.value, "matchers").fullmatch(value) is not None
        return fits is (op == "=~")


def matches(matchers: Iterable[Matcher], subject: Subject) -> bool:
    """Whether all of them hold; true when there are none."""
    labels = subject.labels
    for matcher in matchers:
        read = BUILT_IN.get(matcher.name)
        value = labels.get(matcher.name, "") if read is None else read(subject)
        if not matcher.accepts(value):
            return False
    return True


# ---------------------------------------------------------------------------- written and read


def parse_matchers(written: str | Sequence[str], field: str = "matchers") -> tuple[Matcher, ...]:
    """Matchers out of a text, or of several, in their canonical order and each once.

    Raises Malformed naming ``field`` for what cannot be read, for patterns that `patterns` refuses,
    and for a set that no alert could ever meet.
    """
    texts = [written] if isinstance(written, str) else list(written)
    if sum(map(len, texts)) > LIST_TEXT_LIMIT:
        raise Malformed(field, "is too long", f"write at most {LIST_TEXT_LIMIT} characters")
    return checked([m for text in texts for m in _read(text, field)], field)


def checked(matchers: Iterable[Matcher], field: str = "matchers") -> tuple[Matcher, ...]:
    """These matchers in canonical order, each once; errors as `parse_matchers`."""
    found = sorted({_checked(m, field) for m in matchers})
    if len(found) > MATCHERS_LIMIT:
        raise Malformed(field, f"has {len(found)} matchers", f"use at most {MATCHERS_LIMIT}")
    wanted: dict[str, str] = {}
    for m in found:
        if m.op == "=" and wanted.setdefault(m.name, m.value) != m.value:
            raise Malformed(
                field,
                f"wants {m.name} to be {wanted[m.name]!r} and {m.value!r} at once",
                'use one pattern, such as service=~"a|b"',
            )
    return tuple(found)


def _checked(matcher: Matcher, field: str) -> Matcher:
    name, op, value = matcher
    name = tidy(name, field=field)
    value = tidy(value, field=field)
    if not name or len(name) > _NAME_LIMIT:
        raise Malformed(field, "has a matcher without a usable name", "name a label or a field")
    if len(value) > TEXT_LIMIT:
        raise Malformed(field, f"has a value of {len(value)} characters", f"keep to {TEXT_LIMIT}")
    if "~" in op:
        compiled(value, field)
    if name == "severity" and op in ("=", "!=") and value not in SEVERITY_RANK:
        raise Malformed(field, f"{value!r} is no severity", f"use {', '.join(SEVERITY_RANK)}")
    return Matcher(name, op, value)


def _read(text: str, field: str) -> Iterable[Matcher]:
    """The matchers of one text; braces around all of them are taken off."""
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    text = text.strip().removesuffix(",")
    at = 0
    while at < len(text):
        found = _ONE.match(text, at)
        if found is None:
            raise Malformed(
                field,
                f"cannot be read at {text[at : at + 40].strip()!r}",
                'write matchers like service="db", env=~"prod|stage"',
            )
        quoted_name, name, op, quoted, value, _end = found.groups()
        yield Matcher(
            name if quoted_name is None else _unquote(quoted_name),
            op,
            value if quoted is None else _unquote(quoted),
        )
        at = found.end()


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _unquote(text: str) -> str:
    """Only a quote, a backslash and an n are escaped; a backslash before others stays."""
    return _ESCAPED.sub(lambda m: {"n": "\n", '"': '"', "\\": "\\"}.get(m[1], m[0]), text)


# ----------------------------------------------------------------------- kept and taken up again


def split_equal(matchers: Iterable[Matcher]) -> tuple[dict[str, str], list[str]]:
    """As they are kept: the values that must be equal by name, and the others as texts."""
    found = list(matchers)
    equal = {m.name: m.value for m in found if m.op == "="}
    return equal, [m.text for m in found if m.op != "="]


def check_kept(match: object, others: object) -> None:
    """Raises Malformed unless another station's event holds what `split_equal` could have made."""
    names = [*match, *match.values()] if isinstance(match, dict) else [None]
    texts: list[Any] = others if isinstance(others, list) else [None]
    if not all(isinstance(text, str) for text in (*names, *texts)):
        raise Malformed("matchers", "are no texts", "send an object and a list of texts")
    parse_matchers(texts)


def conditions(match: Mapping[str, str], others: Sequence[str]) -> tuple[Matcher, ...]:
    """The matchers that `split_equal` kept apart."""
    return _conditions(tuple(match.items()), tuple(others))


@lru_cache(maxsize=1_024)
def _conditions(match: tuple[tuple[str, str], ...], others: tuple[str, ...]) -> tuple[Matcher, ...]:
    equal = (Matcher(name, "=", value) for name, value in sorted(match))
    return (*equal, *parse_matchers(others))


def is_broad(matchers: Iterable[Matcher]) -> bool:
    """Whether they would hold for nearly every alert there can be: no set to silence by mistake."""
    return all(map(_is_broad, matchers))


def _is_broad(matcher: Matcher) -> bool:
    if matcher.name == "severity":
        # What holds for all that pages is as good as everything.
        return all(map(matcher.accepts, _PAGING))
    return matcher.accepts("") or all(map(matcher.accepts, _ANYTHING))
