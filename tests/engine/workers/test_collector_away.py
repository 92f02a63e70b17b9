"""Looks when something is away: the network, the engine, the duty, or the time itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crisisdesk.domain.detection.source import EACH
from crisisdesk.domain.detection.source_state import State
from crisisdesk.engine.source_signals import network_key

from tests.engine.workers.looking_out import DOWN, MINUTE, SECOND, UP, Post, Story


def test_while_its_own_network_fails_nothing_outside_is_reported_down(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        outside = await post.declare("db1.example.org")
        inside = await post.declare("127.0.0.1")
        await post.wait(10 * SECOND)
        assert post.network.checks == 0, "nobody is asked while all is well"
        post.network.words = "no name server answers"
        post.prober.finds = {
            "db1.example.org": (DOWN, "no answer in time"),
            "127.0.0.1": (DOWN, "connection refused"),
        }
        await post.wait(5 * MINUTE)
        assert post.alert(outside) is None
        assert post.is_crying(inside), "what is on this machine needs no network"
        assert post.is_cut_off
        (standing,) = (s for s in post.collector.standing() if s.source.source_id == outside)
        assert standing.state == State.UNSURE
        assert standing.reading is not None
        assert "own network does not answer" in standing.reading.words
        assert "no answer in time" in standing.reading.words
        assert any("own network" in words for words in post.collector.problems)
        # The network is back, and the machine outside really is down.
        post.network.words = ""
        await post.wait(30 * SECOND)
        assert not post.is_cut_off
        assert post.is_crying(outside)
        found = post.told(network_key(post.station.bench.station_id))
        assert found.epoch_no == 1

    tell(story)


def test_a_moment_of_trouble_is_not_being_cut_off(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        await post.declare("db1.example.org")
        await post.wait(10 * SECOND)
        post.network.words = "no name server answers"
        post.prober.finds["db1.example.org"] = (DOWN, "x")
        while not post.network.checks:
            await post.wait(250)
        post.network.words = ""
        post.prober.finds.clear()
        await post.wait(MINUTE)
        assert not post.is_cut_off
        assert post.alert(network_key(post.station.bench.station_id)) is None

    tell(story)


def test_a_station_that_restarts_cut_off_ends_its_alert_when_it_is_back(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        await post.declare("db1.example.org")
        post.network.words = "no name server answers"
        post.prober.finds["db1.example.org"] = (DOWN, "x")
        await post.wait(MINUTE)
        assert post.is_cut_off
        await post.restart(MINUTE)
        post.network.words = ""
        post.prober.finds.clear()
        await post.wait(15 * SECOND)
        assert not post.is_cut_off

    tell(story)


@pytest.mark.parametrize("away", [11 * SECOND, 10 * MINUTE, 3 * 24 * 60 * MINUTE])
def test_after_a_sleep_each_is_looked_at_once_and_nothing_is_stale(
    tell: Callable[[Story], None], away: int
) -> None:
    async def story(post: Post) -> None:
        keys = [await post.declare(f"host{n}") for n in range(20)]
        slow = await post.declare("slow", every_ms=60 * MINUTE)
        await post.wait(MINUTE)
        post.prober.looked.clear()
        await post.sleep(away)
        for n in range(20):
            assert len(post.times(f"host{n}")) == 1
        assert len(post.times("slow")) == (1 if away >= 60 * MINUTE else 0)
        await post.wait(5 * SECOND)
        assert [key for key in [*keys, slow] if post.alert(key)] == []

    tell(story)


def test_a_failure_on_each_side_of_a_sleep_is_no_row(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        await post.wait(10 * SECOND)
        post.prober.finds["a"] = (DOWN, "x")
        await post.look("a")
        await post.sleep(10 * MINUTE)
        assert post.alert(key) is None
        await post.wait(10 * SECOND)
        assert post.is_crying(key)

    tell(story)


@pytest.mark.parametrize("leap", [-60 * MINUTE, 60 * MINUTE])
def test_a_leap_of_the_clock_neither_stops_looks_nor_tells_anything(
    tell: Callable[[Story], None], leap: int
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        await post.wait(MINUTE)
        await post.sleep(leap)
        post.prober.looked.clear()
        await post.wait(MINUTE)
        assert len(post.times("a")) in (6, 7)
        assert post.alert(key) is None

    tell(story)


def test_what_is_down_at_a_restart_is_neither_told_again_nor_forgotten(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        down, back = await post.declare("down"), await post.declare("back")
        post.prober.finds = {"down": (DOWN, "x"), "back": (DOWN, "x")}
        await post.wait(MINUTE)
        assert post.is_crying(down)
        assert post.is_crying(back)
        post.prober.finds["back"] = (UP, "fine")
        post.kinds.clear()
        await post.restart(5 * MINUTE)
        await post.wait(5 * MINUTE)
        assert post.is_crying(down)
        assert not post.is_crying(back)
        assert [k for k in post.kinds if k.startswith("alert.")] == ["alert.resolved"]

    tell(story)


def test_without_duty_only_what_each_station_looks_at_is_looked_at(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        post.duty = False
        key = await post.declare("a")
        own = await post.declare("own", where=EACH)
        post.prober.finds = {"a": (DOWN, "x"), "own": (DOWN, "x")}
        await post.wait(MINUTE)
        assert post.times("a") == []
        assert post.is_crying(f"{own}@{post.station.bench.station_id}")
        states = {s.source.name: s.state for s in post.collector.standing()}
        assert states == {"a": State.ELSEWHERE, "own": State.DOWN}
        post.duty = True
        await post.wait(30 * SECOND)
        assert post.is_crying(key)
        # Whoever takes over ends what it finds up again.
        post.duty = False
        await post.wait(30 * SECOND)
        post.prober.finds.clear()
        post.duty = True
        await post.wait(30 * SECOND)
        assert not post.is_crying(key)

    tell(story)
