"""The middle pane: its bar says what is shown and asks for what comes next."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.calendar_pane import CalendarPane
from crisisdesk.desk.planning.oncall.weeks import Span, lay_out, monday_of, month_monday_of

from tests.desk.planning.oncall.published import NOW, ZONE, published

pytestmark = pytest.mark.usefixtures("look")
FOUND = published()


def show(pane: CalendarPane, span: Span) -> None:
    monday = monday_of(ZONE, NOW) if span == "weeks" else month_monday_of(ZONE, NOW)
    calendar = lay_out(FOUND.rota.schedules["Database"], (), monday, span)
    pane.show_calendar(calendar, FOUND, span, NOW)


@pytest.fixture
def pane(qtbot: QtBot) -> CalendarPane:
    made = CalendarPane()
    qtbot.addWidget(made)
    made.resize(680, 600)
    with qtbot.waitExposed(made):
        made.show()
    show(made, "weeks")
    return made


def test_the_bar_says_what_is_shown(pane: CalendarPane) -> None:
    assert pane.bar.title.accessibleName() == "19 Oct to 1 Nov 2026, Europe/Prague"
    assert pane.bar.tabs.current() == "weeks"
    show(pane, "month")
    assert pane.bar.title.accessibleName() == "28 Sep to 1 Nov 2026, Europe/Prague"
    assert pane.bar.tabs.current() == "month"


def test_the_buttons_ask(pane: CalendarPane, qtbot: QtBot) -> None:
    turned: list[int] = []
    pane.turned.connect(turned.append)
    pane.bar.earlier.click()
    pane.bar.later.click()
    assert turned == [-1, 1]
    with qtbot.waitSignal(pane.now_wanted):
        pane.bar.now.click()
    spans: list[str] = []
    pane.spanned.connect(spans.append)
    show(pane, "weeks")
    assert spans == [], "only the operator's own choice asks"


def test_where_it_is_narrow_the_arrows_keep_their_names_for_the_screen_reader(
    pane: CalendarPane,
) -> None:
    assert pane.bar.earlier.text() == "Earlier"
    wide = pane.bar.earlier.sizeHint().width()
    pane.resize(520, 600)
    assert pane.bar.earlier.text() == ""
    assert pane.bar.earlier.sizeHint().width() < wide
    assert pane.bar.earlier.accessibleName() == "A week earlier"
    assert pane.bar.later.accessibleName() == "A week later"


def test_rows_share_the_height_that_is_in_view(pane: CalendarPane) -> None:
    sheet = pane.grid.sheet()
    assert sheet is not None
    tall = sheet.row
    pane.resize(680, 260)
    sheet = pane.grid.sheet()
    assert sheet is not None
    assert sheet.row < tall
