"""The ladder is climbed by keys and mouse, never down."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.ladder_bar import LadderBar

from tests.desk.incidents.desk_stand_in import NOW_AFTER
from tests.domain.incident_log import START

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def bar(dossier: Dossier, qtbot: QtBot) -> LadderBar:
    made = LadderBar()
    qtbot.addWidget(made)
    made.resize(900, 45)
    made.show()
    made.show_steps(dossier.steps, START + NOW_AFTER)
    return made


def test_s_and_enter_climb_one_step_and_arrows_go_further(bar: LadderBar, qtbot: QtBot):
    asked: list[str] = []
    bar.asked.connect(asked.append)
    bar.begin()
    assert bar.accessibleName() == "Status identified, Enter moves it to monitoring"
    qtbot.keyClick(bar, Qt.Key.Key_Return)
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    qtbot.keyClick(bar, Qt.Key.Key_Return)
    for _ in range(4):
        qtbot.keyClick(bar, Qt.Key.Key_Left)
    qtbot.keyClick(bar, Qt.Key.Key_Return)
    assert asked == ["monitoring", "resolved", "monitoring"]


def test_only_steps_ahead_can_be_pressed(bar: LadderBar, qtbot: QtBot):
    asked: list[str] = []
    bar.asked.connect(asked.append)
    for x in (20, 200, 400, 520):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
    assert asked == ["monitoring"]


def test_while_the_engine_is_away_nothing_is_asked(bar: LadderBar, qtbot: QtBot):
    asked: list[str] = []
    bar.asked.connect(asked.append)
    bar.begin()
    bar.setEnabled(False)
    bar.click()
    assert asked == []


def test_esc_leaves(bar: LadderBar, qtbot: QtBot):
    bar.begin()
    with qtbot.waitSignal(bar.left):
        qtbot.keyClick(bar, Qt.Key.Key_Escape)


def test_it_is_painted_differently_where_it_stands(bar: LadderBar):
    bar.clearFocus()
    image = bar.grab().toImage()
    grounds = {image.pixelColor(x, 4).name() for x in (140, 290, 440, 590)}
    assert len(grounds) == 2
