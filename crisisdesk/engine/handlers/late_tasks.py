"""Tasks that end soon or are overdue: told once for each end, to people who sit at no desk.

Whoever is at a desk hears of it there. The others are paged, by an alert with the task's id as its
key, which ends as soon as the task is done, dropped, given away or moved.
"""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.asking import DUE_SOON, OVERDUE, reason_of
from crisisdesk.domain.ids import alert_id_of, decision_id
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.papers.times import stamp
from crisisdesk.domain.severity import IncidentSeverity, Severity
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT, Signal, SignalAction
from crisisdesk.domain.task import Task
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers.incident_parts import find_incident, the_whole
from crisisdesk.engine.handlers.intake import take_in
from crisisdesk.engine.handlers.leases import people_named
from crisisdesk.engine.handlers.paging import page_about
from crisisdesk.engine.handlers.task_standing import SOURCE, whose
from crisisdesk.engine.task_commands import MindTasks
from crisisdesk.engine.workbench import Workbench

# How a page about a task of such an incident goes: by which methods, and into whose quiet hours.
PAGE_SEVERITY: dict[str, Severity] = {
    IncidentSeverity.MINOR: Severity.MEDIUM,
    IncidentSeverity.MAJOR: Severity.HIGH,
    IncidentSeverity.CRITICAL: Severity.CRITICAL,
    IncidentSeverity.EMERGENCY: Severity.EMERGENCY,
}
HIDDEN = "What it is about is restricted."


def mind_tasks(command: MindTasks, bench: Workbench) -> int:
    """Tell of what ends soon and of what is overdue, once for each end; tasks of ended incidents
    are passed over."""
    names = bench.journal.due_tasks(bench.now - command.late_ms, command.limit)
    bench.prefetch(names)
    minded = 0
    for name in names:
        task = bench.get(name)
        if not isinstance(task, Task) or task.next_due is None or task.next_due > bench.now:
            continue
        incident = find_incident(bench, task.incident_id)
        ends_at = task.ends_at or 0
        kind = "overdue" if ends_at <= bench.now else "due_soon"
        body: dict[str, Any] = {"due_at": ends_at, "life": task.life, "owner": task.owner}
        if incident is not None and not incident.is_open:
            body["quiet"] = True
        dedup = decision_id(name, kind, str(task.life), str(ends_at))
        bench.emit(name, f"task.{kind}", body, dedup_id=dedup)
        if incident is not None and incident.is_open:
            what = OVERDUE if kind == "overdue" else DUE_SOON
            _tell(bench, task, incident, reason_of(what, ends_at), command.at_desk)
        minded += 1
    return minded


def _tell(
    bench: Workbench, task: Task, incident: Incident, reason: str, at_desk: frozenset[str]
) -> None:
    whole = the_whole(bench, incident)
    people = people_named(bench, *whose(task, whole))
    absent = [one for one in people if one.name.casefold() not in at_desk]
    if not absent or not whole.is_open:
        return
    before = _told_by(bench, task.task_id)
    if before is not None and before.acknowledged_at is not None:
        # Whoever answered that it ends soon has not heard yet that it is overdue.
        quiet_task(bench, task.task_id, "it is overdue by now")
    hidden = incident.restricted or whole.restricted
    [alert_id] = take_in(TakeIn(signals=[_signal(task, SignalAction.FIRE, hidden)]), bench)
    alert = bench.need(Alert, alert_id, "alert_id")
    page_about(bench, alert, absent, reason, PAGE_SEVERITY[whole.severity])


def _signal(task: Task, action: SignalAction, hidden: bool, note: str = "") -> Signal:
    about = f"a task of {task.incident_id}" if hidden else task.title
    return Signal(
        source=SOURCE,
        key=task.task_id,
        action=action,
        severity=Severity.MEDIUM,
        title=about[:TITLE_LIMIT],
        description=HIDDEN if hidden else task.description[:DESCRIPTION_LIMIT],
        labels={"incident": task.incident_id, "task": task.task_id, "due": _due(task)},
        note=note,
    )


def _due(task: Task) -> str:
    return "now" if task.ends_at is None else stamp(task.ends_at)


def quiet_task(bench: Workbench, task_id: str, why: str) -> None:
    """What told of the task is over; nothing where nothing did."""
    task = bench.get(task_id)
    alert = _told_by(bench, task_id)
    if isinstance(task, Task) and alert is not None:
        signal = _signal(task, SignalAction.RESOLVE, hidden=True, note=why)
        take_in(TakeIn(signals=[signal]), bench)


def quiet_tasks(bench: Workbench, incident_id: str, why: str) -> None:
    """The incident has ended: nothing of its tasks is told any more."""
    names = bench.journal.open_tasks(incident_id)
    bench.prefetch([*names, *(alert_id_of(SOURCE, name) for name in names)])
    for name in names:
        quiet_task(bench, name, why)


def veil_tasks(bench: Workbench, incident: Incident) -> None:
    """It was restricted: what tells of its tasks says no more what they are."""
    for name in bench.journal.open_tasks(incident.incident_id):
        alert, task = _told_by(bench, name), bench.get(name)
        if alert is not None and isinstance(task, Task):
            take_in(TakeIn(signals=[_signal(task, SignalAction.FIRE, hidden=True)]), bench)


def _told_by(bench: Workbench, task_id: str) -> Alert | None:
    """The alert that tells of the task now."""
    alert = bench.get(alert_id_of(SOURCE, task_id))
    return alert if isinstance(alert, Alert) and alert.is_open else None
