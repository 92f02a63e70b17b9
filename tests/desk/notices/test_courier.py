"""The thread carries notices over, outlives services and buses, and is gone when it should be."""

from __future__ import annotations

import os
import queue
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import TypeVar

import pytest

from crisisdesk.desk.notices.courier import (
    Courier,
    News,
    NoticeClosed,
    NoticePressed,
    Unshown,
    WayChanged,
)
from crisisdesk.domain.notice_words import Notice

from tests.desk.notices.notice_service import Bus, NoticeService, private_bus

WAIT_S = 5.0
T = TypeVar("T")


def notice(key: str, title: str = "", *, lasts_ms: int | None = None) -> Notice:
    severity = 4 if lasts_ms is None else 3
    return Notice(
        key=key, alert_id=key, title=title or key, body="", severity=severity, lasts_ms=lasts_ms
    )


class Desk:
    """Stands where the desk stands: gives orders and reads the news."""

    def __init__(self) -> None:
        self.news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.address = ""
        self.courier = Courier(self.news.put, lambda: self.address, rests_s=(0.02, 0.05))

    def next(self, kind: type[T]) -> T:
        """The next news of this kind."""
        while True:
            found = self.news.get(timeout=WAIT_S)
            if isinstance(found, kind):
                return found


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk()
    yield found
    found.courier.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for something that happens on a thread of the test's own."""
    deadline, pause = monotonic() + WAIT_S, threading.Event()
    while not true():
        assert monotonic() < deadline
        pause.wait(0.005)


def test_shown_replaced_and_taken_back(desk: Desk, bus: Bus, service: NoticeService) -> None:
    desk.address = bus.address
    desk.courier.start()
    assert desk.next(WayChanged) == WayChanged(on=True, words="Pretend (Tests)")
    desk.courier.show(notice("A-1", "first"))
    until(lambda: service.titles() == ["first"])
    desk.courier.show(notice("A-1", "second"))
    until(lambda: service.titles() == ["first", "second"])
    assert service.asked[1].replaces == service.asked[0].number
    desk.courier.withdraw("A-1")
    until(lambda: service.taken_back == [service.asked[0].number])


def test_orders_given_before_the_start_are_carried_out(
    desk: Desk, bus: Bus, service: NoticeService
) -> None:
    desk.address = bus.address
    desk.courier.show(notice("A-1"))
    desk.courier.show(notice("A-2"))
    desk.courier.withdraw("A-1")
    desk.courier.start()
    until(lambda: service.titles() == ["A-2"])


def test_a_press_and_a_close_come_back_by_key(desk: Desk, bus: Bus, service: NoticeService) -> None:
    desk.address = bus.address
    desk.courier.show(notice("A-1"))
    desk.courier.start()
    until(lambda: len(service.asked) == 1)
    number = service.asked[0].number
    service.press(99, "acknowledge")
    service.press(number, "acknowledge", "tk")
    assert desk.next(NoticePressed) == NoticePressed(key="A-1", action="acknowledge", token="tk")
    service.put_away(number)
    assert desk.next(NoticeClosed) == NoticeClosed(key="A-1")
    service.press(number, "default")
    pressed = desk.next(NoticePressed)
    assert (pressed.key, pressed.action) == ("A-1", "default"), "told after the close"


def test_without_a_bus_everything_is_handed_back(desk: Desk) -> None:
    desk.courier.show(notice("A-1"))
    desk.courier.start()
    assert desk.next(WayChanged) == WayChanged(on=False, words="this session has no bus")
    assert desk.next(Unshown).notices == (notice("A-1"),)
    desk.courier.show(notice("A-2"))
    assert desk.next(Unshown).notices == (notice("A-2"),), "each only once"


def test_without_a_service_everything_is_handed_back_until_one_comes(desk: Desk, bus: Bus) -> None:
    desk.address = bus.address
    desk.courier.show(notice("A-1"))
    desk.courier.show(notice("A-2", lasts_ms=10_000))
    desk.courier.start()
    assert desk.next(WayChanged).on is False
    assert {n.key for n in desk.next(Unshown).notices} == {"A-1", "A-2"}
    with NoticeService(bus) as service:
        assert desk.next(WayChanged).on is True
        until(lambda: service.titles() == ["A-1"])


