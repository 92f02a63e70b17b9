"""Looks at their moments, and what is reported of them; the clock is the test's."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Line, Reading
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.detection.source import EVERY_MS, TIMEOUT_MS
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import ResolveAlert
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.source_commands import PauseSource, RemoveSource
from crisisdesk.engine.workers.collector import AT_ONCE

from tests.engine.workers.looking_out import DOWN, MINUTE, SECOND, UNSURE, UP, Post, Story


def test_each_source_is_looked_at_once_in_its_interval(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        await post.declare("a")
        await post.declare("b", every_ms=30 * SECOND)
        await post.wait(2 * MINUTE)
        for host, every in (("a", 10 * SECOND), ("b", 30 * SECOND)):
            times = post.times(host)
            assert times[0] <= 10 * SECOND
            gaps = {later - at for at, later in pairwise(times[1:])}
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
        found = post.told(key)
        assert (found.is_open, found.title, found.severity) == (True, "a is down", "high")
        assert (found.service, found.labels["source_type"]) == ("shop", "told")
        assert "connection refused" in found.description
        kinds = len(post.kinds)
        await post.wait(2 * MINUTE)
        assert len(post.kinds) == kinds, "nothing more is written while it stays down"
        post.prober.finds["a"] = (UP, "fine")
        await post.wait(10 * SECOND)
        assert not post.is_crying(key)
        assert post.told(key).epoch_no == 1

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
        found = post.told(key)
        assert found.title == "a cannot be looked at"
        assert "the sensor cannot be read" in found.description
        assert found.technical_details == {"look": "silent"}
        assert post.collector.standing()[0].state == State.STALE
        # What it turns out to be is said in the same alert.
        post.prober.finds["a"] = (DOWN, "connection refused")
        await post.wait(20 * SECOND)
        found = post.told(key)
        assert (found.is_open, found.title, found.epoch_no) == (True, "a is down", 1)
        assert found.technical_details == {"look": "down"}
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
        assert "No look has ended yet" in post.told(key).description
        assert post.alert(other) is None
        post.prober.hangs["a"].set()
        await post.collector.settled()
        await post.wait(15 * SECOND)
        assert not post.is_crying(key)

    tell(story)


def test_what_somebody_ended_while_it_is_down_comes_back_after_a_while(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        key = await post.declare("a")
        post.prober.finds["a"] = (DOWN, "x")
        await post.wait(30 * SECOND)
        found = post.told(key)
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
        assert post.samples.kept_lines[0] == line
        assert heard[0][0][-1].value == 1.5
        assert heard[0][1] == (line,)
        assert len(heard) == len(kept["up"]), "a look that could not tell leaves no sample"

    tell(story)


@pytest.mark.expect_log("looks at sources could not be reported: ValueError", "ERROR")
def test_a_listener_that_fails_keeps_nothing_from_being_told(
    tell: Callable[[Story], None],
) -> None:
    async def story(post: Post) -> None:
        def broken(*_told: Any) -> None:
            raise ValueError("x")

        post.collector.on_samples(broken)
        key = await post.declare("a")
        post.prober.finds["a"] = (DOWN, "x")
        await post.wait(30 * SECOND)
        assert post.is_crying(key)

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


def test_a_thousand_that_all_hang_are_looked_at_on_time() -> None:
    assert AT_ONCE * EVERY_MS >= 1_000 * TIMEOUT_MS


def test_one_may_be_asked_for_alone(tell: Callable[[Story], None]) -> None:
    async def story(post: Post) -> None:
        keys = [await post.declare(name) for name in "abc"]
        await post.turn()
        collector = post.collector
        assert [one.source.source_id for one in collector.standing()] == keys
        assert [one.source.name for one in collector.standing(keys[1])] == ["b"]
        assert collector.standing("SRC-NONE") == []

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
