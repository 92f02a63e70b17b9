"""What a run would do, step by step, before there is one: what is executed word for word, who has
to agree, how it is begun, what takes it back.

A pure look at the steps that `expanding` puts together; whether a station may do them, and whether
what only looks holds now, is asked elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.expanding import BACK, is_changing
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step import AUTOMATIC, Step
from crisisdesk.domain.recovery.step_map import StepMap, StepState
from crisisdesk.domain.redaction import MASK, redact

WORDS_LIMIT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One step ahead. ``does`` are lines without secrets; ``opens`` says at what it opens,
    ``begins`` who begins it, ``approval`` who has to agree before ("" where nobody has). ``back``
    is the step that takes it back, None without one. ``at_most_ms`` is how long it may take, 0
    where nobody said."""

    step: Step
    does: tuple[str, ...]
    opens: str
    begins: str
    approval: str
    back: Step | None
    at_most_ms: int

    @property
    def step_id(self) -> str:
        """Its id within the run."""
        return str(self.step["step_id"])


def ahead(steps: Sequence[Step], rollback: str) -> list[Ahead]:
    """Every step of the way forward, then of the way back, as a run begun now would have them.

    ``rollback`` is when the way back is gone without asking.
    """
    run = Run(run_id="RUN-AHEAD", title="", steps=list(steps), started_at=0)
    found = StepMap(run, 0)
    known = {step["step_id"]: step for step in steps}
    return [
        Ahead(
            step=step,
            does=doing(step),
            opens=_opens(step, found, rollback),
            begins=_begins(step),
            approval=_approval(step, known),
            back=known.get(f"{step['step_id']}{BACK}"),
            at_most_ms=step.get("timeout_ms") or step.get("expires_ms") or step["within_ms"],
        )
        for step in steps
    ]


def is_look(step: Mapping[str, Any]) -> bool:
    """Whether doing it only looks; the way back never does."""
    return kind_of(step) in AUTOMATIC and step.get("phase") != "back" and not is_changing(step)


def doing(step: Mapping[str, Any]) -> tuple[str, ...]:
    """What exactly would be executed or asked, a line each; what looks like a secret is masked."""
    lines = _DOING.get(kind_of(step), _by_hand)(step)
    return tuple(redact(line)[:WORDS_LIMIT] for line in lines)


def masked_args(args: Sequence[str]) -> list[str]:
    """Arguments of a program as they can be shown, also where an option and its value are two."""
    shown = []
    for before, arg in zip(("", *args), args, strict=False):
        pair = redact(f"{before} {arg}") if before.startswith("-") else ""
        shown.append(MASK if pair.startswith(f"{before} {MASK}") else redact(arg))
    return shown


def _by_hand(step: Mapping[str, Any]) -> list[str]:
    told = step.get("description") or ""
    return [f"a person: {told}" if told else "a person does it"]


def _decision(step: Mapping[str, Any]) -> list[str]:
    return [f"a person answers {' or '.join(step['answers'])}"]


def _approval_step(step: Mapping[str, Any]) -> list[str]:
    verb = "approves" if step["approvals"] == 1 else "approve"
    return [f"{_agreeing(step)} {verb}, within {span_words(step['expires_ms'])}"]


def _command(step: Mapping[str, Any]) -> list[str]:
    argv = [step["command"], *masked_args(step["args"])]
    return [f"argv {json.dumps(argv, ensure_ascii=False)}"]


def _http(step: Mapping[str, Any]) -> list[str]:
    lines = [f"{step['method']} {step['url']}"]
    if "body" in step:
        lines.append(f"body {json.dumps(step['body'], ensure_ascii=False, sort_keys=True)}")
    if "secret" in step:
        lines.append(f"with what is kept as {step['secret']}, not shown")
    return [*lines, f"expects {_statuses(step)}"]


