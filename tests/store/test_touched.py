"""What was touched behind a vector, in pieces, is all of it and in its present state."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.event import unseal
from crisisdesk.domain.fold import state_bytes
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.publisher import Present
from crisisdesk.engine.incident_commands import RestrictIncident
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.rule_commands import DeclareRule, RemoveRule
from crisisdesk.store.projections import table_of
from crisisdesk.store.touched import TouchedStates

from tests.store.workload import Station


@pytest.fixture
def states(station: Station) -> Iterator[TouchedStates]:
    made = TouchedStates(station.path)
    yield made
    made.close()


def logged(station: Station) -> dict[str, tuple[int, str, int]]:
    """Aggregate -> order of its newest event, from the log itself."""
    newest: dict[str, tuple[int, str, int]] = {}
    with closing(sqlite3.connect(station.path)) as raw:
        for envelope, body in raw.execute("SELECT raw, body FROM event"):
            event = unseal(envelope, body)
            newest[event.agg] = max(event.order, newest.get(event.agg, (0, "", 0)))
    return newest


def shown(name: str) -> bool:
    place = table_of(name)
    return place is not None and place[0] not in ("contact", "station")


@pytest.mark.parametrize("events", [1, 3, 50, 10_000])
def test_pieces_of_any_size_touch_everything_that_has_a_state(
    station: Station, states: TouchedStates, events: int
) -> None:
    station.add_contact()
    station.work_at_random(12)
    origin = station.opened.origin
    most = {origin: station.journal.head().seq}
    behind: dict[str, int] = {}
    found: dict[str, Present] = {}
    while (piece := states.touched(behind, most, events)) is not None:
        assert piece.upto[origin] <= behind.get(origin, 0) + events
        behind |= piece.upto
        found |= {p.aggregate: p for p in piece.present}
    assert behind == most
    newest = logged(station)
    kept = station.journal.load(newest)
    assert set(found) == {name for name in kept if shown(name)}
    for name, present in found.items():
        assert present.order == newest[name]
        assert state_bytes(present.state) == state_bytes(kept[name])


def test_the_walk_over_all_finds_the_same_in_any_pieces(
    station: Station, states: TouchedStates
) -> None:
    station.add_contact()
    station.work_at_random(10)
    everything = states.after("", 10_000)
    assert [p.aggregate for p in everything] == sorted(
        name for name in station.journal.load(logged(station)) if shown(name)
    )
    walked: list[Present] = []
    last = ""
    while piece := states.after(last, random.Random(len(walked)).randint(1, 9)):
        walked += piece
        last = piece[-1].aggregate
    assert walked == everything


def test_events_beyond_the_given_most_are_left_alone(
    station: Station, states: TouchedStates
) -> None:
    station.fire(3)
    head = station.journal.head()
    station.fire(3, first=10)
    piece = states.touched({}, {head.origin: head.seq}, 10_000)
    assert piece is not None
    assert piece.upto == {head.origin: head.seq}
    assert len([p for p in piece.present if isinstance(p.state, Alert)]) == 3
    assert states.touched({head.origin: head.seq}, {head.origin: head.seq}, 10) is None
    assert states.touched({}, {"f" * 32: 9}, 10) is None


def test_an_alerts_pages_come_with_it_and_name_its_incident(
    station: Station, states: TouchedStates
) -> None:
    station.add_contact()
    alert = station.fire(1, first=4)[0]
    origin = station.opened.origin
    before = station.journal.head().seq
    incident = station.do(c.EscalateAlert(alert_id=alert, commander="Jonas Weber"))[0]
    piece = states.touched({origin: before}, {origin: station.journal.head().seq}, 100)
    assert piece is not None
    pages = [p for p in piece.present if isinstance(p.state, Delivery)]
    assert [p.incident_id for p in pages] == [incident]


def test_each_version_of_a_rule_tells_what_stands_and_the_newest_of_its_events(
    station: Station, states: TouchedStates
) -> None:
    written = {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 1}}
    origin = station.opened.origin
    rule_id, other = (
        station.do(DeclareRule(name=name, written=written))[0] for name in ("high", "other")
    )
    for severity in ("low", "critical"):
        station.do(DeclareRule(rule_id=rule_id, written={"severity": severity}))

    def told(behind: int = 0) -> dict[str, list[Present]]:
        piece = states.touched({origin: behind}, {origin: station.journal.head().seq}, 100)
        assert piece is not None
        found: dict[str, list[Present]] = {}
        for one in piece.present:
            assert isinstance(one.state, PolicyVersion)
            found.setdefault(one.state.content["rule"], []).append(one)
        return found

    found = told()
    assert (len(found[rule_id]), len(found[other])) == (3, 1)
    newest = max(logged(station)[one.aggregate] for one in found[rule_id])
    for one in found[rule_id]:
        assert one.rule is not None
        assert (one.rule.content["severity"], one.order) == ("critical", newest)
    before = station.journal.head().seq
    station.do(RemoveRule(rule_id=rule_id))
    (gone,) = told(before).values()
    assert [one.rule for one in gone] == [None]
    assert gone[0].order > newest
    assert {p.aggregate: p.rule for p in states.after("", 100)} == {
        **dict.fromkeys((one.aggregate for one in found[rule_id]), None),
        found[other][0].aggregate: found[other][0].state,
    }


def test_methods_tell_when_their_card_was_last_changed(
    station: Station, states: TouchedStates
) -> None:
    assert states.methods() == {}
    before = states.contacts_mark()
    contact = station.add_contact(method="m1")
    first = states.methods()
    assert set(first) == {"m1"}
    assert states.contacts_mark() > before
    card = {"method_id": "m2", "channel": "mailto", "label": "", "masked": ""}
    station.do(c.SaveContact(contact_id=contact, name="J", methods=[card]))
    assert set(states.methods()) == {"m2"}
    assert states.methods()["m2"] > first["m1"]
    station.do(c.RemoveContact(contact_id=contact))
    assert states.methods() == {}


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="cannot be read"):
        TouchedStates(tmp_path / "none.db").begins()


def test_entries_of_a_restricted_incident_follow_each_change_of_that(
    station: Station, states: TouchedStates
) -> None:
    [incident_id] = station.do(c.OpenIncident(title="Whistle", severity="major"))
    [update_id] = station.do(c.PostUpdate(incident_id=incident_id, title="Seen"))
    origin = station.opened.origin

    def told(behind: int) -> dict[str, bool]:
        most = {origin: station.journal.head().seq}
        piece = states.touched({origin: behind}, most, 100)
        assert piece is not None
        return {one.aggregate: one.withheld for one in piece.present}

    assert told(0) == {incident_id: False, update_id: False}
    for restricted in (True, False):
        before = station.journal.head().seq
        station.do(RestrictIncident(incident_id=incident_id, restricted=restricted))
        assert told(before) == {incident_id: False, update_id: restricted}