def test_the_next_service_shows_what_still_stands(desk: Desk, bus: Bus) -> None:
    desk.address = bus.address
    first = NoticeService(bus, first=40)
    desk.courier.start()
    for key, lasts_ms in (("A-1", None), ("A-2", None), ("A-3", None), ("A-4", 10_000)):
        desk.courier.show(notice(key, lasts_ms=lasts_ms))
    until(lambda: len(first.asked) == 4)
    first.put_away(first.asked[1].number)
    assert desk.next(NoticeClosed).key == "A-2"
    first.close()
    while desk.next(WayChanged).on:
        pass
    desk.courier.withdraw("A-3")
    with NoticeService(bus) as second:
        assert desk.next(WayChanged).on
        until(lambda: second.titles() == ["A-1"])
        assert second.asked[0].replaces == 0, "a number of the first is another's at the second"


def test_a_service_that_dies_without_an_answer_harms_nothing(
    desk: Desk, bus: Bus, service: NoticeService
) -> None:
    desk.address = bus.address
    desk.courier.start()
    assert desk.next(WayChanged).on
    service.silent = True
    desk.courier.show(notice("A-1", lasts_ms=10_000))
    service.close()
    assert desk.next(Unshown).notices[0].key == "A-1"


def test_a_refused_notice_is_handed_back(desk: Desk, bus: Bus, service: NoticeService) -> None:
    desk.address = bus.address
    service.refuses = "org.freedesktop.Notifications.Error.ExcessNotificationGeneration"
    desk.courier.start()
    desk.courier.show(notice("A-1"))
    assert desk.next(Unshown).notices[0].key == "A-1"
    service.refuses = ""
    desk.courier.show(notice("A-2"))
    until(lambda: service.titles() == ["A-2"])


def test_a_bus_that_dies_is_found_again_at_its_new_address(desk: Desk, bus: Bus) -> None:
    desk.address = bus.address
    with NoticeService(bus) as service:
        desk.courier.start()
        desk.courier.show(notice("A-1"))
        until(lambda: service.titles() == ["A-1"])
        bus.stop()
        while desk.next(WayChanged).on:
            pass
    with private_bus() as later, NoticeService(later) as service:
        desk.address = later.address
        while not desk.next(WayChanged).on:
            pass
        until(lambda: service.titles() == ["A-1"])
        desk.courier.close()


def test_closing_takes_everything_back(bus: Bus, service: NoticeService) -> None:
    desk = Desk()
    desk.address = bus.address
    for key in ("A-1", "A-2"):
        desk.courier.show(notice(key))
    desk.courier.start()
    until(lambda: len(service.asked) == 2)
    desk.courier.close()
    until(lambda: service.showing() == [])


def test_closing_waits_for_no_silent_service(bus: Bus) -> None:
    desk = Desk()
    desk.address = bus.address
    with NoticeService(bus, silent=True):
        desk.courier.start()
        began = monotonic()
        desk.courier.close()
        assert monotonic() - began < 2.0


def test_closing_waits_for_no_bus_that_hangs(bus: Bus) -> None:
    desk = Desk()
    desk.address = bus.address
    os.kill(bus.process.pid, signal.SIGSTOP)
    desk.courier.start()
    began = monotonic()
    desk.courier.close()
    assert monotonic() - began < 3.0


def test_closing_one_that_never_began() -> None:
    Desk().courier.close()


def test_giving_orders_never_waits(bus: Bus) -> None:
    desk = Desk()
    desk.address = bus.address
    with NoticeService(bus, silent=True):
        desk.courier.start()
        began = monotonic()
        for number in range(20_000):
            desk.courier.show(notice(f"A-{number % 7}"))
        assert monotonic() - began < 2.0
        desk.courier.close()


def read_until(line: socket.socket, word: bytes) -> None:
    heard = b""
    while word not in heard:
        heard += line.recv(4096)


@pytest.mark.expect_log("desktop notices failed", level="ERROR")
def test_a_bus_that_talks_nonsense_is_left_alone(desk: Desk) -> None:
    name = f"crisisdesk-nonsense-{os.getpid()}"
    desk.address = f"unix:abstract={name}"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0{name}")
        listening.listen()
        desk.courier.start()
        line, _ = listening.accept()
        with line:
            read_until(line, b"AUTH")
            line.sendall(b"OK 1234deadbeef\r\n")
            read_until(line, b"BEGIN")
            line.sendall(b"\xff" * 64)
            assert "the desk itself failed" in desk.next(WayChanged).words
    assert "cannot be reached" in desk.next(WayChanged).words, "it goes on trying"
