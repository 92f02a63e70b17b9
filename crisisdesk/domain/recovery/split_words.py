"""The words of a run in the view of a split: what each side did, and what wants a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.run_steps import kind_of, step_of

# A sentence, and whether it wants a decision.
Words = tuple[str, bool]
Body = Mapping[str, Any]

RUN_DEEDS: dict[str, Callable[[Body], str]] = {
    "run.step_done": lambda body: f"step done: {body['step_id']}",
    "run.step_undone": lambda body: f"step undone: {body['step_id']}",
    "run.step_claimed": lambda body: f"step begun: {body['step_id']}",
    "run.step_output": lambda body: f"step said something: {body['step_id']}",
    "run.step_finished": lambda body: f"step {_ended(body)}: {body['step_id']}",
    "run.step_unknown": lambda body: f"step of unknown end: {body['step_id']}",
    "run.step_settled": lambda body: f"step settled as {body['outcome']}: {body['step_id']}",
    "run.step_failed": lambda body: f"step does not hold: {body['step_id']}",
    "run.step_released": lambda body: f"step started: {body['step_id']}",
    "run.decision_taken": lambda body: f"decided {body['answer']}: {body['step_id']}",
    "run.approval_asked": lambda body: f"approval asked: {body['step_id']}",
    "run.approval_given": lambda body: f"approved: {body['step_id']}",
    "run.approval_refused": lambda body: f"approval refused: {body['step_id']}",
    "run.approval_expired": lambda body: f"approval ran out: {body['step_id']}",
    "run.glass_broken": lambda body: f"glass broken: {body['step_id']}: {body['why']}",
    "run.rollback_started": lambda body: f"goes back: {body.get('why', '')}".rstrip(": "),
}


def _ended(body: Body) -> str:
    return "done" if body["outcome"] == "ok" else "failed"


def run_findings(state: Run, event_ids: Set[str]) -> Iterator[Words]:
    """What stands after a merge that people should know."""
    titles = {step["step_id"]: step["title"] for step in state.steps}
    for step_id, entries in sorted(state.done.items()):
        others = state.done_by(step_id)[1:]
        if others and any(entry["id"] in event_ids for entry in entries):
            first = state.done_by(step_id)[0]
            names = ", ".join(others)
            yield f"{titles.get(step_id, step_id)}: done by {first}, also done by {names}", False
    for step_id in state.executed_twice:
        yield f"step executed twice: {titles.get(step_id, step_id)}: check its effect", True
    for step_id in state.unclaimed:
        if step_id not in state.executed_twice:
            yield f"{titles.get(step_id, step_id)} was done without the hub's claim", False
    yield from _answers(state)


def _answers(state: Run) -> Iterator[Words]:
    for step_id, entries in sorted(state.done.items()):
        step = step_of(state.steps, step_id)
        if step is None or kind_of(step) != "decision":
            continue
        answers = list(dict.fromkeys(str(entry.get("answer", "")) for entry in entries))
        if len(answers) > 1:
            told = " and ".join(answers)
            yield f"{step['title']}: answered {told}; {answers[0]} stands: look again", True
    for attempts in state.attempts.values():
        if any(one["state"] == "unknown" and "settled" not in one for one in attempts):
            yield "a step's end is not known: say what became of it", True
            return
