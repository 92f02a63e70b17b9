"""How each fact of a task is told on its incident's timeline."""

from __future__ import annotations

from collections.abc import Callable

from crisisdesk.domain.event import Event
from crisisdesk.domain.task import Task
from crisisdesk.domain.told import Segment, Told, plain, strong

TASK_FIELD_WORDS: dict[str, str] = {
    "title": "title",
    "description": "description",
    "phase": "phase",
    "role": "role",
    "due_at": "due time",
    "box_ms": "time box",
    "procedure": "procedure",
}


def tell_task(before: Task | None, after: Task, event: Event) -> Told | None:
    """One event of a task that changed it; None for what the timeline leaves out.

    What comes from a response plan is told once, by the incident.
    """
    name = strong(f"Task {after.title}")
    if before is None:
        if after.source:
            return None
        whose = f", for {after.owner or after.role}" if after.owner or after.role else ""
        line = (strong("Task written: "), plain(after.title + whose))
        return Told(icon="square-check", line=line)
    if after.also_done != before.also_done:
        words = _ALSO.get(event.kind, "also changed by another station")
        return Told(icon="history", line=(name, plain(f": {words}")))
    teller = _TELLERS.get(event.kind)
    return None if teller is None else teller(name, after, event)


_ALSO: dict[str, str] = {
    "task.assigned": "also given to somebody else",
    "task.started": "also begun by another station",
    "task.done": "also done by another station",
    "task.dropped": "also dropped by another station",
    "task.reopened": "also reopened by another station",
}


def _assigned(name: Segment, after: Task, _event: Event) -> Told:
    words = f": {after.owner} has it" if after.owner else ": nobody has it any more"
    return Told(icon="arrow-left-right", line=(name, plain(words)))


def _overdue(name: Segment, after: Task, event: Event) -> Told | None:
    if event.body.get("quiet"):
        return None
    whose = after.owner or after.role.replace("_", " ") or "nobody"
    late = Segment(text="overdue", style="worse")
    return Told(icon="clock-alert", line=(name, plain(" is "), late, plain(f", {whose} has it")))


def _due_soon(name: Segment, after: Task, event: Event) -> Told | None:
    if event.body.get("quiet"):
        return None
    whose = after.owner or after.role.replace("_", " ") or "nobody"
    return Told(icon="clock", line=(name, plain(f" is due soon, {whose} has it")))


_TELLERS: dict[str, Callable[[Segment, Task, Event], Told | None]] = {
    "task.assigned": _assigned,
    "task.edited": lambda name, _after, e: Told(
        icon="pencil",
        line=(name, plain(f": {TASK_FIELD_WORDS[e.body['field']]} changed")),
    ),
    "task.started": lambda name, _after, _e: Told(icon="play", line=(name, plain(" begun"))),
    "task.done": lambda name, after, _e: Told(
        icon="circle-check", line=(name, plain(" done")), detail=after.result
    ),
    "task.dropped": lambda name, after, _e: Told(
        icon="circle-x", line=(name, plain(" will not be done")), detail=after.result
    ),
    "task.reopened": lambda name, _after, e: Told(
        icon="rotate-ccw",
        line=(name, plain(" is to be done after all")),
        detail=e.body.get("reason", ""),
    ),
    "task.due_soon": _due_soon,
    "task.overdue": _overdue,
}
