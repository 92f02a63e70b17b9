"""The station: its name, who sits there, and what that person has heard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crisisdesk.domain.fold import fold, state_bytes, state_from_bytes
from crisisdesk.domain.station import Station

from tests.domain.events import JONAS, KLARA, ORIGIN, Log


def station_of(log: Log) -> Station:
    state = log.state()
    assert isinstance(state, Station)
    return state


def test_a_station_is_named_manned_and_heard() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.named", name="Post 4")
    log.add("station.operator_changed", operator=KLARA)
    heard = log.add("station.sound_heard", severity="critical")
    station = station_of(log)
    assert (station.name, station.operator) == ("Post 4", KLARA)
    assert station.operator_since == log.events[1].at_ms
    assert station.sounds_heard == {"critical": heard.at_ms}


def test_a_new_operator_has_heard_nothing_yet() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.operator_changed", operator=KLARA)
    log.add("station.sound_heard", severity="critical")
    log.add("station.operator_changed", operator=JONAS)
    assert station_of(log).sounds_heard == {}


def test_the_latest_beat_that_it_told_of_counts() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.heard", beats={"HB-1": 9, "HB-2": 5})
    log.add("station.heard", beats={"HB-1": 7, "HB-3": 1})
    assert station_of(log).hears == {"HB-1": 9, "HB-2": 5, "HB-3": 1}


def test_unknown_kinds_change_nothing() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.named", name="Post 4")
    before = station_of(log)
    log.add("station.moved", to="Brno")
    assert station_of(log) == before


NEXT = "f" * 32


def announced(log: Log, origin: str, key: str, *, by: str = "", **facts: Any) -> None:
    """Announce an incarnation, written under that origin itself unless ``by`` says another."""
    told: dict[str, Any] = {"version": "1", "duty_rank": 1, "name": "Post 4"}
    told |= {"station_id": log.aggregate} | facts
    event = log.add("station.incarnated", origin=origin, public_key=key, **told)
    log.events[-1] = replace(event, origin=by or origin)


def test_a_station_tells_under_which_origins_it_writes() -> None:
    log = Log("S-7K3QX2M9")
    announced(log, ORIGIN, "11")
    announced(log, NEXT, "22", version="2", duty_rank=None, name="Post 5")
    station = station_of(log)
    assert station.incarnations == {ORIGIN: "11", NEXT: "22"}
    assert (station.version, station.duty_rank, station.name) == ("2", None, "Post 5")
    assert state_from_bytes("station", state_bytes(station)) == station
    assert state_bytes(station) == state_bytes(fold(reversed(log.events)))  # type: ignore[arg-type]


def test_the_first_key_of_an_origin_stays_and_facts_change() -> None:
    log = Log("S-7K3QX2M9")
    announced(log, ORIGIN, "11")
    announced(log, ORIGIN, "22", version="2")
    station = station_of(log)
    assert (station.incarnations, station.version) == ({ORIGIN: "11"}, "2")


def test_what_others_say_of_an_origin_counts_for_nothing() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.named", name="Post 4")
    before = station_of(log)
    announced(log, ORIGIN, "66", by=NEXT)
    announced(log, NEXT, "66", station_id="S-OTHER")
    assert station_of(log) == before


def test_an_old_key_serves_no_later_incarnation() -> None:
    log = Log("S-7K3QX2M9")
    announced(log, ORIGIN, "11")
    announced(log, NEXT, "11", name="Forged")
    station = station_of(log)
    assert (station.incarnations, station.name) == ({ORIGIN: "11"}, "Post 4")


def test_a_station_tells_how_its_links_are_recognised_and_the_newest_word_counts() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.reachable", certificate="old", addresses=["a:1"])
    log.add("station.reachable", certificate="new", addresses=["a:2", "b:2"])
    state = station_of(log)
    assert state.reachable == {ORIGIN: {"certificate": "new", "addresses": ["a:2", "b:2"]}}
    assert state_from_bytes("station", state_bytes(state)) == state


def test_each_origin_tells_for_itself_how_it_is_reached() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.reachable", certificate="mine", addresses=[])
    event = log.add("station.reachable", certificate="theirs", addresses=["evil:1"])
    log.events[-1] = replace(event, origin=NEXT)
    assert station_of(log).reachable[ORIGIN]["certificate"] == "mine"


def test_a_word_on_links_that_is_none_is_passed_over() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.named", name="Post 4")
    log.add("station.reachable", certificate=4, addresses=[])
    log.add("station.reachable", certificate="c", addresses=[4])
    log.add("station.reachable", certificate="c", addresses="a:1")
    assert station_of(log).reachable == {}
