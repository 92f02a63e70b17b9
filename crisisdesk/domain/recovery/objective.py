"""By when a run is to have recovered what it is for: the recovery time objective, its clock, and
what became of it.

The moment is fixed when the run starts, so that nothing that is published later moves it. That it
was missed is written down once, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.checklist import Run

PROCEDURE = "procedure"
State = Literal["open", "met", "missed", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an objective stands. ``by`` is UTC ms; ``of`` is `PROCEDURE` or the name of a service;
    ``over_ms`` how far it was missed, until now while the run goes on. ``left``: the run ended
    before without having succeeded."""

    run_id: str
    title: str
    by: int
    within_ms: int
    of: str
    state: State
    over_ms: int = 0
    is_over: bool = False


def objective(since: int, within_ms: int, services: Mapping[str, int]) -> dict[str, Any]:
    """What a run's start holds: the procedure's own objective (``within_ms``, 0 for none), else the
    shortest of the ``services`` concerned (ms by name), counted from ``since`` (UTC ms); {} where
    nobody stated one."""
    of = PROCEDURE
    if not within_ms and services:
        of, within_ms = min(services.items(), key=lambda told: (told[1], told[0]))
    return {"by": since + within_ms, "within_ms": within_ms, "of": of} if within_ms else {}


def standing(run: Run, now: int) -> Standing | None:
    """How the objective of a run stands at ``now`` (UTC ms); None for a run without one."""
    told = run.objective
    if not told:
        return None
    by, ended_at = told["by"], run.ended_at
    until = now if ended_at is None else ended_at
    state: State = "open"
    if until > by:
        state = "missed"
    elif ended_at is not None:
        state = "met" if run.verdict == "succeeded" else "left"
    return Standing(
        run_id=run.run_id,
        title=run.title,
        by=by,
        within_ms=told["within_ms"],
        of=told["of"],
        state=state,
        over_ms=max(0, until - by) if state == "missed" else 0,
        is_over=ended_at is not None,
    )


def standings(runs: Iterable[Run], now: int) -> list[Standing]:
    """Those of several runs: those that go on first, then what ends soonest."""
    found = [one for one in (standing(run, now) for run in runs) if one is not None]
    return sorted(found, key=lambda one: (one.is_over, one.by, one.run_id))


def words(one: Standing, now: int) -> str:
    """How it stands in a few words."""
    if one.state == "open":
        return f"{span_words(one.by - now)} left"
    if one.state == "met":
        return f"met, of {span_words(one.within_ms)}"
    if one.state == "left":
        return "ended without recovery"
    return f"missed, {span_words(one.over_ms)} over"
