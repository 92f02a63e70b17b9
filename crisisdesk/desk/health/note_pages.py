"""A narrow pane's list, or in its place why there is nothing and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from crisisdesk.desk.frame.empty_state import EmptyView


class NotePages(QStackedWidget):
    """Shows ``body``, or a note in its place; ``asked`` is the key of the note's button."""

    asked = Signal(str)

    def __init__(self, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.view: EmptyView | None = None
        self.title = Text("", "strong", wrap=True)
        self.text = Text("", "body", "secondary", wrap=True)
        self.button = KeyButton("")
        self.note = PaneGround()
        column = QVBoxLayout(self.note)
        column.setContentsMargins(px(12), px(24), px(12), px(12))
        column.setSpacing(px(8))
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._body = body
        self.addWidget(body)
        self.addWidget(self.note)
        self.button.clicked.connect(self._pressed)

    def show_empty(self, view: EmptyView | None) -> None:
        """Show this in place of the body, or the body again."""
        if view == self.view:
            return
        self.view = view
        focused = QApplication.focusWidget()
        held = focused is not None and self.isAncestorOf(focused)
        if view is not None:
            self.title.setText(view.title)
            self.text.setText(view.text)
            self.note.setAccessibleName(f"{view.title} {view.text}")
            self.button.setVisible(bool(view.buttons))
            if view.buttons:
                self.button.set_text(view.buttons[0].word)
        shown = self._body if view is None else self.note
        self.setCurrentWidget(shown)
        if held:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pressed(self) -> None:
        if self.view is not None and self.view.buttons:
            self.asked.emit(self.view.buttons[0].key)
