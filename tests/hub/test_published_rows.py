"""A state's row holds what the columns can hold, whatever the state says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine.exchange.publisher import Present
from crisisdesk.hub.published_rows import (
    INCIDENTS,
    PERSONS,
    UPDATES,
    numbers_wished,
    rows_of,
)
from crisisdesk.hub.published_values import number_of

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
