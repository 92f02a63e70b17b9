"""Who is proven reachable, and what stands against it."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.channel_health import Use, look_at
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.reachability import DAY_MS, PROVEN_FOR_MS, Audited, audit

NOW = 1_770_861_902_000
MAIL = {"method_id": "m1", "channel": "email", "label": "", "masked": "mailtos://…@example.org"}
TEXT = {"method_id": "m2", "channel": "sms", "label": "", "masked": "twilio://…111"}


def card(*methods: dict[str, Any], **fields: Any) -> Contact:
    given: dict[str, Any] = {
        "contact_id": "C-1",
        "name": "Ann",
        "zone": "Europe/Prague",
        "emergency": {"phones": ["+420 1"]},
    }
    return Contact(methods=list(methods), **(given | fields))


def look(contact: Contact, **uses: Use) -> Audited:
    found = audit([contact], uses, look_at([contact], uses, NOW), NOW)
    return found.people[0]


def test_what_was_taken_lately_is_a_proof() -> None:
    one = look(card(MAIL, TEXT), m1=Use(last_success=NOW - DAY_MS), m2=Use(last_success=NOW))
    assert (one.is_proven, one.findings, one.proven_at) == (True, (), NOW)


def test_a_proof_is_one_for_thirty_days() -> None:
    edge = look(card(MAIL, TEXT), m1=Use(last_success=NOW - PROVEN_FOR_MS))
    assert edge.is_proven
    old = look(card(MAIL), m1=Use(last_success=NOW - PROVEN_FOR_MS - 1))
    assert not old.is_proven
    assert old.findings == ("not proven for 30 d", "only one provider")


@pytest.mark.parametrize(
    ("contact", "uses", "finding"),
    [
        (card(), {}, "no working channel: no contact method in use"),
        (card(MAIL | {"enabled": False}), {}, "no working channel: no contact method in use"),
        (card(MAIL), {}, "nothing was ever sent to them"),
        (card(MAIL, TEXT), {"m1": Use(last_success=NOW)}, "never reached by sms twilio://…111"),
        (card(MAIL), {"m1": Use(last_failure=NOW)}, "no working channel: email: failing"),
        (card(MAIL, zone=""), {}, "no time zone"),
        (card(MAIL, zone="Mars/Base"), {}, "time zone Mars/Base is not known on this machine"),
        (card(MAIL, emergency={}), {}, "no number to call by hand"),
    ],
)
def test_what_stands_against_it_is_told(
    contact: Contact, uses: dict[str, Use], finding: str
) -> None:
    assert finding in look(contact, **uses).findings


def test_one_whose_channels_fail_is_not_proven_whatever_arrived_before() -> None:
    one = look(card(MAIL), m1=Use(last_success=NOW - DAY_MS, last_failure=NOW))
    assert not one.is_proven


def test_the_unproven_stand_first_and_those_off_are_nobody() -> None:
    people = [
        card(MAIL, TEXT, contact_id="C-1", name="Ann"),
        card(MAIL | {"method_id": "m9"}, contact_id="C-2", name="Zoe"),
        card(TEXT | {"method_id": "m8"}, contact_id="C-3", name="Off", enabled=False),
    ]
    uses = {"m1": Use(last_success=NOW), "m2": Use(last_success=NOW)}
    found = audit(people, uses, look_at(people, uses, NOW), NOW)
    assert [one.name for one in found.people] == ["Zoe", "Ann"]
    assert found.headline == "1 of 2 people are not proven reachable"
    alone = audit(people[:1], uses, look_at(people[:1], uses, NOW), NOW)
    assert alone.headline == "The 1 person is proven reachable"
    assert audit([], {}, look_at([], {}, NOW), NOW).headline == "Nobody is there to be reached"
