"""Paints a row of the delivery board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from crisisdesk.desk.alerts.history import CHANNEL_ICONS
from crisisdesk.desk.alerts.layout import ROW_HEIGHT, short_name
from crisisdesk.desk.comms_room.layout import BoardColumns, board_columns, short_clock
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_mono, draw_ring, draw_text, draw_word, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.delivery_words import FACES, State, state_of, state_words, subject

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from crisisdesk.desk.alerts.model import Index
    from crisisdesk.desk.comms_room.model import BoardModel
    from crisisdesk.domain.delivery import Delivery

ICONS = {
    **CHANNEL_ICONS,
    "email": "mail",
    "teams": "messages-square",
    "discord": "messages-square",
    "telegram": "messages-square",
    "push": "smartphone",
    "opsgenie": "bell-ring",
    "splunk": "bell-ring",
}
# What still moves or went wrong speaks up; what ended as it should is grey.
_LOUD = frozenset({State.WAITING, State.RETRYING, State.SENDING, State.FAILED, State.EXPIRED})
ENDED_BADLY = frozenset({State.FAILED, State.EXPIRED})


def channel_icon(channel: str) -> str:
    """The icon of a kind of channel."""
    return ICONS.get(channel, "message-square")


class BoardDelegate(QStyledItemDelegate):
    """One delegate for every row; the view sets ``hovered`` and ``focused`` before it paints."""

    def __init__(self, model: BoardModel) -> None:
        super().__init__()
        self._model = model
        self.hovered = -1
        self.focused = False
        self._columns: tuple[int, int, BoardColumns] | None = None

    def columns(self, width: int) -> BoardColumns:
        """The columns for a width, kept until width or zoom change."""
        kept, zoom = self._columns, theme().zoom
        if kept is None or kept[:2] != (width, zoom):
            kept = self._columns = (width, zoom, board_columns(width))
        return kept[2]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(200, theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row of an index."""
        one = self._model.delivery(index.row())
        if one is not None:
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            self.paint_row(painter, option.rect, one, selected, index.row())

    def paint_row(
        self, painter: QPainter, area: QRect, one: Delivery, selected: bool, row: int
    ) -> None:
        """The same without Qt's option object."""
        color = theme().color
        ground = color.panel
        if selected:
            ground = color.selected if self.focused else color.selected_idle
        elif row == self.hovered:
            ground = color.hover
        fill(painter, area.x(), area.y(), area.width(), area.height(), ground)
        fill(painter, area.x(), area.bottom(), area.width(), 1, color.hair)
        columns = self.columns(area.width())
        self._paint_subject(painter, area, one, columns)
        self._paint_way(painter, area, one, columns)
        self._paint_state(painter, area, one, columns)
        if selected and self.focused:
            draw_ring(painter, QRectF(area))

    def _paint_subject(
        self, painter: QPainter, area: QRect, one: Delivery, columns: BoardColumns
    ) -> None:
        look, px, color = theme(), theme().px, theme().color
        state, severity = state_of(one), str(one.severity)
        loud = state in _LOUD
        middle = area.y() + (area.height() - 1) / 2
        if state in ENDED_BADLY and not one.is_test:
            tone = look.severity(severity).solid
            fill(painter, area.x(), area.y(), px(3), area.height() - 1, tone)
        box = QRectF(columns.time.x, area.y(), columns.time.width, area.height() - 1)
        when = short_clock(one.queued_at, self._model.now_ms, dated=columns.dated)
        draw_text(painter, box, when, color.tertiary, "small", tabular=True)
        if one.is_test:
            x, y = columns.mark.x, round(middle - px(7))
            draw_icon(painter, x + 1, y, "info", color.tertiary, 14)
            box = QRectF(columns.word.x, area.y(), columns.word.width, area.height() - 1)
            draw_text(painter, box, "TEST", color.tertiary, "micro", weight=600)
        else:
            mark = "filled" if loud else "outline"
            draw_mark(painter, columns.mark.x, round(middle - px(8)), severity, mark)  # type: ignore[arg-type]
            ink = look.severity(severity).fg if loud else color.secondary
            draw_word(painter, columns.word.x, middle, severity, ink)
        box = QRectF(columns.what.x, area.y(), columns.what.width, area.height() - 1)
        ink = color.primary if loud else color.secondary
        draw_text(painter, box, subject(one), ink, "body", weight=500 if loud else 0)

    def _paint_way(
        self, painter: QPainter, area: QRect, one: Delivery, columns: BoardColumns
    ) -> None:
        px, color = theme().px, theme().color
        loud = state_of(one) in _LOUD
        box = QRectF(columns.contact.x, area.y(), columns.contact.width, area.height() - 1)
        name = one.contact_name if columns.dated else short_name(one.contact_name)
        draw_text(painter, box, name, color.primary if loud else color.secondary, "body")
        if not columns.way.width:
            return
        x, middle = float(columns.way.x), area.y() + (area.height() - 1) / 2
        draw_icon(painter, x, round(middle - px(7)), channel_icon(one.channel), color.secondary, 14)
        x += px(14 + 6)
        box = QRectF(x, area.y(), max(0.0, columns.way.right - x), area.height() - 1)
        used = draw_text(painter, box, one.channel, color.secondary, "small") + px(8)
        box.setLeft(x + used)
        if box.width() > px(64):
            draw_mono(painter, box, one.masked.partition("://")[2], color.tertiary, 11)

    def _paint_state(
        self, painter: QPainter, area: QRect, one: Delivery, columns: BoardColumns
    ) -> None:
        px, color = theme().px, theme().color
        face = FACES[state_of(one)]
        middle, height = area.y() + (area.height() - 1) / 2, area.height() - 1
        ink = ink_color(face.tone) if face.tone else color.secondary
        x = float(columns.state.x)
        draw_icon(painter, x, round(middle - px(7)), face.mark, ink, 14)
        x += px(14 + 6)
        box = QRectF(x, area.y(), max(0.0, columns.state.right - x), height)
        words = ink if face.tone in ("critical", "stale") else color.secondary
        weight = 600 if face.tone == "critical" else 0
        told = state_words(one, self._model.now_ms)
        draw_text(painter, box, told, words, "body", weight=weight, tabular=True)
        box = QRectF(columns.tries.x, area.y(), columns.tries.width, height)
        tries = f"×{one.tries}" if one.tries and columns.tries.width else ""
        draw_text(painter, box, tries, color.secondary, "body", align=RIGHT, tabular=True)
        if columns.station.width:
            box = QRectF(columns.station.x, area.y(), columns.station.width, height)
            draw_text(painter, box, self._model.station(one), color.tertiary, "small")
