"""A procedure as it is read before it is run: what it is for, its steps, what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.recovery_room.shelf import type_words
from crisisdesk.desk.recovery_room.turns import person
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.recovery.run_steps import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from crisisdesk.domain.recovery.procedure import Procedure

_KINDS = {
    "check": "by hand",
    "decision": "decision",
    "approval": "approval",
    "command": "program",
    "http": "request",
    "sql": "query",
    "wait": "wait",
    "postgres": "Postgres",
    "backup": "backup",
    "procedure": "procedure",
}
_BACK = {
    "never": "gone only when somebody says so",
    "on_deviation": "gone by itself when something fails",
    "always": "gone by itself at the end",
}


class PlanLine(NamedTuple):
    """A line of the page, or with ``is_head`` the head of those below it."""

    key: str
    words: str
    second: str = ""
    number: int = 0
    is_head: bool = False
    icon: str = ""
    tone: str = ""


def spoken(line: PlanLine) -> str:
    """A line for the screen reader."""
    return f"{line.words}, {line.second}" if line.second else line.words


def chips_of(one: Procedure) -> list[str]:
    """What stands beside its name."""
    told = [type_words(one)]
    if one.estimated_ms:
        told.append(f"about {span_words(one.estimated_ms)}")
    if one.objective_ms:
        told.append(f"back within {span_words(one.objective_ms)}")
    told.append("needs approval" if one.requires_approval else "no approval of the whole")
    told.append("automatic" if one.is_automated else "step by step")
    return told


def plan_lines(one: Procedure) -> list[PlanLine]:
    """Everything that a run of it would ask and do, in order."""
    found: list[PlanLine] = []
    found += _band("Holds before", ((text, "to be confirmed") for text in one.prerequisites))
    told = ((p.title or p.name, _parameter(p)) for p in one.parameters)
    found += _band("Is asked", told)
    found += _band("Steps", ((str(s["title"]), step_words(one, s)) for s in one.steps), count=True)
    held = ((str(s["title"]), _KINDS[kind_of(s)]) for s in one.success_criteria)
    found += _band("Must hold in the end", held)
    backs = (
        (str(s["rollback"]["title"]), f"undoes “{s['title']}”")
        for s in reversed(one.steps)
        if s.get("rollback")
    )
    found += _band(f"Way back, {_BACK.get(one.rollback, one.rollback)}", backs)
    if one.rollback_procedure:
        found += _band("By hand", [(one.rollback_procedure, "")])
    return found


def _parameter(parameter: Any) -> str:
    words = {"choice": ", ".join(parameter.choices)}.get(parameter.type, parameter.type)
    default = f", {parameter.default} unless said" if parameter.default is not None else ""
    return f"{words}{default}"


def _band(head: str, lines: Iterable[tuple[str, str]], *, count: bool = False) -> list[PlanLine]:
    shown = [
        PlanLine(f"{head} {n}", words, second, n if count else 0)
        for n, (words, second) in enumerate(lines, start=1)
    ]
    return [PlanLine(f"head {head}", head, is_head=True), *shown] if shown else []


def step_words(one: Procedure, step: Mapping[str, Any]) -> str:
    """What kind of step it is and on what it depends."""
    titles = {s["step_id"]: str(s["title"]) for s in one.steps}
    told = [_KINDS[kind_of(step)]]
    if kind_of(step) == "procedure":
        told.append(str(step["procedure"]))
    if kind_of(step) == "decision":
        told.append(" or ".join(step["answers"]))
    if step.get("exclusive"):
        told.append("only once")
    if one.runs_by_itself(step):  # type: ignore[arg-type]
        told.append("by itself")
    told += [f"only if “{titles.get(k, k)}” is {v}" for k, v in step.get("when", {}).items()]
    if step.get("within_ms"):
        told.append(f"within {span_words(int(step['within_ms']))}")
    return " · ".join(told)


def published_words(one: Procedure) -> str:
    """Who published it."""
    return f"published by {person(one.updated_by)}"
