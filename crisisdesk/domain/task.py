"""A task of an incident: what is to be done, by whom, until when; and the pure fold of its events.

Statuses climb: open, started, dropped, done. Of a doing and a dropping at the same moment the doing
stands: it was done. Who has it is a register with a generation: of two whom stations named apart
the first in canonical order keeps it, the other is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also, edited, overwritten

PHASES = (
    "initial_response",
    "containment",
    "stakeholder_communication",
    "root_cause",
    "restoration",
    "review",
    "monitoring",
)
PHASE_WORDS: dict[str, str] = {
    "initial_response": "Initial response",
    "containment": "Containment and mitigation",
    "stakeholder_communication": "Stakeholder communication",
    "root_cause": "Root cause",
    "restoration": "Restoration and recovery",
    "review": "Review and prevention",
    "monitoring": "Monitoring and improvement",
}


class TaskStatus(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    STARTED = "started"
    DROPPED = "dropped"
    DONE = "done"


TASK_STATUS_RANK: dict[str, int] = {name: rank for rank, name in enumerate(TaskStatus)}
TASK_ENDED = (TaskStatus.DROPPED, TaskStatus.DONE)
EDITABLE_TASK_FIELDS = ("title", "description", "phase", "role", "due_at", "box_ms", "procedure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The state of one task. Times are UTC ms, ``box_ms`` how long it may take once begun.

    ``owner`` is who has it, ``role`` whose it is by the plan. ``source`` is the action of the plan
    that it comes from ("" for one written by hand), ``plan`` that plan's version. ``procedure``
    names what it is done by. ``overdue_at`` is when it was told that ``told_due`` had passed.
    ``remind_ms`` is how long before its end it is told that it ends soon, None for never;
    ``told_soon`` the end of which that was told.
    """

    task_id: str
    incident_id: str
    title: str
    description: str = ""
    phase: str = "initial_response"
    role: str = ""
    owner: str = ""
    owner_generation: int = 0
    status: str = TaskStatus.OPEN
    life: int = 1
    due_at: int | None = None
    box_ms: int | None = None
    procedure: str = ""
    source: str = ""
    plan: str = ""
    rank: int = 0
    added_at: int
    added_by: str = ""
    started_at: int | None = None
    started_by: str = ""
    ended_at: int | None = None
    ended_by: str = ""
    result: str = ""
    overdue_at: int | None = None
    told_due: int | None = None
    remind_ms: int | None = None
    told_soon: int | None = None
    also_done: list[dict[str, Any]] = field(default_factory=list)
    overwritten: list[dict[str, Any]] = field(default_factory=list)
    set_by: dict[str, str] = field(default_factory=dict)
    editors: dict[str, str] = field(default_factory=dict)
    newer_needed: str = ""

    @property
    def is_open(self) -> bool:
        """Still to be done."""
        return self.status not in TASK_ENDED

    @property
    def ends_at(self) -> int | None:
        """When it should be done: its due time, or the end of its time box if that is sooner."""
        if self.started_at is None or self.box_ms is None:
            return self.due_at
        boxed = self.started_at + self.box_ms
        return boxed if self.due_at is None else min(boxed, self.due_at)

    @property
    def next_due(self) -> int | None:
        """When it is to be told as ending soon or as overdue, UTC ms; None once that was told, or
        it has ended."""
        ends_at = self.ends_at
        if not self.is_open or ends_at is None or ends_at == self.told_due:
            return None
        if self.remind_ms is None or ends_at == self.told_soon:
            return ends_at
        return ends_at - self.remind_ms


def apply_task(state: Task | None, event: Event) -> Task | None:
    """The task after one more event in canonical order; unknown kinds leave it as it is."""
    step = _STEPS.get(event.kind)
    if step is None:
        return state
    if state is None:
        return _added(event) if event.kind == "task.added" else None
    return state if state.newer_needed else step(state, event)


