"""The alerts of a candidate as the desk lists them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.candidates.member_list import MemberList, in_time, spoken_member
from crisisdesk.desk.look.theme import Look

from tests.domain.correlation.making import alert


def test_they_stand_in_the_order_in_which_they_began() -> None:
    found = in_time([alert(2, 9), alert(3, 1), alert(1, 9)])
    assert [one.alert_id for one in found] == ["A-3", "A-1", "A-2"]
    assert spoken_member(alert(1)) == "02:05:02 UTC, high, firing, db, Slow 1"


def test_enter_goes_to_the_alert(look: Look, qtbot: QtBot) -> None:
    view = MemberList()
    qtbot.addWidget(view)
    view.resize(600, 200)
    view.show_alerts([alert(2, 9), alert(1, 1)], 0)
    opened: list[str] = []
    view.opened.connect(opened.append)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [], "none is chosen yet"
    view.setCurrentIndex(view.lines.index_of("A-1"))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == ["A-1"]
    assert not view.grab().isNull()
