"""What stands beside a step: the way back, what must hold, who approved, what was done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.desk.recovery_room.step_words import face_of
from crisisdesk.desk.recovery_room.turns import person
from crisisdesk.domain.recovery.step_map import StepMap, StepStanding, StepState

if TYPE_CHECKING:
    from crisisdesk.domain.checklist import Run

_STRATEGY = {
    "never": "Gone only when somebody says so.",
    "on_deviation": "Gone by itself when a step fails or what must hold does not.",
    "always": "Gone by itself at the end, whatever comes.",
}


class SideLine(NamedTuple):
    """A line, or with ``is_head`` the head of those below it; ``key`` tells it from all others."""

    key: str
    words: str
    second: str = ""
    icon: str = ""
    tone: str = ""
    is_head: bool = False


def spoken(line: SideLine) -> str:
    """A line for the screen reader."""
    return f"{line.words}, {line.second}" if line.second else line.words


def back_head(run: Run, steps: StepMap) -> str:
    """The sentence above the way back."""
    if run.way_back:
        why = run.way_back.get("why", "")
        return f"Being gone since {utc_clock(run.way_back['at'])} UTC{f': {why}' if why else ''}."
    if run.ended_at is not None:
        return "The run has ended; what it did stands."
    if not steps.way_back():
        return f"Nothing was done yet that has one. {_STRATEGY.get(run.rollback, '')}".strip()
    return f"From here, the last first. {_STRATEGY.get(run.rollback, '')}".strip()


def back_lines(run: Run, steps: StepMap) -> list[SideLine]:
    """The steps of the way back: those being gone, else what going back from here would do."""
    if run.way_back:
        return [_of(one, "back") for one in steps.back()]
    titles = {step["step_id"]: str(step["title"]) for step in run.steps}
    return [
        SideLine(f"back {name}", titles[name], f"undoes {_undone(run, name, titles)}", "undo-dot")
        for name in steps.way_back()
    ]


def _undone(run: Run, name: str, titles: dict[str, str]) -> str:
    back_of = next((s.get("back_of", "") for s in run.steps if s["step_id"] == name), "")
    return f"“{titles.get(back_of, back_of)}”"


def _of(one: StepStanding, about: str) -> SideLine:
    icon, tone, word = face_of(one)
    words = one.words if one.state == StepState.FAILED else ""
    second = " · ".join(part for part in (_when(one) or word, words) if part)
    return SideLine(f"{about} {one.step_id}", str(one.step["title"]), second, icon, tone)


def _when(one: StepStanding) -> str:
    if one.state != StepState.DONE or one.since is None:
        return ""
    return f"{utc_clock(one.since)} {person(one.by)}"


def criteria_lines(run: Run, steps: StepMap) -> list[SideLine]:
    """What must hold: as it was before, and as it is after, with the verdict in words."""
    found: list[SideLine] = []
    for phase, head in (("seen", "Before it began"), ("after", "Must hold in the end")):
        shown = [one for one in steps.forward() if one.step.get("phase") == phase]
        if shown:
            found.append(SideLine(f"head {phase}", head, is_head=True))
            found += [_verdict(one, phase) for one in shown]
    return found


def _verdict(one: StepStanding, phase: str) -> SideLine:
    icon, tone, word = face_of(one)
    verdict = {
        StepState.DONE: "held" if phase == "seen" else "holds",
        StepState.NOTED: "did not hold",
        StepState.FAILED: "does not hold",
        StepState.LATER: "not looked at yet",
        StepState.OPEN: "somebody has to look",
    }.get(one.state, word)
    words = one.words if one.state != StepState.LATER else ""
    second = " · ".join(part for part in (verdict, _when(one), words) if part)
    return SideLine(f"{phase} {one.step_id}", str(one.step["title"]), second, icon, tone)


def approval_lines(run: Run) -> list[SideLine]:
    """Who was asked and what was answered."""
    titles = {step["step_id"]: str(step["title"]) for step in run.steps}
    found: list[SideLine] = []
    for step_id, ask in run.asks.items():
        title = titles.get(step_id, step_id)
        for given in ask["given"]:
            when = f"approved {utc_clock(given['at'])}: {title}"
            key = f"given {step_id} {given['id']}"
            found.append(SideLine(key, person(given["by"]), when, "check", "ok"))
        if (refused := ask.get("refused")) is not None:
            why = f"refused {utc_clock(refused['at'])}: {refused['why'] or title}"
            key = f"refused {step_id}"
            found.append(SideLine(key, person(refused["by"]), why, "x", "down"))
        if (glass := ask.get("glass")) is not None:
            why = f"broke glass {utc_clock(glass['at'])}: {glass['why']}"
            found.append(SideLine(f"glass {step_id}", person(glass["by"]), why, "lock", "high"))
    return [SideLine("head approvals", "Approvals", is_head=True), *found] if found else []


def marked_lines(run: Run) -> list[SideLine]:
    """What went otherwise and stays marked."""
    titles = {step["step_id"]: str(step["title"]) for step in run.steps}
    twice = [
        SideLine(f"twice {name}", titles.get(name, name), "done twice", "layers", "down")
        for name in run.executed_twice
    ]
    alone = [
        SideLine(f"alone {name}", titles.get(name, name), "done without the hub's claim", "unlink",
                 "stale")
        for name in run.unclaimed
    ]  # fmt: skip
    found = [*twice, *alone]
    return [SideLine("head marked", "Stays marked", is_head=True), *found] if found else []


def side_lines(run: Run, steps: StepMap) -> list[SideLine]:
    """All that stands below the way back."""
    return [*criteria_lines(run, steps), *approval_lines(run), *marked_lines(run)]
