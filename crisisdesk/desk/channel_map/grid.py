"""The grid of the channel map: channels by rows, dependencies by columns; the names stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal

from crisisdesk.desk.channel_map.geometry import Columns, fitting
from crisisdesk.desk.channel_map.words import face_of, row_words, spoken_row
from crisisdesk.desk.comms_room.channel_lines import draw_verdict
from crisisdesk.desk.comms_room.delegate import channel_icon
from crisisdesk.desk.frame.line_list import LineDelegate, LineList
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import CENTER, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.survivability import ChannelMap, MapColumn, MapRow

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

_HEAD = 46
_ROW = 44
# A wheel's step, in eighths of a degree.
_NOTCH = 120


class MapDelegate(LineDelegate[MapRow]):
    """A channel: verdict, name and reach at the left, then a mark for each thing that it needs."""

    height = _ROW

    def __init__(self) -> None:
        super().__init__()
        self.columns = Columns(0, (), 0)
        self.shown: tuple[MapColumn, ...] = ()
        self.chosen = -1

    def paint_line(self, painter: QPainter, rect: QRectF, line: MapRow) -> None:
        """The columns first, the names over them."""
        px, color = theme().px, theme().color
        for index, x, wide in self.columns.spans():
            box = QRectF(x, rect.y(), wide, rect.height() - 1)
            self._paint_cell(painter, box, line, index)
        left = QRectF(rect.x(), rect.y(), self.columns.fixed, rect.height() - 1)
        fill(painter, left.right() - 1, rect.y(), 1, rect.height(), color.strong)
        if not line.arrives:
            solid = theme().severity("critical").solid
            fill(painter, rect.x(), rect.y(), px(3), rect.height() - 1, solid)
        self._paint_name(painter, left, line)

    def _paint_name(self, painter: QPainter, left: QRectF, line: MapRow) -> None:
        px, color = theme().px, theme().color
        top, tall = left.y() + px(4), px(19)
        draw_icon(painter, px(12), top + px(3), channel_icon(line.channel), color.secondary, 14)
        verdict = QRectF(left.right() - px(132), top, px(126), tall)
        name = QRectF(px(34), top, verdict.x() - px(40), tall)
        draw_text(painter, name, line.name, color.primary, "body", weight=600)
        draw_verdict(painter, verdict, line.verdict)
        below = QRectF(px(34), top + tall - px(1), left.width() - px(44), px(17))
        if line.arrives:
            draw_text(painter, below, row_words(line), color.tertiary, "small")
            return
        used = draw_text(
            painter, below, "will not arrive", ink_color("critical"), "small", weight=600
        )
        below.setLeft(below.left() + used)
        draw_text(painter, below, f", {row_words(line)}", color.secondary, "small")

    def _paint_cell(self, painter: QPainter, box: QRectF, line: MapRow, index: int) -> None:
        px, color = theme().px, theme().color
        column = self.shown[index]
        needs = column.dependency in line.needs
        if column.is_out and needs and theme().name != "contrast":
            tone = "critical" if column.taken is not None else "high"
            painter.fillRect(box.adjusted(1, 1, -1, -1), theme().severity(tone).soft)
        if index == self.chosen:
            fill(painter, box.x(), box.y(), 1, box.height() + 1, color.accent_line)
            fill(painter, box.right() - 1, box.y(), 1, box.height() + 1, color.accent_line)
        if not needs:
            draw_text(painter, box, "·", color.disabled, "body", align=CENTER)
            return
        face = face_of(column)
        ink = ink_color(face.tone) if face.tone else color.secondary
        middle = box.center()
        x, y = round(middle.x() - px(8)), round(middle.y() - px(8))
        draw_icon(painter, x, y, face.mark or "check", ink, 16)


class MapHead(Painted):
    """The names of the dependencies above their columns, with how each stands; ``pressed`` carries
    the index of a column that was clicked."""

    pressed = Signal(int)

    def __init__(self, delegate: MapDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self.setFixedHeight(theme().px(_HEAD))

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_HEAD))
        super().retheme()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the column."""
        index = self._delegate.columns.at(event.position().x())
        if index >= 0:
            self.pressed.emit(index)

    def paint(self, painter: QPainter) -> None:
        """Each name, and below it its state in a word with its mark."""
        px, color, of = theme().px, theme().color, self._delegate
        width, height = self.width(), self.height()
        fill(painter, 0, 0, width, height, color.panel)
        for index, x, wide in of.columns.spans():
            self._paint_column(painter, index, QRectF(x, 0, wide, height - 1))
        fill(painter, 0, 0, of.columns.fixed, height, color.panel)
        box = QRectF(px(34), px(5), of.columns.fixed - px(40), px(18))
        draw_text(painter, box, "Channel and provider", color.tertiary, "micro")
        box = QRectF(of.columns.fixed - px(132), px(5), px(126), px(18))
        draw_text(painter, box, "By what the log shows", color.tertiary, "micro")
        box = QRectF(px(34), px(23), of.columns.fixed - px(40), px(18))
        draw_text(painter, box, self._more(), color.tertiary, "small")
        fill(painter, of.columns.fixed - 1, 0, 1, height, color.strong)
        fill(painter, 0, height - 1, width, 1, color.hair)

    def _more(self) -> str:
        columns = self._delegate.columns
        before = columns.first
        after = max(0, len(columns.widths) - before - columns.whole())
        parts = [f"← {before}" if before else "", f"{after} →" if after else ""]
        return "more: " + "  ".join(filter(None, parts)) if any(parts) else ""

    def _paint_column(self, painter: QPainter, index: int, box: QRectF) -> None:
        px, color = theme().px, theme().color
        column, chosen = self._delegate.shown[index], index == self._delegate.chosen
        face = face_of(column)
        if chosen:
            painter.fillRect(box, color.accent_soft)
            fill(painter, box.x(), box.bottom() - px(2), box.width(), px(3), color.accent_line)
        ink = ink_color(face.tone) if face.tone else color.primary
        name = QRectF(box.x() + px(6), px(5), box.width() - px(12), px(18))
        draw_text(painter, name, column.dependency, ink, "body", align=CENTER, weight=600)
        below = QRectF(box.x() + px(4), px(23), box.width() - px(8), px(18))
        if face.word:
            room = px(14 + 4)
            text = min(theme().width(face.word, "small"), below.width() - room)
            x = below.center().x() - (text + room) / 2
            draw_icon(painter, round(x), px(25), face.mark, ink, 14)
            word = QRectF(x + room, below.y(), below.right() - x - room, below.height())
            draw_text(painter, word, face.word, ink, "small", weight=500)
        else:
            count = f"{column.channels} need{'s' if column.channels == 1 else ''} it"
            draw_text(painter, below, count, color.tertiary, "small", align=CENTER)