def _added(event: Event) -> Task:
    body = event.body
    return Task(
        task_id=event.agg,
        incident_id=body["incident_id"],
        title=body["title"],
        description=body.get("description", ""),
        phase=body["phase"],
        role=body.get("role", ""),
        owner=body.get("owner", ""),
        owner_generation=1 if body.get("owner") else 0,
        due_at=body.get("due_at"),
        box_ms=body.get("box_ms"),
        remind_ms=body.get("remind_ms"),
        procedure=body.get("procedure", ""),
        source=body.get("source", ""),
        plan=body.get("plan", ""),
        rank=body.get("rank", 0),
        added_at=event.at_ms,
        added_by=event.actor,
    )


def _edited(state: Task, event: Event) -> Task:
    """Last writer wins by canonical order; what gave way is kept."""
    if event.body["field"] not in EDITABLE_TASK_FIELDS:
        return state
    changes, _wins = edited(state, event, {})
    return with_changes(state, **changes)


def _assigned(state: Task, event: Event) -> Task:
    owner, generation = event.body["owner"], event.body["generation"]
    if generation > state.owner_generation:
        return with_changes(state, owner=owner, owner_generation=generation)
    if owner == state.owner:
        return state
    return with_changes(state, also_done=also(state.also_done, "assigned", event, owner=owner))


def _climbs(state: Task, event: Event, to: TaskStatus) -> bool:
    """Whether a step counts: it is of this life, and higher than where the task stands."""
    if event.body["life"] != state.life:
        return False
    return TASK_STATUS_RANK[to] > TASK_STATUS_RANK[state.status]


def _started(state: Task, event: Event) -> Task:
    if not _climbs(state, event, TaskStatus.STARTED):
        return with_changes(state, also_done=also(state.also_done, "started", event))
    return with_changes(
        state, status=TaskStatus.STARTED, started_at=event.at_ms, started_by=event.actor
    )


def _ended(to: TaskStatus, what: str) -> Callable[[Task, Event], Task]:
    def step(state: Task, event: Event) -> Task:
        told = event.body.get("result", "")
        if not _climbs(state, event, to):
            trace = also(state.also_done, what, event, result=told)
            return with_changes(state, also_done=trace)
        changes: dict[str, Any] = {}
        if state.status == TaskStatus.DROPPED:
            # It was dropped by one and done by another: the doing stands, the dropping is shown.
            changes["overwritten"] = overwritten(
                state.overwritten, "status", "dropped", event, lost_by=state.ended_by,
                by=event.actor,
            )  # fmt: skip
        return with_changes(
            state, status=to, ended_at=event.at_ms, ended_by=event.actor, result=told, **changes
        )

    return step


def _reopened(state: Task, event: Event) -> Task:
    if event.body["life"] != state.life + 1 or state.is_open:
        return with_changes(state, also_done=also(state.also_done, "reopened", event))
    return with_changes(
        state,
        status=TaskStatus.OPEN,
        life=event.body["life"],
        started_at=None,
        started_by="",
        ended_at=None,
        ended_by="",
        result="",
        told_due=None,
        told_soon=None,
        overdue_at=None,
    )


def _overdue(state: Task, event: Event) -> Task:
    """Told once for each end; one that was moved meanwhile is told anew when it has come."""
    due_at = event.body["due_at"]
    if event.body["life"] != state.life or not state.is_open or due_at != state.ends_at:
        return state
    return with_changes(state, told_due=due_at, overdue_at=event.at_ms)


def _due_soon(state: Task, event: Event) -> Task:
    """Told once for each end, as `_overdue` is."""
    due_at = event.body["due_at"]
    if event.body["life"] != state.life or not state.is_open or due_at != state.ends_at:
        return state
    return with_changes(state, told_soon=due_at)


def _again(state: Task, _event: Event) -> Task:
    return state


_STEPS: dict[str, Callable[[Task, Event], Task]] = {
    "task.added": _again,
    "task.edited": _edited,
    "task.assigned": _assigned,
    "task.started": _started,
    "task.done": _ended(TaskStatus.DONE, "done"),
    "task.dropped": _ended(TaskStatus.DROPPED, "dropped"),
    "task.reopened": _reopened,
    "task.due_soon": _due_soon,
    "task.overdue": _overdue,
}

TASK_KINDS = frozenset(_STEPS)
