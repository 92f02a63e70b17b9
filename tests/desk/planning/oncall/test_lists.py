"""The two lists of the left pane: what is selected stays, keys of the calendar are left to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.lines import gap_lines, schedule_lines
from crisisdesk.desk.planning.oncall.lists import GapList, ScheduleList
from crisisdesk.desk.planning.oncall.reading import outlook

from tests.desk.planning.oncall.published import DATABASE, NOW, OFFICE, published, version

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def schedules(qtbot: QtBot) -> ScheduleList:
    made = ScheduleList()
    qtbot.addWidget(made)
    made.resize(248, 300)
    made.show_lines(schedule_lines(outlook(published(), NOW)))
    made.show()
    return made


@pytest.fixture
def gaps(qtbot: QtBot) -> GapList:
    made = GapList()
    qtbot.addWidget(made)
    made.resize(248, 300)
    made.show_lines(gap_lines(outlook(published(), NOW)))
    made.show()
    return made


def test_what_is_selected_stays_selected_when_lines_change(schedules: ScheduleList) -> None:
    schedules.select("Office")
    more = published(
        version("Database", DATABASE), version("Office", OFFICE, 1), version("Aaa", DATABASE, 2)
    )
    schedules.show_lines(schedule_lines(outlook(more, NOW)))
    line = schedules.selected()
    assert line is not None
    assert (line.name, schedules.currentIndex().row()) == ("Office", 2)


def test_arrows_choose_and_the_ends_are_ends(schedules: ScheduleList) -> None:
    chosen: list[str] = []
    schedules.select("Database")
    schedules.chosen.connect(chosen.append)
    QTest.keyClick(schedules, Qt.Key.Key_Down)
    schedules.go(1)
    schedules.go(-1)
    assert chosen == ["Office", "Database"]


def test_enter_enters_and_left_and_right_are_not_taken(
    schedules: ScheduleList, qtbot: QtBot
) -> None:
    schedules.select("Office")
    with qtbot.waitSignal(schedules.entered):
        QTest.keyClick(schedules, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(schedules, key)
        line = schedules.selected()
        assert line is not None
        assert line.name == "Office"


def test_the_next_gap_comes_round(gaps: GapList) -> None:
    picked: list[object] = []
    gaps.picked.connect(picked.append)
    lines = list(gaps.lines.rows())
    for _ in range(len(lines) + 1):
        gaps.go()
    assert picked == [*lines, lines[0]]
    QTest.keyClick(gaps, Qt.Key.Key_Down)
    assert picked[-1] == lines[1]
    QTest.mouseClick(
        gaps.viewport(),
        Qt.MouseButton.LeftButton,
        pos=gaps.visualRect(gaps.lines.index(0, 0)).center(),
    )
    assert picked[-1] == lines[0]


def test_the_lines_are_read_aloud(schedules: ScheduleList, gaps: GapList) -> None:
    index = schedules.lines.index(0, 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Database, Cy Cole is on call, until Mon 09:00")
    assert gaps.lines.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Gap of")


def test_ten_thousand_schedules_are_painted_by_one_delegate(
    schedules: ScheduleList, qtbot: QtBot
) -> None:
    line = schedules.lines.row(0)
    schedules.show_lines([line._replace(name=f"S{n:05}") for n in range(10_000)])
    assert schedules.lines.rowCount() == 10_000
    assert schedules.findChildren(type(schedules)) == []
    schedules.select("S09999")
    assert schedules.viewport().rect().intersects(schedules.visualRect(schedules.currentIndex()))
