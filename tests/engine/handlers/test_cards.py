"""Cards: every field is checked, written in one way, and only what changed is named."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers.cards import card_body

from tests.store.workload import Station

SPAN = {"days": [0], "from": "22:00", "to": "06:00", "min_severity": "critical"}
METHOD = {"method_id": "m1", "channel": "mailto", "masked": "p***"}
FULL: dict[str, Any] = {
    "zone": "Europe/Prague",
    "locale": "cs",
    "quiet": [SPAN],
    "groups": ["DBA", "Night"],
    "notes": "on foot",
    "emergency": {"phones": ["+420 1"], "mails": ["p@example.org"]},
}


def body(method: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    methods = [METHOD | method] if method is not None else []
    return card_body(name="Priya", role="", enabled=True, methods=methods, more=more)


def test_what_says_nothing_is_not_written() -> None:
    empty: dict[str, Any] = {
        "zone": " ",
        "locale": "",
        "quiet": [],
        "groups": [],
        "notes": "",
        "emergency": {},
    }
    assert body(**empty) == body()
    assert set(body()) == {"name", "role", "enabled", "methods"}
    plain = body({"quiet": None, "emergency": False})["methods"][0]
    assert set(plain) == {"method_id", "channel", "label", "masked", "min_severity", "enabled"}


def test_all_of_it_is_kept() -> None:
    assert {name: body(**FULL)[name] for name in FULL} == FULL
    told = body({"quiet": [SPAN], "emergency": True}, zone="UTC")["methods"][0]
    assert (told["quiet"], told["emergency"]) == ([SPAN], True)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("cs", "cs"),
        ("EN-gb", "en-GB"),
        ("cs_CZ", "cs-CZ"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
    ],
)
def test_a_language_is_written_in_one_way(written: str, kept: str) -> None:
    assert body(locale=written)["locale"] == kept


def test_groups_that_differ_in_case_only_are_one() -> None:
    assert body(groups=["DBA", "Night", "dba", "Ops"])["groups"] == ["DBA", "Night", "Ops"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"zone": "Prague"}, "zone"),
        ({"zone": 5}, "zone"),
        ({"zone": "../UTC"}, "zone"),
        ({"locale": "english"}, "locale"),
        ({"quiet": [SPAN]}, "zone"),
        ({"quiet": "night", "zone": "UTC"}, "quiet"),
        ({"groups": "DBA"}, "groups"),
        ({"groups": ["x" * 51]}, "groups[0]"),
        ({"groups": ["x"] * 21}, "groups"),
        ({"notes": "x" * 2001}, "notes"),
        ({"notes": "a\0b"}, "notes"),
        ({"emergency": []}, "emergency"),
        ({"emergency": {"fax": ["1"]}}, "emergency.fax"),
        ({"emergency": {"phones": ["1"] * 11}}, "emergency.phones"),
        ({"emergency": {"phones": ["call me"]}}, "emergency.phones[0]"),
        ({"emergency": {"mails": ["a@b", "a b@c"]}}, "emergency.mails[1]"),
        ({"pigeon": 1}, "pigeon"),
    ],
    ids=str,
)
def test_a_wrong_field_is_named_with_a_remedy(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        body(**more)
    assert refused.value.field == field
    assert refused.value.remedy


def test_quiet_hours_of_a_method_need_a_zone_as_well() -> None:
    with pytest.raises(Malformed, match="zone"):
        body({"quiet": [SPAN]})
    assert body({"quiet": []})["methods"][0]["quiet"] == []


def test_a_change_names_what_it_changed_and_what_it_saw(station: Station) -> None:
    contact_id = station.do(c.SaveContact(name="Priya", more=FULL))[0]
    first = station.bench.get(contact_id)
    assert isinstance(first, Contact)
    without = {name: value for name, value in FULL.items() if name != "quiet"}
    station.do(c.SaveContact(contact_id=contact_id, name="Priya", more=without | {"notes": "x"}))
    after = station.bench.get(contact_id)
    assert isinstance(after, Contact)
    assert (after.quiet, after.notes, after.zone) == ([], "x", "Europe/Prague")
    moved = {n for n in after.set_by if after.set_by[n] != first.set_by[n]}
    assert moved == {"quiet", "notes"}
    assert after.overwritten == []
    refused = station.do(c.SaveContact(contact_id=contact_id, name="Priya", more={"zone": "X"}))[0]
    assert isinstance(refused, Malformed)
    assert station.bench.get(contact_id) == after
