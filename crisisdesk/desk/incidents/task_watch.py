"""The clocks of tasks for the strip of the desk: what is late, and what ends next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.clock_strip import ClockCell
from crisisdesk.desk.incidents.one_asking import OneAsking
from crisisdesk.desk.incidents.task_news import OverdueNews, read_tasks
from crisisdesk.desk.incidents.task_rows import is_late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crisisdesk.desk.incidents.task_news import Led
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.task import Task


def task_cells(tasks: Iterable[Task], now_ms: int) -> list[ClockCell]:
    """Of each incident one clock for all that is late, and one for what ends next.

    A strip full of late tasks would hide the acknowledgements that run out meanwhile.
    """
    late: dict[str, list[Task]] = {}
    ahead: dict[str, Task] = {}
    for task in sorted(tasks, key=lambda t: (t.ends_at or 0, t.task_id)):
        if task.ends_at is None:
            continue
        if is_late(task, now_ms):
            late.setdefault(task.incident_id, []).append(task)
        else:
            ahead.setdefault(task.incident_id, task)
    cells = [_cell(found[0], len(found) - 1) for found in late.values()]
    return cells + [_cell(task) for task in ahead.values()]


def _cell(task: Task, more: int = 0) -> ClockCell:
    ends_at = task.ends_at or 0
    title = task.title if len(task.title) <= 28 else f"{task.title[:27].rstrip()}…"
    return ClockCell(
        key=task.task_id,
        label=f"task: {title}" + (f" +{more}" if more else ""),
        icon="square-check",
        deadline_ms=ends_at,
        total_ms=ends_at - (task.started_at or task.added_at),
    )


class TaskWatch:
    """Reads the tasks again when one changed; ``changed`` is called when their clocks did."""

    def __init__(
        self, desk: Desk, changed: Callable[[], None], told: Callable[[Led], None]
    ) -> None:
        """``told`` takes each task whose owner or commander sits here when it becomes overdue."""
        self._desk, self._changed, self._told = desk, changed, told
        self._news = OverdueNews()
        self._tasks: list[Task] = []
        self._asking = OneAsking(desk, read_tasks, self._answer)
        self._shown: list[ClockCell] = []

    def take(self, change: Change) -> None:
        """Look whether a task or an incident moved."""
        moved = any(name.startswith(("TSK-", "INC-")) for name in change.touched)
        # A load names nothing that was touched; who sits here decides what may be seen.
        loaded = change.full or (bool(change.incidents) and not change.touched)
        if moved or loaded or change.station is not None:
            self._asking.stale = True
        self._asking.read()

    def tick(self, now_ms: int) -> None:
        """Catch up, and let what has become late make place for the next."""
        self._asking.read()
        self._say(now_ms)

    def cells(self) -> list[ClockCell]:
        """The clocks as they are now."""
        return task_cells(self._tasks, self._desk.now_ms())

    def incident_of(self, task_id: str) -> str:
        """The incident of a task that is known here; "" for none."""
        return next((t.incident_id for t in self._tasks if t.task_id == task_id), "")

    def _answer(self, found: list[Led]) -> None:
        self._tasks = [led.task for led in found]
        self._say(self._desk.now_ms())
        for led in self._news.learn(found, self._desk.operator()):
            self._told(led)
        self._asking.read()

    def _say(self, now_ms: int) -> None:
        cells = task_cells(self._tasks, now_ms)
        if cells != self._shown:
            self._shown = cells
            self._changed()
