"""A target is chosen from the list or typed; scrolling past changes nobody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QStringListModel, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.targets import Labels
from crisisdesk.desk.planning.policies.targets_box import TargetsBox

LABELS = Labels({}, ["Database"], ["Managers"])
GROUP, SCHEDULE = {"group": "Managers"}, {"schedule": "Database"}


@pytest.fixture
def box(look: Look, qtbot: QtBot) -> TargetsBox:
    made = TargetsBox("step 1", QStringListModel(LABELS.all()), "Add")
    qtbot.addWidget(made)
    made.show_targets("step 1", [GROUP, SCHEDULE], LABELS)
    made.show()
    return made


def test_a_choice_is_given_once(box: TargetsBox) -> None:
    given: list[tuple[int, str]] = []
    box.given.connect(lambda at, text: given.append((at, text)))
    choice = box.lines[1].choice
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert choice.view().isVisible()
    assert (choice.currentText(), choice.currentIndex()) == ("On call by Database", 1)
    QTest.keyClick(choice.view(), Qt.Key.Key_Up)
    QTest.keyClick(choice.view(), Qt.Key.Key_Return)
    box.settle()
    assert given == [(1, "Everyone")]
    assert not choice.view().isVisible()


def test_typing_goes_on_while_the_rest_is_shown_anew(box: TargetsBox, qtbot: QtBot) -> None:
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    choice = box.lines[0].choice
    choice.setFocus()
    choice.lineEdit().selectAll()  # type: ignore[union-attr]
    QTest.keyClicks(choice, "Ev")
    box.show_targets("step 1", [GROUP, SCHEDULE], LABELS)
    assert choice.currentText().startswith("Ev")
    box.show_targets("step 1", [SCHEDULE, GROUP], LABELS)
    assert choice.currentText() == "On call by Database"


def test_the_wheel_chooses_nobody(box: TargetsBox) -> None:
    choice = box.lines[0].choice
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(choice, turn)
    assert choice.currentText() == "Group Managers"


def test_refusals_stand_at_their_target_or_above_all(box: TargetsBox) -> None:
    box.refuse(1, "Is odd.")
    assert [line.refusal.isVisible() for line in box.lines] == [False, True]
    box.refuse(-1, "Too many.")
    assert [line.refusal.isVisible() for line in box.lines] == [False, False]
    assert box.refusal.text() == "Too many."
    assert box.field(1) is box.lines[1].choice
    assert box.field(9) is box.add


def test_every_part_has_a_name_to_be_read_aloud(box: TargetsBox) -> None:
    names = [part.accessibleName() for part in box.chain()]
    assert names == [
        "step 1, target 1",
        "Remove Group Managers from step 1",
        "step 1, target 2",
        "Remove On call by Database from step 1",
        "Add: step 1",
    ]
    box.show_targets("step 1", [SCHEDULE], LABELS)
    assert len(box.lines) == 1
