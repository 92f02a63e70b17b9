"""Alerts become notices in the session's service, in the tray where there is none, and few."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.notices.watch import IN_TRAY, LOOKING, NOWHERE, ON, NoticeWatch, has_bus
from crisisdesk.desk.snapshot import Change
from crisisdesk.domain.notice_words import ACKNOWLEDGE, OPEN
from crisisdesk.store.queries import AlertRow

from tests.desk.notices.notice_service import Bus, NoticeService

NOW = 1_790_000_000_000
ME = "Klára"


class Tray:
    """Stands for a tray; no session of the tests has one."""

    def __init__(self, *, available: bool = True) -> None:
        self.available = available
        self.shown: list[tuple[str, bool]] = []

    def notify(self, title: str, text: str, *, grave: bool = False) -> bool:
        if self.available:
            self.shown.append((title, grave))
        return self.available


def row(number: int, severity: int = 4, status: str = "active", owner: str = "") -> AlertRow:
    return AlertRow(
        alert_id=f"A-{number}",
        pos=number,
        status=status,
        severity=severity,
        title=f"alert {number}",
        service="db",
        place="",
        source="tests",
        group_key="",
        count=1,
        owner=owner,
        detected_at=NOW,
        last_seen_at=NOW,
        acknowledged_at=None,
        resolved_at=None,
        sla_deadline=NOW + 300_000,
        sla_breached_at=None,
        incident_id="",
        epoch="1",
        response_ms=None,
    )


@pytest.fixture
def tray() -> Tray:
    return Tray()


Make = Callable[[str], NoticeWatch]


@pytest.fixture
def make(qapp: object, tray: Tray) -> Iterator[Make]:
    """Makes watches on a bus at this address and closes them."""
    made: list[NoticeWatch] = []

    def watch(address: str) -> NoticeWatch:
        made.append(NoticeWatch(tray, bus=lambda: address))
        return made[-1]

    yield watch
    for one in made:
        one.close()


def take(watch: NoticeWatch, *rows: AlertRow, at: int = 0) -> None:
    watch.take(Change(alerts=rows), operator=ME, now_ms=NOW + at)


def test_it_says_in_words_what_there_is(
    make: Make, bus: Bus, service: NoticeService, qtbot: QtBot
) -> None:
    watch = make(bus.address)
    assert watch.words == LOOKING
    with qtbot.waitSignal(watch.words_changed) as said:
        watch.start()
    assert said.args == [ON]
    with qtbot.waitSignal(watch.words_changed) as said:
        service.close()
    assert said.args == [IN_TRAY]


def test_what_is_told_beside_goes_to_the_tray_where_there_is_no_service(tray: Tray) -> None:
    from crisisdesk.domain.notice_words import Notice

    watch = NoticeWatch(tray, bus=None)
    notice = Notice(
        key="A-1", alert_id="A-1", title="Still on it?", body="db", severity=4, lasts_ms=None
    )
    watch.tell(notice)
    assert tray.shown == [("Still on it?", True)]


def test_500_alerts_are_at_most_four_notices(
    make: Make, bus: Bus, service: NoticeService, qtbot: QtBot
) -> None:
    watch = make(bus.address)
    watch.start()
    for step in range(50):
        rows = [row(n, 3 + n % 3) for n in range(step * 10, step * 10 + 10)]
        take(watch, *rows, at=step * 40)
        assert len(service.showing()) <= 8, "old ones go as new ones come"
    watch.tick(NOW + 10_000)
    last = "497 more alerts wait: 163 emergency, 167 critical, 167 high"
    qtbot.waitUntil(lambda: last in service.titles())
    qtbot.waitUntil(lambda: len(service.showing()) == 4)
    assert len(service.asked) <= 12
    assert {title.split(":")[0] for title in service.showing()} == {
        "Emergency",
        "497 more alerts wait",
    }


def test_a_press_is_told_and_the_end_takes_the_notice_back(
    make: Make, bus: Bus, service: NoticeService, qtbot: QtBot
) -> None:
    watch = make(bus.address)
    watch.start()
    take(watch, row(1))
    qtbot.waitUntil(lambda: len(service.asked) == 1)
    with qtbot.waitSignal(watch.pressed) as pressed:
        service.press(service.asked[0].number, ACKNOWLEDGE, "tk")
    assert pressed.args == ["A-1", ACKNOWLEDGE, "tk"]
    take(watch, row(1, status="acknowledged", owner=ME))
    qtbot.waitUntil(lambda: service.showing() == [])


def test_a_notice_a_person_puts_away_makes_room(
    make: Make, bus: Bus, service: NoticeService, qtbot: QtBot
) -> None:
    watch = make(bus.address)
    watch.start()
    take(watch, row(1), row(2), row(3))
    qtbot.waitUntil(lambda: len(service.asked) == 3)
    with qtbot.waitSignal(watch._heard):
        service.put_away(service.asked[0].number)
    take(watch, row(4))
    qtbot.waitUntil(lambda: service.titles()[3:] == ["Critical: alert 4"])


def test_without_a_bus_the_tray_shows_them(make: Make, tray: Tray, qtbot: QtBot) -> None:
    watch = make("")
    take(watch, row(1), row(2, 5), row(3, 3), row(4, 3))
    with qtbot.waitSignal(watch.words_changed) as said:
        watch.start()
    assert said.args == [IN_TRAY]
    qtbot.waitUntil(lambda: len(tray.shown) == 4)
    assert tray.shown[-1] == ("Emergency: alert 2", True), "the worst is on top"
    with qtbot.waitSignal(watch.pressed) as pressed:
        watch.tray_pressed()
    assert pressed.args == ["A-2", OPEN, ""]


def test_without_a_bus_and_a_tray_it_says_so(make: Make, tray: Tray, qtbot: QtBot) -> None:
    tray.available = False
    watch = make("")
    with qtbot.waitSignal(watch.words_changed) as said:
        watch.start()
    assert said.args == [NOWHERE]
    take(watch, row(1))
    with qtbot.assertNotEmitted(watch.pressed):
        watch.tray_pressed()


def test_where_desktops_speak_no_dbus_the_tray_is_asked_at_once(qapp: object, tray: Tray) -> None:
    watch = NoticeWatch(tray, bus=None)
    watch.start()
    assert watch.words == IN_TRAY
    take(watch, row(1))
    assert tray.shown == [("Critical: alert 1", True)]
    watch.close()


def test_a_correction_calls_nobody(qapp: object, tray: Tray, qtbot: QtBot) -> None:
    watch = NoticeWatch(tray, bus=None)
    with qtbot.waitSignal(watch.called):
        take(watch, *(row(n) for n in range(6)))
    before = len(tray.shown)
    take(watch, row(5, status="resolved"))
    with qtbot.assertNotEmitted(watch.called):
        watch.tick(NOW + 10_000)
    assert len(tray.shown) == before


@pytest.mark.parametrize(("system", "speaks"), [("linux", True), ("win32", False)])
def test_which_systems_have_a_bus(
    monkeypatch: pytest.MonkeyPatch, system: str, speaks: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert has_bus() is speaks
