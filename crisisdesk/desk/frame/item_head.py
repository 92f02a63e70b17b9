"""The head of one thing shown in full: mark, id, title, chips, and its buttons with their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import chip_width, draw_chip, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.frame.key_button import KeyButton

_HEIGHT, _MARK, _TITLE_LEAST = 52, 20, 180


class Chip(NamedTuple):
    """A chip beside the title; a strong one says how the thing stands."""

    words: str
    strong: bool = False


class HeadWords(Painted):
    """Mark, id, title and chips; chips give way to the title, the last one first."""

    # How much room an id takes at most, in px at 100 %.
    ident_px = 150

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.now_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(400), theme().px(_HEIGHT))

    def face(self) -> tuple[str, str] | None:
        """Id and title; None while there is nothing to show."""
        return None

    def chips(self) -> list[Chip]:
        """The chips, the most needed first."""
        return []

    def draw_face_mark(self, painter: QPainter, x: int, y: int, size: int) -> None:
        """Draw the mark with its upper left corner there."""

    def paint(self, painter: QPainter) -> None:
        """Paint what there is."""
        look, face = theme(), self.face()
        if face is None:
            return
        px, color = look.px, look.color
        ident, title = face
        middle = self.height() / 2
        self.draw_face_mark(painter, px(16), round(middle - px(_MARK // 2)), _MARK)
        box = QRectF(px(46), 0, px(self.ident_px), self.height() - 1)
        x = box.x() + draw_mono(painter, box, ident, color.secondary) + px(12)
        room = self.width() - x - px(8)
        chips = self._fitting(room, look.width(title, "title"))
        box = QRectF(x, 0, max(0.0, room - _wide(chips)), self.height() - 1)
        x += draw_text(painter, box, title, color.primary, "title") + px(12)
        for words, strong in chips:
            ink = color.primary if strong else color.secondary
            line = color.strong if strong else color.hair
            x += draw_chip(
                painter, x, middle, words, color=ink, line=line, fill_color=color.raised, height=22
            )
            x += px(8)

    def _fitting(self, room: float, wanted: float) -> list[Chip]:
        """As many as leave the title whole, one even where it is cut; none where little is left."""
        chips = self.chips()
        while len(chips) > 1 and _wide(chips) + wanted > room:
            chips.pop()
        return chips if _wide(chips) + min(wanted, theme().px(_TITLE_LEAST)) <= room else []


def _wide(chips: list[Chip]) -> float:
    px = theme().px
    return sum(chip_width(chip.words, height=22) + px(8) for chip in chips) + px(8)


class ItemHead(Painted):
    """52 px: words at the left, buttons at the right; ``pressed`` carries a button's key."""

    pressed = Signal(str)

    def __init__(
        self,
        words: HeadWords,
        buttons: Iterable[tuple[str, KeyButton]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        px = theme().px
        self.words = words
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, px(16), 1)
        layout.setSpacing(px(8))
        layout.addWidget(words, 1)
        self.buttons = dict(buttons)
        for key, button in self.buttons.items():
            button.setObjectName(key)
            button.clicked.connect(self._pressed)
            layout.addWidget(button)
        self.setFixedHeight(px(_HEIGHT))

    def tick(self, now_ms: int) -> None:
        """Turn what counts the time."""
        if self.words.now_ms // 1000 != now_ms // 1000:
            self.words.now_ms = now_ms
            self.words.update()

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_HEIGHT))
        super().retheme()

    def _pressed(self) -> None:
        self.pressed.emit(self.sender().objectName())

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
