"""A dry run as lines to be read: each step, word for word what it would do, and what holds now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.recovery_room.procedure_words import PlanLine
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

# So many signs of a long line stand in one row; the rest follows below it.
ROW = 104
_PHASES = (
    (("before", "seen"), "Holds before"),
    (("gate", "main"), "Steps"),
    (("after",), "Must hold in the end"),
    (("back",), "Way back"),
)
_NOW = {
    "holds": ("Holds now", "circle-check", "ok"),
    "does_not_hold": ("Does not hold now", "circle-x", "down"),
    "not_known": ("Not known now", "circle-help", "high"),
}


def ahead_lines(told: Json) -> list[PlanLine]:
    """Everything that the engine told of each step, in the order of a run."""
    titles = {step["step_id"]: step["title"] for step in told["steps"]}
    found: list[PlanLine] = []
    for phases, head in _PHASES:
        shown = [step for step in told["steps"] if step["phase"] in phases]
        if not shown:
            continue
        found.append(PlanLine(f"head {head}", head, is_head=True))
        for number, step in enumerate(shown, start=1):
            found += _step_lines(step, number, titles)
    if told["rollback_procedure"]:
        found.append(PlanLine("head by hand", "By hand", is_head=True))
        found += _rows("by hand", told["rollback_procedure"], "")
    return found


def _step_lines(step: Json, number: int, titles: dict[str, str]) -> Iterator[PlanLine]:
    key = f"ahead {step['step_id']}"
    told = [step["kind"], step["opens"], f"by {step['begins']}"]
    if step["approval"]:
        # Who has to agree stands with the approval itself, above.
        told.append("once approved")
    if step["at_most_s"]:
        told.append(f"at most {span_words(step['at_most_s'] * 1000)}")
    if step["back"]:
        told.append(f"taken back by “{titles[step['back']]}”")
    yield PlanLine(key, step["title"], " · ".join(told), number)
    entry = f"allowed by {step['entry']}" if step["entry"] else ""
    for n, line in enumerate(step["does"], start=1):
        yield from _rows(f"{key} {n}", line, entry if n == len(step["does"]) else "")
    if not step["ok"]:
        yield from _rows(f"{key} here", f"Not here: {step['words']}", "", "triangle-alert", "high")
    if step["now"] in _NOW:
        words, icon, tone = _NOW[step["now"]]
        yield from _rows(f"{key} now", f"{words}: {step['now_words']}", "", icon, tone)


def _rows(key: str, text: str, second: str, icon: str = "", tone: str = "") -> list[PlanLine]:
    """A text in as many lines as it needs; nothing of it is left out."""
    parts = [text[start : start + ROW] for start in range(0, len(text), ROW)] or [""]
    pairs = [*zip(parts[::2], [*parts[1::2], ""], strict=False)]
    lines = [
        PlanLine(f"{key} row {n}", one, two, icon="" if n else icon, tone=tone)
        for n, (one, two) in enumerate(pairs)
    ]
    if second and not lines[-1].second:
        lines[-1] = lines[-1]._replace(second=second)
    elif second:
        lines.append(PlanLine(f"{key} entry", "", second))
    return lines


def summary(told: Json, at_words: str) -> str:
    """When it was looked at, with which arguments, and what came of it, in a sentence each."""
    given = ", ".join(f"{name}={value}" for name, value in told["arguments"].items())
    found = [f"Dry run at {at_words} UTC{f' with {given}' if given else ''}; nothing was done."]
    barred = sum(not step["ok"] for step in told["steps"])
    unmet = sum(step["now"] == "does_not_hold" for step in told["steps"])
    unknown = sum(step["now"] == "not_known" for step in told["steps"])
    found.append(
        f"{_steps(barred)} could not be done here." if barred else "Every automatic step could."
    )
    found += [f"{_looks(unmet)} not hold now."] if unmet else []
    found += [f"{unknown} could not be looked at."] if unknown else []
    if told["longest_s"]:
        found.append(f"At most {span_words(told['longest_s'] * 1000)} by its bounds.")
    return " ".join(found)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _looks(count: int) -> str:
    return "1 look does" if count == 1 else f"{count} looks do"
