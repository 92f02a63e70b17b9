"""The routes of an incident's tasks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in
from crisisdesk.api.orders import MaybeName, Order, Text, Title
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Room, Viewer
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso, iso_or_none, ms_of
from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.task import Task
from crisisdesk.engine.command import Command
from crisisdesk.engine.task_commands import (
    AddTask,
    AssignTask,
    EditTask,
    EndTask,
    ReopenTask,
    StartTask,
)

router = APIRouter(prefix="/crisis/incidents/{incident_id}/tasks", tags=["tasks"])

Phase = Literal[
    "initial_response",
    "containment",
    "stakeholder_communication",
    "root_cause",
    "restoration",
    "review",
    "monitoring",
]
TaskStatus = Literal["open", "started", "dropped", "done"]
Seconds = Annotated[int, Field(ge=1, le=400 * 86_400)]
Procedure = Annotated[str, Field(max_length=60)]


class TaskNew(Order):
    """What is to be done. ``box_s`` is how long it may take once it is begun, in seconds."""

    title: Title
    description: Text = ""
    phase: Phase = "initial_response"
    role: MaybeName = ""
    owner: MaybeName = ""
    due_at: Time | None = None
    box_s: Seconds | None = None
    procedure: Procedure = ""


class TaskPatch(Order):
    """New values; ``owner`` gives it to somebody, or ("") to nobody. Null takes a time away."""

    title: Title | None = None
    description: Text | None = None
    phase: Phase | None = None
    role: MaybeName | None = None
    owner: MaybeName | None = None
    due_at: Time | None = None
    box_s: Seconds | None = None
    procedure: Procedure | None = None


class Done(Order):
    """What came of it."""

    result: Text = ""


class Why(Order):
    """Why; it stands in the timeline."""

    reason: Annotated[str, Field(min_length=1, max_length=20_000)]


class TaskOut(Out):
    """One task. ``ends_at`` is its due time or the end of its time box, whichever is sooner;
    ``source`` the action of the response plan that it comes from, "" for one written by hand."""

    task_id: str
    incident: str
    title: str
    description: str
    phase: Phase
    role: str
    owner: str
    status: TaskStatus
    life: int
    due_at: Time | None
    box_s: int | None
    ends_at: Time | None
    overdue_at: Time | None
    procedure: str
    source: str
    plan: str | None
    created_at: Time
    created_by: str
    started_at: Time | None
    started_by: str
    ended_at: Time | None
    ended_by: str
    result: str
    overwritten: list[dict[str, Any]]


class TasksOut(Out):
    """The tasks of an incident and of its parts, what ends soonest first."""

    results: list[TaskOut]


def task_out(t: Task) -> TaskOut:
    """One task as it is told."""
    return TaskOut.model_validate(
        {
            "task_id": t.task_id,
            "incident": t.incident_id,
            "title": t.title,
            "description": t.description,
            "phase": t.phase,
            "role": t.role,
            "owner": t.owner,
            "status": str(t.status),
            "life": t.life,
            "due_at": iso_or_none(t.due_at),
            "box_s": None if t.box_ms is None else t.box_ms // 1000,
            "ends_at": iso_or_none(t.ends_at),
            "overdue_at": iso_or_none(t.overdue_at),
            "procedure": t.procedure,
            "source": t.source,
            "plan": t.plan or None,
            "created_at": iso(t.added_at),
            "created_by": t.added_by,
            "started_at": iso_or_none(t.started_at),
            "started_by": t.started_by,
            "ended_at": iso_or_none(t.ended_at),
            "ended_by": t.ended_by,
            "result": t.result,
            "overwritten": t.overwritten,
        }
    )


async def _needed(room: Room, incident_id: str, task_id: str, viewer: str) -> Task:
    """The task of that incident or of a part of it; raises NotFound and Conflict."""

    def ask(reader: StationReader) -> Task:
        readable_in(reader, incident_id, viewer)
        for task in reader.tasks_of(incident_id):
            if task.task_id == task_id:
                return task
        raise NotFound("task_id", f"no task {task_id!r} of this incident", "check the ids")

    return await room.reads.ask(ask)


async def _done(
    room: Room, incident_id: str, task_id: str, operator: str, *commands: Command
) -> TaskOut:
    await _needed(room, incident_id, task_id, operator)
    for command in commands:
        await room.do(command, operator)
    return task_out(await _needed(room, incident_id, task_id, operator))


@router.get("/", responses=errors(404, 409))
async def list_tasks(room: InRoom, viewer: Viewer, incident_id: str) -> TasksOut:
    """The tasks of an incident and of its parts, ended ones too."""

    def ask(reader: StationReader) -> TasksOut:
        incident = readable_in(reader, incident_id, viewer)
        shown = reader.seen_ids(incident, viewer)
        found = [t for t in reader.tasks_of(incident_id) if t.incident_id in shown]
        return TasksOut(results=[task_out(t) for t in found])

    return await room.reads.ask(ask)


@router.post("/", status_code=201, responses=errors(404, 409))
async def add_task(room: InRoom, operator: Operator, incident_id: str, order: TaskNew) -> TaskOut:
    """Write down what is to be done."""
    command = AddTask(
        incident_id=incident_id,
        title=order.title,
        description=order.description,
        phase=order.phase,
        role=order.role,
        owner=order.owner,
        due_at=None if order.due_at is None else ms_of(order.due_at, "due_at"),
        box_ms=None if order.box_s is None else order.box_s * 1000,
        procedure=order.procedure,
    )
    task_id = await room.do(command, operator)
    return task_out(await _needed(room, incident_id, task_id, operator))


@router.patch("/{task_id}/", responses=errors(404, 409))
async def patch_task(
    room: InRoom, operator: Operator, incident_id: str, task_id: str, order: TaskPatch
) -> TaskOut:
    """Change a task, or give it to somebody."""
    order.refuse_null("due_at", "box_s")
    changes = order.given()
    if "owner" in changes and len(changes) > 1:
        raise Malformed("owner", "cannot come with other fields", "send it on its own")
    if "owner" in changes:
        command: Command = AssignTask(task_id=task_id, owner=changes["owner"])
    else:
        if changes.get("due_at") is not None:
            changes["due_at"] = ms_of(changes["due_at"], "due_at")
        if "box_s" in changes:
            seconds = changes.pop("box_s")
            changes["box_ms"] = None if seconds is None else seconds * 1000
        command = EditTask(task_id=task_id, changes=changes)
    return await _done(room, incident_id, task_id, operator, command)


@router.post("/{task_id}/start/", responses=errors(404, 409))
async def start_task(room: InRoom, operator: Operator, incident_id: str, task_id: str) -> TaskOut:
    """Begin; what nobody had becomes that of whoever begins."""
    return await _done(room, incident_id, task_id, operator, StartTask(task_id=task_id))


@router.post("/{task_id}/done/", responses=errors(404, 409))
async def finish_task(
    room: InRoom, operator: Operator, incident_id: str, task_id: str, order: Done | None = None
) -> TaskOut:
    """It is done."""
    result = "" if order is None else order.result
    command = EndTask(task_id=task_id, result=result)
    return await _done(room, incident_id, task_id, operator, command)


@router.post("/{task_id}/drop/", responses=errors(404, 409))
async def drop_task(
    room: InRoom, operator: Operator, incident_id: str, task_id: str, order: Why
) -> TaskOut:
    """It will not be done."""
    command = EndTask(task_id=task_id, result=order.reason, dropped=True)
    return await _done(room, incident_id, task_id, operator, command)


@router.post("/{task_id}/reopen/", responses=errors(404, 409))
async def reopen_task(
    room: InRoom, operator: Operator, incident_id: str, task_id: str, order: Why
) -> TaskOut:
    """It is to be done after all."""
    command = ReopenTask(task_id=task_id, reason=order.reason)
    return await _done(room, incident_id, task_id, operator, command)
