"""What is said to a real service on a real bus, and what is believed of what comes back."""

from __future__ import annotations

import os
import select
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jeepney import new_signal

from crisisdesk.desk.notices import bus as notice_bus
from crisisdesk.desk.notices.bus import (
    BusEvent,
    BusGone,
    CallRefused,
    Closed,
    Moved,
    NoticeBus,
    Pressed,
    Server,
    session_bus_address,
)
from crisisdesk.domain.notice_words import Notice

from tests.desk.notices.notice_service import ADDRESS, Bus, NoticeService

NOTICE = Notice(
    key="A-1",
    alert_id="A-1",
    title="Critical: a <b> & c",
    body="db <1> & more: nobody has it yet.",
    severity=4,
    lasts_ms=None,
)
MORE = Notice(key="more", alert_id="", title="5 more", body="x", severity=3, lasts_ms=10_000)


@contextmanager
def connected(address: str) -> Iterator[NoticeBus]:
    line = NoticeBus(address)
    try:
        line.greet()
        yield line
    finally:
        line.close()


def met(line: NoticeBus) -> Server:
    server = line.find_server()
    assert server is not None
    return server


def next_events(line: NoticeBus) -> list[BusEvent]:
    """Wait until there is something."""
    while not (found := line.events()):
        ready, _, _ = select.select([line], [], [], 5)
        assert ready, "nothing came within 5 s"
    return found


def test_a_service_says_what_it_can(bus: Bus, service: NoticeService) -> None:
    with connected(bus.address) as line:
        server = met(line)
        assert server == Server(server.owner, "Pretend (Tests)", True, True, True)
        assert server.owner.startswith(":")


def test_a_bus_without_a_service_is_no_error(bus: Bus) -> None:
    with connected(bus.address) as line:
        assert line.find_server() is None


def test_a_critical_notice_goes_out_whole(bus: Bus, service: NoticeService) -> None:
    with connected(bus.address) as line:
        assert line.notify(met(line), NOTICE) == 1
    (asked,) = service.asked
    assert asked.title == "Critical: a <b> & c", "a title is never markup"
    assert asked.body == "db &lt;1&gt; &amp; more: nobody has it yet."
    assert asked.timeout_ms == 0
    assert asked.hints["urgency"] == 2
    assert asked.hints["desktop-entry"] == "crisisdesk"
    assert asked.actions == ["default", "Open", "acknowledge", "Acknowledge", "open", "Open"]


def test_a_summary_is_milder_and_cannot_be_acknowledged(bus: Bus, service: NoticeService) -> None:
    with connected(bus.address) as line:
        line.notify(met(line), MORE)
    (asked,) = service.asked
    assert (asked.timeout_ms, asked.hints["urgency"]) == (10_000, 1)
    assert asked.actions == ["default", "Open"]


@pytest.mark.parametrize(
    ("abilities", "body", "actions"),
    [(("body",), NOTICE.body, 0), ((), "", 0), (("body", "actions"), NOTICE.body, 6)],
)
def test_nothing_is_sent_that_a_service_cannot_show(
    bus: Bus, abilities: tuple[str, ...], body: str, actions: int
) -> None:
    with NoticeService(bus, abilities) as plain, connected(bus.address) as line:
        line.notify(met(line), NOTICE)
        assert (plain.asked[0].body, len(plain.asked[0].actions)) == (body, actions)


def test_replaced_and_taken_back(bus: Bus, service: NoticeService) -> None:
    with connected(bus.address) as line:
        server = met(line)
        number = line.notify(server, NOTICE)
        assert line.notify(server, MORE, number) == number
        line.withdraw(number)
        assert next_events(line) == [Closed(number, by_person=False)]
    assert service.taken_back == [number]


def test_a_press_comes_with_its_token_and_a_close_says_by_whom(
    bus: Bus, service: NoticeService
) -> None:
    with connected(bus.address) as line:
        number = line.notify(met(line), NOTICE)
        service.press(number, "acknowledge", "token-7")
        service.put_away(number)
        found: list[BusEvent] = []
        while len(found) < 2:
            found += next_events(line)
    assert found == [Pressed(number, "acknowledge", "token-7"), Closed(number, by_person=True)]


def test_signals_of_others_are_not_believed(bus: Bus, service: NoticeService) -> None:
    with connected(bus.address) as line, connected(bus.address) as other:
        number = line.notify(met(line), NOTICE)
        other._connection.send(new_signal(ADDRESS, "ActionInvoked", "us", (number, "acknowledge")))
        service.put_away(number)
        assert next_events(line) == [Closed(number, by_person=True)]


def test_a_service_that_leaves_and_one_that_comes_are_noticed(bus: Bus) -> None:
    with connected(bus.address) as line:
        first = NoticeService(bus)
        assert next_events(line)[-1] == Moved(met(line).owner)
        first.close()
        assert next_events(line) == [Moved("")]
        assert line.find_server() is None


def test_a_refusal_is_told_with_its_words(bus: Bus, service: NoticeService) -> None:
    service.refuses = "org.freedesktop.Notifications.Error.ExcessNotificationGeneration"
    with (
        connected(bus.address) as line,
        pytest.raises(CallRefused, match="ExcessNotificationGeneration: too many"),
    ):
        line.notify(met(line), NOTICE)


def test_a_service_that_never_answers_is_given_up(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_bus, "CALL_S", 0.1)
    with (
        NoticeService(bus, silent=True),
        connected(bus.address) as line,
        pytest.raises(BusGone, match=r"no answer within 0\.1 s"),
    ):
        line.find_server()


def test_hanging_up_ends_a_call_in_hand(bus: Bus) -> None:
    with NoticeService(bus, silent=True), connected(bus.address) as line:
        other = threading.Timer(0.05, line.hang_up)
        other.start()
        with pytest.raises(BusGone):
            line.find_server()
        other.join()


def test_a_bus_that_dies_ends_every_call(bus: Bus, service: NoticeService) -> None:
    with connected(bus.address) as line:
        server = met(line)
        bus.stop()
        with pytest.raises(BusGone):
            line.notify(server, NOTICE)
        with pytest.raises(BusGone):
            line.events()


def test_a_bus_that_hangs_at_the_first_call_is_given_up(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_bus, "CALL_S", 0.1)
    line = NoticeBus(bus.address)
    os.kill(bus.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(BusGone, match="does not answer: too slow"):
            line.greet()
    finally:
        line.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "this session has no bus"),
        ("unix:path=/nowhere/bus", "cannot be reached"),
        ("tcp:host=127.0.0.1,port=1", "cannot be reached"),
        ("autolaunch:", "cannot be reached"),
        ("nonsense", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(address: str, words: str) -> None:
    with pytest.raises(BusGone, match=words):
        NoticeBus(address)


def test_where_the_bus_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with tempfile.TemporaryDirectory() as folder:  # a socket's path may only be short
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        assert session_bus_address() == ""
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(Path(folder) / "bus"))
            assert session_bus_address() == f"unix:path={folder}/bus"
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:abstract=x")
        assert session_bus_address() == "unix:abstract=x"
