"""One chart: name and newest value, the plot, how fresh it is, how it stands. Loads numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.health.card import paint_foot, paint_head
from crisisdesk.desk.health.lettering import card
from crisisdesk.desk.health.over import Stretch
from crisisdesk.desk.health.plot import Drawn, Inks, drawn, inks, paint_plot
from crisisdesk.desk.health.raised import mark_words, marks_of, nearest, stepped
from crisisdesk.desk.health.verdicts import explained
from crisisdesk.desk.health.words import (
    LONGEST_MS,
    SHORTEST_MS,
    freshness,
    spoken,
    value_words,
)
from crisisdesk.desk.look.paint import draw_ring
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QEnterEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPainter,
        QResizeEvent,
        QWheelEvent,
    )

    from crisisdesk.desk.health.raised import Mark
    from crisisdesk.desk.health.reading import Charted
    from crisisdesk.desk.health.words import Fresh

_HEAD, _FOOT, _LEFT_AXIS, _BOTTOM_AXIS, _RIGHT = 28, 20, 54, 20, 12
# How near the pointer must be to a mark, and how far it must go to drag the time.
_REACH, _DRAG = 8, 4
# The wheel's usual step shows so much less, or more.
_WHEEL_STEP, _ZOOM = 120, 0.8


class Chart(Painted):
    """The card of one series.

    ``stepped`` carries -1 for the chart above, 1 for the one below; ``moved`` the stretch that the
    wheel or a drag asks for, UTC ms; ``opened`` the id of an alert. ``told`` says that what the
    chart tells of has changed.
    """

    moved = Signal(float, float)
    opened = Signal(str)
    told = Signal()
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Charted | None = None
        self.view = Stretch(0, 1, 0)
        self.chosen: Mark | None = None
        self.hovered = False
        self._drawn: Drawn | None = None
        self._seen: tuple[object, ...] = ()
        self._inks: Inks = inks()
        self._pressed: tuple[QPointF, Stretch] | None = None
        self._dragged = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    # -- what it shows -----------------------------------------------------------------------

    def show_series(self, charted: Charted, since: int, until: int, now_ms: int) -> None:
        """Become this series'; what is drawn stays where nothing of it changed."""
        before = self.shown
        view = Stretch(since, until, now_ms)
        is_other = before is None or before.series != charted.series
        if is_other:
            self.chosen = None
        seen = _seen(charted, view)
        if seen == self._seen:
            # Only the age of its newest sample has gone on.
            self.shown, self.view = charted, view
            self.update()
            return
        self.shown, self.view, self._seen = charted, view, seen
        self._work_out_anew()
        self.setAccessibleName(spoken(charted.series, self._value(), self.fresh()))
        self.setAccessibleDescription(charted.verdict.words)
        self.setToolTip(f"{charted.series}\n{charted.series.source_id}")
        if is_other and self.hasFocus():
            self.choose(0)
        self.told.emit()

    def show_stretch(self, since: int, until: int) -> None:
        """Show what is there over another stretch, until it is read anew."""
        self.view, self._seen = self.view._replace(since=since, until=until), ()
        self._work_out_anew()

    def retheme(self) -> None:
        """Take colours and sizes of the theme in force."""
        self._inks = inks()
        self._work_out_anew()
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new size."""
        super().resizeEvent(event)
        self._work_out_anew()

    def _work_out_anew(self) -> None:
        self._drawn = None
        self.update()

    def picture(self) -> Drawn | None:
        """What is drawn now; None before there is anything, or room for it."""
        if self._drawn is None and self.shown is not None:
            box = self.box()
            if box.width() > 0 and box.height() > 0:
                silent = self.fresh().tone == "down"
                ratio = self.devicePixelRatioF()
                self._drawn = drawn(self.shown, self.view, box, ratio, silent=silent)
        return self._drawn

    def box(self) -> QRectF:
        """Where the plot itself lies."""
        px = theme().px
        left, top = px(_LEFT_AXIS), px(_HEAD) + px(4)
        bottom = self.height() - px(_FOOT) - px(_BOTTOM_AXIS)
        return QRectF(left, top, self.width() - left - px(_RIGHT), bottom - top)

    def fresh(self) -> Fresh:
        """How fresh the series is."""
        assert self.shown is not None
        return freshness(self.shown.newest_ms, self.shown.rhythm_ms, self.view.now)

    def _value(self) -> str:
        assert self.shown is not None
        return "" if self.shown.newest_ms is None else value_words(self.shown.value)

    # -- what it tells -----------------------------------------------------------------------

    def sentences(self) -> list[str]:
        """What is drawn here and why; first the series, or what the chosen mark says."""
        if self.shown is None:
            return []
        first = f"{self.shown.series} of {self.shown.series.source_id}."
        if self.chosen is not None:
            first = f"{mark_words(self.chosen, self.view.now)}. Enter or a click opens it."
        return [first, *explained(self.shown)]

    def choose(self, by: int) -> None:
        """Tell of the mark after (1) or before (-1) the one that is told of; 0 the newest."""
        marks = self._marks()
        at = marks.index(self.chosen) if self.chosen in marks else None
        if by == 0 and at is not None:
            return
        number = stepped(len(marks), at, by)
        self._choose(None if number is None else marks[number])

    def _choose(self, mark: Mark | None) -> None:
        if mark != self.chosen:
            self.chosen = mark
            said = "" if mark is None else mark_words(mark, self.view.now)
            self.setAccessibleDescription(said or (self.shown.verdict.words if self.shown else ""))
            self.update()
            self.told.emit()

    def _marks(self) -> list[Mark]:
        if self.shown is None:
            return []
        return marks_of(self.shown.over.spells, self.view.since, self.view.until)

    def _mark_at(self, place: QPointF) -> Mark | None:
        one = self.picture()
        if one is None or not one.frame.box.adjusted(0, 0, 0, theme().px(4)).contains(place):
            return None
        if place.y() < one.frame.box.bottom() - theme().px(24):
            return None
        number = nearest(one.places, place.x(), theme().px(_REACH))
        return None if number is None else one.marks[number]

    # -- keys and pointer --------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from mark to mark, up and down to charts, Enter opens the alert."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
            return
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.choose(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.chosen is None:
                self.choose(0)
            else:
                self.opened.emit(self.chosen.spell.alert_id)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell of the newest mark."""
        super().focusInEvent(event)
        self.choose(0)
        self.update()
        self.told.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell of nothing any more."""
        super().focusOutEvent(event)
        self._choose(None)
        self.update()
        self.told.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer looks at it."""
        self.hovered = True
        self.told.emit()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer looks elsewhere."""
        self.hovered, self._pressed = False, None
        if not self.hasFocus():
            self._choose(None)
        self.told.emit()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps a drag begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = (event.position(), self.view), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the time, or tell of the mark below the pointer."""
        if self._pressed is None:
            mark = self._mark_at(event.position())
            if mark is not None:
                self._choose(mark)
            self.setCursor(
                Qt.CursorShape.ArrowCursor if mark is None else Qt.CursorShape.PointingHandCursor
            )
            return
        start, view = self._pressed
        far = event.position().x() - start.x()
        if not self._dragged and abs(far) < theme().px(_DRAG):
            return
        self._dragged = True
        by = -far * view.length / max(1.0, self.box().width())
        self.moved.emit(view.since + by, view.until + by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a mark opens its alert."""
        was, self._pressed = self._pressed, None
        if was is None or self._dragged or event.button() != Qt.MouseButton.LeftButton:
            return
        mark = self._mark_at(event.position())
        if mark is not None:
            self.opened.emit(mark.spell.alert_id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the moment below the pointer."""
        steps = event.angleDelta().y() / _WHEEL_STEP
        box = self.box()
        if not steps or box.width() <= 0:
            event.ignore()
            return
        since, until, _now = self.view
        share = min(1.0, max(0.0, (event.position().x() - box.left()) / box.width()))
        middle = since + share * (until - since)
        length = max(SHORTEST_MS, min(LONGEST_MS, (until - since) * _ZOOM**steps))
        self.moved.emit(middle - share * length, middle + (1 - share) * length)
        event.accept()

    # -- painting ----------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Ground, name and value above, the plot, freshness and verdict below."""
        card(painter, self.width(), self.height())
        one = self.picture()
        if self.shown is None:
            return
        if one is not None:
            marks = list(one.marks)
            chosen = marks.index(self.chosen) if self.chosen in marks else None
            paint_plot(painter, one, self._inks, chosen)
        fresh, top = self.fresh(), self.height() - theme().px(_FOOT)
        paint_head(painter, self.shown, fresh, self.width())
        paint_foot(painter, self.shown, fresh, self.width(), top)
        if self.hasFocus():
            draw_ring(painter, QRectF(self.rect()), theme().px(6))


def _seen(charted: Charted, view: Stretch) -> tuple[object, ...]:
    """All that is seen of a series but its age; equal while nothing has to be drawn anew."""
    over = charted.over
    band = () if over.band is None else (len(over.band.at), over.band.words)
    return (
        charted.series,
        view[:2],
        (len(charted.at), charted.low.sum(), charted.high.sum(), charted.value),
        freshness(charted.newest_ms, charted.rhythm_ms, view.now).tone,
        charted.verdict,
        (over.watchers, over.spells, band),
    )
