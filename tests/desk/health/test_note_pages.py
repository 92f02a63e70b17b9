"""The note in place of a list: it fits a narrow pane, and its button says what is wanted."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyView
from crisisdesk.desk.health.board_pane import NO_SERVICE
from crisisdesk.desk.health.note_pages import NotePages
from crisisdesk.desk.look.theme import Look

EMPTY = EmptyView(title="Nothing.", text="x", buttons=(EmptyButton("all", "Show all"),))


def test_it_stands_in_place_of_the_body(qtbot: QtBot, look: Look) -> None:
    body = QWidget()
    pages = NotePages(body)
    qtbot.addWidget(pages)
    asked: list[str] = []
    pages.asked.connect(asked.append)
    pages.button.click()
    assert asked == []
    pages.show_empty(EMPTY)
    assert pages.currentWidget() is pages.note
    pages.button.click()
    assert asked == ["all"]
    pages.show_empty(None)
    assert pages.currentWidget() is body


def test_its_words_are_wrapped(qtbot: QtBot, look: Look) -> None:
    pages = NotePages(QWidget())
    qtbot.addWidget(pages)
    pages.resize(300, 400)
    with qtbot.waitExposed(pages):
        pages.show()
    pages.show_empty(NO_SERVICE)
    assert pages.note.minimumSizeHint().width() <= 300
    assert pages.text.height() > 2 * pages.text.fontMetrics().height()
    assert not pages.button.isVisible()
