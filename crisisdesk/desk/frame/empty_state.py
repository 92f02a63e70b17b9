"""The empty state: says that nothing is there, why that can be believed, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted, PaintedButton
from crisisdesk.desk.frame.text import Text, ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import (
    CENTER,
    LEFT,
    RIGHT,
    draw_box,
    draw_keys,
    draw_text,
    fill,
    keys_width,
)
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

_WIDTH, _CARD = 560, 52
CardTone = Literal["", "high", "stale", "down", "ok"]


class EmptyCard(NamedTuple):
    """One thing worth doing meanwhile; ``aside`` says how it stands, ``keys`` opens it."""

    key: str
    icon: str
    title: str
    detail: str = ""
    aside: str = ""
    keys: str = ""
    tone: CardTone = ""


class EmptyButton(NamedTuple):
    """One button below the cards."""

    key: str
    word: str
    keys: str = ""
    primary: bool = False


class QuietBars(NamedTuple):
    """A rate over the last hours: values oldest first, words under its ends and its middle."""

    values: tuple[float, ...]
    first: str
    middle: str
    last: str
    note: str = ""
    note_at: int = 0


class EmptyView(NamedTuple):
    """What an empty room says."""

    title: str
    text: str = ""
    cards: tuple[EmptyCard, ...] = ()
    buttons: tuple[EmptyButton, ...] = ()
    bars: QuietBars | None = None


class _Bars(Painted):
    """The quiet hours as bars."""

    def __init__(self, bars: QuietBars, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = bars
        self.setFixedHeight(theme().px(58))
        self.setAccessibleName(f"{bars.middle}, {bars.first} to {bars.last}")

    def sizeHint(self) -> QSize:
        return QSize(theme().px(_WIDTH), theme().px(58))

    def paint(self, painter: QPainter) -> None:
        px, color, bars = theme().px, theme().color, self._bars
        step = self.width() / max(1, len(bars.values))
        top = max((*bars.values, 1e-9))
        for index, value in enumerate(bars.values):
            tall = max(1.5, value / top * px(14)) if value else 1.5
            ink = color.secondary if value else color.strong
            fill(painter, index * step, px(36) - tall, step - px(4), tall, ink)
        width = float(self.width() - px(4))
        for text, align in ((bars.first, LEFT), (bars.middle, CENTER), (bars.last, RIGHT)):
            box = QRectF(0, px(42), width, px(14))
            draw_text(painter, box, text, color.tertiary, "micro", align=align)
        if bars.note:
            box = QRectF(bars.note_at * step, 0, width - bars.note_at * step, px(16))
            draw_text(painter, box, bars.note, color.tertiary, "micro")


class _Card(PaintedButton):
    """One line of the card list."""

    def __init__(self, card: EmptyCard, last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.card, self._last = card, last
        words = ", ".join(part for part in (card.title, card.detail, card.aside) if part)
        self.setAccessibleName(words)
        self.setAccessibleDescription(f"Key {card.keys}" if card.keys else "")

    def sizeHint(self) -> QSize:
        return QSize(theme().px(_WIDTH), theme().px(_CARD))

    def paint(self, painter: QPainter) -> None:
        px, color, card = theme().px, theme().color, self.card
        height, middle = self.height(), self.height() / 2
        if self.underMouse():
            fill(painter, 1, 0, self.width() - 2, height, color.hover)
        if not self._last:
            fill(painter, 1, height - 1, self.width() - 2, 1, color.hair)
        ink = ink_color(card.tone) if card.tone else color.secondary
        draw_icon(painter, px(16), round(middle - px(8)), card.icon, ink)
        right = float(self.width() - px(16))
        if card.keys:
            draw_keys(painter, right, middle, card.keys)
            right -= keys_width(card.keys) + px(12)
        box = QRectF(px(44), 0, right - px(44), height)
        right -= draw_text(painter, box, card.aside, color.tertiary, "small", align=RIGHT) + px(12)
        top = round(middle - px(17)) if card.detail else round(middle - px(9))
        box = QRectF(px(44), top, right - px(44), px(18))
        draw_text(painter, box, card.title, color.primary, "body", weight=500)
        box = QRectF(px(44), top + px(19), right - px(44), px(14))
        draw_text(painter, box, card.detail, color.tertiary, "micro")


class _Cards(Painted):
    """The frame around the cards."""

    def paint(self, painter: QPainter) -> None:
        color = theme().color
        draw_box(
            painter,
            QRectF(self.rect()),
            fill=color.raised,
            line=color.hair,
            radius=theme().px(6),
        )


class EmptyState(Painted):
    """A column 560 px wide in the middle of a room."""

    chosen = Signal(str)

    def __init__(self, view: EmptyView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{view.title} {view.text}".strip())
        px = theme().px
        column = QWidget(self)
        column.setFixedWidth(px(_WIDTH))
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if view.bars is not None:
            layout.addWidget(_Bars(view.bars))
            layout.addSpacing(px(20))
        layout.addWidget(Text(view.title, "figure"))
        if view.text:
            layout.addSpacing(px(6))
            words = Text(view.text, "lead", "secondary", weight=400, wrap=True)
            words.setFixedHeight(words.heightForWidth(px(_WIDTH)))
            layout.addWidget(words)
        if view.cards:
            layout.addSpacing(px(24))
            layout.addWidget(self._cards(view))
        if view.buttons:
            layout.addSpacing(px(16))
            layout.addLayout(self._buttons(view))
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(column, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)

    def _cards(self, view: EmptyView) -> QWidget:
        frame = _Cards(self)
        frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 1, 0, 1)
        layout.setSpacing(0)
        for index, card in enumerate(view.cards):
            line = _Card(card, index == len(view.cards) - 1, frame)
            line.setFixedHeight(theme().px(_CARD))
            line.clicked.connect(self._card_pressed)
            layout.addWidget(line)
        return frame

    def _card_pressed(self) -> None:
        line = self.sender()
        if isinstance(line, _Card):
            self.chosen.emit(line.card.key)

    def _buttons(self, view: EmptyView) -> QHBoxLayout:
        layout = QHBoxLayout()
        layout.setSpacing(theme().px(8))
        for entry in view.buttons:
            button = KeyButton(entry.word, entry.keys, "primary" if entry.primary else "normal")
            button.setProperty("entry", entry.key)
            button.clicked.connect(self._button_pressed)
            layout.addWidget(button)
        layout.addStretch(1)
        return layout

    def _button_pressed(self) -> None:
        self.chosen.emit(str(self.sender().property("entry")))

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
