"""The two lists of the left pane: schedules in three lines each, gaps in two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.frame.patched_list import Index, PatchedList
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.lines import (
    GapLine,
    ScheduleLine,
    spoken_gap,
    spoken_schedule,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QPainter

T = TypeVar("T")
_SCHEDULE, _GAP = 68, 44
_MARKS = {"nobody": "critical", "soon": "high"}


class _Delegate(QStyledItemDelegate):
    """Paints one kind of line; both have the same ground, hair line and ring."""

    tall = _SCHEDULE

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(100), theme().px(self.tall))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, model = QRectF(option.rect), cast("PatchedList[Any]", index.model())
        with line_ground(painter, rect, option.state):
            self.paint_line(painter, rect, model.row(index.row()))

    def paint_line(self, painter: QPainter, rect: QRectF, line: Any) -> None:
        """The words."""


class _ScheduleDelegate(_Delegate):
    """Name and zone; who is on call; until when and who then, or the gap that comes."""

    def paint_line(self, painter: QPainter, rect: QRectF, line: ScheduleLine) -> None:
        look = theme()
        px, color = look.px, look.color
        left, right = rect.x() + px(12), rect.right() - px(12)
        top = QRectF(left, rect.y() + px(7), right - left, px(18))
        used = draw_text(painter, top, line.zone, color.tertiary, "micro", align=RIGHT)
        top.setRight(right - used - px(8))
        draw_text(painter, top, line.name, color.primary, "body", weight=600)
        middle, low = top.translated(0, px(19)), top.translated(0, px(37))
        middle.setRight(right)
        low.setRight(right)
        mark = _MARKS.get(line.tone, "")
        if line.tone == "nobody":
            draw_mark(painter, left, middle.center().y() - px(7), mark, size=14)
            middle.setLeft(left + px(20))
            draw_text(painter, middle, line.on, look.state("down").fg, "body", weight=600)
        else:
            draw_icon(painter, left, round(middle.center().y() - px(7)), "user", color.tertiary, 14)
            middle.setLeft(left + px(20))
            draw_text(painter, middle, line.on, color.primary, "body", weight=500)
        low.setLeft(left + px(20))
        if line.warning:
            draw_mark(painter, left, low.center().y() - px(7), mark, size=14)
            draw_text(painter, low, line.warning, look.severity(mark).fg, "small")
        else:
            draw_text(painter, low, line.until, color.secondary, "small", tabular=True)


class _GapDelegate(_Delegate):
    """Whose gap and how long; when."""

    tall = _GAP

    def paint_line(self, painter: QPainter, rect: QRectF, line: GapLine) -> None:
        look = theme()
        px, color = look.px, look.color
        left, right = rect.x() + px(12), rect.right() - px(12)
        down = look.state("down").fg
        draw_icon(painter, left, round(rect.y() + px(8)), "phone-off", down, 14)
        top = QRectF(left + px(20), rect.y() + px(5), right - left - px(20), px(18))
        length = "now" if line.now else line.length
        used = draw_text(painter, top, length, down, "small", align=RIGHT, tabular=True, weight=500)
        low = top.translated(0, px(17))
        top.setRight(right - used - px(8))
        draw_text(painter, top, line.schedule, color.primary, "body", weight=500)
        draw_text(painter, low, line.when, color.secondary, "small", tabular=True)


class _Lines(QListView, Generic[T]):
    """Keys that turn the calendar are left to the page. ``entered`` is Enter or a double click."""

    entered = Signal()

    def __init__(
        self, name: str, key_of: Callable[[T], str], spoken: Callable[[T], str], delegate: _Delegate
    ) -> None:
        super().__init__()
        self.lines: PatchedList[T] = PatchedList(key_of, spoken, self)
        self._key_of = key_of
        self._delegate = delegate
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setModel(self.lines)
        self.setUniformItemSizes(True)
        dress(self, name)
        self.doubleClicked.connect(lambda _: self.entered.emit())

    def selected(self) -> T | None:
        """The line with the selection."""
        indexes = self.selectionModel().selectedIndexes()
        return self.lines.row(indexes[0].row()) if indexes else None

    def select(self, key: str) -> None:
        """Select a line and bring it into view; nothing happens for one that is not there."""
        index = self.lines.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def show_lines(self, lines: Sequence[T]) -> None:
        """Become these; the selected one stays selected."""
        self.lines.show_rows(lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter enters; left and right are the page's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ScheduleList(_Lines[ScheduleLine]):
    """``chosen`` carries the name of the schedule selected."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("Schedules", lambda line: line.name, spoken_schedule, _ScheduleDelegate())
        self.selectionModel().currentChanged.connect(lambda *_: self._choose())

    def _choose(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self.chosen.emit(self.lines.row(index.row()).name)

    def go(self, step: int) -> None:
        """Select the schedule ``step`` further down (negative: up)."""
        at = self.currentIndex().row() + step
        if 0 <= at < self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(at, 0))


class GapList(_Lines[GapLine]):
    """``picked`` carries the gap that was clicked or moved to."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            "Gaps in the next 30 days", lambda line: line.key, spoken_gap, _GapDelegate()
        )
        self.clicked.connect(lambda _: self._pick())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whatever line the keys move to is shown."""
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before:
            self._pick()

    def _pick(self) -> None:
        line = self.selected()
        if line is not None:
            self.picked.emit(line)

    def go(self, step: int = 1) -> None:
        """Pick the next gap; after the last comes the first."""
        count, line = self.lines.rowCount(), self.selected()
        # The first line is current as soon as the list has the keyboard, but not selected.
        at = self.lines.find(self._key_of(line)) + step if line is not None else 0
        if count:
            self.setCurrentIndex(self.lines.index(at % count, 0))
            self._pick()
