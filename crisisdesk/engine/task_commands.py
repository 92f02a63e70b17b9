"""Commands about the tasks of incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask(Command):
    """Write down what is to be done; the result is the task's id. Times UTC ms, spans ms."""

    incident_id: str
    title: str
    description: str = ""
    phase: str = "initial_response"
    role: str = ""
    owner: str = ""
    due_at: int | None = None
    box_ms: int | None = None
    procedure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTask(Command):
    """Change fields of `domain.task.EDITABLE_TASK_FIELDS`."""

    task_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTask(Command):
    """Give it to somebody, or ("") to nobody."""

    task_id: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTask(Command):
    """Begin the work; one that nobody has becomes that of whoever begins."""

    task_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTask(Command):
    """It is done, or (``dropped``) will not be done, which needs a reason in ``result``."""

    task_id: str
    result: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTask(Command):
    """An ended one is to be done after all."""

    task_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MindTasks(Command):
    """Tell of tasks that end soon or have been overdue for ``late_ms``; the result is how many.

    Whoever should know is paged, but not those ``at_desk`` (names in small letters).
    """

    at_desk: frozenset[str] = frozenset()
    late_ms: int = 0
    limit: int = 200