def _sql(step: Mapping[str, Any]) -> list[str]:
    expect = step["expect"]
    lines = [f"at {step['database']}, read-only: {step['query']}"]
    if bound := step.get("parameters"):
        lines.append(f"with {json.dumps(bound, ensure_ascii=False, sort_keys=True)}")
    return [*lines, f"expects its first value {expect['is']} {expect['value']}"]


def _wait(step: Mapping[str, Any]) -> list[str]:
    what = f"source {step['source']} is up" if step["source"] else ""
    what = what or f"GET {step['url']} answers {_statuses(step)}"
    held = f", for {span_words(step['for_ms'])}" if step["for_ms"] else ""
    return [f"waits until {what}{held}"]


def _postgres(step: Mapping[str, Any]) -> list[str]:
    primary = step.get("primary", "")
    line = f"{step.get('do', '')} {step.get('database', '')}"
    if primary:
        behind, loss = step.get("most_behind", ""), step.get("accept_loss", "")
        line += f", beside {primary}, at most {behind} s behind, accept_loss {loss}"
    return [line]


def _backup(step: Mapping[str, Any]) -> list[str]:
    other = step.get("expectations") or f"database {step.get('against', '')}"
    dump = step.get("dump", "")
    return [f"restores {dump} into a server made for it", f"compares it with {other}"]


_DOING = {
    "decision": _decision,
    "approval": _approval_step,
    "command": _command,
    "http": _http,
    "sql": _sql,
    "wait": _wait,
    "postgres": _postgres,
    "backup": _backup,
}


def _statuses(step: Mapping[str, Any]) -> str:
    return " or ".join(map(str, step["expect"])) or "2xx"


def _agreeing(step: Mapping[str, Any]) -> str:
    count = step["approvals"]
    return "another person" if count == 1 else f"{count} other persons"


def _opens(step: Step, found: StepMap, rollback: str) -> str:
    if step["phase"] == "back":
        return {
            "never": "when somebody orders the way back",
            "on_deviation": "when something failed, or somebody orders the way back",
            "always": "at the end, always",
        }[rollback]
    words = "at once"
    if found.standing(step["step_id"]).state == StepState.LATER:
        before = step["after"] or step["needs"]
        words = "after " + ", ".join(f"“{_title(found, name)}”" for name in before)
    told = [f"“{_title(found, name)}” is {answer}" for name, answer in step["when"].items()]
    return f"{words}; only if {' and '.join(told)}" if told else words


def _title(found: StepMap, step_id: str) -> str:
    return str(found.standing(step_id).step["title"])


def _begins(step: Step) -> str:
    if kind_of(step) not in AUTOMATIC:
        return "a person"
    begins = "the station" if step["auto"] else "the station, once somebody starts it"
    return f"{begins}, under the hub's claim" if step["exclusive"] else begins


def _approval(step: Step, known: Mapping[str, Step]) -> str:
    """Every approval on the way to it."""
    if kind_of(step) == "approval":
        return ""
    seen: set[str] = set()
    waiting = [*step["after"], *step["needs"]]
    if of := step.get("back_of"):
        waiting += [*known[of]["after"], *known[of]["needs"]]
    while waiting:
        name = waiting.pop()
        if name not in seen and name in known:
            seen.add(name)
            waiting += [*known[name]["after"], *known[name]["needs"]]
    gates = [known[name] for name in known if name in seen and kind_of(known[name]) == "approval"]
    return "; ".join(f"{_agreeing(gate)}, by “{gate['title']}”" for gate in gates)


def longest_ms(steps: Sequence[Step]) -> int:
    """How long the way forward may take at most by the bounds of its steps, in ms: those that
    stand beside each other count once. What a person does without a bound counts nothing."""
    ends: dict[str, int] = {}
    for step in steps:
        if step["phase"] == "back":
            continue
        begun = max((ends.get(name, 0) for name in (*step["after"], *step["needs"])), default=0)
        own = step.get("timeout_ms") or step.get("expires_ms") or step["within_ms"]
        ends[step["step_id"]] = begun + own
    return max(ends.values(), default=0)
