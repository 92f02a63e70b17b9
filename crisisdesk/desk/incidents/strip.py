"""The order strip: asks in the room itself what an order needs, and says why it was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.choice import Choice, Option
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing to be told: a line of text, or one of ``options``."""

    field: str
    word: str
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the strip asks; ``verb`` is the word on its button."""

    key: str
    title: str
    verb: str
    asked: tuple[Asked, ...] = ()


class OrderStrip(Painted):
    """A line below the head of the room; hidden while nothing is asked."""

    given = Signal(str, dict)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question: Question | None = None
        self._fields: dict[str, LineEditor | Choice] = {}
        px = theme().px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(16), px(10), px(16), px(11))
        layout.setSpacing(px(6))
        self._line = QHBoxLayout()
        self._line.setSpacing(px(12))
        layout.addLayout(self._line)
        self.words = Text("", "small", "stale", wrap=True)
        layout.addWidget(self.words)
        self._body = QWidget(self)
        self._line.addWidget(self._body)
        self.hide()

    def ask(self, question: Question, values: dict[str, str] | None = None) -> None:
        """Open with a question; ``values`` are what was typed before."""
        self.question = question
        self.setAccessibleName(question.title)
        self.words.hide()
        body = QWidget(self)
        self._line.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
        self._fill(body, question, values or {})
        self.show()

    def _fill(self, body: QWidget, question: Question, values: dict[str, str]) -> None:
        px = theme().px
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(px(8))
        top, below = QHBoxLayout(), QHBoxLayout()
        for row in (top, below):
            row.setSpacing(px(12))
            rows.addLayout(row)
        top.addWidget(Text(question.title, "strong"))
        self._fields = {}
        for asked in question.asked:
            field = self._field(asked, values.get(asked.field, asked.value))
            self._fields[asked.field] = field
            pair = QVBoxLayout()
            pair.setSpacing(px(3))
            pair.addWidget(Text(asked.word, "micro", "tertiary"))
            pair.addWidget(field)
            # Lines of text take what is left beside the buttons; choices need a row of their own.
            if isinstance(field, LineEditor):
                top.addLayout(pair, 1)
            else:
                below.addLayout(pair)
        if below.count():
            top.addStretch(1)
            below.addStretch(1)
        give = KeyButton(question.verb, "Enter", "primary")
        give.clicked.connect(self._give)
        leave = KeyButton("Leave", "Esc")
        leave.clicked.connect(self.dismiss)
        for button in (give, leave):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)

    def _field(self, asked: Asked, value: str) -> LineEditor | Choice:
        if asked.options:
            choice = Choice(asked.word, asked.options)
            choice.set_current(value or asked.options[0].key)
            choice.clicked.connect(self._give)
            return choice
        editor = LineEditor(asked.word, asked.hint)
        editor.setText(value)
        editor.entered.connect(self._give)
        editor.left.connect(self.dismiss)
        return editor

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        for field in self._fields.values():
            field.setFocus()
            if isinstance(field, LineEditor):
                field.selectAll()
            return

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {
            name: field.current() if isinstance(field, Choice) else field.text()
            for name, field in self._fields.items()
        }

    def refuse(self, words: str) -> None:
        """Stay open and say why it was not kept."""
        self.words.setText(words)
        self.words.show()
        self.setAccessibleDescription(words)

    def dismiss(self) -> None:
        """Close."""
        if self.question is not None:
            self.question = None
            self.hide()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, from whatever part of it has the keyboard."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _give(self) -> None:
        if self.question is not None:
            self.given.emit(self.question.key, self.values())

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.accent_soft)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.accent_line)
