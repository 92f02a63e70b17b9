"""Beats to a watchdog on a real connection: what it gets, and what is said when it takes none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from crisisdesk.comms.beacon import HttpBeacon

from tests.comms.receivers import HALF, Manner, Receiver, Request, answer

SECRET = "3f1c-very-secret"


class Watchdog:
    """A receiver whose manner a test sets, and a beacon that tells it."""

    def __init__(self) -> None:
        self.manner: Manner = lambda _request: answer(200)
        self.receiver = Receiver(self._said)
        threading.Thread(target=self.receiver.run, daemon=True).start()

    def _said(self, request: Request) -> bytes | str:
        return self.manner(request)

    @property
    def url(self) -> str:
        return f"http://{self.receiver.host}/ping/{SECRET}"

    def told(self, trouble: str = "", deadline_s: float = 5.0, url: str = "") -> str:
        async def once() -> str:
            beacon = HttpBeacon()
            try:
                return await beacon.beat(url or self.url, trouble, deadline_s)
            finally:
                await beacon.aclose()

        return asyncio.run(once())


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    made = Watchdog()
    yield made
    made.receiver.close()


def test_all_well_is_a_post_to_the_address_itself(watchdog: Watchdog) -> None:
    assert watchdog.told() == ""
    [request] = watchdog.receiver.requests
    assert (request.method, request.path, request.body) == ("POST", f"/ping/{SECRET}", b"")


def test_trouble_goes_to_fail_with_its_words(watchdog: Watchdog) -> None:
    assert watchdog.told("the disk is full") == ""
    assert watchdog.told("x", url=f"{watchdog.url}/?slug=a") == ""
    first, second = watchdog.receiver.requests
    assert (first.path, first.body) == (f"/ping/{SECRET}/fail", b"the disk is full")
    assert second.path == f"/ping/{SECRET}/fail?slug=a"


@pytest.mark.parametrize("code", [302, 404, 429, 500, 503])
def test_anything_but_yes_is_said_without_the_secret(watchdog: Watchdog, code: int) -> None:
    watchdog.manner = lambda request: answer(code, f"no check at {request.path}")
    words = watchdog.told()
    assert words.startswith(str(code))
    assert SECRET not in words


@pytest.mark.parametrize("manner", ["hang", "reset", HALF])
def test_no_answer_ends_in_time_and_in_words(watchdog: Watchdog, manner: bytes | str) -> None:
    watchdog.manner = lambda _request: manner
    words = watchdog.told(deadline_s=1.0)
    assert words
    assert SECRET not in words


def test_nobody_there_is_said(watchdog: Watchdog) -> None:
    watchdog.receiver.close()
    assert watchdog.told() == "connection refused"
