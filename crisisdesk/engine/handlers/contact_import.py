"""Contacts from a file: each row found among the known ones, added, changed or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crisisdesk.domain.contact import FIRST_FIELDS, MAILS, MORE_FIELDS, PHONES, Contact
from crisisdesk.domain.errors import Conflict, DomainError, Malformed
from crisisdesk.engine.contact_file import PEOPLE_LIMIT, ImportContacts, ImportRow, RowOutcome
from crisisdesk.engine.handlers.cards import card_body, changed_fields, write_card
from crisisdesk.engine.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    outcome: RowOutcome
    known: Contact | None = None
    body: Mapping[str, Any] | None = None


def import_contacts(command: ImportContacts, bench: Workbench) -> list[RowOutcome]:
    """Judge every row, then write all of them or none."""
    if len(command.rows) > PEOPLE_LIMIT:
        problem = f"holds {len(command.rows)} people"
        raise Malformed("text", problem, f"take in at most {PEOPLE_LIMIT} at once; split the file")
    planned = _plan(command.rows, bench.contacts())
    if not command.apply:
        return [plan.outcome for plan in planned]
    refused = [plan.outcome for plan in planned if plan.outcome.came == "refused"]
    if refused:
        first, others = refused[0], len(refused) - 1
        more = f"; {others} more row{'s' * (others > 1)} cannot be used either" if others else ""
        raise Malformed(f"row {first.row}, {first.field}", f"{first.problem}{more}", first.remedy)
    return [_written(plan, bench) for plan in planned]


def _written(plan: _Planned, bench: Workbench) -> RowOutcome:
    if plan.body is None:
        return plan.outcome
    contact_id = write_card(bench, plan.known, dict(plan.body))
    return replace(plan.outcome, contact_id=contact_id)


def _plan(rows: Sequence[ImportRow], contacts: Sequence[Contact]) -> list[_Planned]:
    known = _Known(contacts)
    planned = []
    for row in rows:
        name = str(row.card.get("name", ""))
        try:
            planned.append(_judged(row, known))
        except DomainError as error:
            outcome = RowOutcome(
                row=row.row,
                name=name,
                came="refused",
                field=error.field,
                problem=error.problem,
                remedy=error.remedy,
            )
            planned.append(_Planned(outcome=outcome))
    return planned


def _judged(row: ImportRow, known: _Known) -> _Planned:
    """What comes of one row; raises DomainError when it cannot be used."""
    if row.problem is not None:
        raise row.problem
    # First by itself, so that a wrong row says what is wrong with it and not whom it is like.
    alone = _body(row, None, list(row.methods))
    contact = known.find(alone["name"], _mails(alone), row.row)
    if contact is None:
        changes = [n for n in (*FIRST_FIELDS, *MORE_FIELDS) if n != "enabled" and alone.get(n)]
        outcome = RowOutcome(row=row.row, name=alone["name"], came="added", changes=changes)
        return _Planned(outcome=outcome, body=alone)
    methods, same = _joined(contact.methods, row.methods)
    body = _body(row, contact, methods)
    changes = changed_fields(contact, body)
    outcome = RowOutcome(
        row=row.row,
        name=body["name"],
        came="changed" if changes else "unchanged",
        contact_id=contact.contact_id,
        changes=changes,
        method_ids=same,
    )
    return _Planned(outcome=outcome, known=contact, body=body if changes else None)


def _body(row: ImportRow, known: Contact | None, methods: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole card: what the row fills over what the contact has."""
    card = dict(row.card)
    more = {name: getattr(known, name) for name in MORE_FIELDS} if known is not None else {}
    reach = dict(more.get("emergency", {}))
    reach |= {name: card.pop(name) for name in (PHONES, MAILS) if card.get(name)}
    more |= {name: card[name] for name in MORE_FIELDS if card.get(name)}
    more["emergency"] = reach
    role = card.get("role") or (known.role if known is not None else "")
    return card_body(
        name=card.get("name", ""),
        role=role,
        enabled=known is None or known.enabled,
        methods=methods,
        more=more,
    )


def _joined(
    standing: Sequence[dict[str, Any]], fresh: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The methods of a card with those of a row behind; one that is there already is the same."""
    joined, same = [dict(method) for method in standing], {}
    for method in fresh:
        like = [m for m in joined if (m["channel"], m["masked"]) == _face(method)]
        if like:
            same[str(method["method_id"])] = str(like[0]["method_id"])
        else:
            joined.append(dict(method))
    return joined, same


def _face(method: Mapping[str, Any]) -> tuple[str, str]:
    return str(method["channel"]), str(method["masked"])


def _mails(body: Mapping[str, Any]) -> list[str]:
    return list(body.get("emergency", {}).get(MAILS, ()))


class _Known:
    """Whom a row means: the contact with the same e-mail, else the one with the same name."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._by_key: dict[str, list[Contact]] = {}
        self._rows: dict[str, int] = {}
        for contact in contacts:
            for key in _keys(contact.name, contact.emergency.get(MAILS, ())):
                self._by_key.setdefault(key, []).append(contact)

    def find(self, name: str, mails: Sequence[str], row: int) -> Contact | None:
        """The contact, or None for somebody new; Conflict when that is not clear."""
        by_name, *by_mail = _keys(name, mails)
        found = {c.contact_id: c for key in by_mail for c in self._by_key.get(key, ())}
        field = MAILS if found else "name"
        found = found or {c.contact_id: c for c in self._by_key.get(by_name, ())}
        if len(found) > 1:
            ids = ", ".join(sorted(found))
            problem = f"is that of {len(found)} contacts: {ids}"
            raise Conflict(field, problem, "make their names and e-mail addresses differ first")
        [contact] = found.values() or [None]
        self._claim([by_name, *by_mail], contact, row)
        return contact

    def _claim(self, keys: Sequence[str], contact: Contact | None, row: int) -> None:
        """No two rows of a file are about one person."""
        claimed = [*keys, *([] if contact is None else [f"id {contact.contact_id}"])]
        for key in claimed:
            if key in self._rows:
                field = MAILS if key.startswith("mail ") else "name"
                problem = f"is that of the person in row {self._rows[key]} already"
                raise Conflict(field, problem, "put both into one row, or make them differ")
        self._rows |= dict.fromkeys(claimed, row)


def _keys(name: str, mails: Iterable[str]) -> list[str]:
    return [f"name {name.casefold()}", *(f"mail {mail.casefold()}" for mail in mails)]
