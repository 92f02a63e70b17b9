"""How the facts of a run are told on the timeline of its incident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.event import Event
from crisisdesk.domain.recovery.objective import PROCEDURE
from crisisdesk.domain.recovery.run_steps import step_of
from crisisdesk.domain.timeline_words import newer_told
from crisisdesk.domain.told import Segment, Told, plain, strong

_VERDICTS = {
    "succeeded": "succeeded",
    "rolled_back": "went back",
    "failed": "failed",
    "aborted": "was broken off",
}
# Pieces of output stand with the run; a step started by hand is told by its claim.
_LEFT_OUT = frozenset({"run.step_output", "run.step_released"})


def tell_run(before: Run | None, after: Run, event: Event) -> Told | None:
    """One event of a run that changed it; None for what the timeline leaves out."""
    if before is None:
        told = "".join(f", {name} {value}" for name, value in sorted(after.arguments.items()))
        return Told(icon="rotate-ccw", line=(strong(after.title), plain(f" started{told}")))
    if after.newer_needed:
        return newer_told(after.newer_needed)
    if event.kind in _LEFT_OUT:
        return None
    teller = _RUN_TELLERS.get(event.kind)
    if teller is not None:
        return teller(after, event)
    made = _STEP_TELLERS.get(event.kind)
    if made is None:
        return None
    icon, words, detail = made(after, event.body)
    step = step_of(after.steps, event.body["step_id"])
    name = event.body["step_id"] if step is None else step["title"]
    if after.also_done and after.also_done[-1]["event"] == event.id:
        words = f"{words} (did not count: {after.also_done[-1].get('why') or 'done already'})"
        icon = "history"
    worse = icon in ("circle-x", "circle-help", "shield-alert", "triangle-alert")
    tail = Segment(text=words, style="worse") if worse else plain(words)
    return Told(
        icon=icon, line=(plain(f"{after.title}, "), strong(name), plain(": "), tail), detail=detail
    )


def _ended(after: Run, event: Event) -> Told:
    if after.ended_by != event.actor or after.ended_at != event.at_ms:
        return Told(icon="history", line=(strong(after.title), plain(" also ended elsewhere")))
    words = _VERDICTS.get(after.verdict, "ended")
    icon = "circle-check" if after.verdict == "succeeded" else "circle-x"
    line = (strong(after.title), plain(f" {words}"))
    return Told(icon=icon, line=line, detail=after.ended_why)


def _rolling_back(after: Run, event: Event) -> Told:
    line = (strong(after.title), plain(" goes back"))
    return Told(icon="undo-2", line=line, detail=str(event.body.get("why", "")))


def _moved(after: Run, _event: Event) -> Told:
    words = " goes on at another station"
    return Told(icon="arrow-left-right", line=(strong(after.title), plain(words)))


def _missed(after: Run, _event: Event) -> Told:
    of = after.objective.get("of", PROCEDURE)
    whose = "" if of == PROCEDURE else f" of {of}"
    tail = Segment(text=f" is late: the recovery time objective{whose} was missed", style="worse")
    return Told(icon="clock-alert", line=(strong(after.title), tail))


_RUN_TELLERS: dict[str, Callable[[Run, Event], Told]] = {
    "run.ended": _ended,
    "run.rollback_started": _rolling_back,
    "run.moved": _moved,
    "run.objective_missed": _missed,
}

_Parts = tuple[str, str, str]


def _claimed(after: Run, body: dict[str, Any]) -> _Parts:
    if body["step_id"] in after.executed_twice:
        return "triangle-alert", "begun again, although it may have been done", ""
    return "play", "begun", ""


def _finished(_after: Run, body: dict[str, Any]) -> _Parts:
    icon = "circle-check" if body["outcome"] == "ok" else "circle-x"
    return icon, "done" if body["outcome"] == "ok" else "failed", str(body.get("words", ""))


def _settled(_after: Run, body: dict[str, Any]) -> _Parts:
    words = {"done": "it was done", "failed": "it was not done", "again": "do it again"}
    return "gavel", words.get(body["outcome"], "settled"), str(body.get("note", ""))


_STEP_TELLERS: dict[str, Callable[[Run, dict[str, Any]], _Parts]] = {
    "run.step_done": lambda _a, b: ("circle-check", "done", str(b.get("note", ""))),
    "run.step_undone": lambda _a, _b: ("undo-2", "not done after all", ""),
    "run.step_claimed": _claimed,
    "run.step_finished": _finished,
    "run.step_unknown": lambda _a, b: (
        "circle-help",
        "nobody knows whether it was done",
        str(b.get("why", "")),
    ),
    "run.step_settled": _settled,
    "run.step_failed": lambda _a, b: ("circle-x", "does not hold", str(b.get("why", ""))),
    "run.decision_taken": lambda _a, b: ("gavel", str(b["answer"]), str(b.get("note", ""))),
    "run.approval_asked": lambda _a, _b: ("stamp", "approval asked", ""),
    "run.approval_given": lambda _a, b: ("stamp", "approved", str(b.get("note", ""))),
    "run.approval_refused": lambda _a, b: ("circle-x", "refused", str(b.get("why", ""))),
    "run.approval_expired": lambda _a, _b: ("clock-alert", "nobody approved in time", ""),
    "run.glass_broken": lambda _a, b: (
        "shield-alert",
        "gone on without a second person",
        str(b["why"]),
    ),
}
