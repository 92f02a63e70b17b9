"""What can be done with a step, and with a whole run, by whom and by which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.recovery_room.turns import gate_of
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step_map import PASSED, StepMap, StepStanding, StepState

if TYPE_CHECKING:
    from crisisdesk.domain.checklist import Run

ASKED = "you asked for it: another person must approve"
GIVEN = "you have approved: another person must approve"
_REDONE = {
    "done": "It was done",
    "again": "It was not done: let it be tried again",
    "failed": "It failed, and stays so",
}
_VERDICTS = {
    "aborted": "Aborted: it is not gone on with",
    "failed": "Failed: what was wanted was not reached",
    "succeeded": "Succeeded: every step is passed",
}


class Ask(NamedTuple):
    """What has to be said before it is sent: a choice, words, or a word to be typed.

    ``must`` says that words have to be there, ``typed`` what has to be typed exactly.
    """

    head: str
    told: str = ""
    hint: str = ""
    must: bool = False
    typed: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class Offer(NamedTuple):
    """One thing to do. ``ask`` None: it is done at once. ``why_not`` greys it with the reason.

    ``of_run`` says that it is about the whole run, ``tone`` how its button looks.
    """

    do: str
    title: str
    keys: str
    icon: str
    ask: Ask | None = None
    why_not: str = ""
    of_run: bool = False
    tone: str = "normal"


def step_offers(run: Run, one: StepStanding, operator: str) -> list[Offer]:
    """What can be done with this step now, the likeliest first."""
    if run.newer_needed:
        return []
    if one.state == StepState.UNKNOWN or _has_failed(run, one):
        found = [_settle(one)]
    elif run.ended_at is not None:
        return []
    else:
        found = []
    if run.ended_at is not None:
        return found
    return [*found, *_of_state(run, one, operator)]


def _has_failed(run: Run, one: StepStanding) -> bool:
    """Whether its last attempt failed and nobody has said what follows."""
    attempts = run.attempts.get(one.step_id, [])
    return bool(attempts) and attempts[-1]["state"] == "failed" and "settled" not in attempts[-1]


def _of_state(run: Run, one: StepStanding, operator: str) -> list[Offer]:
    kind, state = kind_of(one.step), one.state
    if kind == "approval":
        return _of_gate(run, one, operator)
    if state == StepState.OPEN and kind == "decision":
        choices = tuple((answer, answer) for answer in one.step.get("answers", ()))
        ask = Ask(str(one.step["title"]), hint="A note for the timeline, or nothing",
                  choices=choices)  # fmt: skip
        return [Offer("answer", "Decide", "D", "git-merge", ask, tone="primary")]
    if state == StepState.OPEN and "timeout_ms" in one.step:
        return [
            Offer("start", "Start it", "Enter", "play", tone="primary"),
            _by_hand(one),
        ]
    if state == StepState.OPEN:
        return [
            Offer("done", "Done", "Enter", "check", tone="primary"),
            Offer("failed", "Does not hold", "X", "x", _why(f"{one.step['title']}: no")),
        ]
    if state == StepState.READY:
        found = [_by_hand(one)]
        if one.step.get("exclusive"):
            ask = Ask(
                "Start it without the hub's claim",
                "Another station may do the same at this moment; that would be told after the "
                "split and stand as done twice.",
                typed=word_to_type(run),
            )
            found.insert(0, Offer("unclaimed", "Start unclaimed", "C", "unlink", ask))
        return found
    if state in (StepState.FAILED, StepState.NOTED):
        return [_by_hand(one)]
    is_by_hand = kind in ("check", "decision") and bool(run.done.get(one.step_id))
    if state == StepState.DONE and is_by_hand:
        return [Offer("undone", "Take it back", "Z", "undo-2")]
    return []


def _of_gate(run: Run, one: StepStanding, operator: str) -> list[Offer]:
    glass = Offer(
        "break_glass",
        "Break glass",
        "G",
        "lock",
        Ask(
            "Go on without a second person",
            "The reason stands in the log and on the timeline for good.",
            "Why this cannot wait for another person",
            must=True,
        ),
        tone="destructive",
    )
    if one.state == StepState.STOPPED:
        return [Offer("ask", "Ask again", "Q", "refresh-cw", tone="primary"), glass]
    if one.state != StepState.WAITING:
        return []
    gate = gate_of(run, one, operator)
    why_not = {"asked": ASKED, "given": GIVEN, "yours": ""}[gate]
    told = f"{run.title}, {_arguments(run)}{len(run.steps)} steps; SHA-256 {run.binding[:16]}…"
    approve = Ask(f"Approve: {one.step['title']}", told, typed=word_to_type(run))
    return [
        Offer("approve", "Approve", "A", "stamp", approve, why_not, tone="primary"),
        Offer("refuse", "Refuse", "F", "x", _why("Refuse: nothing behind it is done")),
        glass,
    ]


def _arguments(run: Run) -> str:
    told = ", ".join(f"{name} {value}" for name, value in run.arguments.items())
    return f"{told}; " if told else ""


def _why(head: str) -> Ask:
    return Ask(head, "", "Why; it stands in the log", must=True)


def _by_hand(one: StepStanding) -> Offer:
    ask = Ask(f"Done by hand: {one.step['title']}", "", "What was done, or nothing")
    return Offer("done", "Done by hand", "M", "hand", ask)


def _settle(one: StepStanding) -> Offer:
    ask = Ask(
        f"What became of it: {one.step['title']}",
        "Look at the system itself first: this word is the record.",
        "What you saw",
        choices=tuple(_REDONE.items()),
    )
    return Offer("settle", "Settle", "S", "gavel", ask, tone="primary")


def word_to_type(run: Run) -> str:
    """What has to be typed so that something is meant: the first argument, else the title."""
    values = [str(value) for value in run.arguments.values()]
    return next((value for value in values if len(value) <= 40), run.title)


def run_offers(run: Run, steps: StepMap, *, is_here: bool) -> list[Offer]:
    """What can be done with the whole run."""
    if run.ended_at is not None or run.newer_needed:
        return []
    back = _why("Go the way back, the last step first")
    busy = [s for s in steps.forward() if s.state in (StepState.RUNNING, StepState.UNKNOWN)]
    if run.way_back:
        why_not = "goes back already"
    elif busy:
        why_not = f"{busy[0].step['title']} is {busy[0].state}: its end comes first"
    else:
        why_not = "" if steps.way_back() else "nothing was done that has a way back"
    verdicts = dict(_VERDICTS)
    if any(one.state not in PASSED for one in steps.forward()):
        del verdicts["succeeded"]
    end = Ask("End the run", "What stands open stays undone.", "Why", choices=tuple(
        verdicts.items()
    ))  # fmt: skip
    found = [
        Offer("back", "Roll back", "B", "undo-dot", back, why_not, True, "destructive"),
        Offer("end", "End it", "E", "square", end, of_run=True),
    ]
    if not is_here:
        found.append(Offer("take", "Take it here", "H", "download", of_run=True))
    return found
