"""Whose turn it is in a run, and which of its steps is looked at; in words, without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from crisisdesk.domain.recovery.run_steps import kind_of, same_person
from crisisdesk.domain.recovery.step_map import PASSED, StepMap, StepStanding, StepState

if TYPE_CHECKING:
    from crisisdesk.domain.checklist import Run

Who = Literal["you", "another", "station", "nobody"]
Gate = Literal["yours", "asked", "given"]
_WANTED = (
    StepState.UNKNOWN,
    StepState.FAILED,
    StepState.STOPPED,
    StepState.OPEN,
    StepState.WAITING,
    StepState.RUNNING,
    StepState.READY,
)
_UNDECIDED = (StepState.RUNNING, StepState.UNKNOWN)
_VERDICTS = {
    "succeeded": "succeeded",
    "rolled_back": "rolled back",
    "failed": "failed",
    "aborted": "aborted",
}


class Turn(NamedTuple):
    """Who has to do something and what. ``due_at`` is UTC ms, None where nothing runs out;
    ``step_id`` is "" once the run has ended."""

    who: Who
    words: str
    step_id: str = ""
    title: str = ""
    due_at: int | None = None
    since: int | None = None
    is_late: bool = False
    is_approval: bool = False


def person(name: str) -> str:
    """A name as it is shown: the engine's is the station's."""
    plain = name.removeprefix("operator:")
    return "the station" if plain == "engine" else plain


def gate_of(run: Run, one: StepStanding, operator: str) -> Gate:
    """Whether this operator may approve: ``asked`` who started the run, ``given`` who has."""
    if same_person(run.started_by, operator):
        return "asked"
    return "given" if any(same_person(name, operator) for name in one.also_by) else "yours"


def current_of(run: Run, steps: StepMap, operator: str) -> StepStanding | None:
    """The step that most needs somebody, this operator before others; None once all is over."""
    if run.ended_at is not None:
        return None
    wanted = [one for one in steps.back() if one.state not in PASSED]
    for one in steps.forward():
        if run.way_back and one.state not in _UNDECIDED:
            continue
        wanted.append(one)
    waiting = [one for one in wanted if one.state in _WANTED]
    return min(waiting, key=lambda one: _place(run, one, operator), default=None)


def _place(run: Run, one: StepStanding, operator: str) -> float:
    place = float(_WANTED.index(one.state))
    if one.state == StepState.WAITING and gate_of(run, one, operator) == "yours":
        return _WANTED.index(StepState.OPEN) - 0.5
    return place


def verdict_words(run: Run) -> str:
    """How an ended run ended."""
    return _VERDICTS.get(run.verdict, "ended without a verdict")


def turn_of(run: Run, now_ms: int, operator: str) -> Turn:
    """Whose turn it is at ``now_ms`` (UTC ms)."""
    if run.ended_at is not None:
        return Turn("nobody", verdict_words(run))
    if run.newer_needed:
        return Turn("nobody", "written by a newer program; update this one to go on")
    one = current_of(run, StepMap(run, now_ms), operator)
    if one is None:
        return Turn("you", "nothing is open; end the run")
    who, words = _words(run, one, operator)
    return Turn(
        who,
        words,
        one.step_id,
        str(one.step["title"]),
        one.due_at,
        one.since,
        one.is_late(now_ms),
        kind_of(one.step) == "approval" and one.state == StepState.WAITING,
    )


def _words(run: Run, one: StepStanding, operator: str) -> tuple[Who, str]:
    kind = kind_of(one.step)
    if one.state == StepState.WAITING:
        gate = gate_of(run, one, operator)
        if gate == "yours":
            return "you", f"waits for your approval, {one.words}"
        why = "you asked for it" if gate == "asked" else "you have approved"
        return "another", f"{why}: another person must approve, {one.words}"
    if one.state == StepState.OPEN:
        if kind == "decision":
            return "you", "waits for an answer"
        return "you", "waits to be started" if "timeout_ms" in one.step else "to be done"
    if one.state == StepState.READY:
        is_held = bool(one.step.get("exclusive")) and not run.released.get(one.step_id, {}).get(
            "unclaimed"
        )
        return "station", "waits for the hub's claim" if is_held else "the station begins it"
    return {
        StepState.UNKNOWN: ("you", "nobody knows its end; look, then settle it"),
        StepState.FAILED: ("you", "failed; say how it goes on"),
        StepState.STOPPED: ("you", one.words),
        StepState.RUNNING: ("station", "is being done"),
    }.get(one.state, ("nobody", str(one.state)))  # type: ignore[return-value]
