"""Contacts of a file: whom a row means, what it fills, and that all or none are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine import commands as c
from crisisdesk.engine.contact_file import PEOPLE_LIMIT, ImportContacts, ImportRow, RowOutcome

from tests.store.workload import Station


def row(number: int, name: str, *methods: dict[str, Any], **card: Any) -> ImportRow:
    return ImportRow(row=number, card={"name": name, **card}, methods=methods)


def method(method_id: str, masked: str = "a***") -> dict[str, Any]:
    return {"method_id": method_id, "channel": "mailto", "masked": masked, "min_severity": "high"}


def take_in(station: Station, *rows: ImportRow, apply: bool = True) -> list[RowOutcome]:
    outcomes: list[RowOutcome] = station.do(ImportContacts(rows=rows, apply=apply))[0]
    return outcomes


def came(outcomes: list[RowOutcome]) -> list[str]:
    return [str(outcome.came) for outcome in outcomes]


def names(station: Station) -> list[str]:
    return [contact.name for contact in station.bench.contacts()]


def test_a_look_tells_the_same_and_writes_nothing(station: Station) -> None:
    rows = (row(2, "Ana", method("m1"), mails=["ana@x.org"]), row(3, "Bob", phones=["1"]))
    looked = take_in(station, *rows, apply=False)
    assert names(station) == []
    done = take_in(station, *rows)
    assert came(looked) == came(done) == ["added", "added"]
    assert [o.changes for o in looked] == [["name", "methods", "emergency"], ["name", "emergency"]]
    assert names(station) == ["Ana", "Bob"]
    assert took_nothing(station, *rows)


def took_nothing(station: Station, *rows: ImportRow) -> bool:
    before = station.journal.head().seq
    outcomes = take_in(station, *rows)
    return set(came(outcomes)) <= {"unchanged"} and station.journal.head().seq == before


def test_who_has_the_same_mail_is_the_same_whatever_the_name(station: Station) -> None:
    take_in(station, row(2, "Ana", mails=["ana@x.org"], role="DBA", groups=["a"]))
    [told] = take_in(station, row(2, "Ana Nová", mails=["ANA@x.org"], groups=["b"]))
    [contact] = station.bench.contacts()
    assert (told.came, told.contact_id) == ("changed", contact.contact_id)
    assert (contact.name, contact.role, contact.groups) == ("Ana Nová", "DBA", ["b"])


def test_who_has_the_same_name_gets_what_is_new_and_keeps_the_rest(station: Station) -> None:
    take_in(station, row(2, "Ana", method("m1"), mails=["ana@x.org"]))
    [told] = take_in(station, row(2, "ana", method("m2", "b***"), phones=["+1"]))
    [contact] = station.bench.contacts()
    assert told.changes == ["name", "methods", "emergency"]
    assert [m["method_id"] for m in contact.methods] == ["m1", "m2"]
    assert contact.emergency == {"phones": ["+1"], "mails": ["ana@x.org"]}


def test_an_address_that_stands_there_already_is_the_same_method(station: Station) -> None:
    take_in(station, row(2, "Ana", method("m1")))
    [told] = take_in(station, row(2, "Ana", method("fresh")))
    assert (told.came, told.method_ids) == ("unchanged", {"fresh": "m1"})


def test_one_who_was_switched_off_stays_so(station: Station) -> None:
    station.do(c.SaveContact(name="Ana", enabled=False))
    take_in(station, row(2, "Ana", role="DBA"))
    [contact] = station.bench.contacts()
    assert (contact.enabled, contact.role) == (False, "DBA")


@pytest.mark.parametrize(
    ("second", "field"),
    [
        (row(3, "ANA"), "name"),
        (row(3, "Bob", mails=["ana@x.org"]), "mails"),
        (row(3, ""), "name"),
        (row(3, "Bob", zone="Mars"), "zone"),
        (row(3, "Bob", mails=["bob"]), "emergency.mails[0]"),
        (ImportRow(row=3, card={}, problem=Malformed("row", "is odd", "mend it")), "row"),
    ],
)
def test_one_row_that_cannot_be_used_refuses_all(
    station: Station, second: ImportRow, field: str
) -> None:
    first = row(2, "Ana", mails=["ana@x.org"])
    looked = take_in(station, first, second, apply=False)
    assert came(looked) == ["added", "refused"]
    assert looked[1].field == field
    refused = station.do(ImportContacts(rows=[first, second], apply=True))[0]
    assert isinstance(refused, Malformed)
    assert refused.field == f"row 3, {field}"
    assert names(station) == []


def test_a_row_that_means_two_contacts_is_refused(station: Station) -> None:
    for _ in range(2):
        station.do(c.SaveContact(name="Twin"))
    [told] = take_in(station, row(2, "twin"), apply=False)
    assert (told.came, told.field) == ("refused", "name")
    assert "2 contacts" in told.problem


def test_two_rows_that_mean_one_contact_by_mail_and_by_name_are_refused(station: Station) -> None:
    take_in(station, row(2, "Ana", mails=["ana@x.org"]))
    looked = take_in(station, row(2, "Eve", mails=["ana@x.org"]), row(3, "Ana"), apply=False)
    assert came(looked) == ["changed", "refused"]


def test_too_many_people_are_refused_at_once(station: Station) -> None:
    rows = [row(n, f"P{n}") for n in range(PEOPLE_LIMIT + 1)]
    refused = station.do(ImportContacts(rows=rows))[0]
    assert isinstance(refused, Malformed)


people = st.fixed_dictionaries(
    {"name": st.sampled_from(["Ana", "ana", "Bob", "Eve"])},
    optional={
        "mails": st.lists(st.sampled_from(["a@x", "b@x", "A@X"]), min_size=1, max_size=2),
        "role": st.sampled_from(["DBA", "Ops"]),
        "zone": st.sampled_from(["UTC", "Mars"]),
    },
)
files = st.lists(people, max_size=4)


@given(first=files, second=files)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_look_foretells_what_taking_in_does(
    station: Station, first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    for contact in station.bench.contacts():
        station.do(c.RemoveContact(contact_id=contact.contact_id))
    for file in (first, second):
        rows = [ImportRow(row=n, card=card) for n, card in enumerate(file)]
        before = {contact.contact_id: contact for contact in station.bench.contacts()}
        looked = take_in(station, *rows, apply=False)
        assert {n.contact_id: n for n in station.bench.contacts()} == before
        result = station.do(ImportContacts(rows=rows, apply=True))[0]
        after = {contact.contact_id: contact for contact in station.bench.contacts()}
        if "refused" in came(looked):
            assert isinstance(result, Malformed)
            assert after == before
            continue
        assert came(result) == came(looked)
        assert len(after) == len(before) + came(looked).count("added")
        for outcome, card in zip(result, file, strict=True):
            contact = after[outcome.contact_id]
            assert isinstance(contact, Contact)
            assert contact.name == card["name"]
            if outcome.came == "unchanged":
                assert contact == before[outcome.contact_id]
        assert took_nothing(station, *rows)
