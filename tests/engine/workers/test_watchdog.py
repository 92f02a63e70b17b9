"""The beat outward from a living engine to a real receiver: well, in trouble, and not taken."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from crisisdesk.comms.beacon import HttpBeacon
from crisisdesk.engine.command import Submit
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workers import watchdog
from crisisdesk.engine.workers.watchdog import WATCHDOG_URL, WatchdogBeat

from tests.comms.receivers import Receiver, answer
from tests.engine.workers.live import Live, MemorySecrets

URL = "webhook://127.0.0.1:9/"


class Check:
    """The check of an outside watchdog."""

    def __init__(self) -> None:
        self.code = 200
        self.receiver = Receiver(lambda _request: answer(self.code))
        threading.Thread(target=self.receiver.run, daemon=True).start()
        self.url = f"http://{self.receiver.host}/very-secret"

    def troubles(self) -> list[str]:
        return [r.body.decode() for r in self.receiver.requests if r.path.endswith("/fail")]

    def beats(self) -> int:
        return sum(r.path == "/very-secret" for r in self.receiver.requests)


@pytest.fixture
def check(live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    monkeypatch.setattr(watchdog, "BEAT_S", 0.02)
    monkeypatch.setattr(watchdog, "AGAIN_S", 0.02)
    live.stop()
    live.beacon = HttpBeacon()
    live.start()
    made = Check()
    yield made
    live.stop()
    made.receiver.close()


def test_an_address_is_told_from_when_it_is_kept_until_it_is_forgotten(
    live: Live, check: Check
) -> None:
    live.fire()
    assert check.receiver.requests == []
    live.secrets.set(WATCHDOG_URL, check.url)
    live.until(lambda: check.beats() >= 3)
    assert check.troubles() == []
    assert live.engine.counters()["crisisdesk_watchdog_beats_total"] >= 2
    live.secrets.delete(WATCHDOG_URL)
    live.stop()
    before = check.beats()
    live.beacon = HttpBeacon()
    live.start()
    live.fire("another")
    assert check.beats() == before


@pytest.mark.expect_log("the watchdog at 127.0.0.1 did not take", "ERROR")
def test_a_beat_that_is_not_taken_is_shown_and_no_trouble_of_its_own(
    live: Live, check: Check
) -> None:
    check.code = 503
    live.secrets.set(WATCHDOG_URL, check.url)
    [problem] = live.until(lambda: live.engine.health().problems)
    assert problem.startswith("the watchdog at 127.0.0.1 did not take this station's beat: 503")
    assert "very-secret" not in problem
    check.code = 200
    live.until(lambda: not live.engine.health().problems)
    assert check.troubles() == []


def tell(check: Check, submit: Any, *problems: str) -> None:
    """One beat of an engine with these problems, whose committer answers like this."""
    secrets = MemorySecrets()
    secrets.set(WATCHDOG_URL, check.url)
    given: Submit = submit

    async def once() -> None:
        beacon = HttpBeacon()
        await WatchdogBeat(given, beacon, secrets, lambda: problems).beat()
        await beacon.aclose()

    asyncio.run(once())


async def _no_end() -> None:
    await asyncio.Event().wait()


def test_problems_of_the_engine_and_a_log_that_hangs_or_fails_are_told(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "ASK_S", 0.05)

    def hangs(_command: Any, _actor: str) -> Any:
        return _no_end()

    def fails(_command: Any, _actor: str) -> Any:
        raise StoreFailed("the disk is full")

    tell(check, hangs, "the backups failed")
    tell(check, fails)
    assert check.troubles() == [
        "the backups failed; the log did not answer within 0 s",
        "the log cannot be used: the disk is full",
    ]


@pytest.mark.expect_log("page is more than 30 s overdue", "ERROR")
def test_a_page_that_nobody_acts_on_is_told_by_a_station_without_a_hub(
    live: Live, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.stop()
    monkeypatch.setattr("crisisdesk.engine.workers.pager.Pager.run", _pager_that_hangs)
    monkeypatch.setattr("crisisdesk.engine.duty.auditor.CHECK_S", 0.05)
    live.beacon = HttpBeacon()
    live.start()
    live.secrets.set(WATCHDOG_URL, check.url)
    live.contact("Ann", URL)
    live.fire()

    def told() -> list[str]:
        live.clock.advance(20_000)
        return check.troubles()

    assert "overdue and no station acts on them" in live.until(told)[0]


async def _pager_that_hangs(_self: Any) -> None:
    await asyncio.Event().wait()
