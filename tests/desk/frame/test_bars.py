"""Banner, clock strip, rail, status bar and new bar show what they are given and emit keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.banner import Banner, BannerView, clock_face
from crisisdesk.desk.frame.clock_strip import ClockCell, ClockStrip, in_order
from crisisdesk.desk.frame.new_bar import NewBar, NewView
from crisisdesk.desk.frame.rail import Rail, RailRoom
from crisisdesk.desk.frame.status_bar import StatusBar, StatusSegment
from crisisdesk.desk.frame.ticker import TICK_MS, Ticker
from crisisdesk.desk.look.theme import Look

NOW = int(datetime(2026, 2, 12, 23, 30, 5, tzinfo=UTC).timestamp() * 1000)
pytestmark = pytest.mark.usefixtures("look")


class FixedClock:
    """A clock that stands at NOW."""

    def now_ms(self) -> int:
        return NOW

    def boottime(self) -> float:
        return 0.0


def test_the_ticker_tells_the_whole_time(qtbot: QtBot) -> None:
    ticker = Ticker(FixedClock())
    with qtbot.waitSignals([ticker.ticked, ticker.ticked], timeout=20 * TICK_MS):
        ticker.start()
    with qtbot.waitSignal(ticker.ticked) as told:
        pass
    ticker.stop()
    assert told.args == [NOW]
    assert ticker.now_ms() == NOW


def test_both_clocks_are_told_with_the_utc_date() -> None:
    face = clock_face(NOW, timezone(timedelta(hours=1), "CET"))
    assert (face.date, face.utc, face.zone, face.local) == (
        "Thu 12 Feb",
        "23:30:05",
        "CET",
        "00:30:05",
    )


def test_the_banner_grows_for_a_second_one_and_refuses_a_third(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.height() == 44
    away = BannerView(level="station", subject="Engine restarting.")
    bad = BannerView(
        level="critical", severity="critical", subject="db stopped.", button="Go to it"
    )
    banner.show_views((away, bad))
    assert banner.height() == 80
    assert "Engine restarting" in banner.accessibleName()
    assert banner.button.isVisibleTo(banner)
    with qtbot.waitSignal(banner.go):
        qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    banner.show_views((away,))
    assert not banner.button.isVisibleTo(banner)
    with pytest.raises(ValueError, match="one or two"):
        banner.show_views((away, bad, bad))


def test_each_banner_has_its_own_button_and_leads_its_own_way(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.resize(1280, 80)
    trouble = BannerView(
        level="critical", subject="NOT PAGING.", chip="for 02:14", button="Look", goes="hub"
    )
    alert = BannerView(level="critical", subject="db stopped.", button="Go to it")
    banner.show_views((trouble, alert))
    assert banner.leads_to() == "hub"
    assert banner.look_button.y() < banner.button.y()
    with qtbot.waitSignal(banner.asked) as told:
        banner.look_button.click()
    assert told.args == ["hub"]
    with qtbot.waitSignal(banner.go):
        banner.button.click()
    at = banner.look_button.x()
    banner.show_views((trouble._replace(chip=""), alert))
    assert banner.look_button.x() < at, "the chip stands before the button"
    banner.show_views((alert,))
    assert banner.leads_to() == ""
    assert not banner.look_button.isVisibleTo(banner)


def test_one_clock_is_enough_where_local_time_is_utc(qtbot: QtBot) -> None:
    abroad, home = Banner(zone=timezone(timedelta(hours=1), "CET")), Banner(zone=UTC)
    for banner in (abroad, home):
        qtbot.addWidget(banner)
        banner.set_now(NOW)
    assert [word for word, _ in abroad._clocks()] == ["CET", "UTC"]
    assert [word for word, _ in home._clocks()] == ["UTC"]
    assert home._clock_width() < abroad._clock_width()


def test_a_strip_without_clocks_says_so(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 800, [])
    assert strip.accessibleName().startswith("No clock runs.")
    strip.show_cells([cell("a", 41)])
    assert strip.accessibleName() == "Clocks, next to expire first"


def cell(key: str, left_s: int, total_s: int = 1000) -> ClockCell:
    return ClockCell(
        key=key, label=f"ack: {key}", icon="timer", deadline_ms=NOW + left_s * 1000,
        total_ms=total_s * 1000,
    )  # fmt: skip


def strip_of(qtbot: QtBot, width: int, cells: list[ClockCell]) -> ClockStrip:
    strip = ClockStrip()
    qtbot.addWidget(strip)
    strip.resize(width, strip.height())
    strip.show()
    strip.set_now(NOW)
    strip.show_cells(cells)
    return strip


def test_clocks_stand_in_the_order_of_expiry_late_first(qtbot: QtBot) -> None:
    cells = [cell("c", 90), cell("late", -80), cell("a", 41)]
    assert [item.key for item in in_order(cells)] == ["late", "a", "c"]
    assert strip_of(qtbot, 1200, cells).shown() == ["late", "a", "c"]


def test_what_does_not_fit_is_counted(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 500, [cell(f"k{n}", n + 1) for n in range(9)])
    assert strip.shown() == ["k0", "k1", "k2"]
    assert strip.hidden_count() == 6
    more = [b for b in strip.findChildren(QAbstractButton) if b.accessibleName() == "6 more clocks"]
    with qtbot.waitSignal(strip.more):
        more[0].click()
    strip.resize(3000, strip.height())
    assert strip.hidden_count() == 0


def test_a_cell_leads_to_its_owner_and_says_its_time(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 1200, [cell("a", 41)])
    strip.set_now(NOW + 1000)
    button = strip.findChildren(QAbstractButton)[0]
    assert button.accessibleName() == "ack: a, 40 seconds left"
    with qtbot.waitSignal(strip.chosen) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == ["a"]
    strip.show_cells([])
    assert strip.shown() == []


def test_only_the_first_urgent_clock_is_inverted(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 1200, [cell("late", -9), cell("a", 41), cell("b", 50), cell("c", 900)])
    inverted = [getattr(button, "inverted") for button in strip.findChildren(QAbstractButton)]  # noqa: B009
    assert inverted == [False, True, False, False]


ROOMS = [
    RailRoom("alerts", "1", "bell-ring", "Alerts", 11, "critical"),
    RailRoom("incidents", "2", "siren", "Incidents"),
    RailRoom("settings", "9", "settings-2", "Settings", foot=True),
]


def test_the_rail_narrows_and_keeps_its_words_for_readers(qtbot: QtBot, look: Look) -> None:
    rail = Rail(ROOMS)
    qtbot.addWidget(rail)
    rail.resize(168, 600)
    assert rail.width() == 168
    rail.fit(1280)
    assert rail.width() == 52
    first = rail.findChildren(QAbstractButton)[0]
    assert first.accessibleName() == "Alerts, 11 waiting, critical"
    assert first.toolTip() == "Alerts  (1)"
    rail.fit(1500)
    assert rail.width() == 168
    look.switch(zoom=150)
    assert rail.width() == 78


def test_a_room_is_chosen_by_mouse_and_by_keyboard(qtbot: QtBot) -> None:
    rail = Rail(ROOMS)
    qtbot.addWidget(rail)
    rail.set_current("alerts")
    assert rail.current() == "alerts"
    second = rail.findChildren(QAbstractButton)[1]
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    assert told.args == ["incidents"]
    assert rail.current() == "incidents"
    rail.show_rooms([ROOMS[1]._replace(waiting=3)])
    assert second.accessibleName() == "Incidents, 3 waiting"


def test_status_uses_short_words_when_narrow(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(1200, 26)
    bar.show()
    bar.show_segments(
        [
            StatusSegment("duty", "Duty:", "BRNO-1, this station", "radio-tower", "ok", "Duty:",
                          short_strong="BRNO-1"),
            StatusSegment("commit", "Last commit", dots=(True, False), tail="disk", drop=True),
            StatusSegment("hub", "Hub away", tone="down"),
            StatusSegment("who", "Klára Langová", right=True),
            StatusSegment("safe", "Last commit 02:02:14", short="Safe", dots=(True, False, False),
                          tail="disk only", tip="12 events would be lost."),
        ]
    )  # fmt: skip
    buttons = bar.findChildren(QAbstractButton)
    names = [button.accessibleName() for button in buttons]
    assert names[0] == "Duty: BRNO-1, this station"
    assert names[2] == "Hub away, down"
    wide = buttons[0].width()
    assert all(button.isVisible() for button in buttons)
    bar.resize(360, 26)
    assert buttons[0].width() < wide
    assert not buttons[1].isVisible()
    assert buttons[4].toolTip() == buttons[4].accessibleDescription() == "12 events would be lost."
    with qtbot.waitSignal(bar.chosen) as told:
        buttons[2].click()
    assert told.args == ["hub"]


def test_status_shortens_what_saves_most_and_the_first_statement_last(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(2000, 26)
    bar.show()
    duty = StatusSegment("duty", "Duty:", "BRNO-1, without hub", short="Duty:",
                         short_strong="BRNO-1, no hub")  # fmt: skip
    sound = StatusSegment("sound", "No sound: no player is installed here", short="No sound")
    disk = StatusSegment("commit", "Last commit", short="Safe", dots=(True, False), tail="disk")
    bar.show_segments([duty, sound, disk])
    first, middle, last = bar.findChildren(QAbstractButton)
    long = [button.width() for button in (first, middle, last)]
    bar.resize(sum(long) - 1, 26)
    assert [first.width(), last.width()] == [long[0], long[2]]
    assert middle.width() < long[1]
    bar.resize(long[0] + middle.width() + long[2] - 1, 26)
    assert first.width() == long[0]
    assert last.width() < long[2]
    bar.resize(long[0], 26)
    assert first.width() < long[0]


def test_the_banner_speaks_its_chip(qtbot: QtBot) -> None:
    banner = Banner(zone=UTC)
    qtbot.addWidget(banner)
    view = BannerView(
        level="station", subject="HUB AWAY 00:07", rest="– on.", chip="pages by itself"
    )
    banner.show_views((view._replace(aside="also: clock wrong"),))
    told = "Banner: HUB AWAY 00:07 – on. Pages by itself. Also: clock wrong."
    assert banner.accessibleName() == told


def test_the_new_bar_opens_for_something_and_closes_for_nothing(qtbot: QtBot, look: Look) -> None:
    bar = NewBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_view(NewView(total=37, counts=(("critical", 2), ("medium", 35)), words="They page."))
    assert bar.maximumHeight() == 32
    assert bar.accessibleName() == "37 new: 2 critical, 35 medium. They page."
    with qtbot.waitSignal(bar.wanted):
        bar.button.click()
    bar.show_view(NewView(total=0))
    assert bar.isHidden()
    look.reduced_motion = False
    bar.show()
    bar.show_view(NewView(total=1))
    qtbot.waitUntil(lambda: bar.maximumHeight() == 32, timeout=3000)
    bar.show_view(NewView(total=0))
    qtbot.waitUntil(bar.isHidden, timeout=3000)
