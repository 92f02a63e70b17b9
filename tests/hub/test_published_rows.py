"""A state's row holds what the columns can hold, whatever the state says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.detection.rule import content_of
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine.exchange.publisher import Present
from crisisdesk.hub.published_rows import (
    INCIDENTS,
    PERSONS,
    RULES,
    UPDATES,
    moment,
    money,
    number_of,
    numbers_wished,
    rows_of,
    rule_name,
)

ORDER = (5, "a" * 32, 3)
INCIDENT = Incident(
    incident_id="INC-1",
    title="t" * 300,
    severity="critical",
    created_at=1_770_861_902_123,
    commander="Klára Langová",
    response_team=["Jonas Weber", "Klára Langová"],
    financial_impact_cents=1_234_507,
    user_impact_count=2**40,
    alerts=["A-1", "A-2"],
)
UPDATE = IncidentUpdate(
    update_id="U-1",
    incident_id="INC-1",
    update_type="note",
    title="Failover begun",
    description="",
    author="Jonas Weber",
    happened_at=0,
    logged_at=5,
    is_public=True,
)


def present(name: str, state: Alert | Incident | IncidentUpdate | Contact) -> Present:
    return Present(aggregate=name, state=state, order=ORDER)


def test_wished_numbers_are_stable_and_fit_an_automatic_field() -> None:
    # Written down: a changed number would break every link of a web tier.
    assert number_of("INC-7K3QX2M9") == 330_554_295
    numbers = {number_of(f"A-{i}") for i in range(10_000)}
    assert len(numbers) > 9_990
    assert all(0 < n < 2**31 for n in numbers)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (None, None),
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (123_456, "1234.56"),
        (9_999_999_999, "99999999.99"),
        (10**10, None),
    ],
)
def test_money_is_exact_or_not_told(cents: int | None, text: str | None) -> None:
    assert money(cents) == text


def test_moments_carry_their_zone_and_no_clock_breaks_them() -> None:
    assert moment(None) is None
    assert moment(1_770_861_902_123) == "2026-02-12T02:05:02.123000+00:00"
    assert moment(-5) == "1970-01-01T00:00:00+00:00"
    assert str(moment(2**62)).startswith("9999-12-31T23:59:59")


def test_an_incident_and_its_people() -> None:
    rows = rows_of([present("INC-1", INCIDENT)], number_of)
    row = rows[INCIDENTS][0]
    assert row["incident_commander_id"] == number_of("Klára Langová")
    assert row["communication_lead_id"] is None
    assert (len(row["title"]), row["financial_impact"]) == (200, "12345.07")
    assert row["user_impact_count"] == 2**31 - 1
    assert row["alerts"] == [number_of("A-1"), number_of("A-2")]
    names = {person["username"] for person in rows[PERSONS]}
    assert names == {"", "Jonas Weber", "Klára Langová"}
    nobody = rows_of([present("INC-1", replace(INCIDENT, commander=""))], number_of)[INCIDENTS][0]
    assert nobody["incident_commander_id"] == 0


def test_a_hidden_entry_is_marked_to_be_taken_out() -> None:
    hidden = rows_of([present("U-1", replace(UPDATE, hidden=True))], number_of)[UPDATES][0]
    assert hidden["hidden"]
    assert not rows_of([present("U-1", UPDATE)], number_of)[UPDATES][0]["hidden"]


def test_a_restricted_incident_is_there_and_says_nothing() -> None:
    words = "kept-from-others"
    names = ("title", "description", "business_impact", "root_cause", "lessons_learned")
    texts: dict[str, Any] = dict.fromkeys(names, words)
    restricted = replace(
        INCIDENT,
        restricted=True,
        communication_lead=words,
        response_team=[words],
        **texts,
    )
    found = rows_of([present("INC-1", restricted)], number_of)
    assert words not in str(found)
    row = found[INCIDENTS][0]
    assert (row["title"], row["team"], row["alerts"]) == ("Restricted incident", [], [])
    assert (row["severity"], row["incident_commander_id"]) == (
        "critical",
        number_of("Klára Langová"),
    )
    assert row.keys() == rows_of([present("INC-1", INCIDENT)], number_of)[INCIDENTS][0].keys()
    entry = replace(present("U-1", UPDATE), withheld=True)
    assert rows_of([entry], number_of)[UPDATES][0]["hidden"]


def test_contacts_are_nobodys_business() -> None:
    card = Contact(contact_id="C-1", name="Jonas Weber")
    assert rows_of([present("C-1", card)], number_of).keys() == {PERSONS}
    assert numbers_wished([present("C-1", card)]) == {}


def test_every_name_that_a_row_points_to_gets_a_number() -> None:
    wished = numbers_wished([present("INC-1", INCIDENT), present("U-1", UPDATE)])
    assert set(wished) == {"INC-1", "U-1", "A-1", "A-2", "Klára Langová", "Jonas Weber"}
    given = {name: place for place, name in enumerate(sorted(wished), start=1)}
    row = rows_of([present("INC-1", INCIDENT)], given.__getitem__)[INCIDENTS][0]
    assert (row["id"], row["alerts"]) == (given["INC-1"], [given["A-1"], given["A-2"]])


RULE = PolicyVersion(
    version_id="POL-2",
    name="high load",
    published_at=2,
    content=content_of(
        {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 0.5}},
        rule_id="RULE-1",
        since=2,
        created_at=1_770_861_902_123,
        created_by="Ann",
    ),
)


def of_rule(version: PolicyVersion, now: PolicyVersion | None) -> Present:
    return Present(aggregate=version.version_id, state=version, order=ORDER, rule=now)


def test_all_versions_of_a_rule_make_one_row() -> None:
    old = replace(RULE, version_id="POL-1", name="old", withdrawn_at=2)
    rows = rows_of([of_rule(old, RULE), of_rule(RULE, RULE)], number_of)
    (row,) = rows[RULES]
    assert (row["id"], row["name"]) == (number_of(rule_name("RULE-1")), "high load")
    assert (row["agg"], row["created_by_id"]) == (rule_name("RULE-1"), number_of("Ann"))
    assert (row["conditions"]["value"], row["escalation_policy"]) == ("0.5", {})
    assert row["created_at"] == "2026-02-12T02:05:02.123000+00:00"
    assert {person["username"] for person in rows[PERSONS]} == {"", "Ann"}
    assert set(numbers_wished([of_rule(RULE, RULE)])) == {rule_name("RULE-1"), "Ann"}


def test_a_rule_that_was_taken_away_is_marked_to_be_taken_out() -> None:
    (row,) = rows_of([of_rule(RULE, None)], number_of)[RULES]
    assert (row["hidden"], row["id"]) == (True, number_of(rule_name("RULE-1")))


def test_content_that_is_none_fits_the_columns_and_other_policies_are_nobodys_business() -> None:
    odd = {"description": 3, "conditions": [], "notification_channels": "x", "is_active": 1}
    odd |= {"created_by": None, "created_at": "x", "escalation_policy": ["x"], "severity": "s" * 99}
    strange = replace(RULE, content={**RULE.content, **odd})
    (row,) = rows_of([of_rule(strange, strange)], number_of)[RULES]
    assert (row["description"], row["conditions"], row["is_active"]) == ("", {}, False)
    assert (row["notification_channels"], row["escalation_policy"]) == ([], {})
    assert (row["created_by_id"], row["created_at"]) == (0, "1970-01-01T00:00:00+00:00")
    assert row["severity"] == "s" * 20
    other = replace(RULE, content={"kind": "schedule", "rule": "RULE-1"})
    assert rows_of([of_rule(other, None)], number_of).keys() == {PERSONS}
