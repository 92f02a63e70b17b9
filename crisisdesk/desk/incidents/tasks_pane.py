"""The tasks of the incident in view: how many, the phases of the response, and each in its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.incidents.phase_bar import PhaseBar
from crisisdesk.desk.incidents.task_list import TaskList
from crisisdesk.desk.incidents.task_rows import count_phases, head_words

if TYPE_CHECKING:
    from crisisdesk.domain.task import Task

_MOST_TALL, _MOST = 7, 4


class TasksPane(QWidget):
    """Head, phases, list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks: tuple[Task, ...] = ()
        self.head = PaneHead("Tasks")
        self.phases = PhaseBar()
        self.list = TaskList()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.head, self.phases, self.list):
            layout.addWidget(widget)
        self.set_tall(True)

    def show_tasks(self, tasks: tuple[Task, ...], now_ms: int) -> None:
        """Take them as they stand at that time (UTC ms)."""
        self._tasks = tasks
        self._say(now_ms)
        self.phases.show_counts(count_phases(tasks))
        self.phases.setVisible(bool(tasks))
        self.list.show_tasks(tasks, now_ms)

    def tick(self, now_ms: int) -> None:
        """Turn the clocks; what becomes late is counted."""
        if self.list.delegate.now_ms // 1000 != now_ms // 1000:
            self._say(now_ms)
        self.list.tick(now_ms)

    def set_tall(self, tall: bool) -> None:
        """Whether there is room for many lines."""
        self.list.set_most(_MOST_TALL if tall else _MOST)

    def _say(self, now_ms: int) -> None:
        words = head_words(self._tasks, now_ms)
        self.head.show_words("Tasks", words.quiet, words.late, grave=bool(words.late))
