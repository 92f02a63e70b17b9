"""Tasks: written, given to somebody, begun, ended, brought back."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.playbook.content import NAME_LIMIT as PROCEDURE_LIMIT
from crisisdesk.domain.playbook.content import SPAN_LIMIT_MS
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT
from crisisdesk.domain.task import EDITABLE_TASK_FIELDS, PHASES, Task, TaskStatus
from crisisdesk.engine.handlers.incident_fields import NAME_LIMIT
from crisisdesk.engine.handlers.incident_parts import (
    known_incident,
    led_incident,
    the_whole,
)
from crisisdesk.engine.handlers.late_tasks import quiet_task
from crisisdesk.engine.handlers.leases import work_goes_on
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.task_commands import (
    AddTask,
    AssignTask,
    EditTask,
    EndTask,
    ReopenTask,
    StartTask,
)
from crisisdesk.engine.workbench import Workbench

_TEXTS = {
    "title": TITLE_LIMIT,
    "description": DESCRIPTION_LIMIT,
    "role": NAME_LIMIT,
    "owner": NAME_LIMIT,
    "procedure": PROCEDURE_LIMIT,
}
# UTC ms up to which a due time can be read everywhere: the end of the year 9999.
_LATEST_MS = 253_402_300_799_999


def add_task(command: AddTask, bench: Workbench) -> str:
    """Write it down."""
    incident = led_incident(bench, command.incident_id)
    if not incident.is_open:
        problem = f"{incident.incident_id} is {incident.status}"
        raise Conflict("incident_id", problem, "reopen it, or note what is left in its lessons")
    names = ("title", "description", "phase", "role", "owner", "due_at", "box_ms", "procedure")
    told = {name: _checked(name, getattr(command, name)) for name in names}
    body = {key: value for key, value in told.items() if value not in ("", None)}
    task_id = short_id("TSK", bench.random_bytes(10), 12)
    bench.emit(task_id, "task.added", {"incident_id": incident.incident_id, **body})
    work_goes_on(bench, incident.incident_id)
    return task_id


def _checked(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return checked_text(value, name, _TEXTS[name], required=name == "title")
    if name == "phase":
        if value not in PHASES:
            raise Malformed(name, f"{value!r} is unknown", f"use one of {', '.join(PHASES)}")
        return value
    if name in ("due_at", "box_ms"):
        most = _LATEST_MS if name == "due_at" else SPAN_LIMIT_MS
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
            remedy = "send UTC ms" if name == "due_at" else f"send 1 to {most} ms"
            raise Malformed(name, f"{value!r} is out of range", remedy)
        return value
    raise Malformed(name, "cannot be changed", f"change one of {', '.join(EDITABLE_TASK_FIELDS)}")


def _task(bench: Workbench, task_id: str) -> Task:
    task = bench.need(Task, task_id, "task_id")
    known_incident(bench, task.incident_id, "task_id")
    return task


def edit_task(command: EditTask, bench: Workbench) -> None:
    """Change fields; every change is checked before the first is written."""
    task = _task(bench, command.task_id)
    for name in command.changes:
        if name not in EDITABLE_TASK_FIELDS:
            remedy = f"change one of {', '.join(EDITABLE_TASK_FIELDS)}"
            raise Malformed(name, "cannot be changed so", remedy)
    changes = {name: _checked(name, value) for name, value in command.changes.items()}
    for name, value in changes.items():
        if getattr(task, name) != value:
            body = {"field": name, "value": value, "base": task.set_by.get(name, "")}
            bench.emit(task.task_id, "task.edited", body)
    if bench.need(Task, task.task_id, "task_id").ends_at != task.ends_at:
        quiet_task(bench, task.task_id, "its time was moved")
    _work(bench, task)


def assign_task(command: AssignTask, bench: Workbench) -> None:
    """Give it to somebody; who has it already keeps it."""
    task = _task(bench, command.task_id)
    _must_be_open(task)
    owner = _checked("owner", command.owner)
    if owner != task.owner:
        _give(bench, task, owner)
        quiet_task(bench, task.task_id, f"{owner or 'nobody'} has the task now")
    _work(bench, task)


def _give(bench: Workbench, task: Task, owner: str) -> None:
    body = {"owner": owner, "generation": task.owner_generation + 1}
    bench.emit(task.task_id, "task.assigned", body)


def start_task(command: StartTask, bench: Workbench) -> None:
    """Begin; begun once is enough."""
    task = _task(bench, command.task_id)
    _must_be_open(task)
    if not task.owner:
        _give(bench, task, bench.actor)
    if task.status == TaskStatus.OPEN:
        bench.emit(task.task_id, "task.started", {"life": task.life})
    _respond(bench, task)


def end_task(command: EndTask, bench: Workbench) -> None:
    """Say that it is done, or that it will not be done and why."""
    task = _task(bench, command.task_id)
    to = TaskStatus.DROPPED if command.dropped else TaskStatus.DONE
    if task.status == to:
        return
    _must_be_open(task)
    field = "reason" if command.dropped else "result"
    told = checked_text(command.result, field, DESCRIPTION_LIMIT, required=command.dropped)
    bench.emit(task.task_id, f"task.{to}", {"life": task.life, "result": told})
    quiet_task(bench, task.task_id, f"the task is {to}")
    _respond(bench, task)


def reopen_task(command: ReopenTask, bench: Workbench) -> None:
    """It is to be done after all; its due time stands, and is told anew when it has passed."""
    task = _task(bench, command.task_id)
    if task.is_open:
        raise Conflict("task_id", f"{task.task_id} is {task.status}", "nothing to reopen")
    reason = checked_text(command.reason, "reason", DESCRIPTION_LIMIT, required=True)
    bench.emit(task.task_id, "task.reopened", {"life": task.life + 1, "reason": reason})
    _work(bench, task)


def _must_be_open(task: Task) -> None:
    if not task.is_open:
        raise Conflict("task_id", f"{task.task_id} is {task.status}", "reopen it first")


def _work(bench: Workbench, task: Task) -> None:
    incident = known_incident(bench, task.incident_id)
    work_goes_on(bench, the_whole(bench, incident).incident_id)


def _respond(bench: Workbench, task: Task) -> None:
    """Work on a task is a response to its incident."""
    incident = known_incident(bench, task.incident_id)
    if incident.first_response_at is None:
        bench.emit(incident.incident_id, "incident.responded", {"task_id": task.task_id})
    _work(bench, task)
