"""Group commit: answers only after the disk, refusals alone, failures told to all, nothing lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.event import Event, Sealed
from crisisdesk.domain.fold import State
from crisisdesk.engine import commands as c
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.committer import FAILURES_BORNE, Committer, Stopped
from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Head, StoreFailed
from crisisdesk.engine.workbench import Workbench
from crisisdesk.store.journal import SqliteJournal
from crisisdesk.store.opening import open_station

from tests.store.workload import START, signal

pytestmark = pytest.mark.anyio


class FailingDisk:
    """A real journal whose next ``failures`` appends the disk refuses."""

    def __init__(self, inner: SqliteJournal) -> None:
        self.inner = inner
        self.failures = 0
        self.kept_all_the_same = False
        self.unreadable = False
        self.reopened = 0
        self.asked = 0
        self.groups: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def append(
        self,
        sealed: list[Sealed],
        states: dict[str, tuple[State, int]],
        spoilt: list[tuple[Event, str]] | None = None,
    ) -> int:
        self.asked += 1
        if self.failures:
            self.failures -= 1
            if self.kept_all_the_same:
                self.inner.append(sealed, states, spoilt)
            raise StoreFailed("the disk is full; nothing of this was saved")
        self.groups.append(len(sealed))
        return self.inner.append(sealed, states, spoilt)

    def reopen(self) -> Head:
        self.reopened += 1
        if self.unreadable:
            raise StoreFailed("the file is damaged")
        return self.inner.reopen()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[FailingDisk]:
    """A journal on a real file, closed by the committer or here."""
    made = FailingDisk(open_station(tmp_path / "station.sqlite3").journal)
    yield made
    made.inner.close()


def committer(journal: FailingDisk, **given: Any) -> Committer:
    return Committer(journal, ManualClock(START), Policy(), os.urandom, **given)


def fire(number: int) -> c.TakeIn:
    return c.TakeIn(signals=[signal(number)])


async def test_an_answer_comes_after_the_facts_are_in_the_file(journal: FailingDisk) -> None:
    one = committer(journal)
    one.start()
    try:
        ids = await one.submit(fire(1), "source:test")
        assert list(journal.inner.load(ids)) == ids
        assert one.last_pos == 1
    finally:
        await one.stop()


async def test_commands_that_wait_share_one_transaction(journal: FailingDisk) -> None:
    one = committer(journal)
    one.start()
    try:
        await asyncio.gather(*(one.submit(fire(n), "source:test") for n in range(200)))
        assert sum(journal.groups) == 200
        assert len(journal.groups) < 100
    finally:
        await one.stop()


async def test_a_refusal_is_told_to_its_asker_alone(journal: FailingDisk) -> None:
    one = committer(journal)
    one.start()
    try:
        asked = [
            one.submit(fire(1), "source:test"),
            one.submit(c.AcknowledgeAlerts(alert_ids=["A-NONE"]), "Klára"),
            one.submit(fire(2), "source:test"),
        ]
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert [isinstance(r, NotFound) for r in results] == [False, True, False]
        assert one.last_pos == 2
    finally:
        await one.stop()


async def test_a_bug_in_one_command_leaves_its_neighbours_whole(
    journal: FailingDisk, expect_log: Any
) -> None:
    def half_done(_command: c.Command, bench: Workbench) -> None:
        bench.emit("station", "station.named", {"name": "half"})
        raise ZeroDivisionError

    from crisisdesk.engine.handlers import HANDLERS

    expect_log("command NameStation failed", level="ERROR")
    one = committer(journal, handlers={**HANDLERS, c.NameStation: half_done})
    one.start()
    try:
        named = one.submit(c.NameStation(name="x"), "Klára")
        ids = await one.submit(fire(1), "source:test")
        with pytest.raises(ZeroDivisionError):
            await named
        assert journal.inner.load(["station", *ids]).keys() == set(ids)
    finally:
        await one.stop()


async def test_a_failed_disk_is_told_to_everyone_and_the_next_group_lives(
    journal: FailingDisk, expect_log: Any
) -> None:
    expect_log("the store did not keep", level="ERROR")
    one = committer(journal)
    one.start()
    try:
        await one.submit(fire(0), "source:test")
        journal.failures = 1
        with pytest.raises(StoreFailed, match="disk is full"):
            await one.submit(fire(1), "source:test")
        assert "disk is full" in one.problem
        assert journal.reopened == 1
        ids = await one.submit(fire(2), "source:test")
        assert one.problem == ""
        assert journal.inner.load(ids).keys() == set(ids)
        assert journal.inner.head().seq == 2
    finally:
        await one.stop()


@pytest.mark.expect_log("the store did not keep a group")
async def test_a_disk_that_keeps_refusing_is_left_alone_between_two_tries(
    journal: FailingDisk,
) -> None:
    clock = ManualClock(START)
    one = Committer(journal, clock, Policy(), os.urandom)
    one.start()
    try:
        journal.failures = 4
        for n in range(10):
            with pytest.raises(StoreFailed, match=r"nothing .*saved"):
                await one.submit(fire(n), "source:test")
        assert journal.asked == FAILURES_BORNE
        assert "disk is full" in one.problem
        clock.advance(2_500)
        with pytest.raises(StoreFailed):
            await one.submit(fire(20), "source:test")
        assert journal.asked == FAILURES_BORNE + 1
        clock.advance(2_500)
        assert await one.submit(fire(21), "source:test")
        assert await one.submit(fire(22), "source:test")
        assert one.problem == ""
    finally:
        await one.stop()


@pytest.mark.expect_log("the store did not keep a group")
@pytest.mark.expect_log("a group that the disk refused stands in the file")
async def test_a_group_that_stands_there_all_the_same_is_not_called_lost(
    journal: FailingDisk,
) -> None:
    one = committer(journal)
    one.start()
    try:
        journal.failures, journal.kept_all_the_same = 1, True
        with pytest.raises(StoreFailed, match="look before trying again"):
            await one.submit(fire(1), "source:test")
        await one.submit(fire(2), "source:test")
        assert journal.inner.head().seq == 2
    finally:
        await one.stop()


@pytest.mark.expect_log("the store did not keep a group")
@pytest.mark.expect_log("the store could not be opened again: the file is damaged")
async def test_a_file_that_cannot_be_read_any_more_is_told_once(journal: FailingDisk) -> None:
    told: list[str] = []
    one = committer(journal)
    one.on_broken(told.append)
    one.start()
    try:
        journal.failures, journal.unreadable = 100, True
        for n in range(6):
            with pytest.raises(StoreFailed):
                await one.submit(fire(n), "source:test")
        assert told == ["the file is damaged"]
        assert "could not be opened again" in one.problem
    finally:
        await one.stop()


async def test_what_was_submitted_before_stopping_is_kept(journal: FailingDisk) -> None:
    one = committer(journal)
    one.start()
    asked = [one.submit(fire(n), "source:test") for n in range(50)]
    await one.stop()
    assert len(await asyncio.gather(*asked)) == 50
    with pytest.raises(Stopped):
        one.submit(fire(99), "source:test")


async def test_listeners_hear_the_kinds_of_each_group(journal: FailingDisk) -> None:
    heard: dict[str, int] = {}

    def listen(kinds: dict[str, int]) -> None:
        for kind, n in kinds.items():
            heard[kind] = heard.get(kind, 0) + n

    one = committer(journal)
    one.on_commit(listen)
    one.start()
    try:
        await asyncio.gather(*(one.submit(fire(n), "source:test") for n in range(5)))
        assert heard == {"alert.fired": 5}
    finally:
        await one.stop()


async def test_a_command_that_stands_alone_shares_no_transaction(
    journal: FailingDisk, expect_log: Any
) -> None:
    one = committer(journal)
    one.start()
    was = one.origin
    expect_log("goes on as", level="WARNING")
    try:
        asked = [one.submit(fire(n), "source:test") for n in range(20)]
        left = one.submit(c.LeaveOrigin(origin=was, agreed=Mark(2, b"")), "engine")
        later = [one.submit(fire(n), "source:test") for n in range(20, 30)]
        again = one.submit(c.LeaveOrigin(origin=was, agreed=Mark(2, b"")), "engine")
        ids = [(await future)[0] for future in (*asked, *later)]
        assert await left == await again == one.origin != was
        assert journal.inner.head().seq == 28
        assert one.last_pos == journal.inner.head().pos
        assert journal.inner.load(ids).keys() == set(ids)
    finally:
        await one.stop()
