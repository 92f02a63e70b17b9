"""Fields that keep what was typed until it is kept elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.editors import InPlace, LineEditor, RefusalWords, TextEditor

pytestmark = pytest.mark.usefixtures("look")


class Cell(InPlace):
    def start_text(self) -> str:
        return "41 s"


@pytest.fixture
def cell(qtbot: QtBot) -> Cell:
    made = Cell("lag", "Lag")
    qtbot.addWidget(made)
    made.resize(200, 40)
    made.show()
    made.activateWindow()
    return made


def test_enter_opens_enter_keeps_and_esc_leaves(cell: Cell, qtbot: QtBot):
    kept: list[str] = []
    cell.saved.connect(kept.append)
    qtbot.keyClick(cell, Qt.Key.Key_Return)
    assert cell.is_editing()
    assert cell.text_typed() == "41 s"
    qtbot.keyClicks(cell.editor, "60 s")
    qtbot.keyClick(cell.editor, Qt.Key.Key_Return)
    assert kept == ["60 s"]
    assert cell.is_editing(), "it stays open until its owner says that it was kept"
    cell.settle()
    assert not cell.is_editing()
    qtbot.keyClick(cell, Qt.Key.Key_Space)
    qtbot.keyClick(cell.editor, Qt.Key.Key_Escape)
    assert not cell.is_editing()
    assert kept == ["60 s"]


def test_a_refusal_keeps_what_was_typed_and_is_told(cell: Cell, qtbot: QtBot):
    told: list[str] = []
    cell.told.connect(told.append)
    cell.begin()
    qtbot.keyClicks(cell.editor, "many")
    cell.refuse("Not saved: no number.")
    assert (cell.draft(), told) == ("many", ["Not saved: no number."])
    assert cell.editor.accessibleDescription() == "Not saved: no number."
    cell.settle()
    assert told[-1] == ""
    assert cell.draft() is None


def test_a_draft_can_be_put_away_and_taken_up(cell: Cell):
    cell.take_draft("half a word")
    assert cell.draft() == "half a word"
    cell.take_draft(None)
    assert not cell.is_editing()


def test_text_grows_with_its_lines_and_breaks_on_enter(qtbot: QtBot):
    editor = TextEditor("Note", lines=(1, 4))
    qtbot.addWidget(editor)
    editor.resize(300, 40)
    editor.show()
    done: list[bool] = []
    editor.entered.connect(lambda: done.append(True))
    low = editor.height()
    qtbot.keyClicks(editor, "one")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClicks(editor, "two")
    assert editor.height() > low
    assert done == []
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (done, editor.toPlainText()) == ([True], "one\ntwo")
    most = editor.height()
    editor.setPlainText("\n" * 30)
    assert most < editor.height() < 6 * low


def test_a_line_tells_enter_and_esc_to_nobody_else(qtbot: QtBot):
    heard: list[int] = []

    class Parent(QWidget):
        def keyPressEvent(self, event):
            heard.append(event.key())

    parent = Parent()
    qtbot.addWidget(parent)
    line = LineEditor("Name")
    QVBoxLayout(parent).addWidget(line)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        qtbot.keyClick(line, key)
    assert heard == []


def test_refusals_show_only_while_there_is_one(qtbot: QtBot):
    words = RefusalWords()
    qtbot.addWidget(words)
    assert words.isHidden()
    words.say("Not saved: x.")
    assert (words.isHidden(), words.text()) == (False, "Not saved: x.")
    words.say("")
    assert words.isHidden()
