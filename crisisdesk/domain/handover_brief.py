"""The brief with which a role is handed over, drafted from the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from crisisdesk.domain.amounts import count_words
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.papers.times import stamp
from crisisdesk.domain.task import Task, TaskStatus
from crisisdesk.domain.update import IncidentUpdate

BRIEF_LIMIT = 4_000
BRIEF_WORDS: dict[str, str] = {
    "known": "What is known",
    "running": "What is under way",
    "decided": "What is decided",
    "next": "What comes next",
}
_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the receiver has to know: each a text of a few lines."""

    known: str = ""
    running: str = ""
    decided: str = ""
    next: str = ""

    def as_dict(self) -> dict[str, str]:
        """By the names of its parts."""
        return asdict(self)


def draft_brief(
    incident: Incident,
    tasks: Sequence[Task],
    decisions: Sequence[Decision],
    updates: Iterable[IncidentUpdate] = (),
) -> Brief:
    """The brief as the record has it; ``updates`` are the entries of the timeline."""
    return Brief(
        known=_lines(_known(incident, updates)),
        running=_lines(_task_line(t) for t in tasks if t.status == TaskStatus.STARTED),
        decided=_lines(_decision_line(d) for d in decisions if d.stands),
        next=_lines(
            [
                *(_check_line(d) for d in _by_check(decisions)),
                *(_task_line(t) for t in tasks if t.status == TaskStatus.OPEN),
            ]
        ),
    )


def _known(incident: Incident, updates: Iterable[IncidentUpdate]) -> list[str]:
    hurt = incident.user_impact_count
    pinned = [u.title for u in updates if u.is_pinned and not u.hidden]
    told = [
        f"{incident.title}: {incident.severity}, {incident.status}, {incident.impact} impact",
        f"{count_words(hurt)} users affected" if hurt else "",
        f"Root cause: {incident.root_cause}" if incident.root_cause else "",
        *pinned,
    ]
    return [line for line in told if line]


def _task_line(task: Task) -> str:
    due = "" if task.ends_at is None else f", due {stamp(task.ends_at)}"
    who = task.owner or task.role.replace("_", " ") or "nobody"
    return f"{task.title} ({who}{due})"


def _decision_line(decision: Decision) -> str:
    trigger = decision.revert_trigger
    taken_back = f"; taken back if {trigger}" if trigger else ""
    return f"{decision.title} ({decision.decider or 'nobody named'}{taken_back})"


def _by_check(decisions: Sequence[Decision]) -> list[Decision]:
    due = [d for d in decisions if d.stands and d.check_at is not None]
    return sorted(due, key=lambda d: (d.check_at or 0, d.decision_id))


def _check_line(decision: Decision) -> str:
    return f"{stamp(decision.check_at)}: look again at: {decision.title}"


def _lines(lines: Iterable[str]) -> str:
    """One a line, each without line breaks of its own; the last says how many were left out."""
    found = [" ".join(line.split()) for line in lines]
    more = len(found) - _LINES
    kept = found[:_LINES] + ([f"and {more} more"] if more > 0 else [])
    text = "\n".join(f"- {line}" for line in kept)
    return text if len(text) <= BRIEF_LIMIT else f"{text[: BRIEF_LIMIT - 1]}…"
