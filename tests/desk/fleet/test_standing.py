"""What the engine told, and which dots that fills."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.api.fleet import fleet_out
from crisisdesk.desk.fleet.standing import Hub, Safe, Standing, read_fleet
from crisisdesk.engine.door import Health
from crisisdesk.engine.fleet import (
    Durability,
    DutyStatus,
    FleetStatus,
    HubStatus,
    StationStatus,
)

from tests.desk.fleet.fleets import NOW, OTHER, OWN, SAFE, standing

HEALTH = Health(
    station="BRNO-1",
    version="1",
    origin=OWN,
    started_ms=0,
    last_pos=1,
    queued_commands=0,
    deliveries_waiting=0,
    last_backup_ms=None,
    problems=("the backup is late",),
)


def test_what_the_door_tells_is_read_whole() -> None:
    status = FleetStatus(
        hub=HubStatus(state="up", where="hub", since_ms=NOW - 5, to_pull=3, offset_ms=-7),
        duty=DutyStatus(kind="follows", holder="S-2", since_ms=NOW - 9, words="so"),
        stations=(
            StationStatus(
                station_id="S-2",
                origin=OTHER,
                name="BRNO-2",
                version="1",
                is_self=False,
                seen_ms=0,
                behind=2,
            ),
        ),
        durability=Durability(disk=3, hub=2, other=1),
        held_back=("one",),
        quarantined=4,
    )
    fleet = read_fleet(fleet_out(NOW, status, HEALTH).model_dump())
    assert (fleet.at_ms, fleet.origin, fleet.problems) == (NOW, OWN, HEALTH.problems)
    assert (fleet.hub.since_ms, fleet.hub.to_pull, fleet.hub.offset_ms) == (NOW - 5, 3, -7)
    assert (fleet.duty.name, fleet.duty.since_ms, fleet.duty.words) == ("S-2", NOW - 9, "so")
    [other] = fleet.stations
    assert (other.name, other.seen_ms, other.behind, other.duty_rank) == ("BRNO-2", 0, 2, None)
    assert (fleet.safe, fleet.held_back, fleet.quarantined) == (
        Safe(disk=3, hub=2, other=1),
        ("one",),
        4,
    )


def test_dots_are_filled_for_what_is_told_and_not_for_what_is_newer() -> None:
    assert standing().dots() == (True, True, True)
    assert standing(safe=Safe(disk=5, hub=5, other=4)).dots() == (True, True, False)
    newer = replace(standing(), seqs={OWN: SAFE.disk + 1, OTHER: 9_999})
    assert newer.dots() == (True, False, False)
    assert newer.only_here() == 1
    assert standing(safe=Safe(disk=9, hub=4, other=6)).only_here() == 3
    assert standing(safe=Safe()).dots() == (False, False, False)
    assert Standing().dots() == (False, False, False)


def test_a_span_is_counted_on_the_engines_clock_and_stands_still_when_stale() -> None:
    ahead = replace(standing(), heard_ms=NOW - 3_600_000)
    assert ahead.since(NOW - 4_000, NOW - 3_600_000 + 2_000) == 6
    assert replace(ahead, stale=True).since(NOW - 4_000, NOW) == 4
    assert standing().since(0, NOW) == 0
    assert standing().since(NOW + 60_000, NOW) == 0


def test_what_was_written_since_the_last_try_waits_as_well() -> None:
    away = standing(hub=Hub(state="away", to_push=1))
    assert away.fleet is not None
    written = replace(away, seqs={OWN: away.fleet.safe.hub + 6})
    assert written.waiting() == 6
    others = replace(away, seqs={OWN: away.fleet.safe.hub})
    assert others.waiting() == max(1, away.own_seq() - away.fleet.safe.hub)
    assert Standing().waiting() == 0
