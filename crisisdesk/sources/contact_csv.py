"""Contacts from CSV: a line of heads in any order and many words, then one person a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crisisdesk.domain.contact import MAILS, PHONES
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.quiet_hours import quiet_from_words
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.engine.contact_file import PEOPLE_LIMIT, ContactFile, FilePerson

DELIMITERS = ",;\t|"
CELL_LIMIT = 10_000
_LISTED = re.compile(r"\s*[;,|]\s*|\s+:::\s+")
_REPEATED = re.compile(r"\s*[;,|\n]\s*|\s+:::\s+")

# What a head may be called, without case, digits, and marks. Several heads may mean one field.
_WORDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "display name", "contact", "person", "contact name"),
    "given": ("first name", "given name", "forename"),
    "family": ("last name", "family name", "surname"),
    "role": ("role", "title", "job title", "position", "function", "organization title"),
    "company": ("company", "organization", "organisation", "org", "organization name"),
    MAILS: ("email", "mail", "email address", "mail address", "emails", "mails"),
    PHONES: ("phone", "tel", "telephone", "phone number", "phones", "mobile", "cell", "number"),
    "zone": ("zone", "time zone", "timezone", "tz"),
    "locale": ("locale", "language", "lang"),
    "groups": ("group", "groups", "team", "teams", "category", "categories", "tags", "labels"),
    "notes": ("notes", "note", "comment", "comments", "remarks"),
    "quiet": ("quiet", "quiet hours", "do not disturb", "dnd"),
    "address": ("address", "url", "method", "contact method", "apprise", "apprise url"),
    "min_severity": ("min severity", "severity", "from severity", "minimum severity"),
}
_FIELD_OF = {word: field for field, words in _WORDS.items() for word in words}
# A word beside "phone" or "mail" in a head; it is shown behind the number.
_KINDS = ("mobile", "cell", "home", "work", "business", "office", "private", "other", "duty")


def read_csv(text: str) -> ContactFile:
    """Read the people of a CSV text; Malformed when its heads tell nothing."""
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise Malformed("text", "is empty", "choose a file with a line of heads and one of people")
    delimiter = max(DELIMITERS, key=lambda d: _known(next(csv.reader([first], delimiter=d), [])))
    rows = _rows(text, delimiter)
    _, heads = next(rows)
    fields = [_field_of(head) for head in heads]
    if not {"name", "given", "family"} & {field for field, _kind in fields}:
        problem = f"has no column for the name; its heads are {', '.join(heads)!r:.100}"
        raise Malformed("text", problem, "call one of them Name in the first line")
    people: list[FilePerson] = []
    for number, cells in rows:
        if len(people) >= PEOPLE_LIMIT:
            problem = f"holds more than {PEOPLE_LIMIT} people"
            raise Malformed("text", problem, "split the file")
        people.append(_person(number, cells, fields))
    notes = [
        f"column {head!r:.60} is not used"
        for head, (field, _kind) in zip(heads, fields, strict=True)
        if not field and head.strip()
    ]
    return ContactFile(people=people, notes=notes)


def _known(heads: Sequence[str]) -> int:
    return sum(bool(_field_of(head)[0]) for head in heads)


def _field_of(head: str) -> tuple[str, str]:
    """The field of a head and the kind of a number; ("", "") for one with no meaning here."""
    words = re.sub(r"[\d_\W]+", " ", head.replace("-mail", "mail").casefold()).split()
    plain = " ".join(word for word in words if word != "value")
    kind = next((word for word in words if word in _KINDS), "")
    if plain in _FIELD_OF:
        return _FIELD_OF[plain], kind
    bare = " ".join(word for word in words if word not in (*_KINDS, "value"))
    field = _FIELD_OF.get(bare, "")
    return (field, kind) if field in (PHONES, MAILS) else ("", "")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything with the line at which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        problem = f"cannot be read from line {begins} on ({error})"
        raise Malformed("text", problem, "look for a quotation mark that is not closed") from None


def _person(number: int, cells: Sequence[str], fields: Sequence[tuple[str, str]]) -> FilePerson:
    found: dict[str, list[tuple[str, str]]] = {}
    for (field, kind), cell in zip(fields, cells, strict=False):
        if field and cell.strip():
            found.setdefault(field, []).append((cell.strip(), kind))
    texts = {field: [text for text, _kind in told] for field, told in found.items()}
    name = " ".join(texts.get("name") or [*texts.get("given", []), *texts.get("family", [])])
    try:
        _check_row(cells, len(fields))
        return FilePerson(
            row=number,
            card=_card(name, texts, found),
            addresses=texts.get("address", []),
            min_severity=_severity(texts.get("min_severity", [])),
        )
    except DomainError as error:
        return FilePerson(row=number, card={"name": name[:150]}, problem=error)


def _check_row(cells: Sequence[str], heads: int) -> None:
    if len(cells) > heads and any(cell.strip() for cell in cells[heads:]):
        problem = f"has {len(cells)} cells under {heads} heads"
        raise Malformed("row", problem, "put quotation marks around a cell that holds the mark")
    if any(len(cell) > CELL_LIMIT for cell in cells):
        problem = f"has a cell of more than {CELL_LIMIT} characters"
        raise Malformed("row", problem, "look for a quotation mark that is not closed")


def _card(
    name: str, texts: dict[str, list[str]], found: dict[str, list[tuple[str, str]]]
) -> dict[str, Any]:
    roles = [*texts.get("role", []), *texts.get("company", [])]
    card: dict[str, Any] = {"name": name, "role": ", ".join(roles)}
    card |= {
        field: read([part for part in told if part])
        for field, read in _READ.items()
        if (told := texts.get(field))
    }
    for field in (PHONES, MAILS):
        parts = [
            f"{part} ({kind})" if kind and field == PHONES else part
            for text, kind in found.get(field, [])
            for part in _REPEATED.split(text)
            if part
        ]
        card[field] = list(dict.fromkeys(parts))
    return {field: value for field, value in card.items() if value}


def _groups(told: list[str]) -> list[str]:
    return [name for text in told for name in _LISTED.split(text) if name]


_READ: dict[str, Callable[[list[str]], Any]] = {
    "zone": lambda told: told[0],
    "locale": lambda told: told[0],
    "notes": "\n".join,
    "groups": _groups,
    "quiet": lambda told: quiet_from_words("; ".join(told), "quiet"),
}


def _severity(told: list[str]) -> str:
    severity = told[0].casefold() if told else "high"
    if severity not in SEVERITY_RANK:
        problem = f"{told[0]!r:.40} is no severity"
        raise Malformed("min_severity", problem, f"use {', '.join(SEVERITY_RANK)}")
    return severity
