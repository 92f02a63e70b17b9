"""The tasks of an incident as lines: what ends soonest first, what has ended folded into one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crisisdesk.desk.look.countdown import Countdown, countdown
from crisisdesk.domain.task import PHASE_WORDS, PHASES, Task, TaskStatus

FOLD = "ended"
SHORT_PHASE: dict[str, str] = {
    "initial_response": "Initial",
    "containment": "Contain",
    "stakeholder_communication": "Comms",
    "root_cause": "Cause",
    "restoration": "Restore",
    "review": "Review",
    "monitoring": "Monitor",
}


class TaskLine(NamedTuple):
    """A line of the pane: a task, or with ``task`` None the one that folds what has ended."""

    key: str
    task: Task | None = None
    word: str = ""


class PhaseCount(NamedTuple):
    """A phase of the response: how many of its tasks are to be done, and how many were done.

    ``is_now`` marks the first that has something to do.
    """

    phase: str
    open: int
    done: int
    is_now: bool = False


class HeadWords(NamedTuple):
    """What the head of the pane says: how many, and how many are late ("" for none)."""

    quiet: str
    late: str


def is_late(task: Task, now_ms: int) -> bool:
    """Whether it should have been done by now (UTC ms)."""
    return task.is_open and task.ends_at is not None and task.ends_at <= now_ms


def arrange_tasks(tasks: Iterable[Task], *, unfolded: bool = False) -> list[TaskLine]:
    """Open ones by their end, then the fold, and below it the ended ones, newest first."""
    known = list(tasks)
    led = sorted((t for t in known if t.is_open), key=_by_end)
    ended = sorted(
        (t for t in known if not t.is_open), key=lambda t: (-(t.ended_at or 0), t.task_id)
    )
    lines = [TaskLine(t.task_id, t) for t in led]
    if ended:
        lines.append(TaskLine(FOLD, word=_fold_words(ended)))
        lines += [TaskLine(t.task_id, t) for t in ended if unfolded]
    return lines


def _by_end(task: Task) -> tuple[bool, int, int, int, str]:
    ends_at = task.ends_at
    return (ends_at is None, ends_at or 0, PHASES.index(task.phase), task.rank, task.task_id)


def _fold_words(ended: list[Task]) -> str:
    done = [t.title for t in ended if t.status == TaskStatus.DONE]
    dropped = len(ended) - len(done)
    parts = [f"{len(done)} done"] * bool(done) + [f"{dropped} dropped"] * bool(dropped)
    counts = ", ".join(parts)
    return f"{counts}: {', '.join(done)}" if done else counts


def head_words(tasks: Iterable[Task], now_ms: int) -> HeadWords:
    """How many are to be done, were done, and are late."""
    known = list(tasks)
    led = sum(t.is_open for t in known)
    done = sum(t.status == TaskStatus.DONE for t in known)
    late = sum(is_late(t, now_ms) for t in known)
    quiet = f"{led} open, {done} done" if known else "none"
    return HeadWords(quiet, f"{late} late" if late else "")


def count_phases(tasks: Iterable[Task]) -> list[PhaseCount]:
    """All seven phases in their order."""
    known = list(tasks)
    found: list[PhaseCount] = []
    begun = False
    for phase in PHASES:
        led = sum(t.is_open for t in known if t.phase == phase)
        done = sum(t.status == TaskStatus.DONE for t in known if t.phase == phase)
        found.append(PhaseCount(phase, led, done, is_now=bool(led) and not begun))
        begun = begun or bool(led)
    return found


def phase_now(tasks: Iterable[Task]) -> str:
    """The phase in which the response is: the first that has something to do."""
    return next((c.phase for c in count_phases(tasks) if c.is_now), PHASES[0])


def clock_of(task: Task, now_ms: int) -> Countdown | None:
    """How long it may still take; None for one that has ended or has no end."""
    if not task.is_open or task.ends_at is None:
        return None
    total = task.ends_at - (task.started_at or task.added_at)
    return countdown(deadline_ms=task.ends_at, now_ms=now_ms, total_ms=total)


def whose(task: Task) -> str:
    """Who has it; the role it is for where nobody has it."""
    if task.owner:
        return task.owner
    return f"nobody, for {task.role.replace('_', ' ')}" if task.role else "nobody"


def below(task: Task) -> str:
    """The second line: who has it, that somebody is at it or what became of it, its phase."""
    parts = [whose(task)]
    if task.status != TaskStatus.OPEN:
        ended = f" by {task.ended_by}" if task.ended_by else ""
        parts.append(f"{task.status}{ended}")
    if task.result:
        parts.append(" ".join(task.result.split()))
    return " · ".join([*parts, PHASE_WORDS[task.phase]])


def spoken_line(line: TaskLine, now_ms: int) -> str:
    """A line for the screen reader."""
    task = line.task
    if task is None:
        return f"{line.word}. Space unfolds or folds them"
    clock = clock_of(task, now_ms)
    due = clock.spoken if clock is not None else ""
    if task.is_open and clock is None:
        due = "no end set"
    parts = (f"Task {task.title}", str(task.status), whose(task), due, PHASE_WORDS[task.phase])
    return ", ".join(part for part in parts if part)
