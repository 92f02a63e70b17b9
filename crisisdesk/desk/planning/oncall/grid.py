"""The painted calendar: weeks below each other, a row for each layer, and who is on call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QToolTip

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import draw_box, draw_ring, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.bands import Palette, draw_band, draw_head, draw_now, draw_row
from crisisdesk.desk.planning.oncall.geometry import Measures, Sheet, spread
from crisisdesk.desk.planning.oncall.picking import (
    Spot,
    across,
    along,
    band_at,
    kept,
    week_of,
)
from crisisdesk.desk.planning.oncall.tints import tints
from crisisdesk.desk.planning.oncall.weeks import title_words
from crisisdesk.desk.planning.oncall.words import hold_words

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.planning.oncall.reading import Published
    from crisisdesk.desk.planning.oncall.weeks import Band, Calendar, Span

_GUTTER, _GUTTER_WIDE, _WIDE_FROM = 84, 128, 900
_HEAD, _GAP = 30, 10
_ROWS = {"weeks": (26, 52), "month": (19, 44)}


class CalendarGrid(Painted):
    """``picked`` says that another shift is selected, ``turned`` asks for a week later (1) or
    earlier (-1), ``entered`` is Enter, ``seen`` carries the part that has to be in view."""

    picked = Signal()
    turned = Signal(int)
    entered = Signal()
    seen = Signal(QRect)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.calendar: Calendar | None = None
        self.spot: Spot | None = None
        self._published: Published | None = None
        self._span: Span = "weeks"
        self._now_ms = 0
        self._page_height = 0
        self._palette: Palette | None = None
        self._coming = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Calendar")
        # The ring stands around the selected shift.
        self.setProperty("ring", False)

    # -- what is shown -----------------------------------------------------------------------

    def show_calendar(
        self, calendar: Calendar, published: Published, span: Span, now_ms: int
    ) -> None:
        """Show this one; the selected shift stays selected where it is still there."""
        turned = self.calendar is not None and self.calendar.schedule == calendar.schedule
        before = self.spot if turned else None
        self.calendar, self._published, self._span = calendar, published, span
        self._now_ms = now_ms
        people = tints(published.people_of(calendar.schedule))
        self._palette = Palette(people, published, calendar.zone)
        self.spot = self._arrived(calendar, before, now_ms)
        self._fit()
        self._say()
        self.picked.emit()
        self.update()

    def _arrived(self, calendar: Calendar, before: Spot | None, now_ms: int) -> Spot:
        """The spot after a turn: where a key was leading, else what was selected."""
        coming, self._coming = self._coming, 0
        if coming and before is not None and before.row < len(calendar.weeks[0].rows):
            found = along(calendar, before, coming)
            if found is not None:
                return found
        return kept(calendar, before, now_ms)

    def show_moment(self, at_ms: int) -> None:
        """Select who is on call at a moment of the calendar that is shown or comes next."""
        calendar = self.calendar
        row = len(calendar.weeks[0].rows) - 1 if calendar is not None else 0
        self._pick(Spot(row, at_ms))

    def band(self) -> Band | None:
        """The selected shift."""
        return band_at(self.calendar, self.spot) if self.calendar is not None else None

    def tick(self, now_ms: int) -> None:
        """Move the line of the present."""
        if now_ms // 60_000 != self._now_ms // 60_000:
            self._now_ms = now_ms
            self.update()

    def fit_page(self, height: int) -> None:
        """Take the height that is there; rows share it."""
        if height != self._page_height:
            self._page_height = height
            self._fit()

    def retheme(self) -> None:
        """Take the new sizes."""
        self._fit()
        super().retheme()

    def sizeHint(self) -> QSize:
        """As wide as it is let, as tall as its weeks."""
        return QSize(theme().px(560), self.minimumHeight())

    def sheet(self) -> Sheet | None:
        """Where everything stands now."""
        if self.calendar is None:
            return None
        px = theme().px
        least, most = _ROWS[self._span]
        gutter = _GUTTER_WIDE if self.width() >= px(_WIDE_FROM) else _GUTTER
        measures = Measures(px(gutter), px(_HEAD), px(least), px(most), px(_GAP))
        return spread(self.calendar, self.width(), self._page_height or self.height(), measures)

    def _fit(self) -> None:
        sheet = self.sheet()
        if sheet is not None:
            self.setMinimumHeight(int(sheet.height))
        self.updateGeometry()
        self.update()

    def _say(self) -> None:
        band, calendar, published = self.band(), self.calendar, self._published
        if calendar is None or published is None:
            return
        self.setAccessibleName(f"Calendar of {calendar.schedule}, {title_words(calendar)}")
        said = hold_words(band.hold, calendar.zone, published) if band is not None else ""
        row = calendar.weeks[0].rows[self.spot.row].name if self.spot is not None else ""
        self.setAccessibleDescription(f"{row}: {said}" if said else "no shift is selected")

    # -- keys and mouse ----------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Select the next shift of the row (1) or the one before (-1), turning where needed."""
        if self.calendar is None or self.spot is None:
            return
        found = along(self.calendar, self.spot, by)
        if found is not None:
            self._pick(found)
        else:
            self._coming = by
            self.turned.emit(by)

    def cross(self, by: int) -> None:
        """Select in the row below (1) or above (-1)."""
        if self.calendar is not None and self.spot is not None:
            self._pick(across(self.calendar, self.spot, by))

    def _pick(self, spot: Spot) -> None:
        if spot == self.spot:
            return
        self.spot = spot
        self._say()
        self.picked.emit()
        sheet, calendar = self.sheet(), self.calendar
        if sheet is not None and calendar is not None:
            week = week_of(calendar, spot.at_ms)
            if week >= 0:
                self.seen.emit(QRect(0, int(sheet.week_top(week)), 1, int(sheet.week_height)))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down cross rows, left and right turn a week, Enter goes to the detail."""
        rows = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        weeks = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        if key in rows:
            self.cross(rows[key])
        elif key in weeks:
            self.turned.emit(weeks[key])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what lies under the mouse."""
        sheet = self.sheet()
        if sheet is not None:
            spot = sheet.spot_at(event.position().x(), event.position().y())
            if spot is not None:
                self._pick(spot)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Over a shift that is too narrow for its words the mouse reads it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            sheet, published = self.sheet(), self._published
            spot = sheet.spot_at(event.pos().x(), event.pos().y()) if sheet is not None else None
            band = band_at(sheet.calendar, spot) if sheet is not None else None
            if band is not None and published is not None and sheet is not None:
                words = hold_words(band.hold, sheet.calendar.zone, published)
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    # -- paint -------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Week by week: head, rows, bands, the line of the present, the selection."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        sheet, palette = self.sheet(), self._palette
        if sheet is None or palette is None:
            return
        selected = self.band()
        for number, week in enumerate(sheet.calendar.weeks):
            draw_head(painter, sheet, number, self._now_ms)
            for at, row in enumerate(week.rows):
                draw_row(painter, sheet, number, at)
                for band in row.bands:
                    draw_band(painter, sheet, number, at, band, palette)
        draw_now(painter, sheet, self._now_ms)
        if selected is None or self.spot is None:
            return
        # All parts of the shift, in whatever week: one ring each.
        for number, week in enumerate(sheet.calendar.weeks):
            for band in week.rows[self.spot.row].bands:
                if band.hold == selected.hold:
                    box = QRectF(*sheet.band_box(number, self.spot.row, band))
                    self._ring(painter, box, color.primary)

    def _ring(self, painter: QPainter, box: QRectF, idle: QColor) -> None:
        if self.hasFocus():
            draw_ring(painter, box, theme().px(3))
        else:
            draw_box(painter, box, line=idle, radius=theme().px(3))
