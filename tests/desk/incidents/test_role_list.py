"""The list of roles: all of them in view, a selection that stays, Enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.role_lines import SeatLine
from crisisdesk.desk.incidents.role_list import ROW, RoleList
from crisisdesk.desk.look.theme import Look

pytestmark = pytest.mark.usefixtures("look")
LEAD, SCRIBE = SeatLine("commander", "Incident commander", ("Ana",)), SeatLine("scribe", "Scribe")


def test_the_selected_role_keeps_the_keyboard(look: Look, qtbot: QtBot, settle: Callable[[], None]):
    pane = QWidget()
    qtbot.addWidget(pane)
    view = RoleList()
    view.setParent(pane)
    pane.show()
    pane.activateWindow()
    settle()
    view.show_seats([LEAD, SCRIBE], 0)
    assert view.height() == 2 * look.theme.px(ROW)
    assert view.current_role() == ""
    view.begin()
    view.go(1)
    assert view.current_role() == "scribe"
    before = view.grab().toImage()
    deputy = SeatLine("deputy", "Deputy", ("Bo", "Kim"), trouble="both have it")
    view.show_seats([LEAD, deputy, SCRIBE], 0)
    assert view.current_role() == "scribe"
    assert view.height() == 3 * look.theme.px(ROW)
    assert view.grab().toImage() != before
    with qtbot.waitSignal(view.entered):
        qtbot.keyClick(view, Qt.Key.Key_Return)
