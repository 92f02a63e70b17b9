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
from crisisdesk.desk.planning.oncall.override_form import WhoBox

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing to be told: text of that many ``lines`` at first, or one of ``options``.

    ``names`` is what the engine calls it where it is not ``field``; ``half`` stands beside the next
    half one in a form.
    """

    field: str
    word: str
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    names: tuple[str, ...] = ()
    lines: int = 1
    half: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; ``verb`` is the word on its button, "" where there is only to read.

    The strip asks what fits into a line. What does not is asked by the form, below ``lead`` and
    what is ``told`` as (word, text).
    """

    key: str
    title: str
    verb: str
    asked: tuple[Asked, ...] = ()
    lead: str = ""
    told: tuple[tuple[str, str], ...] = ()

    def field_of(self, name: str) -> str:
        """The field that the engine means by a name such as ``options[2]``; "" for none."""
        plain = name.partition("[")[0].rpartition(".")[2]
        found = (a.field for a in self.asked if plain in (a.field, *a.names))
        return next(found, "")


LineField = LineEditor | Choice | WhoBox
# Joined buttons are read at a glance up to this many, with so many letters; more are a list.
_BUTTONS, _LETTERS = 4, 48


def line_field(asked: Asked, value: str) -> LineField:
    """The field for something that takes one line, with what stands in it."""
    if not asked.options:
        editor = LineEditor(asked.word, asked.hint)
        editor.setText(value)
        return editor
    letters = sum(len(option.word) for option in asked.options)
    if len(asked.options) <= _BUTTONS and letters <= _LETTERS:
        choice = Choice(asked.word, asked.options)
        choice.set_current(value or asked.options[0].key)
        return choice
    box = WhoBox()
    box.setAccessibleName(asked.word)
    for option in asked.options:
        box.addItem(option.word, option.key)
    box.setCurrentIndex(max(0, box.findData(value)))
    return box


def told_in(field: LineField) -> str:
    """What stands in a field."""
    if isinstance(field, LineEditor):
        return field.text()
    return field.current() if isinstance(field, Choice) else str(field.currentData() or "")


def take_keyboard(field: QWidget) -> None:
    """Give a field the keyboard; what stands in a line is selected."""
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    if isinstance(field, LineEditor):
        field.selectAll()


class OrderStrip(Painted):
    """A line below the head of the room; hidden while nothing is asked."""

    given = Signal(str, dict)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question: Question | None = None
        self._fields: dict[str, LineField] = {}
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
            below.addStretch(1)
        if not any(isinstance(field, LineEditor) for field in self._fields.values()):
            top.addStretch(1)
        give = KeyButton(question.verb, "Enter", "primary")
        give.clicked.connect(self._give)
        leave = KeyButton("Leave", "Esc")
        leave.clicked.connect(self.dismiss)
        for button in (give, leave):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)

    def _field(self, asked: Asked, value: str) -> LineField:
        field = line_field(asked, value)
        if isinstance(field, Choice):
            field.clicked.connect(self._give)
        else:
            field.entered.connect(self._give)
            field.left.connect(self.dismiss)
        return field

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        for field in self._fields.values():
            take_keyboard(field)
            return

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {name: told_in(field) for name, field in self._fields.items()}

    def refuse(self, words: str, blamed: str = "") -> None:
        """Stay open, say why it was not kept, and go to the field that is to blame."""
        self.words.setText(words)
        self.words.show()
        self.setAccessibleDescription(words)
        name = self.question.field_of(blamed) if self.question is not None else ""
        if name:
            self._fields[name].setAccessibleDescription(words)
            take_keyboard(self._fields[name])

    def settle(self) -> None:
        """It was kept: close."""
        self.dismiss()

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
