"""Contacts and the station: cards are written whole, bad ones refused with their field."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.station import Station as StationState
from crisisdesk.engine import commands as c

from tests.store.workload import Station

MAIL = {"method_id": "m1", "channel": "email", "label": "Work", "masked": "p***@example.invalid"}


def test_a_card_is_saved_changed_and_removed(station: Station) -> None:
    contact_id = station.do(c.SaveContact(name="Priya Nair", methods=[MAIL]))[0]
    station.do(c.SaveContact(contact_id=contact_id, name="Priya Nair", role="Database"))
    saved = station.bench.get(contact_id)
    assert isinstance(saved, Contact)
    assert (saved.role, saved.methods) == ("Database", [])
    station.do(c.RemoveContact(contact_id=contact_id))
    station.do(c.RemoveContact(contact_id=contact_id))
    assert station.bench.contacts() == []
    assert station.journal.contacts() == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"methods": [{**MAIL, "min_severity": "bad"}]}, "methods[0].min_severity"),
        ({"methods": [MAIL, {**MAIL, "method_id": ""}]}, "methods[1].method_id"),
        ({"methods": [MAIL] * 21}, "methods"),
    ],
)
def test_a_bad_card_names_the_field(station: Station, given: dict[str, Any], field: str) -> None:
    refused = station.do(c.SaveContact(**({"name": "Priya"} | given)))[0]
    assert isinstance(refused, Malformed)
    assert refused.field == field
    assert station.bench.contacts() == []


def test_a_card_that_does_not_exist_cannot_be_changed(station: Station) -> None:
    assert isinstance(station.do(c.SaveContact(contact_id="C-X", name="P"))[0], NotFound)


def test_the_station_knows_its_name_operator_and_sounds(station: Station) -> None:
    station.do(
        c.NameStation(name="BRNO-1"),
        c.ChangeOperator(operator="Klára Langová"),
        c.ConfirmSound(severity="critical"),
    )
    state = station.bench.get(station.bench.station_id)
    assert isinstance(state, StationState)
    assert (state.name, state.operator, list(state.sounds_heard)) == (
        "BRNO-1",
        "Klára Langová",
        ["critical"],
    )
    station.do(c.ChangeOperator(operator="Tom Weber"))
    changed = station.bench.get(station.bench.station_id)
    assert isinstance(changed, StationState)
    assert changed.sounds_heard == {}


def test_wrong_names_are_refused(station: Station) -> None:
    for order in (
        c.NameStation(name="x" * 51),
        c.ChangeOperator(operator=" "),
        c.ConfirmSound(severity="loud"),
    ):
        assert isinstance(station.do(order)[0], Malformed)


def announce(station: Station, **changes: Any) -> c.AnnounceStation:
    facts: dict[str, Any] = {"public_key": "11" * 32, "version": "1", "name": "Post 4"}
    facts |= {"origin": station.bench.origin, "duty_rank": 1} | changes
    return c.AnnounceStation(**facts)


def test_a_station_announces_itself_once_and_again_when_a_fact_changes(station: Station) -> None:
    def events() -> int:
        return station.journal.head().seq

    assert station.do(announce(station), announce(station)) == [True, True]
    assert events() == 1
    assert station.do(announce(station, version="2")) == [True]
    assert events() == 2
    state = station.bench.get(station.bench.station_id)
    assert isinstance(state, StationState)
    assert (state.version, state.duty_rank, state.name) == ("2", 1, "Post 4")


def test_what_people_called_a_station_stands_when_it_starts_again(station: Station) -> None:
    station.do(announce(station), c.NameStation(name="BRNO-1"))
    before = station.journal.head().seq
    assert station.do(announce(station)) == [True]
    assert station.journal.head().seq == before, "nothing is news"
    station.do(announce(station, version="2"))
    state = station.bench.get(station.bench.station_id)
    assert isinstance(state, StationState)
    assert (state.name, state.version) == ("BRNO-1", "2")


def test_a_station_cannot_take_another_key_for_the_same_origin(station: Station) -> None:
    station.do(announce(station))
    assert station.do(announce(station, public_key="22" * 32)) == [False]
    state = station.bench.get(station.bench.station_id)
    assert isinstance(state, StationState)
    assert state.incarnations == {station.bench.origin: "11" * 32}


def test_nobody_announces_an_origin_that_was_left(station: Station) -> None:
    assert station.do(announce(station, origin="f" * 32)) == [False]
    assert station.journal.head().seq == 0


def test_how_a_station_is_reached_is_told_once_and_again_when_it_changes(station: Station) -> None:
    def told() -> int:
        return station.journal.head().seq

    first = c.TellReachable(certificate="c", addresses=("a:1",))
    station.do(first, first)
    assert told() == 1
    station.do(c.TellReachable(certificate="c", addresses=("a:2",)))
    assert told() == 2
    state = station.bench.get(station.bench.station_id)
    assert isinstance(state, StationState)
    assert state.reachable == {station.bench.origin: {"certificate": "c", "addresses": ["a:2"]}}
