"""What whoever sits here is to hear of tasks that end soon or are overdue: of their own, and of
those they command."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.notice_words import BODY_LIMIT, TITLE_LIMIT, Notice, one_line
from crisisdesk.domain.notices import LASTS_MS
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.domain.task import Task
    from crisisdesk.store.queries import StationReader


class Led(NamedTuple):
    """A task and who commands the incident it is worked on in."""

    task: Task
    commander: str = ""


def read_tasks(reader: StationReader, viewer: str) -> list[Led]:
    """What is to be done in all incidents that are led, without those not for ``viewer``."""
    tasks = reader.open_tasks()
    commanders: dict[str, str] = {}
    for name in {task.incident_id for task in tasks}:
        incident = reader.incident(name)
        if incident is not None and incident.may_see(viewer):
            commanders[name] = reader.whole_incident(incident).commander
    return [Led(t, commanders[t.incident_id]) for t in tasks if t.incident_id in commanders]


def concerns(led: Led, operator: str) -> bool:
    """Whether it is this operator's own, or one of an incident that they command."""
    name = operator.casefold()
    return bool(name) and name in (led.task.owner.casefold(), led.commander.casefold())


class OverdueNews:
    """Knows which ends were told: each is heard once, and none that was over when one came in.

    The engine decides that a task ends soon or is overdue, once for all stations; this only passes
    it on.
    """

    def __init__(self) -> None:
        self._known: set[tuple[str, int, int | None, bool]] = set()
        self._begun = False

    def learn(self, tasks: Iterable[Led], operator: str) -> list[Led]:
        """What was told as ending soon or as overdue since the last call and concerns this
        operator."""
        over = {
            (led.task.task_id, led.task.life, led.task.ends_at, is_overdue(led.task)): led
            for led in tasks
            if led.task.ends_at is not None
            and led.task.ends_at in (led.task.told_due, led.task.told_soon)
        }
        news = [led for key, led in over.items() if key not in self._known]
        self._known.update(over)
        begun, self._begun = self._begun, True
        return [led for led in news if begun and concerns(led, operator)]


def is_overdue(task: Task) -> bool:
    """Whether it was told that its end has passed."""
    return task.told_due is not None and task.told_due == task.ends_at


def overdue_notice(led: Led) -> Notice:
    """The desktop notice of one task that ends soon or is overdue; pressing it leads to it."""
    task = led.task
    is_soon = task.told_soon is not None and task.told_soon == task.ends_at
    word = "due soon" if is_soon and not is_overdue(task) else "overdue"
    who = f"{task.owner} has it" if task.owner else "nobody has it"
    return Notice(
        key=task.task_id,
        alert_id="",
        title=one_line(f"Task {word}: {task.title}", TITLE_LIMIT),
        body=one_line(f"{who}, {task.incident_id}.", BODY_LIMIT),
        severity=SEVERITY_RANK[Severity.HIGH],
        lasts_ms=LASTS_MS,
    )
