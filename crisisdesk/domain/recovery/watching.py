"""What is watched while a run is under way: the criteria it must meet, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.recovery.ahead import is_look
from crisisdesk.domain.recovery.run_steps import kind_of
from crisisdesk.domain.recovery.step import Step
from crisisdesk.domain.recovery.step_map import PASSED, StepMap


def watched(run: Run, now: int) -> list[Step]:
    """The criteria that can be looked at, then the waits for health that are not over, in order;
    nothing once the run has ended."""
    if run.ended_at is not None or run.newer_needed:
        return []
    forward = [one for one in StepMap(run, now).forward() if is_look(one.step)]
    criteria = [dict(one.step) for one in forward if one.step.get("phase") == "after"]
    waits = [
        dict(one.step)
        for one in forward
        if kind_of(one.step) == "wait" and one.step.get("phase") == "main"
        if one.state not in PASSED
    ]
    return [*criteria, *waits]


def limit_of(step: Mapping[str, Any]) -> str:
    """What it is held against, in a word or two: ``= 0``, ``2xx``, ``up``; "" where it has words
    of its own."""
    kind, expect = kind_of(step), step.get("expect")
    if kind == "sql" and isinstance(expect, Mapping):
        return f"{expect.get('is', '=')} {expect.get('value', '')}"
    if kind == "wait" and step.get("source"):
        return "up"
    if kind in ("http", "wait"):
        return " or ".join(map(str, expect or ())) or "2xx"
    return ""
