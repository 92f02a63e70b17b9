"""What the order strip asks about tasks, and what the answers mean.

The key of such a question is ``task.what`` and the id of what it is about, parted by a blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents.strip import Asked, Question
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.playbook.content import span_ms
from crisisdesk.domain.task import PHASE_WORDS

if TYPE_CHECKING:
    from crisisdesk.domain.task import Task

PREFIX = "task."
_DUE = "Due, from now"
_DUE_HINT = "20m, 4h, 3d"


def add_question(phase: str) -> Question:
    """What is to be done, by whom, until when; it becomes one of that phase."""
    return Question(
        key=f"{PREFIX}add {phase}",
        title=f"New task, {PHASE_WORDS[phase].lower()}",
        verb="Write down",
        asked=(
            Asked(field="title", word="What is to be done", hint="Ring the landlord"),
            Asked(field="owner", word="Who", hint="Nobody yet"),
            Asked(field="due", word=_DUE, hint=_DUE_HINT),
        ),
    )


def assign_question(task: Task, operator: str) -> Question:
    """Who has it from now on; offers the operator when somebody else has it."""
    offer = operator if operator != task.owner else ""
    asked = Asked(field="owner", word="Who, empty for nobody", value=offer, hint="Full name")
    return _about(task, "assign", "Give it to", "Give", asked)


def due_question(task: Task) -> Question:
    """When it should be done."""
    return _about(task, "due", "Due", "Save", Asked(field="due", word=_DUE, hint=_DUE_HINT))


def drop_question(task: Task) -> Question:
    """Why it will not be done."""
    asked = Asked(field="reason", word="Reason", hint="Why it will not be done")
    return _about(task, "drop", "Drop", "Drop it", asked)


def reopen_question(task: Task) -> Question:
    """Why it is to be done after all."""
    asked = Asked(field="reason", word="Reason", hint="Why it is to be done after all")
    return _about(task, "reopen", "Bring back", "Bring back", asked)


def _about(task: Task, what: str, words: str, verb: str, asked: Asked) -> Question:
    title = task.title if len(task.title) <= 40 else f"{task.title[:39].rstrip()}…"
    return Question(
        key=f"{PREFIX}{what} {task.task_id}", title=f"{words}: {title}", verb=verb, asked=(asked,)
    )


def due_ms(text: str, now_ms: int) -> int | None:
    """What was typed as the due time, as a moment (UTC ms); None for an empty text.

    Raises Malformed naming ``due``.
    """
    plain = text.strip()
    return now_ms + span_ms(plain, "due") if plain else None


def new_task(phase: str, values: dict[str, str], now_ms: int) -> tuple[str, dict[str, Any]]:
    """Title and fields of a task that was typed; raises Malformed naming the field."""
    title = values["title"].strip()
    if not title:
        raise Malformed("title", "is empty", "write what is to be done")
    fields: dict[str, Any] = {"phase": phase}
    if owner := values["owner"].strip():
        fields["owner"] = owner
    due_at = due_ms(values["due"], now_ms)
    if due_at is not None:
        fields["due_at"] = due_at
    return title, fields
