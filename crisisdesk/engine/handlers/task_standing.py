"""Who should hear that a task ends, and whether a page about it is still wanted."""

from __future__ import annotations

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.asking import DUE_SOON, TASK_PAGES, kind_of
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.task import Task
from crisisdesk.engine.handlers.incident_parts import find_incident, the_whole
from crisisdesk.engine.workbench import Workbench

# What tells of a task is an alert of this source, with the task's id as its key.
SOURCE = "task"


def whose(task: Task, whole: Incident) -> tuple[str, ...]:
    """Who is to do it: its owner, else who sits in its role, else nobody."""
    if task.owner:
        return (task.owner,)
    return tuple(whole.holders(task.role)) if task.role else ()


def not_wanted(bench: Workbench, delivery: Delivery, alert: Alert) -> str | None:
    """Why a page about a task need not go out any more; None while it must, and for others."""
    kind = kind_of(delivery.reason)
    task = bench.get(alert.key) if kind in TASK_PAGES else None
    if not isinstance(task, Task):
        return None
    if not task.is_open:
        return f"the task is {task.status}"
    if delivery.reason.partition(":")[2] != str(task.ends_at):
        return "the task has another time now"
    if kind == DUE_SOON and task.told_due == task.ends_at:
        return "the task is overdue by now; that page stands for it"
    incident = find_incident(bench, task.incident_id)
    if incident is None:
        return None
    whole = the_whole(bench, incident)
    for one in (incident, whole):
        if not one.is_open:
            return f"{one.incident_id} is {one.status}"
    names = whose(task, whole)
    if delivery.contact_name.casefold() not in map(str.casefold, names):
        return f"{' and '.join(names) or 'nobody'} has the task now"
    return None
