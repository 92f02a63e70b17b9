"""The verbs of a scenario file: what each entry says, turned into steps."""

from __future__ import annotations

from collections.abc import Callable

from crisisdesk.domain.incident import CATEGORIES, EDITABLE_INCIDENT_FIELDS, IncidentStatus
from crisisdesk.domain.severity import IncidentSeverity, Severity
from crisisdesk.domain.signal import SignalAction
from crisisdesk.domain.update import UPDATE_TYPES
from crisisdesk.drills.actions import (
    Acknowledge,
    Action,
    Advance,
    Begin,
    Change,
    Close,
    DoStep,
    Edit,
    Escalate,
    Investigate,
    Link,
    Note,
    Report,
    Resolve,
    Seat,
    Step,
    Update,
)
from crisisdesk.drills.cast import Cast
from crisisdesk.drills.entry import Entry
from crisisdesk.drills.reports import ending, fire, repeat, source_actor, storm
from crisisdesk.drills.spreading import spread_ms

Verb = Callable[[Entry, Cast, int], list[Step]]
_EDITABLE = (*EDITABLE_INCIDENT_FIELDS, "commander", "response_team")


def _by(entry: Entry, at_ms: int, *actions: Action) -> list[Step]:
    actor = entry.text("by")
    return [Step(at_ms=at_ms, actor=actor, action=a, entry=entry.path) for a in actions]


def _acknowledge(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    alerts = tuple(cast.alerts(entry, "acknowledge", at_ms))
    return _by(entry, at_ms, Acknowledge(alerts=alerts, note=entry.text("note", "")))


def _investigate(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    alerts = cast.alerts(entry, "investigate", at_ms)
    return _by(entry, at_ms, *(Investigate(alert=a) for a in alerts))


def _resolve(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    """By hand when somebody is named, else by the source; ``over`` spreads many."""
    names = cast.alerts(entry, "resolve", at_ms)
    reason = entry.text("reason", "")
    moments = spread_ms(entry.path, len(names), entry.offset("over", "00:00:00"))
    steps = []
    for name, shift in zip(names, moments, strict=True):
        action: Action
        if entry.has("by"):
            actor, action = entry.text("by"), Resolve(alert=name, reason=reason)
        else:
            signal = ending(cast.signal(name), SignalAction.RESOLVE, reason)
            actor, action = source_actor(signal), Report(name=name, signal=signal)
        steps.append(Step(at_ms=at_ms + shift, actor=actor, action=action, entry=entry.path))
    return steps


def _close(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    return _by(entry, at_ms, *(Close(alert=a) for a in cast.alerts(entry, "close", at_ms)))


def _note(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    text = entry.text("text")
    actions = [Note(alert=a, text=text) for a in cast.alerts(entry, "note", at_ms)]
    return _by(entry, at_ms, *actions)


def _escalate(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    [alert] = cast.alerts(entry, "escalate", at_ms, single=True)
    action = Escalate(
        alert=alert,
        incident=cast.new_incident(entry, "as", at_ms),
        commander=entry.text("commander", ""),
        title=entry.text("title", ""),
        severity=entry.choice("severity", IncidentSeverity, ""),
        category=entry.choice("category", CATEGORIES, ""),
    )
    return _by(entry, at_ms, action)


def _link(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    incident = cast.incident(entry, "to", at_ms)
    alerts = cast.alerts(entry, "link", at_ms)
    return _by(entry, at_ms, *(Link(alert=a, incident=incident) for a in alerts))


def _update(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    action = Update(
        incident=cast.incident(entry, "update", at_ms),
        title=entry.text("title"),
        description=entry.text("description", ""),
        update_type=entry.choice("type", UPDATE_TYPES, "note"),
        is_public=entry.flag("public", False),
        is_pinned=entry.flag("pinned", False),
        seen_ms=entry.offset("seen", "00:00:00"),
    )
    return _by(entry, at_ms, action)


def _status(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    action = Advance(
        incident=cast.incident(entry, "status", at_ms),
        status=entry.choice("to", IncidentStatus),
        resolution_summary=entry.text("summary", ""),
    )
    return _by(entry, at_ms, action)


def _edit(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    changes = entry.mapping("set")
    for name in changes:
        if name not in _EDITABLE:
            raise entry.fault(
                f"set.{name}", "cannot be changed", f"change one of {', '.join(_EDITABLE)}"
            )
    if not changes:
        raise entry.fault("set", "changes nothing", "write {field: value}")
    return _by(entry, at_ms, Edit(incident=cast.incident(entry, "edit", at_ms), changes=changes))


def _seat(entry: Entry, _cast: Cast, at_ms: int) -> list[Step]:
    operator = entry.text("seat")
    sounds = tuple(entry.texts("hears", ()))
    for word in sounds:
        if word not in list(Severity):
            raise entry.fault("hears", f"{word!r} is no severity", f"use {', '.join(Severity)}")
    action = Seat(operator=operator, sounds=sounds)
    return [Step(at_ms=at_ms, actor=operator, action=action, entry=entry.path)]


def _change(entry: Entry, _cast: Cast, at_ms: int) -> list[Step]:
    action = Change(
        summary=entry.text("change"), service=entry.text("service"), source=entry.text("source", "")
    )
    return _by(entry, at_ms, action)


def _begin(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    procedure = entry.text("begin")
    if procedure not in cast.procedures:
        known = ", ".join(sorted(cast.procedures)) or "none"
        raise entry.fault("begin", f"no procedure {procedure!r}", f"write one of: {known}")
    action = Begin(
        procedure=procedure,
        run=cast.new_run(entry, "as", at_ms),
        incident=cast.incident(entry, "for", at_ms) if entry.has("for") else "",
        arguments=entry.text_mapping("with"),
    )
    return _by(entry, at_ms, action)


def _step(entry: Entry, cast: Cast, at_ms: int) -> list[Step]:
    action = DoStep(
        run=cast.run(entry, "of", at_ms),
        step=entry.text("step"),
        answer=entry.text("answer", ""),
        note=entry.text("note", ""),
    )
    return _by(entry, at_ms, action)


VERBS: dict[str, Verb] = {
    "fire": fire,
    "repeat": repeat,
    "storm": storm,
    "acknowledge": _acknowledge,
    "investigate": _investigate,
    "resolve": _resolve,
    "close": _close,
    "note": _note,
    "escalate": _escalate,
    "link": _link,
    "update": _update,
    "status": _status,
    "edit": _edit,
    "seat": _seat,
    "change": _change,
    "begin": _begin,
    "step": _step,
}


def steps_of(entry: Entry, cast: Cast) -> list[Step]:
    """The steps one entry stands for; raises ScenarioError naming what is wrong with it."""
    at_ms = entry.offset("at")
    # `acknowledge`, `step` and others may carry a `note`, which is a verb only when it is alone.
    found = [name for name in entry.names() if name in VERBS]
    if len(found) > 1 and "note" in found:
        found.remove("note")
    if len(found) != 1:
        said = " and ".join(found) or "nothing"
        raise entry.fault("entry", f"does {said}", f"give it one of {', '.join(VERBS)}")
    steps = VERBS[found[0]](entry, cast, at_ms)
    entry.done()
    return steps
