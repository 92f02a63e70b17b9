"""The rail: the rooms, each with its key, its icon, its word and what waits in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QRectF, QSize, Signal

from crisisdesk.desk.frame.painted import Painted, PaintedButton
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import CENTER, RIGHT, draw_box, draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

RailTone = Literal["", "critical", "emergency", "high", "stale", "down"]
SLIM_BELOW_PX = 1500
_MARKED = frozenset({"critical", "emergency", "high"})


class RailRoom(NamedTuple):
    """One room: ``digit`` is its key, ``waiting`` what waits in it (0 shows nothing).

    ``foot`` puts it at the lower end of the rail.
    """

    key: str
    digit: str
    icon: str
    word: str
    waiting: int = 0
    tone: RailTone = ""
    foot: bool = False


class _Room(PaintedButton):
    """One room's line in the rail."""

    def __init__(self, room: RailRoom, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.slim = False
        self.room = room
        self.show_room(room)

    def show_room(self, room: RailRoom) -> None:
        self.room = room
        waiting = f", {room.waiting} waiting" if room.waiting else ""
        grave = f", {room.tone}" if room.tone and room.waiting else ""
        self.setAccessibleName(f"{room.word}{waiting}{grave}")
        self.setAccessibleDescription(f"Key {room.digit}")
        self.setToolTip(f"{room.word}  ({room.digit})" if self.slim else "")
        self.update()

    def paint(self, painter: QPainter) -> None:
        px, color = theme().px, theme().color
        rect = QRectF(self.rect()).adjusted(px(8), 0, -px(8), 0)
        on = self.isChecked()
        if on or self.underMouse():
            ground = color.selected if on else color.hover
            draw_box(painter, rect, fill=ground, radius=px(4))
        if on:
            fill(painter, 0, px(6), px(3), self.height() - px(12), color.accent)
        ink = color.primary if on else color.secondary
        middle = self.height() / 2
        y = round(middle - px(16) / 2)
        if self.slim:
            draw_icon(painter, round((self.width() - px(16)) / 2), y, self.room.icon, ink)
            self._paint_badge(painter)
            return
        box = QRectF(rect.x() + px(8), 0, px(8), self.height())
        draw_text(painter, box, self.room.digit, color.tertiary, "micro", align=CENTER)
        draw_icon(painter, rect.x() + px(26), y, self.room.icon, ink)
        x = rect.x() + px(52)
        room = float(px(8))
        if self.room.waiting:
            count = str(self.room.waiting)
            room += theme().width(count, "small", tabular=True, weight=600) + px(8)
            room += px(16) if self.room.tone in _MARKED else 0
        box = QRectF(x, 0, rect.right() - x - room, self.height())
        draw_text(painter, box, self.room.word, ink, "body", weight=500)
        if self.room.waiting:
            tone = ink_color(self.room.tone) if self.room.tone else color.secondary
            box = QRectF(x, 0, rect.right() - px(8) - x, self.height())
            text = str(self.room.waiting)
            width = draw_text(
                painter, box, text, tone, "small", align=RIGHT, tabular=True, weight=600
            )
            if self.room.tone in _MARKED:
                left = rect.right() - px(8) - width - px(4 + 12)
                draw_mark(painter, left, round(middle - px(12) / 2), self.room.tone, size=12)

    def _paint_badge(self, painter: QPainter) -> None:
        if not self.room.waiting:
            return
        look, px, color = theme(), theme().px, theme().color
        tone = ink_color(self.room.tone) if self.room.tone else color.secondary
        text = str(self.room.waiting) if self.room.waiting < 1000 else "999+"
        width = look.width(text, "micro", tabular=True, weight=600) + px(4)
        box = QRectF(self.width() - px(8) - width, 0, width, px(13))
        fill(painter, box.x(), box.y(), box.width(), box.height(), color.window)
        draw_text(painter, box, text, tone, "micro", align=CENTER, tabular=True, weight=600)


class Rail(Painted):
    """The rooms, top down; 168 px wide, 52 px with icons and counts only."""

    chosen = Signal(str)

    def __init__(self, rooms: Sequence[RailRoom], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slim = False
        self._window_width = 0
        self._rooms = {room.key: _Room(room, self) for room in rooms}
        for button in self._rooms.values():
            button.clicked.connect(self._pressed)
        self.setAccessibleName("Rooms")
        self.retheme()

    def show_rooms(self, rooms: Sequence[RailRoom]) -> None:
        """Take new counts; a room the rail was not made with is a KeyError."""
        for room in rooms:
            if self._rooms[room.key].room != room:
                self._rooms[room.key].show_room(room)

    def set_current(self, key: str) -> None:
        """Mark the room that is open; emits nothing."""
        self._rooms[key].setChecked(True)

    def current(self) -> str:
        """The key of the room that is open, or ""."""
        return next((key for key, button in self._rooms.items() if button.isChecked()), "")

    def fit(self, window_width: int) -> None:
        """Be slim in windows under 1500 px (at 100 %)."""
        self._window_width = window_width
        slim = window_width < theme().px(SLIM_BELOW_PX)
        if slim != self._slim:
            self._slim = slim
            self.retheme()

    def retheme(self) -> None:
        """Take the new width and lay the rooms out."""
        if self._window_width:
            self._slim = self._window_width < theme().px(SLIM_BELOW_PX)
        self.setFixedWidth(theme().px(52 if self._slim else 168))
        for button in self._rooms.values():
            button.slim = self._slim
            button.show_room(button.room)
        self._lay_out()
        super().retheme()

    def sizeHint(self) -> QSize:
        """Its width, and room for every line."""
        return QSize(self.width(), theme().px(34 * len(self._rooms) + 16))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the foot at the foot."""
        self._lay_out()

    def _lay_out(self) -> None:
        px = theme().px
        head, foot = px(8), self.height() - px(8)
        for button in self._rooms.values():
            if not button.room.foot:
                button.setGeometry(0, head, self.width() - 1, px(32))
                head += px(34)
        for button in reversed(self._rooms.values()):
            if button.room.foot:
                foot -= px(32)
                button.setGeometry(0, foot, self.width() - 1, px(32))
                foot -= px(2)

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, _Room):
            self.chosen.emit(button.room.key)

    def paint(self, painter: QPainter) -> None:
        """The ground and its line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.window)
        fill(painter, self.width() - 1, 0, 1, self.height(), color.hair)
