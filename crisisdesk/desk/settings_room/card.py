"""A card of the Settings room and the small parts its forms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import draw_box
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.frame.text import Ink


class Card(Painted):
    """A titled box; put rows into ``body``."""

    def __init__(self, title: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(16), px(12), px(16), px(16))
        outer.setSpacing(px(4))
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, px(6))
        head.setSpacing(px(4))
        head.addWidget(Text(title, "strong"))
        if words:
            head.addWidget(Text(words, "small", "tertiary", wrap=True))
        outer.addWidget(self._head)
        self.body = QVBoxLayout()
        self.body.setSpacing(px(8))
        outer.addLayout(self.body)

    def hide_head(self) -> None:
        """Leave title and words to the page the card stands on."""
        self._head.hide()

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        box = QRectF(self.rect())
        draw_box(painter, box, fill=color.panel, line=color.hair, radius=theme().px(6))


class Field(QWidget):
    """A labelled line to type in; ``text`` is what stands there without blanks at its ends."""

    def __init__(
        self, label: str, hint: str = "", width: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        px = theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        column.addWidget(Text(label, "micro", "secondary"))
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(label)
        if width:
            self.line.setFixedWidth(px(width))
        column.addWidget(self.line)
        self.refusal = Text("", "small", "critical", wrap=True)
        self.refusal.hide()
        column.addWidget(self.refusal)
        self.line.textEdited.connect(lambda _: self.refuse(""))

    @property
    def text(self) -> str:
        """What stands there."""
        return self.line.text().strip()

    def refuse(self, words: str) -> None:
        """Say below the line why it is not taken; "" or typing takes that back."""
        self.refusal.setText(words)
        self.refusal.setVisible(bool(words))
        self.line.setAccessibleDescription(words)

    def set_text(self, text: str) -> None:
        """Put something there unless somebody is typing in it."""
        if not self.line.hasFocus() and self.line.text() != text:
            self.line.setText(text)


class Verdict(Text):
    """The line below a form that says how its last command ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "small", "tertiary", wrap=True, parent=parent)
        self.hide()

    def say(self, words: str, ink: Ink = "ok") -> None:
        """Say it; "" hides the line."""
        self.set_ink(ink)
        self.setText(words)
        self.setVisible(bool(words))


def row(*widgets: QWidget | int) -> QHBoxLayout:
    """Widgets side by side at the foot; a number is a stretch."""
    line = QHBoxLayout()
    line.setSpacing(theme().px(8))
    for widget in widgets:
        if isinstance(widget, int):
            line.addStretch(widget)
        else:
            line.addWidget(widget)
    return line


def indent() -> QWidget:
    """The gap before what belongs to the line above."""
    gap = QWidget()
    gap.setFixedWidth(theme().px(12))
    return gap


def tabs_before(field: QWidget, listed: QVBoxLayout) -> None:
    """Let Tab go through the buttons of a list before the field, as they stand on the page."""
    buttons: list[QWidget] = []
    for index in range(listed.count()):
        entry = listed.itemAt(index)
        holder = entry.widget() if entry is not None else None
        if holder is not None:
            buttons += holder.findChildren(KeyButton)
    before = field.previousInFocusChain()
    while before is not None and (
        before.focusPolicy() == Qt.FocusPolicy.NoFocus or before in buttons
    ):
        before = before.previousInFocusChain()
    for button in buttons:
        if before is not None:
            QWidget.setTabOrder(before, button)
        before = button
