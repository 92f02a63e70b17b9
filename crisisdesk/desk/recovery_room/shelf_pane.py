"""The list of the Recovery room, with its filter; heads are passed over, nothing jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crisisdesk.desk.frame.heads import FilterField, PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.lines import ShelfPainter
from crisisdesk.desk.recovery_room.reading import Board
from crisisdesk.desk.recovery_room.shelf import HEAD, RUN, ShelfLine, shelf_lines, spoken

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ShelfList(LineList[ShelfLine]):
    """Lines of which heads cannot be chosen."""

    def go(self, step: int) -> None:
        """Go to the next line in that direction that is no head; stay where there is none."""
        at, count = self.currentIndex().row() + step, self.lines.rowCount()
        while 0 <= at < count and self.lines.row(at).kind == HEAD:
            at += 1 if step > 0 else -1
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if 0 <= at < count:
            self.setCurrentIndex(self.lines.index(at, 0))

    def moveCursor(
        self, action: LineList.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """The arrow keys pass over heads as well."""
        found = super().moveCursor(action, modifiers)
        actions = LineList.CursorAction
        down = action in (actions.MoveDown, actions.MoveNext, actions.MovePageDown,
                          actions.MoveHome)  # fmt: skip
        at, count = found.row(), self.lines.rowCount()
        while 0 <= at < count and self.lines.row(at).kind == HEAD:
            at += 1 if down else -1
        return self.lines.index(at, 0) if 0 <= at < count else self.currentIndex()

    def go_first(self) -> None:
        """Select the first line that is no head, leaving the keyboard where it is."""
        for at, line in enumerate(self.lines.rows()):
            if line.kind != HEAD:
                self.setCurrentIndex(self.lines.index(at, 0))
                return

    def select(self, key: str) -> bool:
        """Select a line; False where it is not shown."""
        index = self.lines.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
        return index.isValid()

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """A click on a head selects nothing and lets go of nothing."""
        if index.isValid() and self.lines.row(index.row()).kind == HEAD:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)


class ShelfPane(PaneGround):
    """``chosen`` carries the line that was selected, ``opened`` says Enter, ``start_wanted`` that a
    run is to be begun."""

    chosen = Signal(object)
    opened = Signal()
    start_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._board, self._now_ms = Board(), 0
        self._chosen = self._wanted = ""
        self.head = PaneHead("Recovery")
        self.filter = FilterField("Filter", width=0)
        self.start = KeyButton("Run", "R", icon="play")
        self.list = ShelfList("Runs and procedures", ShelfPainter(), lambda line: line.key, spoken,
                              picks=False)  # fmt: skip
        self.list.setUniformItemSizes(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        above = QHBoxLayout()
        above.setContentsMargins(px(12), px(8), px(12), px(8))
        above.setSpacing(px(8))
        above.addWidget(self.filter, 1)
        above.addWidget(self.start)
        column.addWidget(self.head)
        column.addLayout(above)
        column.addWidget(self.list, 1)
        self.filter.textChanged.connect(self._show)
        self.filter.returnPressed.connect(self._into_list)
        self.list.moved.connect(self._moved)
        self.list.entered.connect(self.opened)
        self.start.clicked.connect(self.start_wanted)

    def show_board(self, board: Board, now_ms: int) -> None:
        """Take what was read; while nothing is selected, the first line is."""
        self._board, self._now_ms = board, now_ms
        self._show()
        count = len(board.runs)
        self.head.show_words("Recovery", f"{count} under way" if count else "nothing under way")

    def line(self) -> ShelfLine | None:
        """The selected line."""
        return self.list.selected()

    def select(self, key: str) -> bool:
        """Select a line; False where it is not shown. It is selected once it is."""
        self._wanted = "" if (shown := self.list.select(key)) else key
        return shown

    def tick(self, now_ms: int) -> None:
        """Turn the clocks."""
        if now_ms // 1000 != self._now_ms // 1000:
            self._now_ms = now_ms
            self.list.painter_of_lines.now_ms = now_ms
            self.list.viewport().update()

    def _show(self) -> None:
        lines = shelf_lines(self._board, self.filter.text(), self._now_ms)
        self.list.show_lines(lines, self._now_ms)
        if self._wanted and self.list.select(self._wanted):
            self._wanted = ""
        if self.list.selected() is None and not self.list.select(self._chosen):
            self.list.go_first()

    def _into_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _moved(self) -> None:
        line = self.list.selected()
        if line is not None and line.kind != HEAD and line.key != self._chosen:
            self._chosen = line.key
            self.chosen.emit(line)

    def is_run(self) -> bool:
        """Whether a run is selected."""
        line = self.line()
        return line is not None and line.kind == RUN
