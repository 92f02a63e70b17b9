"""How a step of a run is told: its face on the path, and what stands in its card."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.desk.recovery_room.turns import person
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.recovery.ahead import doing
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step_map import StepStanding, StepState

if TYPE_CHECKING:
    from crisisdesk.domain.checklist import Run

_FACES: dict[StepState, tuple[str, str, str]] = {
    StepState.LATER: ("circle", "", "ahead"),
    StepState.OPEN: ("user", "link", "open"),
    StepState.READY: ("hourglass", "", "about to begin"),
    StepState.WAITING: ("stamp", "high", "waits for approval"),
    StepState.RUNNING: ("loader", "link", "is being done"),
    StepState.UNKNOWN: ("circle-help", "down", "nobody knows its end"),
    StepState.STOPPED: ("pause", "down", "stopped"),
    StepState.FAILED: ("circle-x", "down", "failed"),
    StepState.NOTED: ("info", "", "did not hold before"),
    StepState.DONE: ("circle-check", "ok", "done"),
    StepState.SKIPPED: ("skip-forward", "", "skipped"),
    StepState.CLOSED: ("minus", "", "not done"),
}
_PHASES = {
    "before": "before it begins",
    "seen": "looked at before",
    "gate": "approval of the whole",
    "after": "must hold",
    "back": "way back",
}


class PathLine(NamedTuple):
    """A step on the path; ``number`` counts from 1, ``due_at`` is UTC ms or None."""

    key: str
    number: int
    title: str
    second: str
    icon: str
    tone: str
    is_quiet: bool
    is_current: bool
    due_at: int | None = None


class Fact(NamedTuple):
    """One thing worth knowing of a step: what it is about, and the words."""

    about: str
    words: str


def face_of(one: StepStanding) -> tuple[str, str, str]:
    """(icon, tone, words) of a state."""
    return _FACES[one.state]


def path_line(run: Run, one: StepStanding, number: int, current: str) -> PathLine:
    """A step as the path shows it."""
    icon, tone, _word = face_of(one)
    quiet = one.state in (StepState.LATER, StepState.SKIPPED, StepState.CLOSED)
    due = one.due_at if one.state in _RUNNING_OUT else None
    return PathLine(
        key=one.step_id,
        number=number,
        title=str(one.step["title"]),
        second=second_words(run, one),
        icon=icon,
        tone=tone,
        is_quiet=quiet,
        is_current=one.step_id == current,
        due_at=due,
    )


_RUNNING_OUT = (StepState.OPEN, StepState.READY, StepState.WAITING, StepState.RUNNING)


def second_words(run: Run, one: StepStanding) -> str:
    """Who and when of what is over; of what is ahead, on what it depends."""
    told = [_PHASES.get(str(one.step.get("phase", "main")), "")]
    if one.state == StepState.DONE:
        when = utc_clock(one.since) if one.since else ""
        told += [f"{when} {person(one.by)}".strip(), one.words]
        if one.also_by:
            told.append(f"also {', '.join(map(person, one.also_by))}")
    elif one.state == StepState.LATER:
        told.append(branch_words(run, one) or one.words)
    elif one.state == StepState.SKIPPED:
        told.append(f"skipped, {branch_words(run, one)}" if one.step.get("when") else "skipped")
    else:
        told += [face_of(one)[2], one.words]
    if one.step_id in run.executed_twice:
        told.append("done twice")
    return " · ".join(part for part in told if part)


def branch_words(run: Run, one: StepStanding) -> str:
    """On which answers it depends: ``only if “Is it far behind?” is yes``; "" for none."""
    titles = {step["step_id"]: str(step["title"]) for step in run.steps}
    told = [
        f"“{titles.get(name, name)}” is {answer}"
        for name, answer in one.step.get("when", {}).items()
    ]
    return f"only if {' and '.join(told)}" if told else ""


def facts_of(run: Run, one: StepStanding) -> list[Fact]:
    """What is worth knowing before it is done, the most needed first."""
    step, kind = one.step, kind_of(one.step)
    told = [] if kind == "check" else [Fact("Does", does_words(run, one))]
    if run.arguments:
        told.append(Fact("With", ", ".join(f"{k} {v}" for k, v in run.arguments.items())))
    if kind == "approval":
        told.append(Fact("Bound to", f"SHA-256 {run.binding[:16]}…"))
    if step.get("within_ms"):
        told.append(Fact("To be over within", span_words(int(step["within_ms"]))))
    elif step.get("timeout_ms"):
        told.append(Fact("Ended after", span_words(int(step["timeout_ms"]))))
    if step.get("exclusive"):
        told.append(Fact("Only once", "needs the hub's claim, so that no two stations do it"))
    if step.get("when"):
        told.append(Fact("Branch", branch_words(run, one)))
    return told


def does_words(run: Run, one: StepStanding) -> str:
    """What is done, word for word where a station does it."""
    step, kind = one.step, kind_of(one.step)
    if kind == "command":
        return " ".join((str(step.get("command", "")), *map(str, step.get("args", ()))))
    if kind == "http":
        return f"{step.get('method', 'GET')} {step.get('url', '')}"
    if kind == "sql":
        return f"{step.get('database', '')}: {step.get('query', '')}"
    if kind == "wait":
        span = span_words(int(step.get("for_ms", 0)))
        return f"waits for {step.get('source') or step.get('url') or 'the time'}, {span}"
    if kind == "approval":
        count = int(step.get("approvals", 1))
        many = "one other person" if count == 1 else f"{count} other persons"
        return f"{many} than {person(run.started_by)} must approve"
    if kind == "decision":
        return f"somebody answers: {', '.join(step.get('answers', ()))}"
    if kind in ("postgres", "backup"):
        return ", ".join(doing(step))
    return "a person does it"


def state_words(run: Run, one: StepStanding, operator: str) -> str:
    """The sentence in the card's box: how it stands now and what that means."""
    from crisisdesk.desk.recovery_room.turns import gate_of

    if one.state == StepState.WAITING:
        gate = gate_of(run, one, operator)
        if gate == "asked":
            return f"{_begun(one)} You asked for it: another person must approve."
        if gate == "given":
            return f"{_begun(one)} Yours counts already: another person must approve."
        return f"{_begun(one)} Yours is wanted."
    if one.state == StepState.UNKNOWN:
        return (
            f"Nobody knows its end: {one.words or 'no answer came'}. It may have been done. "
            "Look what it did, then settle it; it is never done again by itself."
        )
    if one.state == StepState.READY and one.step.get("exclusive"):
        return "Begins as soon as the hub's claim is there; without the hub it waits."
    if one.state == StepState.OPEN and "timeout_ms" not in one.step:
        asks = kind_of(one.step) == "decision"
        return "Somebody has to answer." if asks else "Do it, then say that it is done."
    word = face_of(one)[2]
    by = f" by {person(one.by)}" if one.by and one.state != StepState.LATER else ""
    when = f" at {utc_clock(one.since)} UTC" if one.since and one.state in _OVER else ""
    also = f", also by {', '.join(map(person, one.also_by))}" if one.also_by else ""
    why = f": {one.words}" if one.words else ""
    return f"{word[:1].upper()}{word[1:]}{by}{when}{also}{why}."


_OVER = (StepState.DONE, StepState.FAILED, StepState.NOTED, StepState.STOPPED)


def _begun(one: StepStanding) -> str:
    return f"{one.words[:1].upper()}{one.words[1:]}."
