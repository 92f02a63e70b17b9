"""The silence: no pages for what matches, until a moment. When unsure, noise wins.

Its id is made of what it matches and of its planned start, so that two stations that silence the
same thing write about the same silence, and neither ever changes. Taking it away wins over setting
it anew at the same moment, and of two ends set at the same moment the earlier stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.matchers import Matcher, Subject, check_kept, conditions, matches
from crisisdesk.domain.merge import also

DAY_MS = 86_400_000
LONGEST_MS = 30 * DAY_MS
FARTHEST_START_MS = 365 * DAY_MS

SILENCE_KINDS = frozenset({"silence.set", "silence.lifted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The state of one silence. ``match`` maps alert fields to values; ``until`` is UTC ms.

    ``matchers`` are those that are no plain equalities, as texts of `domain.matchers`; all must
    hold besides ``match``. ``starts_at`` (UTC ms) is that of a planned one, such as a maintenance
    window. Only one that says ``everything`` may match all alerts.
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
    matchers: list[str] = field(default_factory=list)
    starts_at: int | None = None
    everything: bool = False

    def silences(self, now_ms: int) -> bool:
        """Whether it keeps quiet at ``now_ms``; one not fully understood never does."""
        return self.standing(now_ms) == "active" and not self.newer_needed

    def standing(self, now_ms: int) -> str:
        """``active``, ``planned``, ``ended`` or ``lifted``."""
        if not self.active:
            return "lifted"
        if now_ms >= self.until:
            return "ended"
        return "active" if self.starts_at is None or now_ms >= self.starts_at else "planned"

    def conditions(self) -> tuple[Matcher, ...]:
        """What must hold of an alert."""
        return conditions(self.match, self.matchers)

    def covers(self, subject: Subject) -> bool:
        """Whether it is about this alert, whenever it keeps quiet."""
        found = self.conditions()
        return matches(found, subject) if found else self.everything

    def in_text(self) -> str:
        """What it is about, in the form in which matchers are written."""
        return ", ".join(m.text for m in self.conditions()) or "everything"


def apply_silence(state: Silence | None, event: Event) -> Silence | None:
    """The silence after one more event in canonical order.

    ``silence.set`` carries match, until, reason, ``lifts`` (the count seen) and ``base`` (the
    setting seen, "" for none), and where they say something matchers, ``from`` and everything;
    ``silence.lifted`` nothing. Raises Malformed for matchers that cannot be read.
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
    match, matchers = body["match"], body.get("matchers", [])
    # What cannot be read is put aside here, once, rather than trip whoever asks later.
    check_kept(match, matchers)
    return Silence(
        silence_id=event.agg,
        match=match,
        matchers=matchers,
        starts_at=body.get("from"),
        everything=body.get("everything", False),
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
