"""The station: its name, who sits there, and what that person has heard."""

from __future__ import annotations

from crisisdesk.domain.station import Station

from tests.domain.events import JONAS, KLARA, Log


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


def test_unknown_kinds_change_nothing() -> None:
    log = Log("S-7K3QX2M9")
    log.add("station.named", name="Post 4")
    before = station_of(log)
    log.add("station.moved", to="Brno")
    assert station_of(log) == before
