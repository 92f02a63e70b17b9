"""Tasks of the believable incident, as its plan and its people would have written them."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.fold import fold
from crisisdesk.domain.task import Task

from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook

NOTICE, LIAISON, CAPTURES, FREEZE = (f"TSK-{n:012d}" for n in range(1, 5))


def add_task(log: LogBook, task_id: str, title: str, *, at: int = 6, **fields: Any) -> None:
    """A task is written ``at`` minutes after the start."""
    body = {"incident_id": INCIDENT, "title": title, "phase": "containment", **fields}
    log.write(task_id, "task.added", body, at=at * MINUTE)


def add_tasks(log: LogBook) -> None:
    """At ``NOW_AFTER``: one late, one begun, one without an end, one done."""
    add_task(log, NOTICE, "Confirm the notice", owner="Jan Novák", due_at=START + 33 * MINUTE)
    phase = "stakeholder_communication"
    add_task(
        log, LIAISON, "Reach a liaison", phase=phase, role="communications_lead",
        due_at=START + 40 * MINUTE,
    )  # fmt: skip
    log.write(LIAISON, "task.started", {"life": 1}, at=7 * MINUTE)
    add_task(log, CAPTURES, "Replay captures", phase="restoration")
    add_task(log, FREEZE, "Freeze writes", phase="initial_response", due_at=START + 10 * MINUTE)
    log.write(FREEZE, "task.done", {"life": 1, "result": "3 min early"}, at=12 * MINUTE)


def task_of(log: LogBook, task_id: str) -> Task:
    """Where it stands."""
    state = fold(log.of(task_id))
    assert isinstance(state, Task)
    return state
