"""What can be done with the tasks of the incident in view, with its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.task_work import TaskWork
    from crisisdesk.domain.incident import Incident


def task_actions(work: TaskWork, incident: Incident, held: str) -> list[Action]:
    """The task the keyboard is on first, then the tasks of the incident.

    ``held`` is why nothing can be changed now, "" where it can.
    """
    group = f"{incident.incident_id}, {incident.title}"
    ended = "" if incident.is_open else f"it is {incident.status}"
    no_add = held or ended
    return [
        *_one(work, held),
        Action(
            key="incident.task.add", title="Write down a task", run=lambda: work.press("add"),
            keys="T", icon="square-check", group=group, enabled=not no_add, detail=no_add,
            also=("todo", "action item"),
        ),
        Action(
            key="incident.task.list", title="Go to the tasks", run=lambda: work.press("list"),
            keys="Shift T", icon="list", group=group,
        ),
    ]  # fmt: skip


def _one(work: TaskWork, held: str) -> list[Action]:
    task = work.task()
    if task is None:
        return []

    def act(key: str, title: str, keys: str, icon: str, *, needs: bool = True) -> Action:
        detail = held or ("" if needs else f"it is {task.status}")
        return Action(
            key=f"incident.task.{key}", title=title, run=lambda: work.press(key), keys=keys,
            icon=icon, group=f"Task {task.title}", enabled=not detail, detail=detail,
        )  # fmt: skip

    led = task.is_open
    toggle = "Say that it is done" if led else "Bring it back"
    return [
        act("toggle", toggle, "Space", "square-check" if led else "rotate-ccw"),
        act("start", "Begin", "B", "play", needs=task.status == "open"),
        act("assign", "Give it to somebody", "A", "arrow-left-right", needs=led),
        act("due", "Move its due time", "W", "clock", needs=led),
        act("drop", "Drop it, with a reason", "Del", "trash-2", needs=led),
    ]
