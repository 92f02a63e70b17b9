"""From a procedure and its arguments to the steps of a run: sub-procedures put in, texts filled.

A run holds everything that it will do, so that what was approved is what is done, whatever is
published meanwhile. Steps get a ``phase``: before (prerequisites), seen (criteria that are looked
at before), gate (the approval of the whole), main, after (criteria that must hold), back (the way
back).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from crisisdesk.domain.canonical import canonical_bytes, tidy
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.parameters import checked_arguments, filled, places_in
from crisisdesk.domain.recovery.postgres_steps import changes_postgres
from crisisdesk.domain.recovery.procedure import Procedure, approved_before
from crisisdesk.domain.recovery.step import AUTOMATIC, CHANGING, Step

MOST_RUN_STEPS = 200
MOST_DEPTH = 4
BYTES_LIMIT = 256 * 1024
APPROVAL_MS = 10 * 60_000
BACK = "~back"
# Where arguments stand as they are; what they name is looked up, and refused where it is unknown.
_FILLED = frozenset(
    "title description args body source database primary most_behind accept_loss dump "
    "expectations against tables".split()
)


def expanded(
    procedure: Procedure, given: Mapping[str, Any], known: Mapping[str, Procedure]
) -> tuple[list[Step], dict[str, str]]:
    """The steps of a run and its arguments; ``known`` are the procedures by name.

    Raises Malformed naming the argument, or the sub-procedure that cannot be put in.
    """
    arguments = checked_arguments(procedure.parameters, given)
    whole = _Expansion(known)
    whole.put(procedure, arguments, prefix="", after=[], when={}, way=(procedure.name,))
    steps: list[Step] = [tidy(step, field="steps") for step in (*whole.steps, *whole.back)]
    if len(steps) > MOST_RUN_STEPS:
        remedy = "use fewer sub-procedures"
        raise Malformed("steps", f"come to {len(steps)}, at most {MOST_RUN_STEPS}", remedy)
    if len(canonical_bytes({"steps": steps})) > BYTES_LIMIT:
        raise Malformed("steps", "are too long once put together", "shorten their texts")
    return steps, arguments


def binding_of(body: Mapping[str, Any]) -> str:
    """What an approval is bound to: SHA-256 over procedure, version, arguments and every step of a
    ``run.started``, in hex."""
    names = ("procedure", "policy", "arguments", "rollback", "steps")
    bound = {name: body[name] for name in names if name in body}
    return hashlib.sha256(canonical_bytes(bound)).hexdigest()


def is_changing(step: Mapping[str, Any]) -> bool:
    """Whether doing it may change something outside."""
    if step["kind"] == "postgres":
        return changes_postgres(step)
    return step["kind"] in CHANGING and step.get("method") not in ("GET", "HEAD")


class _Expansion:
    """Steps as they come together; the way back is kept apart, for it stands last."""

    def __init__(self, known: Mapping[str, Procedure]) -> None:
        self._known = known
        self.steps: list[Step] = []
        self.back: list[Step] = []

    def put(
        self,
        one: Procedure,
        arguments: Mapping[str, str],
        *,
        prefix: str,
        after: list[str],
        when: dict[str, str],
        way: tuple[str, ...],
    ) -> list[str]:
        """Put a procedure in behind ``after``; the ids that what follows it comes after."""
        first = self._before(one, arguments, prefix, after, when)
        gate = self._gate(one, prefix, first or after, {} if first else when)
        roots, conditions = (first, {}) if first else (after, when)
        ends: dict[str, list[str]] = {}
        for step in one.steps:
            step_id = prefix + step["step_id"]
            behind = [end for name in step["after"] for end in ends[name]]
            own = {prefix + name: answer for name, answer in step["when"].items()}
            behind, own = behind or roots, own if behind else {**conditions, **own}
            if step["kind"] == "procedure":
                inner = self._inner(step, way)
                told = filled(step["arguments"], arguments)
                given = checked_arguments(inner.parameters, told, f"{step_id}.arguments")
                names = (*way, inner.name)
                ends[step["step_id"]] = self.put(
                    inner, given, prefix=f"{step_id}.", after=behind, when=own, way=names
                )
                continue
            place = {"after": behind, "when": own}
            needs = [gate] if gate and is_changing(step) else []
            self._add(step, arguments, step_id, place, needs, auto=one.runs_by_itself(step))
            ends[step["step_id"]] = [step_id]
        last = self._last(one, ends)
        return self._after(one, arguments, prefix, last) or last

    def _inner(self, step: Step, way: tuple[str, ...]) -> Procedure:
        name = step["procedure"]
        where = f"steps.{step['step_id']}.procedure"
        if name in way:
            words = " needs ".join((*way, name))
            raise Malformed(where, f"goes in a circle: {words}"[:300], "leave one of them out")
        if len(way) >= MOST_DEPTH:
            raise Malformed(where, "lies too deep", f"nest at most {MOST_DEPTH} procedures")
        if name not in self._known:
            raise Malformed(where, f"{name!r} is not published here", "publish it first")
        return self._known[name]

    def _before(
        self,
        one: Procedure,
        arguments: Mapping[str, str],
        prefix: str,
        after: list[str],
        when: dict[str, str],
    ) -> list[str]:
        place = {"after": after, "when": when}
        found = []
        for number, text in enumerate(one.prerequisites, start=1):
            step_id = f"{prefix}pre-{number}"
            told = {"kind": "check", "title": text}
            self._add(told, {}, step_id, place, [], phase="before")
            found.append(step_id)
        for number, criterion in enumerate(one.success_criteria, start=1):
            if criterion["kind"] in AUTOMATIC:
                step_id = f"{prefix}seen-{number}"
                self._add(criterion, arguments, step_id, place, [], phase="seen", auto=True)
                found.append(step_id)
        return found

    def _gate(self, one: Procedure, prefix: str, after: list[str], when: dict[str, str]) -> str:
        bare = any(
            is_changing(step) and not approved_before(one, step["step_id"]) for step in one.steps
        )
        if not (one.requires_approval and bare):
            return ""
        step_id = f"{prefix}approve"
        told = {
            "kind": "approval",
            "title": f"Approve {one.name}",
            "approvals": 1,
            "expires_ms": APPROVAL_MS,
        }
        self._add(told, {}, step_id, {"after": after, "when": when}, [], phase="gate")
        return step_id

    def _last(self, one: Procedure, ends: Mapping[str, list[str]]) -> list[str]:
        followed = {name for step in one.steps for name in step["after"]}
        last = [step["step_id"] for step in one.steps if step["step_id"] not in followed]
        return [end for name in last for end in ends[name]]

    def _after(
        self, one: Procedure, arguments: Mapping[str, str], prefix: str, last: list[str]
    ) -> list[str]:
        found = []
        for number, criterion in enumerate(one.success_criteria, start=1):
            step_id = f"{prefix}met-{number}"
            place = {"after": last, "when": {}, "keep": not prefix}
            auto = criterion["kind"] in AUTOMATIC
            self._add(criterion, arguments, step_id, place, [], phase="after", auto=auto)
            found.append(step_id)
        return found

    def _add(
        self,
        step: Mapping[str, Any],
        arguments: Mapping[str, str],
        step_id: str,
        place: Mapping[str, Any],
        needs: list[str],
        *,
        phase: str = "main",
        auto: bool = False,
    ) -> None:
        told = _filled_step(step, arguments)
        self.steps.append(
            {
                "exclusive": False,
                "within_ms": 0,
                **told,
                **place,
                "step_id": step_id,
                "needs": needs,
                "phase": phase,
                "auto": auto,
            }
        )
        if (back := step.get("rollback")) is not None:
            self.back.append(
                {
                    "exclusive": False,
                    "within_ms": 0,
                    **_filled_step(back, arguments),
                    "step_id": step_id + BACK,
                    "after": [],
                    "when": {},
                    "needs": needs,
                    "phase": "back",
                    "back_of": step_id,
                    "auto": auto,
                }
            )


def _filled_step(step: Mapping[str, Any], arguments: Mapping[str, str]) -> Step:
    """Each text as its place wants it: in an address percent-encoded, in a query left alone."""
    kept = {name: value for name, value in step.items() if name not in ("rollback", "arguments")}
    found: Step = {}
    for name, value in kept.items():
        if name == "url":
            found[name] = filled(value, arguments, lambda text: quote(text, safe=""))
        elif name == "query":
            found[name] = value
            found["parameters"] = {
                place: arguments[place] for place in places_in(value) if place in arguments
            }
        elif name in _FILLED:
            found[name] = filled(value, arguments)
        else:
            found[name] = value
    return found
