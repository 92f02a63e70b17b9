"""The run of a procedure: who has done which step, merged without losing anybody.

A step's done events are a set to which every station adds. An undo names the done events it saw and
takes away no other. A step marked exclusive (a failover, a reboot) needs a claim from the hub; done
twice by stations that did not see each other, it stays marked as executed twice. What a station did
by itself, approvals and the way back are folded by `domain.recovery.run_fold`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also
from crisisdesk.domain.recovery.expanding import binding_of
from crisisdesk.domain.recovery.run_fold import MORE_KINDS, apply_more
from crisisdesk.domain.recovery.run_steps import sound_objective, sound_steps

RUN_KINDS = frozenset({"run.started", "run.step_done", "run.step_undone", "run.ended", *MORE_KINDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The state of one run.

    ``steps`` are {step_id, title, exclusive} in their order; ``done`` maps a step to its done
    events that stand ({id, by, at, origin, claim}), first in canonical order first: that one is
    shown, the others are "also done by". ``executed_twice`` are exclusive steps that two did;
    undoing them does not undo that. ``unclaimed`` are exclusive steps done without the hub's claim.
    ``policy`` is the procedure version it started with, ``procedure`` its name.

    Steps of a procedure hold what `domain.recovery.expanding` gives them. ``binding`` is what
    approvals are bound to, ``home`` the origin of the station that does what is done without hands,
    ``rollback`` when the way back is gone without asking. ``attempts`` maps a step to its claims
    ({id, by, at, origin, claim, deadline, state, words, output, pieces, ended_at, settled});
    ``asks`` a gate to what was asked and answered ({number, by, at, expires_at, given, refused,
    expired, passed_at, glass}); ``released`` who started a step ({by, at, unclaimed}); ``failures``
    who found a step not to hold ({id, by, at, why}). ``way_back`` is {} or {id, by, at, why,
    steps}. ``verdict`` is one of `domain.recovery.run_steps.VERDICTS`, or "". ``objective`` is by
    when it is to have recovered what it is for ({by, within_ms, of}; {} without one), ``missed_at``
    when it was written down that it had not.
    """

    run_id: str
    title: str
    incident_id: str = ""
    policy: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    executed_twice: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    started_at: int
    started_by: str = ""
    ended_at: int | None = None
    ended_by: str = ""
    ended_why: str = ""
    verdict: str = ""
    procedure: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    rollback: str = ""
    binding: str = ""
    home: str = ""
    attempts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asks: dict[str, dict[str, Any]] = field(default_factory=dict)
    released: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: dict[str, dict[str, Any]] = field(default_factory=dict)
    way_back: dict[str, Any] = field(default_factory=dict)
    also_done: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""
    objective: dict[str, Any] = field(default_factory=dict)
    missed_at: int | None = None

    def is_done(self, step_id: str) -> bool:
        """Whether somebody's doing of it stands."""
        return bool(self.done.get(step_id))

    def done_by(self, step_id: str) -> tuple[str, ...]:
        """Who did it: the first in canonical order, then the others."""
        return tuple(dict.fromkeys(entry["by"] for entry in self.done.get(step_id, ())))

    def is_exclusive(self, step_id: str) -> bool:
        """Whether only one may do it."""
        return any(s["step_id"] == step_id and s.get("exclusive") for s in self.steps)


def apply_run(state: Run | None, event: Event) -> Run | None:
    """The run after one more event in canonical order.

    ``run.step_done`` carries step_id and ``claim`` (the hub's, "" without one);
    ``run.step_undone`` step_id and ``done_ids`` (the done events its writer saw).
    """
    if state is None:
        return _started(event) if event.kind == "run.started" else None
    if state.newer_needed:
        return state
    if event.kind == "run.step_done":
        return _step_done(state, event)
    if event.kind == "run.step_undone":
        return _step_undone(state, event)
    if event.kind == "run.ended":
        return _ended(state, event)
    return apply_more(state, event)


def _started(event: Event) -> Run:
    body = event.body
    return Run(
        run_id=event.agg,
        title=body["title"],
        incident_id=body.get("incident_id", ""),
        policy=body.get("policy", ""),
        steps=sound_steps(body["steps"]),
        started_at=event.at_ms,
        started_by=event.actor,
        procedure=body.get("procedure", ""),
        arguments=body.get("arguments", {}),
        rollback=body.get("rollback", ""),
        binding=binding_of(body) if "procedure" in body else "",
        home=event.origin,
        objective=sound_objective(body.get("objective")),
    )


def _step_done(state: Run, event: Event) -> Run:
    """Done steps count after the end of the run too: they were done."""
    step_id, claim = event.body["step_id"], event.body.get("claim", "")
    standing = state.done.get(step_id, [])
    entry = {
        "id": event.id,
        "by": event.actor,
        "at": event.at_ms,
        "origin": event.origin,
        "claim": claim,
    }
    twice, unclaimed = state.executed_twice, state.unclaimed
    if state.is_exclusive(step_id):
        twice = sorted({*twice, step_id}) if standing else twice
        unclaimed = unclaimed if claim else sorted({*unclaimed, step_id})
    return replace(
        state,
        done={**state.done, step_id: [*standing, entry]},
        executed_twice=twice,
        unclaimed=unclaimed,
    )


def _step_undone(state: Run, event: Event) -> Run:
    step_id, named = event.body["step_id"], event.body["done_ids"]
    rest = [entry for entry in state.done.get(step_id, []) if entry["id"] not in named]
    done = {step: entries for step, entries in state.done.items() if step != step_id}
    return replace(state, done={**done, step_id: rest} if rest else done)


def _ended(state: Run, event: Event) -> Run:
    if state.ended_at is not None:
        return replace(state, also_done=also(state.also_done, "ended", event))
    return replace(
        state,
        ended_at=event.at_ms,
        ended_by=event.actor,
        ended_why=event.body.get("why", ""),
        verdict=event.body.get("verdict", ""),
    )
