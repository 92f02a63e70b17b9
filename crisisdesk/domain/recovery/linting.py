"""What is wrong with a procedure that can be published all the same: told before it is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.recovery.expanding import expanded, is_changing
from crisisdesk.domain.recovery.parameters import Parameter, places_in
from crisisdesk.domain.recovery.procedure import Procedure, approved_before

MOST_WAYS = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing to mend; ``error``: it cannot be run so, or part of it never is."""

    level: Literal["error", "warning"]
    field: str
    words: str


def flaws(
    one: Procedure, known: Mapping[str, Procedure], executables: Collection[str] | None = None
) -> list[Flaw]:
    """What to mend, errors first. ``known`` are the published ones by name, ``executables`` the
    paths that this station may run (None: not asked)."""
    found = [
        *_unreachable(one),
        *_unused(one),
        *_way_back(one),
        *_approval(one),
        *_inner(one, known),
        *_executables(one, executables),
    ]
    if not one.success_criteria:
        words = "are none: nothing says when it has succeeded"
        found.append(Flaw(level="warning", field="success_criteria", words=words))
    return sorted(found, key=lambda flaw: flaw.level != "error")


def _unreachable(one: Procedure) -> Iterator[Flaw]:
    """Each step must be done by some set of answers."""
    decisions = {s["step_id"]: s["answers"] for s in one.steps if s["kind"] == "decision"}
    if prod(len(answers) for answers in decisions.values()) > MOST_WAYS:
        words = "have too many decisions to look whether each step can be reached"
        yield Flaw(level="warning", field="steps", words=words)
        return
    reached: set[str] = set()
    for answers in product(*decisions.values()):
        reached |= _reached(one, dict(zip(decisions, answers, strict=True)))
    for number, step in enumerate(one.steps):
        if step["step_id"] not in reached:
            words = f"{step['step_id']} is never reached, whatever is answered"
            yield Flaw(level="error", field=f"steps[{number}]", words=words)


def _reached(one: Procedure, answers: Mapping[str, str]) -> set[str]:
    """The steps that are not skipped when the decisions are answered so."""
    steps = {step["step_id"]: step for step in one.steps}
    skipped: dict[str, bool] = {}

    def is_skipped(name: str) -> bool:
        if name not in skipped:
            step = steps[name]
            other = any(
                is_skipped(decision) or answers[decision] != answer
                for decision, answer in step["when"].items()
            )
            alone = bool(step["after"]) and all(is_skipped(before) for before in step["after"])
            skipped[name] = other or alone
        return skipped[name]

    return {name for name in steps if not is_skipped(name)}


def _unused(one: Procedure) -> Iterator[Flaw]:
    used = set(places_in((one.steps, one.success_criteria)))
    for parameter in one.parameters:
        if parameter.name not in used:
            words = "is used nowhere"
            yield Flaw(level="warning", field=f"parameters.{parameter.name}", words=words)


def _way_back(one: Procedure) -> Iterator[Flaw]:
    for number, step in enumerate(one.steps):
        if is_changing(step) and "rollback" not in step and not one.rollback_procedure:
            words = f"{step['step_id']} changes something and says no way back"
            yield Flaw(level="warning", field=f"steps[{number}].rollback", words=words)
    if one.rollback != "never" and not any("rollback" in step for step in one.steps):
        words = f"is {one.rollback}, and no step has one"
        yield Flaw(level="error", field="rollback", words=words)


def _approval(one: Procedure) -> Iterator[Flaw]:
    if one.requires_approval:
        return
    for number, step in enumerate(one.steps):
        if is_changing(step) and not approved_before(one, step["step_id"]):
            words = f"{step['step_id']} changes something and nobody approves it"
            yield Flaw(level="warning", field=f"steps[{number}]", words=words)


def _inner(one: Procedure, known: Mapping[str, Procedure]) -> Iterator[Flaw]:
    """Whether its sub-procedures can be put in, with arguments that stand for those of a run."""
    given = {parameter.name: sample(parameter) for parameter in one.parameters}
    try:
        expanded(one, given, {**known, one.name: one})
    except DomainError as error:
        yield Flaw(level="error", field=error.field, words=f"{error.problem}; {error.remedy}")


def sample(parameter: Parameter) -> str:
    """An argument that a parameter takes."""
    if parameter.default is not None:
        return parameter.default
    if parameter.type == "choice":
        return parameter.choices[0]
    if parameter.type == "whole":
        return str(max(parameter.least, min(parameter.most, 1)))
    return "example.org" if parameter.type == "host" else "example"


def _executables(one: Procedure, known: Collection[str] | None) -> Iterator[Flaw]:
    if known is None:
        return
    for number, step in enumerate(one.steps):
        for told, field in ((step, ""), (step.get("rollback") or {}, ".rollback")):
            path = told.get("command", "") if told.get("kind") == "command" else ""
            if path and path not in known:
                words = f"{path} is not among the programs that this station may run"
                yield Flaw(level="error", field=f"steps[{number}]{field}.command", words=words)
