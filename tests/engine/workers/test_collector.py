"""Looks at their moments, and what is reported of them; the clock is the test's."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.detection.reading import Line, Reading
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.source import EACH
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import ResolveAlert
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.source_commands import PauseSource, RemoveSource
from crisisdesk.engine.source_signals import network_key
from crisisdesk.engine.workers.watched import State

from tests.engine.workers.looking_out import DOWN, MINUTE, SECOND, UNSURE, UP, Post

Story = Callable[[Post], Awaitable[None]]


@pytest.fixture
def tell(tmp_path: Path) -> Callable[[Story], None]:
    def tell(story: Story) -> None:
        async def told() -> None:
            post = Post(tmp_path)
            try:
                await story(post)
            finally:
                await post.close()

        asyncio.run(told())

    return tell


def alert_of(post: Post, key: str) -> Alert:
    found = post.alert(key)
    assert found is not None
    return found


def test_each_source_is_looked_at_once_in_its_interval(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        await post.declare("a")
        await post.declare("b", every_ms=30 * SECOND)
        await post.wait(2 * MINUTE)
        for host, every in (("a", 10 * SECOND), ("b", 30 * SECOND)):
            times = post.times(host)
            assert times[0] <= 10 * SECOND
            gaps = {later - at for at, later in zip(times[1:], times[2:], strict=False)}
            assert gaps == {every}
            assert len(times) in (2 * MINUTE // every, 2 * MINUTE // every + 1)

    tell(story)


def test_down_is_told_after_so_many_looks_in_a_row_and_ends_with_the_first_good_one(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a", failures=3, service="shop", severity="high")
        await post.wait(15 * SECOND)
        post.prober.finds["a"] = (DOWN, "connection refused")
        await post.look("a")
        await post.look("a")
        assert not post.is_crying(key)
        await post.wait(10 * SECOND)
        found = alert_of(post, key)
        assert (found.is_open, found.title, found.severity) == (True, "a is down", "high")
        assert (found.service, found.labels["source_type"]) == ("shop", "told")
        assert "connection refused" in found.description
        kinds = len(post.kinds)
        await post.wait(2 * MINUTE)
        assert len(post.kinds) == kinds, "nothing more is written while it stays down"
        post.prober.finds["a"] = (UP, "fine")
        await post.wait(10 * SECOND)
        assert not post.is_crying(key)
        assert alert_of(post, key).epoch_no == 1

    tell(story)


def test_one_failure_among_good_looks_is_not_told(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        for finding in (DOWN, UP) * 5:
            post.prober.finds["a"] = (finding, "x")
            await post.look("a")
        assert post.alert(key) is None

    tell(story)


def test_not_sure_raises_nothing_and_ends_nothing(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        for finding in (UP, DOWN, UNSURE):
            post.prober.finds["a"] = (finding, "x")
            await post.look("a")
            assert post.alert(key) is None
        post.prober.finds["a"] = (DOWN, "x")
        await post.look("a")
        assert post.is_crying(key)
        post.prober.finds["a"] = (UNSURE, "x")
        await post.wait(5 * MINUTE)
        assert post.is_crying(key)

    tell(story)


def test_a_source_that_nobody_can_look_at_is_told_after_three_intervals(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        await post.wait(20 * SECOND)
        post.prober.finds["a"] = (UNSURE, "the sensor cannot be read")
        last = post.prober.looked[-1][1]
        while post.station.now_ms < last + 29 * SECOND:
            await post.wait(250)
            assert not post.is_crying(key)
        await post.wait(2 * SECOND)
        found = alert_of(post, key)
        assert found.title == "a cannot be looked at"
        assert "the sensor cannot be read" in found.description
        assert post.collector.standing()[0].state == State.STALE
        # What it turns out to be is said in the same alert.
        post.prober.finds["a"] = (DOWN, "connection refused")
        await post.wait(20 * SECOND)
        found = alert_of(post, key)
        assert (found.is_open, found.title, found.epoch_no) == (True, "a is down", 1)
        assert post.collector.standing()[0].state == State.DOWN

    tell(story)


def test_a_look_that_never_ends_is_never_followed_by_another_of_its_source(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        other = await post.declare("b")
        post.prober.hangs["a"] = asyncio.Event()
        for _ in range(4 * 60):
            post.station.now_ms += 250
            await post.collector.turn()
            await asyncio.sleep(0)
        assert len(post.times("a")) == 1
        assert len(post.times("b")) >= 6
        assert post.is_crying(key)
        assert "No look has ended yet" in alert_of(post, key).description
        assert post.alert(other) is None
        post.prober.hangs["a"].set()
        await post.collector.settled()
        await post.wait(15 * SECOND)
        assert not post.is_crying(key)

    tell(story)


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
        found = alert_of(post, network_key(post.station.bench.station_id))
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


def test_what_somebody_ended_while_it_is_down_comes_back_after_a_while(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        post.prober.finds["a"] = (DOWN, "x")
        await post.wait(30 * SECOND)
        found = alert_of(post, key)
        await post.submit(ResolveAlert(alert_id=found.alert_id, reason="it is known"), "Ann")
        await post.wait(10 * MINUTE, step_ms=1_000)
        assert not post.is_crying(key)
        await post.wait(6 * MINUTE, step_ms=1_000)
        assert post.is_crying(key)

    tell(story)


@pytest.mark.expect_log("looks at sources could not be reported", "ERROR")
def test_what_cannot_be_written_is_reported_by_the_next_look(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        await post.wait(10 * SECOND)
        post.prober.finds["a"] = (DOWN, "x")
        post.refusing = StoreFailed("the disk is full")
        await post.wait(30 * SECOND)
        assert any("the disk is full" in words for words in post.collector.problems)
        post.refusing = None
        await post.wait(10 * SECOND)
        assert post.is_crying(key)

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


def test_a_change_begins_anew_and_what_is_paused_or_gone_is_left_alone(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        post.prober.finds["a"] = (DOWN, "x")
        await post.wait(30 * SECOND)
        await post.submit(PauseSource(source_id=key, paused=True), "Ann")
        seen = len(post.times("a"))
        await post.wait(MINUTE)
        assert (len(post.times("a")), post.is_crying(key)) == (seen, False)
        assert post.collector.standing()[0].state == State.PAUSED
        await post.submit(PauseSource(source_id=key, paused=False), "Ann")
        await post.wait(30 * SECOND)
        assert post.is_crying(key)
        await post.submit(RemoveSource(source_id=key), "Ann")
        seen = len(post.times("a"))
        await post.wait(MINUTE)
        assert (len(post.times("a")), post.is_crying(key)) == (seen, False)
        assert post.collector.standing() == []

    tell(story)


def test_samples_reach_the_store_and_every_listener(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        heard: list[tuple[Any, Any, int]] = []
        post.collector.on_samples(lambda *told: heard.append(told))
        key = await post.declare("a")
        line = Line(at=1, name="log", text="x")
        reading = Reading(
            source_id=key,
            verdict=UP,
            at=0,
            took_ms=30,
            words="fine",
            samples=(Sample(series(key, "load"), 5, 1.5),),
            lines=(line,),
        )
        post.prober.finds["a"] = reading
        await post.wait(12 * SECOND)
        post.prober.finds["a"] = (UNSURE, "x")
        await post.wait(30 * SECOND)
        kept = {s.metric: list(v.values()) for s, v in post.samples.kept.items()}
        assert set(kept) == {"up", "took_seconds", "load"}
        assert set(kept["up"]) == {1.0}
        assert kept["took_seconds"][0] == 0.03
        assert post.samples.lines[0] == line
        assert heard[0][0][-1].value == 1.5
        assert heard[0][1] == (line,)
        assert len(heard) == len(kept["up"]), "a look that could not tell leaves no sample"

    tell(story)


def test_reports_that_a_source_makes_are_taken_in(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        signal = Signal(
            source="alertmanager",
            key="k",
            action=SignalAction.FIRE,
            severity=Severity.HIGH,
            title="Disk full",
        )
        reading = Reading(
            source_id=key,
            verdict=UP,
            at=0,
            took_ms=1,
            words="1 alert",
            signals=(signal,),
            bookmark={"n": 1},
        )
        post.prober.finds["a"] = reading
        post.refusing = StoreFailed("no")
        await post.wait(SECOND)
        post.refusing = None
        await post.wait(30 * SECOND)
        assert post.kinds.count("alert.fired") == 1
        assert post.kinds.count("alert.repeated") == 0
        ended = replace(signal, action=SignalAction.RESOLVE)
        post.prober.finds["a"] = replace(reading, signals=(ended,), bookmark={"n": 2})
        await post.wait(10 * SECOND)
        assert post.kinds.count("alert.resolved") == 1
        assert post.prober.looks[-1].bookmark in ({"n": 1}, {"n": 2})
        await post.restart(MINUTE)
        assert post.bookmarks.kept == {key: {"n": 2}}
        await post.wait(10 * SECOND)
        assert post.prober.looks[0].bookmark == {"n": 2}

    tell(story)


def test_no_more_looks_run_at_once_than_is_bound(
    tell: Callable[[Story], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisdesk.engine.workers.collector.AT_ONCE", 4)

    async def story(post: Post) -> None:
        for n in range(10):
            await post.declare(f"h{n}")
            post.prober.hangs[f"h{n}"] = asyncio.Event()
        for _ in range(80):
            post.station.now_ms += 250
            await post.collector.turn()
            await asyncio.sleep(0)
        assert len({host for host, _ in post.prober.looked}) <= 4
        for gate in post.prober.hangs.values():
            gate.set()
        await post.wait(20 * SECOND)
        assert len({host for host, _ in post.prober.looked}) == 10

    tell(story)


def test_looking_once_leaves_nothing_behind(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        await post.declare("a")
        await post.turn()
        source = post.collector.standing()[0].source
        post.prober.finds["a"] = (DOWN, "x")
        post.samples.kept.clear()
        kinds = len(post.kinds)
        told = await post.collector.look_once(source)
        assert (told.verdict, told.words) == (DOWN, "x")
        assert {s.series.metric for s in told.samples} == {"up", "took_seconds"}
        assert (post.samples.kept, len(post.kinds)) == ({}, kinds)
        with pytest.raises(Malformed, match=r"settings\.host"):
            await post.collector.look_once(replace(source, settings={}))
        with pytest.raises(Malformed, match="type"):
            await post.collector.look_once(replace(source, type="strange"))

    tell(story)


def test_a_fault_is_paged_within_half_a_minute_at_the_usual_intervals(
    tell: Callable[[Story], None],
) -> None:
    """From the fault to the alert, on the moved clock; each look that fails takes its deadline."""

    async def story(post: Post) -> None:
        chance, waits = random.Random(7), []
        key = await post.declare("a")
        await post.wait(20 * SECOND)
        for _ in range(60):
            await post.wait(chance.randrange(1, 10_000))
            began = post.station.now_ms
            post.prober.finds["a"] = (DOWN, "no answer within 5 s")
            while not post.is_crying(key):
                await post.wait(250)
                assert post.station.now_ms - began < MINUTE
            # The last look took until its deadline, which the clock of the test does not show.
            waits.append(post.station.now_ms - began + 5 * SECOND)
            post.prober.finds["a"] = (UP, "fine")
            while post.is_crying(key):
                await post.wait(250)
        waits.sort()
        assert waits[int(0.95 * len(waits))] < 30 * SECOND
        assert waits[-1] < 30 * SECOND

    tell(story)
