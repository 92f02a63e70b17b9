"""Paints a whole row of the queue: an alert, a group, a member or the head of a band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from crisisdesk.desk.alerts.faces import BAND_WORDS, Live, Quieter, alert_of, live
from crisisdesk.desk.alerts.layout import HEAD_HEIGHT, ROW_HEIGHT, Columns, columns
from crisisdesk.desk.alerts.model import ITEM_ROLE, Index
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import MarkState, draw_mark
from crisisdesk.desk.look.paint import (
    RIGHT,
    chip_width,
    draw_chip,
    draw_countdown,
    draw_mono,
    draw_ring,
    draw_sparkbars,
    draw_text,
    draw_word,
    fill,
)
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.queue_order import SEVERITY_NAME, Band, band_of
from crisisdesk.domain.queue_rows import Child, GroupItem, Head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from crisisdesk.desk.alerts.rates import Rates
    from crisisdesk.store.queries import AlertRow

_GUIDE_X = 19
_CHILD_MARK_X = 30


class RowDelegate(QStyledItemDelegate):
    """One delegate for every row; ``now_ms`` is set by the view before it paints."""

    def __init__(self, rates: Rates) -> None:
        super().__init__()
        self.now_ms = 0
        self.hovered = -1
        self.focused = False
        self.clip_left = 0
        self._rates = rates
        # The alerts that are kept quiet now, by id.
        self.silenced: Mapping[str, Quieter] = {}
        # How many alerts each cause keeps quiet.
        self.causes: Mapping[str, int] = {}
        self._columns: tuple[int, int, Columns] | None = None

    def columns(self, width: int) -> Columns:
        """The columns for a width, kept until width or zoom change."""
        kept, zoom = self._columns, theme().zoom
        if kept is None or kept[0] != width or kept[1] != zoom:
            kept = self._columns = (width, zoom, columns(width))
        return kept[2]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Heads are lower than rows."""
        is_head = isinstance(index.data(ITEM_ROLE), Head)
        return QSize(200, theme().px(HEAD_HEIGHT if is_head else ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row, leaving out what lies left of ``clip_left``."""
        area: QRect = getattr(option, "rect")  # noqa: B009  absent from PySide6's stubs
        state: QStyle.StateFlag = getattr(option, "state")  # noqa: B009  absent from PySide6's stubs
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self.paint_item(painter, area, index.data(ITEM_ROLE), selected, index.row())

    def paint_item(
        self, painter: QPainter, area: QRect, item: Any, selected: bool, row_number: int
    ) -> None:
        """The same without Qt's option object."""
        if isinstance(item, Head):
            self._paint_head(painter, area, item)
            return
        row = alert_of(item)
        if row is None:
            return
        color, columns = theme().color, self.columns(area.width())
        ground = color.panel
        if selected:
            ground = color.selected if self.focused else color.selected_idle
        elif row_number == self.hovered:
            ground = color.hover
        fill(painter, area.x(), area.y(), area.width(), area.height(), ground)
        fill(painter, area.x(), area.bottom(), area.width(), 1, color.hair)
        band = self._painted_band(row)
        if self.clip_left < columns.title.right:
            self._paint_left(painter, area, item, row, band, columns)
        if self.clip_left < columns.live_x:
            self._paint_middle(painter, area, item, row, band, columns)
        self._paint_live(painter, area, item, row, band, columns)
        if selected and self.focused:
            draw_ring(painter, QRectF(area))

    def _painted_band(self, row: AlertRow) -> Band:
        """The band whose voice a row has: what is silenced speaks as low as what is watched."""
        band = band_of(row)
        return Band.WATCHING if band is Band.NOBODY and row.alert_id in self.silenced else band

    def _paint_head(self, painter: QPainter, area: QRect, head: Head) -> None:
        px, color = theme().px, theme().color
        fill(painter, area.x(), area.y(), area.width(), area.height(), color.raised)
        fill(painter, area.x(), area.bottom(), area.width(), 1, color.hair)
        title, right = BAND_WORDS[head.band]
        box = QRectF(area.x() + px(12), area.y(), area.width() - px(24), area.height() - 1)
        x = draw_text(painter, box, title, color.primary, "small", weight=600)
        words = f"{head.rows}" if head.band is not Band.NOBODY else _rows(head.rows)
        if head.groups:
            words = f"{_rows(head.rows)}, {head.groups} group{'' if head.groups == 1 else 's'}"
        rest = box.adjusted(x + px(8), 0, 0, 0)
        draw_text(painter, rest, words, color.tertiary, "small", tabular=True)
        draw_text(painter, box, right, color.tertiary, "micro", align=RIGHT)

    def _paint_left(
        self,
        painter: QPainter,
        area: QRect,
        item: Any,
        row: AlertRow,
        band: Band,
        columns: Columns,
    ) -> None:
        look, px, color = theme(), theme().px, theme().color
        child, group = isinstance(item, Child), isinstance(item, GroupItem)
        severity = SEVERITY_NAME[item.severity if group else row.severity]
        tone = look.severity(severity)
        middle = area.y() + (area.height() - 1) / 2
        x0, y = area.x(), round(middle - px(16) / 2)
        if band is Band.NOBODY and not child:
            fill(painter, x0, area.y(), px(3), area.height() - 1, tone.solid)
        state: MarkState = "filled" if band in (Band.NOBODY, Band.WATCHING) else "acked"
        if band is Band.RESOLVED or (band is Band.WATCHING and row.alert_id in self.silenced):
            state = "outline"
        ink = None if band is not Band.RESOLVED else color.tertiary
        if child:
            fill(painter, x0 + px(_GUIDE_X), area.y(), 1, area.height(), color.strong)
            draw_mark(painter, x0 + px(_CHILD_MARK_X), y, severity, state, color=ink)
        else:
            draw_mark(painter, x0 + columns.mark.x, y, severity, state, color=ink)
            word_ink = tone.fg if band is Band.NOBODY else color.secondary
            draw_word(painter, x0 + columns.word.x, middle, severity, word_ink)
        quiet = color.primary if band is Band.NOBODY else color.secondary
        count = item.firings if group else row.count
        box = QRectF(x0 + columns.firings.x, area.y(), columns.firings.width, area.height() - 1)
        draw_text(painter, box, f"×{count}", color.secondary, "body", align=RIGHT, tabular=True)
        service_x = x0 + columns.service.x
        if group:
            chevron = "chevron-down" if item.open else "chevron-right"
            draw_icon(painter, service_x, round(middle - px(12) / 2), chevron, color.secondary, 12)
            service_x += px(16)
        box = QRectF(service_x, area.y(), x0 + columns.service.right - service_x, area.height() - 1)
        name = row.service or row.source
        draw_text(painter, box, name, quiet, "body", weight=600)

    def _paint_middle(
        self,
        painter: QPainter,
        area: QRect,
        item: Any,
        row: AlertRow,
        band: Band,
        columns: Columns,
    ) -> None:
        px, color = theme().px, theme().color
        quiet = color.primary if band is Band.NOBODY else color.secondary
        x, height = float(area.x() + columns.title.x), area.height() - 1
        right = area.x() + columns.title.right
        kept = self.causes.get(row.alert_id, 0)
        tail = f"· keeps {kept} quiet" if kept else ""
        tail = f"· {item.size} alerts" if isinstance(item, GroupItem) else tail
        reserve = theme().width(tail, "body") + px(6) if tail else 0.0
        if row.incident_id:
            reserve += chip_width(row.incident_id) + px(8)
        box = QRectF(x, area.y(), max(px(40), right - x - reserve), height)
        x += draw_text(painter, box, row.title, quiet, "body")
        if tail:
            box = QRectF(x + px(6), area.y(), max(0.0, right - x - px(6)), height)
            x += draw_text(painter, box, tail, color.tertiary, "body") + px(6)
        if row.incident_id:
            middle = area.y() + height / 2
            draw_chip(
                painter,
                x + px(8),
                middle,
                row.incident_id,
                color=color.secondary,
                line=color.strong,
            )
        if columns.rate.width and not isinstance(item, Child):
            rates = self._rates.of(row.alert_id, self.now_ms)
            if rates:
                tall = px(14)
                box = QRectF(
                    area.x() + columns.rate.x, area.y() + (height - tall) // 2, px(62), tall
                )
                ink = color.secondary if band is Band.NOBODY else color.strong
                draw_sparkbars(painter, box, rates, ink)
        if columns.place.width:
            places = " ".join(item.places) if isinstance(item, GroupItem) else row.place
            box = QRectF(area.x() + columns.place.x, area.y(), columns.place.width, height)
            draw_mono(painter, box, places, color.tertiary, 11)

    def _paint_live(
        self,
        painter: QPainter,
        area: QRect,
        item: Any,
        row: AlertRow,
        band: Band,
        columns: Columns,
    ) -> None:
        px, color = theme().px, theme().color
        height, middle = area.height() - 1, area.y() + (area.height() - 1) / 2
        face = live(row, self.now_ms, columns.initials, self.silenced.get(row.alert_id))
        if columns.age.width:
            box = QRectF(area.x() + columns.age.x, area.y(), columns.age.width, height)
            draw_text(painter, box, face.age, color.secondary, "body", align=RIGHT, tabular=True)
        clock_left = self._paint_clock(painter, area, item, band, columns, face, middle)
        x = float(area.x() + columns.owner.x)
        if face.owner_icon:
            ink = theme().state("resolved" if band is Band.RESOLVED else "acked").fg
            ink = color.tertiary if band is Band.WATCHING else ink
            draw_icon(painter, x, round(middle - px(14) / 2), face.owner_icon, ink, 14)
            x += px(14 + 5)
        owner_ink, weight = color.tertiary, 400
        if band is Band.NOBODY:
            owner_ink, weight = color.primary, 500
        elif band is Band.IN_HAND:
            owner_ink = color.secondary
        box = QRectF(x, area.y(), max(0.0, clock_left - px(8) - x), height)
        draw_text(painter, box, face.owner, owner_ink, "body", weight=weight)

    def _paint_clock(
        self,
        painter: QPainter,
        area: QRect,
        item: Any,
        band: Band,
        columns: Columns,
        face: Live,
        middle: float,
    ) -> float:
        """The clock or the word in its place; returns where it begins."""
        px, color = theme().px, theme().color
        right = area.x() + columns.clock.right
        if face.clock is not None:
            plain = isinstance(item, GroupItem) and item.open
            late = band is Band.NOBODY
            glyph = face.owner_icon if face.clock.state == "paused" else ""
            chip = draw_countdown(
                painter, right, middle, face.clock, glyph=glyph, solid_late=late, plain=plain
            )
            return chip.x()
        if not face.clock_word:
            return float(right)
        width = theme().width(face.clock_word, "micro") + 1
        box = QRectF(right - width - px(6), area.y(), width, area.height() - 1)
        draw_text(painter, box, face.clock_word, color.tertiary, "micro")
        return box.x()


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"
