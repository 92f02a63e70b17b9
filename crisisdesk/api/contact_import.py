"""The route that takes in contacts from a file: looked at first, then all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Order
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import ErrorOut, Out
from crisisdesk.domain.errors import DomainError
from crisisdesk.engine.contact_file import (
    FilePerson,
    ImportContacts,
    ImportRow,
    RowOutcome,
)

router = APIRouter(prefix="/crisis", tags=["people"])


class ImportIn(Order):
    """A file of contacts as text. Without ``apply`` nothing is kept and all is told."""

    format: Literal["csv", "vcard"]
    text: Annotated[str, Field(min_length=1)]
    apply: bool = False


class ImportRowOut(Out):
    """What comes of one row: ``row`` is the line at which it begins, ``changes`` the fields it
    fills or changes, ``error`` why it is refused."""

    row: int
    name: str
    outcome: Literal["added", "changed", "unchanged", "refused"]
    contact_id: str
    changes: list[str]
    error: ErrorOut | None


class ImportOut(Out):
    """What comes of a file; ``notes`` say what was left out of it."""

    applied: bool
    added: int
    changed: int
    unchanged: int
    refused: int
    notes: list[str]
    rows: list[ImportRowOut]


@dataclass(slots=True, kw_only=True)
class _Ready:
    """The rows for the engine, and the address of each new method by its id."""

    rows: list[ImportRow] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict, repr=False)


@router.post("/contacts/import/", responses=errors(409))
async def import_contacts(room: InRoom, operator: Operator, order: ImportIn) -> ImportOut:
    """Take in the people of a CSV or vCard file, or only tell what would come of each.

    With ``apply`` one row that cannot be used refuses the whole file. Who has the same e-mail
    address or the same name as a contact changes that contact: what the file fills replaces what
    stands there, and nothing is taken away.
    """
    found = await room.apart(room.contact_files, order.text, order.format)
    ready = _Ready()
    for person in found.people:
        ready.rows.append(await _ready_row(room, person, ready.addresses))
    outcomes = await _take_in(room, operator, ready, apply=order.apply)
    return _told(outcomes, list(found.notes), applied=order.apply)


async def _ready_row(room: Room, person: FilePerson, addresses: dict[str, str]) -> ImportRow:
    """The row with its addresses checked and masked; a bad one is the row's problem."""
    methods: list[dict[str, Any]] = []
    try:
        for url in person.addresses:
            channel, masked = await room.apart(room.addresses.check, url)
            method_id = room.new_method_id()
            addresses[method_id] = url
            methods.append(
                {
                    "method_id": method_id,
                    "channel": channel,
                    "masked": masked,
                    "min_severity": person.min_severity,
                }
            )
    except DomainError as error:
        problem = type(error)("address", error.problem, error.remedy)
        return ImportRow(row=person.row, card=person.card, problem=problem)
    return ImportRow(row=person.row, card=person.card, methods=methods, problem=person.problem)


async def _take_in(
    room: Room, operator: str, ready: _Ready, *, apply: bool
) -> Sequence[RowOutcome]:
    """Judge the rows; then keep the new addresses, then the cards, as `api.people` does.

    An address that a card has already under another id is written there in the end: it may bear
    another password under the same mask.
    """
    look = ImportContacts(rows=ready.rows)
    outcomes: Sequence[RowOutcome] = await room.do(look, operator)
    if not apply:
        return outcomes
    if all(outcome.came != "refused" for outcome in outcomes):
        for method_id, url in ready.addresses.items():
            await room.apart(room.addresses.keep, method_id, url)
    try:
        outcomes = await room.do(ImportContacts(rows=ready.rows, apply=True), operator)
    except DomainError:
        await _forget(room, ready.addresses)
        raise
    for outcome in outcomes:
        for fresh, standing in outcome.method_ids.items():
            await room.apart(room.addresses.keep, standing, ready.addresses[fresh])
            await room.apart(room.addresses.forget, fresh)
    return outcomes


async def _forget(room: Room, addresses: dict[str, str]) -> None:
    for method_id in addresses:
        await room.apart(room.addresses.forget, method_id)


def _told(outcomes: Sequence[RowOutcome], notes: list[str], *, applied: bool) -> ImportOut:
    came = [outcome.came for outcome in outcomes]
    return ImportOut(
        applied=applied,
        added=came.count("added"),
        changed=came.count("changed"),
        unchanged=came.count("unchanged"),
        refused=came.count("refused"),
        notes=notes,
        rows=[
            ImportRowOut(
                row=outcome.row,
                name=outcome.name,
                outcome=outcome.came,
                contact_id=outcome.contact_id,
                changes=list(outcome.changes),
                error=ErrorOut(field=outcome.field, problem=outcome.problem, remedy=outcome.remedy)
                if outcome.came == "refused"
                else None,
            )
            for outcome in outcomes
        ],
    )
