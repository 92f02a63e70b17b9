"""Contacts from a file: what its reader gives, the order to take them in, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from crisisdesk.domain.errors import DomainError
from crisisdesk.engine.commands import Command

PEOPLE_LIMIT = 2_000

Came = Literal["added", "changed", "unchanged", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePerson:
    """One person of a file. ``row`` is the line at which they begin, counted from 1.

    ``card`` holds the fields that the file fills: ``name``, ``role``, ``phones``, ``mails`` and
    those of `domain.contact.MORE_FIELDS` but ``emergency``. ``addresses`` are contact methods with
    their secrets, ``min_severity`` from where on these are used. ``problem`` says why the row
    cannot be read.
    """

    row: int
    card: Mapping[str, Any] = field(default_factory=dict)
    addresses: Sequence[str] = field(default=(), repr=False)
    min_severity: str = "high"
    problem: DomainError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFile:
    """What a file holds; ``notes`` are sentences about what was read in another way or left out."""

    people: Sequence[FilePerson]
    notes: Sequence[str] = ()


class ContactFileReader(Protocol):
    """Reads the text of a file of contacts."""

    def __call__(self, text: str, form: str, /) -> ContactFile:
        """Read a file of this form ("csv" or "vcard"); Malformed when none of it can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One person to take in: as `FilePerson`, with ``methods`` as a card keeps them."""

    row: int
    card: Mapping[str, Any]
    methods: Sequence[dict[str, Any]] = ()
    problem: DomainError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContacts(Command):
    """Take in people of a file: all of them or, when any is refused, none.

    Without ``apply`` nothing is written. The result is a list of `RowOutcome`, one a row.
    """

    rows: Sequence[ImportRow]
    apply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOutcome:
    """What comes of one row. ``changes`` are the fields of the card it fills or changes.

    ``method_ids`` maps the id that came with a method to that of the card's own with the same
    masked address, which stands for it. A refused row has ``field``, ``problem`` and ``remedy``.
    """

    row: int
    name: str
    came: Came
    contact_id: str = ""
    changes: Sequence[str] = ()
    method_ids: Mapping[str, str] = field(default_factory=dict)
    field: str = ""
    problem: str = ""
    remedy: str = ""
