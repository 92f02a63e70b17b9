"""The emergency contact sheet: whom to call when nothing else works, as data and as text.

It shows what people dial and write to by hand. Addresses that pages go to stand on it masked, for
they carry passwords.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from crisisdesk.domain.contact import MAILS, PHONES, Contact, ContactMethod
from crisisdesk.domain.papers.times import moment_words
from crisisdesk.domain.quiet_hours import quiet_words

TITLE = "Emergency contacts"
NOBODY = "No contact is written down on this station."
NO_COMMANDER = "No incident is open."
TEXT_WIDTH = 78
FACT_LIMIT = 600

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanding:
    """Who leads an incident that is open; ``commander`` is "" where nobody does."""

    incident_id: str
    title: str
    commander: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPerson:
    """One person: ``numbers`` to dial and write to, and other facts as (word, text) pairs."""

    name: str
    role: str
    numbers: Sequence[str]
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSheet:
    """The whole sheet; ``heads`` are (word, text) pairs above the people."""

    station: str
    made: str
    heads: Sequence[Fact]
    people: Sequence[SheetPerson]


def sheet_of(
    contacts: Iterable[Contact],
    commands: Iterable[Commanding],
    station: str,
    stations: Iterable[str],
    now_ms: int,
    local: tzinfo,
) -> ContactSheet:
    """The sheet as it is at ``now_ms`` (UTC ms); ``local`` is the time zone of this machine."""
    commanding = [
        (one.incident_id, f"{one.commander or 'nobody yet'} commands “{one.title}”")
        for one in commands
    ]
    names = ", ".join(name for name in stations if name)
    heads = [
        ("Station", station or "has no name yet"),
        ("Stations", names or "this one only"),
        *(commanding or [("Commander", NO_COMMANDER)]),
    ]
    return ContactSheet(
        station=station,
        made=moment_words(now_ms, local),
        heads=heads,
        people=[_person(contact) for contact in contacts],
    )


def _person(contact: Contact) -> SheetPerson:
    methods = [ContactMethod(**method) for method in contact.methods]
    paged = [
        f"{f'{m.label}, ' if m.label else ''}{m.masked or m.channel} ({m.min_severity} and worse)"
        for m in methods
        if m.enabled
    ]
    paging = "; ".join(paged) if contact.enabled else "switched off"
    zone = f" ({contact.zone})" if contact.zone else ""
    quiet = quiet_words(contact.quiet)
    facts = (
        ("Groups", ", ".join(contact.groups)),
        ("Paged by", paging or "nothing: call"),
        ("Quiet", f"{quiet}{zone}" if quiet else ""),
        ("Zone", "" if quiet else contact.zone),
        ("Speaks", contact.locale),
        ("Notes", " ".join(contact.notes.split())),
    )
    numbers = [*contact.emergency.get(PHONES, ()), *contact.emergency.get(MAILS, ())]
    return SheetPerson(
        name=contact.name,
        role=contact.role,
        numbers=numbers,
        facts=[(word, _shortened(text)) for word, text in facts if text],
    )


def _shortened(text: str) -> str:
    return text if len(text) <= FACT_LIMIT else f"{text[:FACT_LIMIT]}… (more at the desk)"


# ------------------------------------------------------------------------------- as text, as HTML


def sheet_text(sheet: ContactSheet) -> str:
    """The sheet for a terminal or a printer that knows nothing but letters."""
    lines = [TITLE.upper(), sheet.made, ""]
    for word, text in sheet.heads:
        lines += _wrapped(f"{word}: ", text)
    for person in sheet.people:
        lines += ["", "-" * TEXT_WIDTH]
        lines += _wrapped("", _plain(person.name) + (f", {person.role}" if person.role else ""))
        lines += [f"    {_plain(number)}" for number in person.numbers]
        for word, text in person.facts:
            lines += _wrapped(f"  {word}: ", text)
    if not sheet.people:
        lines += ["", NOBODY]
    return "\n".join(lines) + "\n"


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(
        _plain(text),
        TEXT_WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    """Text that cannot move a terminal's cursor; it stands on one line."""
    return "".join(c if c.isprintable() else " " for c in text)


_STYLE = (
    "body{font:11pt sans-serif;color:#000;background:#fff;max-width:48em;margin:2em auto}"
    "h1{font-size:18pt;margin:0}article{border-top:1px solid #000;padding:.5em 0;"
    "break-inside:avoid}h2{font-size:13pt;margin:0}.numbers{font-size:13pt;font-weight:bold}"
    "dl{display:grid;grid-template-columns:7em 1fr;margin:.3em 0}dd{margin:0}"
)


def sheet_html(sheet: ContactSheet) -> str:
    """The sheet as one HTML page without anything from elsewhere."""
    people = "\n".join(_person_html(person) for person in sheet.people)
    title = html.escape(f"{TITLE}: {sheet.station}" if sheet.station else TITLE)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{TITLE}</h1>\n<p>{html.escape(sheet.made)}</p>\n"
        f"{_facts_html(sheet.heads)}\n{people or f'<p>{NOBODY}</p>'}\n</body></html>\n"
    )


def _person_html(person: SheetPerson) -> str:
    role = f", {html.escape(person.role)}" if person.role else ""
    numbers = "<br>".join(html.escape(number) for number in person.numbers)
    shown = f'<p class="numbers">{numbers}</p>' if numbers else ""
    return (
        f"<article><h2>{html.escape(person.name)}{role}</h2>{shown}"
        f"{_facts_html(person.facts)}</article>"
    )


def _facts_html(facts: Iterable[Fact]) -> str:
    rows = "".join(
        f"<dt>{html.escape(word)}</dt><dd>{html.escape(text)}</dd>" for word, text in facts
    )
    return f"<dl>{rows}</dl>"
