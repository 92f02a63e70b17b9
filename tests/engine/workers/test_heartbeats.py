"""Heartbeats over time: what is missed, by whom, and what nobody could hear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.heartbeat import State
from crisisdesk.engine.commands import ResolveAlert
from crisisdesk.engine.fleet import FleetStatus, HubStatus, StationStatus
from crisisdesk.engine.heartbeat_commands import PauseHeartbeat, RemoveHeartbeat
from crisisdesk.engine.heartbeat_signals import STATION_KEY
from crisisdesk.engine.ports import StoreFailed

from tests.engine.workers.hearing import HOUR, MINUTE, Ward
from tests.reliability.tiers import scaled

pytestmark = pytest.mark.anyio


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path / "a")
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path / "b", seed=2)
    yield made
    made.close()


def state(ward: Ward, heartbeat_id: str) -> State:
    return next(h.state for h in ward.judge.standing() if h.one.heartbeat_id == heartbeat_id)


async def test_one_that_stops_is_missed_and_ends_its_alert_when_it_is_back(ward: Ward) -> None:
    key, token = await ward.declare("backup", 5 * MINUTE)
    await ward.wait(HOUR)
    assert state(ward, key) is State.NEW
    assert await ward.judge.hear(token)
    await ward.wait(5 * MINUTE)
    assert state(ward, key) is State.WELL
    await ward.wait(50_000)
    assert state(ward, key) is State.LATE
    assert not ward.is_crying(key)
    await ward.wait(20_000)
    assert ward.is_crying(key)
    assert state(ward, key) is State.MISSING
    alert = ward.alert(key)
    assert alert is not None
    assert (alert.severity, alert.title) == ("critical", "Heartbeat backup is missing")
    assert "5 min" in alert.description
    await ward.wait(HOUR)
    assert ward.kinds().count("alert.fired") == 1
    assert await ward.judge.hear(token)
    assert not ward.is_crying(key)
    assert state(ward, key) is State.WELL


async def test_a_failure_cries_at_once_with_its_words_and_not_each_time(ward: Ward) -> None:
    key, token = await ward.declare("backup", 5 * MINUTE, severity="high")
    assert await ward.judge.hear(token, "fail", "disk\nfull")
    alert = ward.alert(key)
    assert alert is not None
    assert (alert.title, alert.severity) == ("Heartbeat backup reports a failure", "high")
    assert alert.description.endswith("disk full")
    for _ in range(20):
        await ward.judge.hear(token, "fail", "again")
    assert ward.kinds().count("alert.repeated") == 0
    await ward.wait(2 * MINUTE)
    assert ward.is_crying(key)
    await ward.judge.hear(token, "fail", "again")
    assert ward.kinds().count("alert.repeated") == 1
    await ward.judge.hear(token)
    assert not ward.is_crying(key)


async def test_a_job_that_began_and_never_ends_is_missed_after_its_grace(ward: Ward) -> None:
    key, token = await ward.declare("backup", 24 * HOUR, grace_ms=30 * MINUTE)
    await ward.judge.hear(token, "start")
    await ward.wait(29 * MINUTE, 5_000)
    assert not ward.is_crying(key)
    await ward.wait(2 * MINUTE, 5_000)
    assert ward.is_crying(key)


async def test_nobody_has_an_address_that_was_not_given_out(ward: Ward) -> None:
    key, token = await ward.declare("backup", MINUTE)
    assert not await ward.judge.hear("y" * 43)
    assert not await ward.judge.hear("")
    assert await ward.judge.hear(token)
    await ward.submit(RemoveHeartbeat(heartbeat_id=key), "Ann")
    await ward.judge.look()
    assert not await ward.judge.hear(token)


async def test_a_paused_one_is_not_missed_and_resumed_has_a_whole_period(ward: Ward) -> None:
    key, token = await ward.declare("backup", 5 * MINUTE)
    await ward.judge.hear(token)
    await ward.wait(7 * MINUTE)
    assert ward.is_crying(key)
    await ward.submit(PauseHeartbeat(heartbeat_id=key, paused=True), "Ann")
    assert not ward.is_crying(key)
    await ward.wait(HOUR)
    assert not ward.is_crying(key)
    await ward.submit(PauseHeartbeat(heartbeat_id=key, paused=False), "Ann")
    await ward.wait(5 * MINUTE)
    assert not ward.is_crying(key)
    await ward.wait(2 * MINUTE)
    assert ward.is_crying(key)


async def test_an_alert_that_somebody_ended_comes_back_while_it_is_missing(ward: Ward) -> None:
    key, token = await ward.declare("backup", MINUTE)
    await ward.judge.hear(token)
    await ward.wait(3 * MINUTE)
    alert = ward.alert(key)
    assert alert is not None
    await ward.submit(ResolveAlert(alert_id=alert.alert_id, reason="known"), "Ann")
    await ward.wait(10 * MINUTE)
    assert not ward.is_crying(key)
    await ward.wait(6 * MINUTE)
    assert ward.is_crying(key)


# -- what could not be heard -----------------------------------------------------------------------


async def test_a_restart_misses_nothing_before_a_whole_period_has_passed(ward: Ward) -> None:
    key, token = await ward.declare("backup", 5 * MINUTE)
    await ward.judge.hear(token)
    await ward.wait(5_000)
    ward.restart(away_ms=2 * HOUR)
    await ward.wait(5 * MINUTE)
    assert state(ward, key) is State.UNSURE
    await ward.wait(50_000)
    assert not ward.is_crying(key)
    await ward.wait(20_000)
    assert ward.is_crying(key)


async def test_a_restart_ends_the_alert_of_one_that_is_back(ward: Ward) -> None:
    key, token = await ward.declare("backup", MINUTE)
    await ward.judge.hear(token)
    await ward.wait(3 * MINUTE)
    assert ward.is_crying(key)
    ward.restart(away_ms=10_000)
    await ward.wait(MINUTE)
    assert ward.is_crying(key)
    await ward.judge.hear(token)
    assert not ward.is_crying(key)


async def test_a_station_that_slept_cries_of_nothing_it_could_not_hear(ward: Ward) -> None:
    keys = [await ward.declare(f"job {n}", MINUTE) for n in range(20)]
    for _key, token in keys:
        await ward.judge.hear(token)
    await ward.wait(30_000)
    ward.station.now_ms += 8 * HOUR
    await ward.wait(90_000)
    assert not any(ward.is_crying(key) for key, _ in keys)
    for _key, token in keys[:10]:
        await ward.judge.hear(token)
    await ward.wait(MINUTE)
    assert [ward.is_crying(key) for key, _ in keys] == [False] * 10 + [True] * 10


async def test_a_clock_that_leaps_makes_nobody_missing(ward: Ward) -> None:
    key, token = await ward.declare("backup", MINUTE)
    await ward.judge.hear(token)
    await ward.judge.look()
    for leap in (HOUR, -HOUR // 2):
        ward.station.now_ms += leap
        await ward.wait(MINUTE)
        assert not ward.is_crying(key)
        await ward.judge.hear(token)
    await ward.wait(3 * MINUTE)
    assert ward.is_crying(key)


async def test_a_daily_one_is_missed_in_time_although_the_engine_restarts_each_day(
    ward: Ward,
) -> None:
    key, token = await ward.declare("backup", 24 * HOUR, grace_ms=HOUR)
    await ward.judge.hear(token)
    await ward.wait(2 * HOUR, 9_000)
    ward.restart(away_ms=5_000)
    await ward.wait(22 * HOUR, 9_000)
    assert not ward.is_crying(key)
    await ward.wait(HOUR + MINUTE, 9_000)
    assert ward.is_crying(key)


async def test_a_file_that_takes_nothing_is_told_and_the_alert_comes_afterwards(
    ward: Ward, expect_log: Callable[..., None]
) -> None:
    expect_log("heartbeats could not be judged: disk is full", "ERROR")
    key, token = await ward.declare("backup", MINUTE)
    await ward.judge.hear(token)
    await ward.wait(115_000)
    ward.refusing = StoreFailed("disk is full")
    ward.station.now_ms += 9_000
    with pytest.raises(StoreFailed):
        await ward.judge.look()
    worker = asyncio.get_running_loop().create_task(ward.judge.run())
    await asyncio.sleep(0)
    assert "disk is full" in ward.judge.problem
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    ward.refusing = None
    await ward.wait(2_000)
    assert ward.is_crying(key)


# -- several stations ------------------------------------------------------------------------------


async def both(ward: Ward, other: Ward, ms: int) -> None:
    """Time passes on two stations that tell each other everything each second."""
    for _ in range(ms // 1_000):
        for one in (ward, other):
            one.station.now_ms += 1_000
        later = max(ward.station.now_ms, other.station.now_ms)
        ward.station.now_ms = other.station.now_ms = later
        introduce(ward, other)
        for one in (ward, other):
            await one.judge.look()
        await ward.tell(other)
        await other.tell(ward)


def fleet_of(mine: Ward, other: Ward, seen_ms: int, hub: HubStatus | None = None) -> FleetStatus:
    def one(ward: Ward, seen: int, *, is_self: bool) -> StationStatus:
        return StationStatus(
            station_id=ward.station.bench.station_id,
            origin=ward.origin,
            name="Prague" if is_self else "Brno",
            version="1",
            is_self=is_self,
            seen_ms=seen,
            behind=0,
        )

    stations = (one(mine, mine.station.now_ms, is_self=True), one(other, seen_ms, is_self=False))
    return FleetStatus(hub=hub or HubStatus(state="up"), stations=stations)


def introduce(ward: Ward, other: Ward) -> None:
    now = ward.station.now_ms
    ward.fleet, other.fleet = fleet_of(ward, other, now), fleet_of(other, ward, now)


async def test_beats_that_go_to_another_station_from_now_on_are_missed_by_nobody(
    ward: Ward, other: Ward
) -> None:
    key, token = await ward.declare("backup", 5 * MINUTE)
    await ward.tell(other)
    await both(ward, other, 2_000)
    await ward.judge.hear(token)
    await both(ward, other, 5 * MINUTE)
    for _ in range(4):
        assert await other.judge.hear(token)
        await both(ward, other, 5 * MINUTE)
    assert ward.kinds().count("alert.fired") + other.kinds().count("alert.fired") == 0
    assert state(ward, key) is State.WELL
    # The one that heard it last misses it; the other leaves it to that one.
    await both(ward, other, 2 * MINUTE)
    assert ward.is_crying(key)
    assert other.is_crying(key)
    fired = [s.event.origin for s in ward.kept if s.event.kind == "alert.fired"]
    assert fired == [other.origin]
    # Heard anywhere, it is over.
    await ward.judge.hear(token)
    await both(ward, other, 2_000)
    assert not other.is_crying(key)


async def test_duty_says_once_that_the_station_that_hears_them_is_away(
    ward: Ward, other: Ward
) -> None:
    tokens = [(await ward.declare(f"job {n}", 5 * MINUTE))[1] for n in range(30)]
    await ward.tell(other)
    await both(ward, other, 2_000)
    for token in tokens:
        await other.judge.hear(token)
    await both(ward, other, 2_000)
    gone_at = ward.station.now_ms
    key = STATION_KEY + other.station.bench.station_id
    for minute in range(8):
        ward.fleet = fleet_of(ward, other, gone_at)
        await ward.wait(MINUTE)
        assert ward.is_crying(key) is (minute >= 6), minute
    assert ward.kinds().count("alert.fired") == 1
    alert = ward.alert(key)
    assert alert is not None
    assert alert.title == "Brno is away: nobody hears 30 heartbeats"
    assert alert.description.endswith("and 20 more.")
    ward.fleet = fleet_of(ward, other, ward.station.now_ms)
    await ward.wait(2_000)
    assert not ward.is_crying(key)


async def test_without_the_hub_or_without_duty_nobody_judges_what_another_hears(
    ward: Ward, other: Ward
) -> None:
    _key, token = await ward.declare("backup", MINUTE)
    await ward.tell(other)
    await both(ward, other, 2_000)
    await other.judge.hear(token)
    await both(ward, other, 2_000)
    gone_at = ward.station.now_ms
    ward.fleet = fleet_of(ward, other, gone_at, HubStatus(state="away"))
    await ward.wait(20 * MINUTE)
    ward.duty = False
    ward.fleet = fleet_of(ward, other, gone_at)
    await ward.wait(20 * MINUTE)
    assert ward.kinds().count("alert.fired") == 0


# -- many ------------------------------------------------------------------------------------------


async def test_a_day_of_many_heartbeats_writes_few_events(ward: Ward) -> None:
    random, count = Random(7), scaled(250, 1_000)
    tokens = [await ward.declare(f"job {n}", 10 * MINUTE) for n in range(count)]
    declared = len(ward.kept)
    beating = {token: random.randrange(10 * MINUTE) for _key, token in tokens}
    turns = sorted((at, token) for token, at in beating.items())
    dead, start, index, rounds = tokens[13], ward.station.now_ms, 0, 0
    for at in range(0, 24 * HOUR, 9_000):
        while turns[index][0] + rounds * 10 * MINUTE <= at:
            token = turns[index][1]
            if token != dead[1] or at < 12 * HOUR:
                assert await ward.judge.hear(token)
            index += 1
            if index == count:
                index, rounds = 0, rounds + 1
        ward.station.now_ms = max(ward.station.now_ms, start + at)
        await ward.judge.look()
    assert ward.judge.beats > 140 * count
    fired = [s.event for s in ward.kept if s.event.kind == "alert.fired"]
    assert [ward.is_crying(key) for key, _ in tokens].count(True) == 1
    assert len(fired) == 1
    assert ward.is_crying(dead[0])
    own = [k for k in ward.kinds(declared) if k == "station.heard"]
    assert len(own) < 100
    alert = ward.alert(dead[0])
    assert alert is not None
    assert alert.status == AlertStatus.ACTIVE
    station = ward.station.bench.get(ward.station.bench.station_id)
    assert len(station.hears) == count  # type: ignore[union-attr]
