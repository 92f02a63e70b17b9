"""The silence: no pages for what matches, until a moment. When unsure, noise wins.

Its id is made of what it matches, so that two stations that silence the same thing write about the
same silence. Taking it away wins over setting it anew at the same moment, and of two ends set at
the same moment the earlier stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also

SILENCE_KINDS = frozenset({"silence.set", "silence.lifted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The state of one silence. ``match`` maps alert fields to values; ``until`` is UTC ms.

    ``lifts`` counts how often it was taken away: a setting names the count its writer saw, and one
    that missed the last lift changes nothing. ``set_id`` is the setting that stands.
    ``also_done`` is the trace of `domain.merge`.
    """

    silence_id: str
    match: dict[str, str]
    until: int
    reason: str = ""
    active: bool = True
    set_at: int
    set_by: str = ""
    set_id: str = ""
    lifts: int = 0
    lifted_at: int | None = None
    lifted_by: str = ""
    also_done: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""

    def silences(self, now_ms: int) -> bool:
        """Whether it keeps quiet at ``now_ms``; one not fully understood never does."""
        return self.active and now_ms < self.until and not self.newer_needed


def apply_silence(state: Silence | None, event: Event) -> Silence | None:
    """The silence after one more event in canonical order.

    ``silence.set`` carries match, until, reason, ``lifts`` (the count seen) and ``base`` (the
    setting seen, "" for none); ``silence.lifted`` nothing.
    """
    if state is None:
        return _first(event) if event.kind == "silence.set" else None
    if state.newer_needed:
        return state
    if event.kind == "silence.set":
        return _set(state, event)
    return _lifted(state, event) if event.kind == "silence.lifted" else state


def _first(event: Event) -> Silence:
    body = event.body
    return Silence(
        silence_id=event.agg,
        match=body["match"],
        until=body["until"],
        reason=body.get("reason", ""),
        set_at=event.at_ms,
        set_by=event.actor,
        set_id=event.id,
    )


def _set(state: Silence, event: Event) -> Silence:
    body = event.body
    if body.get("lifts", 0) < state.lifts:
        trace = also(state.also_done, "silenced", event, until=body["until"])
        return replace(state, also_done=trace)
    until = body["until"]
    traces = state.also_done
    if state.active and body.get("base", "") != state.set_id:
        traces = also(traces, "silenced", event, until=until)
        until = min(until, state.until)
    return replace(
        state,
        active=True,
        until=until,
        reason=body.get("reason", ""),
        set_at=event.at_ms,
        set_by=event.actor,
        set_id=event.id,
        also_done=traces,
    )


def _lifted(state: Silence, event: Event) -> Silence:
    """Every lift counts, also of one that is over: what was set without seeing it must not win."""
    if not state.active:
        traces = also(state.also_done, "lifted", event)
        return replace(state, lifts=state.lifts + 1, also_done=traces)
    return replace(
        state,
        active=False,
        lifts=state.lifts + 1,
        lifted_at=event.at_ms,
        lifted_by=event.actor,
    )
