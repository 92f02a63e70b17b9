"""One of a few by arrows, mouse and Enter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.choice import Choice, Option

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def choice(qtbot: QtBot) -> Choice:
    made = Choice("Severity", [Option("a", "Low", "low"), Option("b", "High"), Option("c", "Top")])
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


def test_arrows_choose_and_stop_at_the_ends(choice: Choice, qtbot: QtBot):
    seen: list[str] = []
    choice.changed.connect(seen.append)
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_End,
        Qt.Key.Key_Right,
        Qt.Key.Key_Left,
        Qt.Key.Key_Home,
    ):
        qtbot.keyClick(choice, key)
    assert seen == ["b", "c", "b", "a"]
    assert choice.accessibleName() == "Severity: Low"


def test_the_mouse_chooses_and_does_not_submit(choice: Choice, qtbot: QtBot):
    entered: list[bool] = []
    choice.clicked.connect(lambda: entered.append(False))
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton, pos=QPoint(choice.width() - 4, 10))
    assert choice.current() == "c"
    assert entered == []
    qtbot.keyClick(choice, Qt.Key.Key_Return)
    assert entered == [False]


def test_what_is_none_of_them_is_an_error(choice: Choice):
    with pytest.raises(ValueError, match="z"):
        choice.set_current("z")


def test_the_chosen_one_looks_chosen(choice: Choice):
    before = choice.grab().toImage()
    choice.set_current("c")
    assert choice.grab().toImage() != before