class MapGrid(LineList[MapRow]):
    """The list of channels with its columns; ``column_moved`` says that another one is chosen."""

    column_moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.delegate = MapDelegate()
        self.found = ChannelMap()
        super().__init__(
            "Channels by what they depend on",
            self.delegate,
            lambda row: row.key,
            lambda row: spoken_row(row, self.found.columns),
            parent,
        )
        self.head = MapHead(self.delegate)
        self.head.pressed.connect(self.choose)
        self._name = ""

    def show_map(self, found: ChannelMap, now_ms: int) -> None:
        """Become this map; row and column stay chosen by their names."""
        self.found = found
        self.delegate.shown = found.columns
        names = [column.dependency for column in found.columns]
        if self._name not in names:
            self._name = names[0] if names else ""
        self.delegate.chosen = names.index(self._name) if self._name else -1
        self.show_lines(found.rows, now_ms)
        self.fit()
        self._measure()

    def column(self) -> MapColumn | None:
        """The one that is chosen."""
        return self.found.column(self._name)

    def choose(self, index: int) -> None:
        """Choose a column and bring it into view."""
        if 0 <= index < len(self.found.columns):
            self._name = self.found.columns[index].dependency
            self.delegate.chosen = index
            self._measure()
            self.column_moved.emit()

    def step(self, by: int) -> None:
        """Choose a column to the right (negative: left), not past the ends."""
        count = len(self.found.columns)
        if count:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.choose(max(0, min(count - 1, self.delegate.chosen + by)))

    def _measure(self) -> None:
        look, of = theme(), self.delegate
        texts = [
            max(
                look.width(column.dependency, "body", weight=600),
                look.width(face_of(column).word, "small") + look.px(18),
            )
            for column in of.shown
        ]
        columns = fitting(texts, look.zoom / 100, self.viewport().width(), of.columns.first)
        of.columns = columns.scrolled_to(of.chosen) if of.chosen >= 0 else columns
        self.head.update()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose a column."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
            event.accept()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row, and the column where one was pressed."""
        super().mousePressEvent(event)
        self.choose(self.delegate.columns.at(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways it chooses columns."""
        sideways = event.angleDelta().x()
        if abs(sideways) >= _NOTCH:
            self.step(-1 if sideways > 0 else 1)
            event.accept()
            return
        super().wheelEvent(event)
