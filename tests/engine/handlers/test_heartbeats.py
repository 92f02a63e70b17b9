"""Declaring, pausing and removing heartbeats; what a station writes down of them."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.heartbeat import SOURCE, Heartbeat, hash_of, heartbeats
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine.heartbeat_commands import (
    Declared,
    DeclareHeartbeat,
    ListHeartbeats,
    NoteBeats,
    PauseHeartbeat,
    RemoveHeartbeat,
)
from crisisdesk.engine.heartbeat_signals import back, cry

from tests.store.workload import Station

MINUTE = 60_000


def declare(station: Station, name: str = "backup", **fields: Any) -> str:
    given: dict[str, Any] = {"every_ms": 5 * MINUTE, "token_hash": hash_of(name)} | fields
    made = station.do(DeclareHeartbeat(name=name, **given))[0]
    if isinstance(made, DomainError):
        raise made
    return str(made)


def known(station: Station) -> list[Heartbeat]:
    return heartbeats(station.bench.at_hand.policies())


def told(station: Station) -> Declared:
    found: Declared = station.do(ListHeartbeats())[0]
    return found


def alert(station: Station, heartbeat_id: str) -> Alert | None:
    found = station.bench.get(alert_id_of(SOURCE, heartbeat_id))
    return found if isinstance(found, Alert) else None


def test_a_change_keeps_id_and_address_and_leaves_one_version_standing(station: Station) -> None:
    key = declare(station)
    again = declare(station, "nightly", heartbeat_id=key, every_ms=60 * MINUTE, token_hash="")
    assert again == key
    (one,) = known(station)
    assert (one.name, one.every_ms, one.token_hash) == ("nightly", 60 * MINUTE, hash_of("backup"))
    assert len(station.bench.at_hand.policies()) == 1


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"name": " "}, Malformed, "name"),
        ({"every_ms": 1_000}, Malformed, "every_s"),
        ({"grace_ms": 1_000}, Malformed, "grace_s"),
        ({"severity": "bad"}, Malformed, "severity"),
        ({"token_hash": ""}, Malformed, "token_hash"),
        ({"heartbeat_id": "HB-NONE"}, NotFound, "heartbeat_id"),
        ({"name": "taken"}, Conflict, "name"),
    ],
)
def test_what_cannot_be_declared_is_refused_and_changes_nothing(
    station: Station, fields: dict[str, Any], error: type[DomainError], field: str
) -> None:
    declare(station, "taken")
    head = station.journal.head().seq
    with pytest.raises(error) as refused:
        declare(station, **fields)
    assert refused.value.field == field
    assert station.journal.head().seq == head


def test_the_same_pause_twice_writes_once(station: Station) -> None:
    key = declare(station)
    station.do(PauseHeartbeat(heartbeat_id=key, paused=True))
    head = station.journal.head().seq
    station.do(PauseHeartbeat(heartbeat_id=key, paused=True))
    assert station.journal.head().seq == head
    assert known(station)[0].paused
    station.do(PauseHeartbeat(heartbeat_id=key, paused=False))
    assert not known(station)[0].paused


def test_pausing_and_removing_end_the_alert(station: Station) -> None:
    for number, end in enumerate((PauseHeartbeat, RemoveHeartbeat)):
        key = declare(station, f"job {number}")
        one = next(k for k in known(station) if k.heartbeat_id == key)
        station.do(NoteBeats(signals=[cry(one, "gone", "")]))
        assert set(told(station).told) == {key}
        more = {"paused": True} if end is PauseHeartbeat else {}
        station.do(end(heartbeat_id=key, **more))
        found = alert(station, key)
        assert found is not None
        assert not found.is_open
        assert told(station).told == {}


def test_a_removed_one_stays_removed_whatever_came_before(station: Station) -> None:
    key = declare(station)
    for paused in (True, False, True):
        station.do(PauseHeartbeat(heartbeat_id=key, paused=paused))
    station.do(RemoveHeartbeat(heartbeat_id=key))
    assert known(station) == []
    assert isinstance(station.do(RemoveHeartbeat(heartbeat_id=key))[0], NotFound)


def test_many_beats_are_one_event_and_unknown_ones_none(station: Station) -> None:
    keys = [declare(station, f"job {n}") for n in range(50)]
    head = station.journal.head().seq
    station.do(NoteBeats(beats={key: 1_000 + n for n, key in enumerate(keys)} | {"HB-X": 5}))
    assert station.journal.head().seq == head + 1
    assert told(station).hears[station.bench.station_id] == {
        key: 1_000 + n for n, key in enumerate(keys)
    }
    station.do(NoteBeats(beats={keys[0]: 7}))
    # A beat that is told late does not make the heartbeat older.
    assert told(station).hears[station.bench.station_id][keys[0]] == 1_000


def test_a_cry_counts_once_and_of_a_paused_or_removed_one_never(station: Station) -> None:
    key = declare(station)
    (one,) = known(station)
    station.do(NoteBeats(signals=[cry(one, "gone", "")]))
    head = station.journal.head().seq
    station.do(NoteBeats(signals=[cry(one, "gone", "")]))
    assert station.journal.head().seq == head
    station.do(NoteBeats(signals=[cry(one, "failed", "why")], again=True))
    assert station.journal.head().seq == head + 1
    station.do(NoteBeats(signals=[back(one)]))
    station.do(PauseHeartbeat(heartbeat_id=key, paused=True))
    head = station.journal.head().seq
    station.do(NoteBeats(signals=[cry(one, "gone", ""), back(one)]))
    assert station.journal.head().seq == head
