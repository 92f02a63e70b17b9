"""Content lines of a calendar: folding, escaping, parameters, components; nothing of their meaning.

A calendar comes from outside: its size, its lines and its nesting are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crisisdesk.domain.errors import Malformed

SIZE_LIMIT = 2_000_000
DEPTH_LIMIT = 8
_LINE_OCTETS = 75
_FOLD = re.compile(rb"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAM = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``NAME;PARAM=x:value``; names in upper case, the value as it stands, escapes and all."""

    name: str
    value: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What stands between ``BEGIN`` and ``END``, in its order."""

    name: str
    lines: list[Line] = field(default_factory=list)
    inner: list[Component] = field(default_factory=list)


def escaped(text: str) -> str:
    """A text as a value; control characters are left out."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n"))
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def unescaped(value: str) -> str:
    """The text that a value stands for."""
    return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)


def folded(lines: Iterable[str]) -> bytes:
    """Lines as they are sent: UTF-8, CRLF, none longer than 75 octets, no character torn."""
    out = bytearray()
    for line in lines:
        rest = line.encode()
        room = _LINE_OCTETS
        while len(rest) > room:
            end = room
            # An octet that continues a character must not begin a line.
            while rest[end] & 0xC0 == 0x80:
                end -= 1
            out += rest[:end] + b"\r\n "
            rest = rest[end:]
            room = _LINE_OCTETS - 1
        out += rest + b"\r\n"
    return bytes(out)


def read_calendars(data: bytes) -> list[Component]:
    """The calendars of a file; Malformed naming ``calendar`` or the line that cannot be read."""
    if len(data) > SIZE_LIMIT:
        problem = f"has {len(data)} bytes, more than {SIZE_LIMIT}"
        raise Malformed("calendar", problem, "export a shorter time")
    found = _nested(_unfolded(data))
    if not found or any(c.name != "VCALENDAR" for c in found):
        raise Malformed("calendar", "is no iCalendar file", "send one that begins BEGIN:VCALENDAR")
    return found


def _unfolded(data: bytes) -> Iterator[Line]:
    # Folded before it was decoded: a fold may stand between the octets of one character.
    try:
        text = _FOLD.sub(b"", data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("calendar", "is not UTF-8", "save it as UTF-8") from error
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip():
            yield _line(line)


def _line(text: str) -> Line:
    name = _NAME.match(text)
    position = name.end() if name else 0
    params = {}
    while name and (param := _PARAM.match(text, position)):
        first = param[2] if param[2].startswith('"') else param[2].partition(",")[0]
        params[param[1].upper()] = first[1:].partition('"')[0] if first[:1] == '"' else first
        position = param.end()
    if not name or text[position : position + 1] != ":":
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise Malformed(f"line {shown!r}", "has no NAME:value", "export the calendar again")
    return Line(name=name[0].upper(), value=text[position + 1 :], params=params)


def _nested(lines: Iterator[Line]) -> list[Component]:
    top = Component(name="")
    stack = [top]
    for line in lines:
        name = line.value.strip().upper()
        if line.name == "BEGIN":
            if len(stack) > DEPTH_LIMIT:
                raise Malformed("calendar", "is nested too deeply", "export the calendar again")
            opened = Component(name=name)
            stack[-1].inner.append(opened)
            stack.append(opened)
        elif line.name == "END":
            if stack[-1] is top or stack[-1].name != name:
                raise Malformed(
                    f"END:{name[:_SHOWN]}", "ends what was not begun", "export the calendar again"
                )
            stack.pop()
        else:
            stack[-1].lines.append(line)
    if stack[-1] is not top:
        raise Malformed(f"BEGIN:{stack[-1].name[:_SHOWN]}", "never ends", "send the whole file")
    if top.lines:
        raise Malformed(top.lines[0].name[:_SHOWN], "stands outside of a calendar", "remove it")
    return top.inner
