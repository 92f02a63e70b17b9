"""The line that says that an alert is kept quiet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.silenced_bar import SilencedBar

from tests.desk.alerts.rows import NOW
from tests.desk.alerts.test_kept_words import CAUSED, FLAPS
from tests.desk.alerts.test_silence_words import SILENCE

pytestmark = pytest.mark.usefixtures("look")


def test_it_says_by_whom_and_why_and_lifts(qtbot: QtBot) -> None:
    bar = SilencedBar()
    qtbot.addWidget(bar)
    bar.resize(464, 52)
    bar.show_silence(SILENCE, NOW)
    assert bar.isVisible()
    assert "K. Langová: Planned work" in bar.accessibleName()
    assert bar.toolTip() == 'SIL-1: service="db"'
    with qtbot.waitSignal(bar.lifted) as lifted:
        qtbot.mouseClick(bar.lift, Qt.MouseButton.LeftButton)
    assert lifted.args == ["SIL-1"]
    assert bar.grab().height() == bar.height()
    bar.show_silence(None, NOW)
    assert not bar.isVisible()


def test_of_a_cause_it_leads_to_it_and_lifts_nothing(qtbot: QtBot) -> None:
    bar = SilencedBar()
    qtbot.addWidget(bar)
    bar.resize(464, 52)
    bar.show_silence(CAUSED, NOW)
    assert bar.isVisible()
    assert "Kept quiet by A-2 db-main down" in bar.accessibleName()
    with qtbot.assertNotEmitted(bar.lifted), qtbot.waitSignal(bar.asked) as asked:
        qtbot.mouseClick(bar.lift, Qt.MouseButton.LeftButton)
    assert asked.args == ["A-2"]
    bar.show_silence(FLAPS, NOW)
    assert not bar.lift.isVisible()
    assert bar.grab().height() == bar.height()
