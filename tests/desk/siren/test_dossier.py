"""The dossier on a real file: who is called first, what was tried, and which calls were in vain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.desk.siren.dossier import CALLED_AT_MOST, Dossier, call_order, read_dossier
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.planning import TakenStep
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.reached import LIMIT_MS, call_note
from crisisdesk.engine import commands as c
from crisisdesk.engine.paging_commands import ClaimDeliveries
from crisisdesk.engine.ports import Outcome
from crisisdesk.store.queries import StationReader

from tests.desk.siren.rows import a_delivery
from tests.store.workload import START, Station, signal

OPERATOR = "Klára Langová"


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def reader(station: Station) -> Iterator[StationReader]:
    made = StationReader(station.path)
    yield made
    made.close()


def dossier_of(station: Station, reader: StationReader) -> Dossier:
    """Of the worst unreached alert once its time is over."""
    now_ms = station.now_ms + LIMIT_MS
    found = read_dossier(reader, reader.unreached(now_ms).unreached[0], OPERATOR, now_ms)
    assert found is not None
    return found


def test_it_tells_what_was_tried_with_whom(station: Station, reader: StationReader) -> None:
    priya = station.add_contact("Priya Nair")
    mine = station.do(c.SaveContact(name=OPERATOR, methods=[]))[0]
    numbers = {"emergency": {"phones": ["+34 555 010 377"]}}
    mateo = station.do(c.SaveContact(name="Mateo Ruiz", methods=[], more=numbers))[0]
    [alert_id] = station.do(c.TakeIn(signals=[signal(3, title="Down", service="db")]))[0]
    before = dossier_of(station, reader)
    assert "not out yet" in before.tried
    [(claimed, _alert)] = station.do(ClaimDeliveries())[0]
    outcome = Outcome(ok=True, words="250 OK")
    station.do(
        c.SettleDelivery(delivery_id=claimed.delivery_id, attempt=1, outcome=outcome),
        c.NoteAlert(alert_id=alert_id, text=call_note("Mateo Ruiz", "no answer")),
        c.NoteAlert(alert_id=alert_id, text="Rang the data centre"),
    )
    found = dossier_of(station, reader)
    assert found.name == "db: Down"
    assert found.since_ms == before.since_ms
    assert found.tried.startswith("1 message sent since 02:05:02 UTC, none delivered.")
    assert [one.contact_id for one in found.people] == [priya, mateo, mine]
    told, called, you = found.people
    assert told.tried == ("Work 02:05:02, no receipt",)
    assert called.phones == ("+34 555 010 377",)
    assert called.tried == ("not asked yet", "called 02:05:02: no answer")
    assert called.in_vain
    assert you.is_you
    assert [(way.word, way.told) for way in found.ways] == [("Work", "no receipt since 02:05:02")]


def test_a_new_life_begins_with_nothing_tried(station: Station, reader: StationReader) -> None:
    station.add_contact("Priya Nair")
    [alert_id] = station.do(c.TakeIn(signals=[signal(3)]))[0]
    station.do(c.NoteAlert(alert_id=alert_id, text=call_note("Priya Nair", "no answer")))
    station.do(c.ResolveAlert(alert_id=alert_id, reason="over"))
    station.do(c.RemoveContact(contact_id=station.do(c.SaveContact(name="X", methods=[]))[0]))
    station.now_ms += 60_000
    station.do(c.ReopenAlert(alert_id=alert_id))
    found = dossier_of(station, reader)
    assert not any(one.in_vain for one in found.people)
    assert found.since_ms == station.now_ms + LIMIT_MS
    assert [one.name for one in found.people] == ["Priya Nair"]


def test_a_long_list_ends_and_says_how_many_are_left(
    station: Station, reader: StationReader
) -> None:
    extra = 3
    for number in range(CALLED_AT_MOST + extra):
        station.do(c.SaveContact(name=f"Person {number:03}", methods=[]))
    station.do(c.TakeIn(signals=[signal(3)]))
    found = dossier_of(station, reader)
    assert len(found.people) == CALLED_AT_MOST
    assert found.more == extra


def test_an_alert_that_somebody_took_meanwhile_has_none(
    station: Station, reader: StationReader
) -> None:
    station.do(c.TakeIn(signals=[signal(3)]))
    now_ms = station.now_ms + LIMIT_MS
    [waiting] = reader.unreached(now_ms).unreached
    gone = Station(station.path.parent.parent / "other")
    try:
        other = StationReader(gone.path)
        assert read_dossier(other, waiting, OPERATOR, now_ms) is None
        other.close()
    finally:
        gone.close()


def contact(name: str, **given: Any) -> Contact:
    return Contact(contact_id=f"C-{name}", name=name, **given)


def test_who_was_paged_comes_first_then_who_is_next_then_who_can_be_called() -> None:
    phone = {"phones": ["+1"]}
    people = [
        contact("Zoe", emergency=phone),
        contact("Ann"),
        contact("Off", enabled=False, emergency=phone),
        contact("Next"),
        contact("Second"),
        contact("First"),
        contact("Told"),
    ]
    contacts = {one.contact_id: one for one in people}
    state = Escalation(
        escalation_id="ESC-1",
        alert_id="A-1",
        epoch="e1",
        life=1,
        started_at=START,
        history=[
            {"number": 1, "contacts": ["C-First", "C-Gone"]},
            {"number": 2, "contacts": ["C-Second", "C-First"]},
        ],
    )
    upcoming = TakenStep(
        number=3, step=3, round=1, at=START, due=START, contacts=("C-Next", "C-First")
    )
    told = [a_delivery("sent", contact_id="C-Told")]
    order = call_order(contacts, state, told, upcoming)
    names = [contacts[name].name for name in order]
    assert names == ["First", "Second", "Told", "Next", "Zoe", "Ann", "Off"]
    assert call_order(contacts, None, [], None)[0] == "C-Zoe"
