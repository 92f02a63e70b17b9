"""Contacts from vCards, versions 3.0 and 4.0: one person between BEGIN and END."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.contact import MAILS, PHONES
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.quiet_hours import zone_of
from crisisdesk.engine.contact_file import PEOPLE_LIMIT, ContactFile, FilePerson

VERSIONS = ("3.0", "4.0")
NOTES_KEPT = 20
_LINE = re.compile(
    r"(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>(?:;(?:\"[^\"]*\"|[^\";:])*)*):(?P<value>.*)",
    re.DOTALL,
)
_TYPE = re.compile(r"(?:^|;)TYPE=\"?([^;\"]*)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_KINDS = ("cell", "mobile", "home", "work", "pager")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One property: its name in capitals, its parameters as written, its value as written."""

    name: str
    parameters: str
    value: str


def read_vcards(text: str) -> ContactFile:
    """Read the people of a file of vCards; Malformed when there is none in it."""
    people: list[FilePerson] = []
    notes: list[str] = []
    for number, lines in _cards(text.removeprefix("\ufeff")):
        if len(people) >= PEOPLE_LIMIT:
            raise Malformed("text", f"holds more than {PEOPLE_LIMIT} people", "split the file")
        people.append(_person(number, lines, notes))
    if not people:
        raise Malformed("text", "holds no BEGIN:VCARD", "export contacts as vCard 3.0 or 4.0")
    if len(notes) > NOTES_KEPT:
        notes = [*notes[:NOTES_KEPT], f"and {len(notes) - NOTES_KEPT} more like these"]
    return ContactFile(people=people, notes=notes)


def _cards(text: str) -> Iterator[tuple[int, list[str]]]:
    """The unfolded lines of each card with the line at which it begins."""
    begun, lines = 0, list[str]()
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line[:1] in (" ", "\t") and lines:
            lines[-1] += line[1:]
        elif line.strip().upper() == "BEGIN:VCARD":
            if begun:
                raise _unended(begun)
            begun, lines = number, []
        elif line.strip().upper() == "END:VCARD" and begun:
            yield begun, lines
            begun, lines = 0, []
        elif begun and line.strip():
            lines.append(line)
    if begun:
        raise _unended(begun)


def _unended(begun: int) -> Malformed:
    problem = f"has a card without END:VCARD, begun in line {begun}"
    return Malformed("text", problem, "export the file again")


def _person(number: int, lines: Sequence[str], notes: list[str]) -> FilePerson:
    name = ""
    try:
        read = [_line(line) for line in lines]
        _check_version(read)
        name = _name(read)
        return FilePerson(row=number, card=_card(number, name, read, notes))
    except DomainError as error:
        return FilePerson(row=number, card={"name": name}, problem=error)


def _line(text: str) -> _Line:
    found = _LINE.fullmatch(text)
    if found is None:
        raise Malformed("line", f"{text!r:.60} is no property", "export the file again")
    return _Line(
        name=found["name"].upper(), parameters=found["parameters"], value=found["value"].strip()
    )


def _check_version(lines: Sequence[_Line]) -> None:
    version = next((line.value for line in lines if line.name == "VERSION"), "none")
    if version not in VERSIONS:
        problem = f"is {version!r:.20}, which is not read here"
        raise Malformed("VERSION", problem, "export the contacts as vCard 3.0 or 4.0")
    for line in lines:
        if "QUOTED-PRINTABLE" in line.parameters.upper():
            problem = f"{line.name} is quoted-printable, as only vCard 2.1 has it"
            raise Malformed(line.name, problem, "export the contacts as vCard 3.0 or 4.0")


def _name(lines: Sequence[_Line]) -> str:
    full = _first(lines, "FN")
    if full:
        return full
    structured = next((line.value for line in lines if line.name == "N"), "")
    family, given, more, before, after, *_ = [*_parts(structured, ";"), "", "", "", "", ""]
    return " ".join(part for part in (before, given, more, family, after) if part)


def _card(number: int, name: str, lines: Sequence[_Line], notes: list[str]) -> dict[str, Any]:
    role = _first(lines, "ROLE") or _first(lines, "TITLE")
    of = [part for line in lines if line.name == "ORG" for part in _parts(line.value, ";") if part]
    card: dict[str, Any] = {
        "name": name,
        "role": ", ".join(part for part in (role, *of) if part),
        "locale": _first(lines, "LANG"),
        "notes": "\n".join(_plain(line.value) for line in lines if line.name == "NOTE"),
        "groups": [
            part
            for line in lines
            if line.name == "CATEGORIES"
            for part in _parts(line.value, ",")
            if part
        ],
        PHONES: list(dict.fromkeys(_phone(line) for line in lines if line.name == "TEL")),
        MAILS: list(dict.fromkeys(_mail(line) for line in lines if line.name == "EMAIL")),
    }
    zone = _first(lines, "TZ")
    if zone and zone_of(zone) is None:
        notes.append(f"row {number}: {zone!r:.40} is no name of a time zone and was left out")
    else:
        card["zone"] = zone
    return {field: value for field, value in card.items() if value}


def _first(lines: Sequence[_Line], name: str) -> str:
    return next((_plain(line.value) for line in lines if line.name == name and line.value), "")


def _phone(line: _Line) -> str:
    number = _plain(line.value)
    if number.lower().startswith("tel:"):
        number = number[4:].partition(";")[0]
    types = ",".join(_TYPE.findall(line.parameters)).lower().split(",")
    kind = next((kind for kind in _KINDS if kind in types), "")
    return f"{number} ({kind})" if kind else number


def _mail(line: _Line) -> str:
    mail = _plain(line.value)
    return mail[7:] if mail.lower().startswith("mailto:") else mail


def _parts(value: str, mark: str) -> list[str]:
    """The parts of a value between marks that are not escaped."""
    parts, escaped = [""], False
    for character in value:
        if character == mark and not escaped:
            parts.append("")
            continue
        parts[-1] += character
        escaped = character == "\\" and not escaped
    return [_plain(part) for part in parts]


def _plain(value: str) -> str:
    """The value without its escapes, and without blanks at its ends."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
