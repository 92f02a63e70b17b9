"""The list of an incident's tasks: a box, what is to be done, whose it is, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from crisisdesk.desk.frame.painted_lines import dress, line_ground
from crisisdesk.desk.frame.patched_list import Index, PatchedList
from crisisdesk.desk.incidents.task_rows import (
    FOLD,
    TaskLine,
    arrange_tasks,
    below,
    clock_of,
    spoken_line,
)
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_countdown, draw_text
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.task import Task, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

_ROW, _FOLD_ROW, _BOX_END = 40, 28, 36
_PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BOX_OF = {
    TaskStatus.OPEN: "square",
    TaskStatus.STARTED: "play",
    TaskStatus.DONE: "square-check",
    TaskStatus.DROPPED: "x",
}


class _Delegate(QStyledItemDelegate):
    """Two lines for a task, one for the fold."""

    now_ms = 0
    held = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, PatchedList)
        tall = _FOLD_ROW if model.row(index.row()).task is None else _ROW
        return QSize(theme().px(100), theme().px(tall))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PatchedList)
        line, rect = model.row(index.row()), QRectF(option.rect)
        assert isinstance(line, TaskLine)
        with line_ground(painter, rect, option.state):
            if line.task is None:
                self._fold(painter, rect, line.word)
            else:
                self._task(painter, rect, line.task)

    @staticmethod
    def _fold(painter: QPainter, rect: QRectF, words: str) -> None:
        look = theme()
        px, color = look.px, look.color
        middle = round(rect.center().y() - px(7))
        draw_icon(painter, rect.x() + px(12), middle, "check", look.state("ok").fg, 14)
        box = rect.adjusted(px(_BOX_END), 0, -px(12), -1)
        draw_text(painter, box, words, color.tertiary, "small")

    def _task(self, painter: QPainter, rect: QRectF, task: Task) -> None:
        look = theme()
        px, color = look.px, look.color
        ended = not task.is_open
        ink = color.tertiary if ended or self.held else color.secondary
        middle = round(rect.center().y() - px(7))
        draw_icon(painter, rect.x() + px(12), middle, _BOX_OF[TaskStatus(task.status)], ink, 14)
        line = QRectF(rect.x() + px(_BOX_END), rect.y() + px(4), 0, px(18))
        line.setRight(rect.right() - px(12))
        clock = clock_of(task, self.now_ms)
        if clock is not None:
            chip = draw_countdown(painter, line.right(), rect.center().y(), clock)
            line.setRight(chip.left() - px(8))
        ink = color.tertiary if ended else color.primary
        draw_text(painter, line, task.title, ink, "body", weight=500)
        under = line.translated(0, px(17))
        under.setHeight(px(14))
        draw_text(painter, under, below(task), color.tertiary, "micro")


class TaskList(QListView):
    """Space or Enter says that a task is done, or asks to bring an ended one back.

    ``wanted`` carries the task's id, ``picked`` says that another line has the keyboard.
    """

    wanted = Signal(str)
    picked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks: tuple[Task, ...] = ()
        self._most = 6
        self._going = ""
        self.unfolded = False
        self.delegate = _Delegate(self)
        self.rows: PatchedList[TaskLine] = PatchedList(lambda line: line.key, self._spoken, self)
        self.setModel(self.rows)
        self.setItemDelegate(self.delegate)
        dress(self, "Tasks")
        self.setProperty("ring", False)
        self.selectionModel().currentChanged.connect(lambda *_: self.picked.emit())
        look().changed.connect(self._fit)
        self._fit()

    def _spoken(self, line: TaskLine) -> str:
        return spoken_line(line, self.delegate.now_ms)

    def show_tasks(self, tasks: Iterable[Task], now_ms: int) -> None:
        """Take how they stand; the line that has the keyboard keeps it wherever it goes."""
        self._tasks = tuple(tasks)
        self.delegate.now_ms = now_ms
        self._arrange()

    def hold(self, held: bool) -> None:
        """Whether nothing can be changed: a moment that is over is shown."""
        self.delegate.held = held
        self.viewport().update()

    def tick(self, now_ms: int) -> None:
        """Turn the clocks."""
        if self.delegate.now_ms // 1000 != now_ms // 1000:
            self.delegate.now_ms = now_ms
            self.viewport().update()

    def set_most(self, most: int) -> None:
        """How many lines stand without scrolling."""
        self._most = most
        self._fit()

    def current_task(self) -> Task | None:
        """The task the keyboard is on."""
        index = self.currentIndex()
        return self.rows.row(index.row()).task if index.isValid() and self.hasFocus() else None

    def fold(self) -> None:
        """Show what has ended, or no longer."""
        self.unfolded = not self.unfolded
        self._arrange()

    def begin(self) -> None:
        """Take the keyboard, on the first line unless it was on one before."""
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 0))
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.picked.emit()

    def go_to(self, task_id: str) -> None:
        """Put the keyboard on a task, as soon as it is here."""
        self._going = task_id
        self._go()

    def _go(self) -> None:
        index = self.rows.index_of(self._going)
        if self._going and index.isValid():
            self._going = ""
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        self.rows.show_rows(arrange_tasks(self._tasks, unfolded=self.unfolded))
        self._fit()
        self._go()

    def _fit(self) -> None:
        px, tall = theme().px, 0
        for line in self.rows.rows()[: self._most]:
            tall += px(_FOLD_ROW if line.task is None else _ROW)
        self.setFixedHeight(max(px(_FOLD_ROW), tall))

    def _press(self, at: int) -> None:
        line = self.rows.row(at)
        if line.key == FOLD:
            self.fold()
        elif not self.delegate.held:
            self.wanted.emit(line.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter press the line, whatever the platform calls activation."""
        index = self.currentIndex()
        if event.key() in _PRESS and index.isValid():
            self._press(index.row())
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the box presses the line, as does one on the fold."""
        super().mouseReleaseEvent(event)
        point: QPoint = event.position().toPoint()
        index = self.indexAt(point)
        if index.isValid():
            is_box = point.x() < theme().px(_BOX_END)
            if is_box or self.rows.row(index.row()).key == FOLD:
                self._press(index.row())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, or how to write the first."""
        super().paintEvent(event)
        if self.rows.rowCount() == 0:
            painter = QPainter(self.viewport())
            px = theme().px
            box = QRectF(px(12), 0, self.viewport().width() - px(24), px(_FOLD_ROW))
            words = "None. T writes one down."
            draw_text(painter, box, words, theme().color.tertiary, "small")
            painter.end()
