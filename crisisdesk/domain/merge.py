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
    kept to be shown. Severities are compared by ``ranks``, as `_severity` says. Also tells whether
    the event's value is the one that stands.
    """
    name, value = event.body["field"], event.body["value"]
    if name == "severity":
        return _severity(state, event, ranks)
    before = state.set_by.get(name, "")
    changes: dict[str, Any] = {
        name: value,
        "set_by": {**state.set_by, name: event.id},
        "editors": {**state.editors, name: event.actor},
    }
    standing = getattr(state, name)
    if before and event.body.get("base", "") != before and value != standing:
        lost_by = state.editors.get(name, "")
        changes["overwritten"] = overwritten(
            state.overwritten, name, standing, event, lost_by=lost_by, by=event.actor
        )
    return changes, True


def _severity(state: Any, event: Event, ranks: Mapping[str, int]) -> tuple[dict[str, Any], bool]:
    """Of severities set at the same moment the worst stands, until one who saw them all decides.

    ``severities`` keeps them while there are several ({edit: [value, by]}), and ``set_by`` names
    them all, joined by ``+``: an edit whose base names them replaces them, and no other.
    """
    value, before = event.body["value"], state.set_by.get("severity", "")
    standing, editor = state.severity, state.editors.get("severity", "")
    rivals = state.severities or ({before: [standing, editor]} if before else {})
    seen = event.body.get("base", "").split("+")
    unseen = {edit: what for edit, what in rivals.items() if edit not in seen}
    # In the order of their ids: a state that was stored and read again has lost any other.
    together = dict(sorted({**unseen, event.id: [value, event.actor]}.items()))
    stands, by = max(together.values(), key=lambda what: ranks[what[0]])
    wins = stands == value
    changes: dict[str, Any] = {
        "severity": stands,
        "severities": together if unseen else {},
        "set_by": {**state.set_by, "severity": "+".join(together)},
        "editors": {**state.editors, "severity": by},
    }
    if unseen and value != standing:
        lost, lost_by = (standing, editor) if wins else (value, event.actor)
        changes["overwritten"] = overwritten(
            state.overwritten, "severity", lost, event, lost_by=lost_by, by=by
        )
    return changes, wins
