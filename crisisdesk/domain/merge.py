"""What merging leaves behind, for people to see: who else did it, and what was overwritten.

Every state that several stations may change keeps two short lists, newest last. ``also_done`` holds
what somebody did that another had done already (or that came too late to count); ``overwritten``
holds values that did not stand when two people changed one field without seeing each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.event import Event

TRACES_KEPT = 32

Trace = dict[str, Any]


def also(
    traces: list[Trace], what: str, event: Event, *, by: str | None = None, **more: Any
) -> list[Trace]:
    """``traces`` and one more: ``event`` did ``what``, which changed nothing that stands.

    ``by`` names who did it when it was not the event's actor.
    """
    trace = {
        "what": what,
        "by": event.actor if by is None else by,
        "at": event.at_ms,
        "event": event.id,
        **more,
    }
    return [*traces, trace][-TRACES_KEPT:]


def overwritten(
    traces: list[Trace], field: str, value: Any, event: Event, *, lost_by: str, by: str
) -> list[Trace]:
    """``traces`` and one more: ``value``, which ``lost_by`` had set, gave way to that of ``by``.

    ``event`` is the one at whose place in the order it was decided.
    """
    trace = {
        "field": field,
        "value": value,
        "lost_by": lost_by,
        "by": by,
        "by_event": event.id,
        "at": event.at_ms,
    }
    return [*traces, trace][-TRACES_KEPT:]


def edited(state: Any, event: Event, ranks: Mapping[str, int]) -> tuple[dict[str, Any], bool]:
    """What one edit changes in a state with ``set_by``, ``editors`` and ``overwritten``.

    The event names the edit it replaces (``base``). When that is not the last one, two people wrote
    without seeing each other: the later in canonical order stands, and the value that gave way is
    kept to be shown. Of two severities the worse stands, by ``ranks``. Also tells whether the
    event's value is the one that stands.
    """
    name, value = event.body["field"], event.body["value"]
    before = state.set_by.get(name, "")
    standing, editor = getattr(state, name), state.editors.get(name, "")
    concurrent = bool(before) and event.body.get("base", "") != before
    wins = not (concurrent and name == "severity" and ranks[standing] > ranks[value])
    changes: dict[str, Any] = {"set_by": {**state.set_by, name: event.id}}
    if wins:
        changes[name] = value
        changes["editors"] = {**state.editors, name: event.actor}
    if concurrent and value != standing:
        lost, lost_by, by = (
            (standing, editor, event.actor) if wins else (value, event.actor, editor)
        )
        changes["overwritten"] = overwritten(
            state.overwritten, name, lost, event, lost_by=lost_by, by=by
        )
    return changes, wins
