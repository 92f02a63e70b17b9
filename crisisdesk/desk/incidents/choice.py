"""One of a few, as joined buttons: arrows or the mouse choose, Enter goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.painted import PaintedButton
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import CENTER, draw_box, draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget


class Option(NamedTuple):
    """One of the few; ``mark`` is an alert severity whose mark stands before the word."""

    key: str
    word: str
    mark: str = ""


class Choice(PaintedButton):
    """Joined buttons 28 px high. ``clicked`` means Enter was pressed."""

    changed = Signal(str)

    def __init__(self, name: str, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._options, self._at = name, list(options), 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()

    def current(self) -> str:
        """The key of the one chosen."""
        return self._options[self._at].key

    def set_current(self, key: str) -> None:
        """Choose; a key that is none of them is a ValueError."""
        self._at = [option.key for option in self._options].index(key)
        self._say()

    def _say(self) -> None:
        word = self._options[self._at].word
        self.setAccessibleName(f"{self._name}: {word}")
        self.setAccessibleDescription("Left and right arrow choose")
        self.update()

    def _pick(self, at: int) -> None:
        if 0 <= at < len(self._options) and at != self._at:
            self._at = at
            self._say()
            self.changed.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, as do Home and End."""
        steps = {
            Qt.Key.Key_Left: self._at - 1,
            Qt.Key.Key_Up: self._at - 1,
            Qt.Key.Key_Right: self._at + 1,
            Qt.Key.Key_Down: self._at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._options) - 1,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._pick(step)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what lies under the mouse."""
        x = event.position().x()
        for at, box in enumerate(self._boxes()):
            if box.left() <= x < box.right():
                self._pick(at)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press has chosen already."""
        event.accept()

    def sizeHint(self) -> QSize:
        """All options side by side."""
        return QSize(round(self._boxes()[-1].right()), theme().px(28))

    def _boxes(self) -> list[QRectF]:
        look, x, boxes = theme(), 0.0, []
        for option in self._options:
            width = look.width(option.word, "body", weight=600) + look.px(20)
            width += look.px(14 + 6) if option.mark else 0
            boxes.append(QRectF(x, 0, round(width), look.px(28)))
            x += round(width)
        return boxes

    def paint(self, painter: QPainter) -> None:
        """The frame, the chosen one filled."""
        look, boxes = theme(), self._boxes()
        px, color = look.px, look.color
        frame = QRectF(0, 0, boxes[-1].right(), px(28))
        draw_box(painter, frame, fill=color.field, line=color.control, radius=px(4))
        for at, (option, box) in enumerate(zip(self._options, boxes, strict=True)):
            chosen = at == self._at
            if chosen:
                inner = box.adjusted(px(2), px(2), -px(2), -px(2))
                draw_box(painter, inner, fill=color.selected, line=color.accent_line, radius=px(3))
            elif at and at - 1 != self._at:
                fill(painter, box.left(), px(7), 1, px(14), color.strong)
            ink = color.primary if chosen else color.secondary
            if option.mark:
                mark_color = look.severity(option.mark).fg if chosen else color.tertiary
                draw_mark(
                    painter, box.left() + px(10), px(7), option.mark, size=14, color=mark_color
                )
                box = box.adjusted(px(14 + 6), 0, 0, 0)
            weight = 600 if chosen else 500
            draw_text(painter, box, option.word, ink, "body", align=CENTER, weight=weight)
