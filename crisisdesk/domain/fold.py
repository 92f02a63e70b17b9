"""The fold: the state of an aggregate is a pure function of its events in canonical order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields, replace
from operator import attrgetter
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.alert_fold import ALERT_KINDS, apply_alert
from crisisdesk.domain.canonical import canonical_bytes, parse_canonical
from crisisdesk.domain.checklist import RUN_KINDS, Run, apply_run
from crisisdesk.domain.contact import CONTACT_KINDS, Contact, apply_contact
from crisisdesk.domain.context.change_record import CHANGE_KINDS, RecordedChange, apply_change
from crisisdesk.domain.correlation.candidate import (
    CANDIDATE_KINDS,
    Candidate,
    apply_candidate,
)
from crisisdesk.domain.decision import DECISION_KINDS, Decision, apply_decision
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.delivery_fold import DELIVERY_KINDS, apply_delivery
from crisisdesk.domain.escalation.running import (
    ESCALATION_KINDS,
    Escalation,
    apply_escalation,
)
from crisisdesk.domain.event import Event
from crisisdesk.domain.image import IMAGE_KINDS, NoteImage, apply_image
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_fold import INCIDENT_KINDS, apply_incident
from crisisdesk.domain.policy_version import POLICY_KINDS, PolicyVersion, apply_policy
from crisisdesk.domain.silence import SILENCE_KINDS, Silence, apply_silence
from crisisdesk.domain.soundness import check as check_sound
from crisisdesk.domain.station import Station, apply_station
from crisisdesk.domain.task import TASK_KINDS, Task, apply_task
from crisisdesk.domain.upcast import NEWEST, newer_words, read
from crisisdesk.domain.update import UPDATE_KINDS, IncidentUpdate, apply_update

FOLD_VERSION = 8

State = (
    Alert
    | Incident
    | IncidentUpdate
    | Delivery
    | Contact
    | Station
    | Silence
    | Run
    | PolicyVersion
    | Escalation
    | Candidate
    | RecordedChange
    | Task
    | Decision
    | NoteImage
)
Apply = Callable[[Any, Event], Any]

_APPLY: dict[str, Apply] = {
    "alert": apply_alert,
    "incident": apply_incident,
    "update": apply_update,
    "delivery": apply_delivery,
    "contact": apply_contact,
    "station": apply_station,
    "silence": apply_silence,
    "run": apply_run,
    "policy": apply_policy,
    "escalation": apply_escalation,
    "candidate": apply_candidate,
    "change": apply_change,
    "task": apply_task,
    "decision": apply_decision,
    "image": apply_image,
}
# The kinds each fold knows; a type that is not here passes over what it does not know by itself.
_KINDS: dict[str, frozenset[str]] = {
    "alert": ALERT_KINDS,
    "incident": INCIDENT_KINDS,
    "update": UPDATE_KINDS,
    "delivery": DELIVERY_KINDS,
    "contact": CONTACT_KINDS,
    "silence": SILENCE_KINDS,
    "run": RUN_KINDS,
    "policy": POLICY_KINDS,
    "escalation": ESCALATION_KINDS,
    "candidate": CANDIDATE_KINDS,
    "change": CHANGE_KINDS,
    "task": TASK_KINDS,
    "decision": DECISION_KINDS,
    "image": IMAGE_KINDS,
}
_STEPS: dict[str, Apply] = {
    kind: _APPLY[of] for of, kinds in _KINDS.items() for kind in kinds if kind not in NEWEST
}
# Name of an aggregate -> what its state is.
TYPES: dict[str, type[State]] = {
    "alert": Alert,
    "incident": Incident,
    "update": IncidentUpdate,
    "delivery": Delivery,
    "contact": Contact,
    "station": Station,
    "silence": Silence,
    "run": Run,
    "policy": PolicyVersion,
    "escalation": Escalation,
    "candidate": Candidate,
    "change": RecordedChange,
    "task": Task,
    "decision": Decision,
    "image": NoteImage,
}
_EMPTY = (None, "", 0, False)
_ALWAYS_KEPT: Any = object()


def _left_out(f: Field[Any]) -> Any:
    """The value of a field that need not be written: its default, when that is empty.

    It must be the very default: 0 where nothing (None) is the default says something.
    """
    if f.default is not MISSING:
        return f.default if f.default in _EMPTY else _ALWAYS_KEPT
    return f.default_factory() if f.default_factory in (list, dict) else _ALWAYS_KEPT


# Of each class: its fields with what is left out of them, and what reads all their values at once.
_FIELDS: dict[type[Any], tuple[tuple[tuple[str, Any], ...], Callable[[Any], tuple[Any, ...]]]] = {
    cls: (
        tuple((f.name, _left_out(f)) for f in fields(cls)),
        attrgetter(*(f.name for f in fields(cls))),
    )
    for cls in TYPES.values()
}

_NAMES: dict[type[Any], frozenset[str]] = {
    cls: frozenset(f.name for f in fields(cls)) for cls in TYPES.values()
}


def aggregate_type(kind: str) -> str:
    """The aggregate an event kind belongs to: the word before its dot."""
    return kind.partition(".")[0]


def understands(event: Event) -> bool:
    """Whether this program knows what the event means, in its version or by an upcaster."""
    kind = event.kind
    of = aggregate_type(kind)
    if of not in _APPLY or kind not in _KINDS.get(of, (kind,)) or kind.endswith("!"):
        return kind in _STEPS and event.v == 1
    return event.v <= NEWEST.get(kind, 1)


def apply(state: State | None, event: Event) -> State | None:
    """The state after one more event that sorts after all before it.

    An event of another version or of an unknown kind goes the longer way of `_apply_unfamiliar`.
    """
    step = _STEPS.get(event.kind)
    if step is None or event.v != 1:
        return _apply_unfamiliar(state, event)
    result: State | None = step(state, event)
    return result


def _apply_unfamiliar(state: State | None, event: Event) -> State | None:
    """Read an older form as today's; pass over what only a newer program understands.

    A kind that ends with ``!`` must be understood: the state stops there, with a mark, until a
    newer program folds it anew. Where nothing has begun there is nothing to stop.
    """
    if understands(event):
        result: State | None = _APPLY[aggregate_type(event.kind)](state, read(event))
        return result
    if not event.kind.endswith("!") or state is None or "newer_needed" not in _NAMES[type(state)]:
        return state
    stopped: Any = state
    return state if stopped.newer_needed else replace(stopped, newer_needed=event.kind)


def _apply_checked(state: State | None, event: Event) -> State | None:
    """As `apply`; raises Unsound when what comes of it could not be stored or shown."""
    after = apply(state, event)
    if after is not state and after is not None:
        check_sound(state, after)
    return after


def apply_foreign(state: State | None, event: Event) -> tuple[State | None, str]:
    """As `apply`, for an event another station made: one that cannot be used changes nothing.

    Every station of this version passes over the same ones, so all still agree. The text says why
    it could not be used (`domain.upcast.newer_words` when a newer program is needed); empty when it
    was.
    """
    try:
        after = _apply_checked(state, event)
    except Exception as error:  # noqa: BLE001 - told to the caller, who puts the event aside
        return state, f"{event.kind} cannot be read ({type(error).__name__}: {error})"
    if (event.kind not in _STEPS or event.v != 1) and not understands(event):
        return after, newer_words(event)
    return after, ""


def fold(events: Iterable[Event], base: State | None = None) -> State | None:
    """The state of one aggregate from all its events, in any order, with repeats of the same event.

    ``base`` is the state its compacted events left; all ``events`` sort after those. A machine
    decision (`dedup_id`) counts once: the first in canonical order that changes anything but the
    traces. (A breach told while someone had the alert changes nothing; told again after that was
    taken back it must. So must an end that a wrong clock put before the firing it ends.)
    """
    state = base
    seen: set[tuple[str, int]] = set()
    decided: set[str] = set()
    for event in sorted(events, key=lambda e: e.order):
        if (event.origin, event.seq) in seen or event.dedup_id in decided:
            continue
        seen.add((event.origin, event.seq))
        try:
            after = _apply_checked(state, event)
        except Exception:  # noqa: BLE001, S112 - passed over, as `apply_foreign` says
            continue
        if event.dedup_id is not None and _decides(state, after):
            decided.add(event.dedup_id)
        state = after
    return state


def _decides(before: State | None, after: State | None) -> bool:
    """Whether an event changed more than the trace of what came too early or too late to count."""
    if after is before:
        return False
    traces: Any = getattr(before, "also_done", None)
    if traces is None or after is None:
        return True
    return replace(after, also_done=traces) != before


def absorb(
    state: State | None, known: list[Event], batch: Iterable[Event]
) -> tuple[State | None, list[Event]]:
    """Take a batch of events into one aggregate that already holds ``known``.

    In-order news is applied one by one; a late one makes the aggregate fold again. Any order,
    repetition or batching of the same events ends in the same state. Returns state and events,
    in canonical order.
    """
    have = {(e.origin, e.seq) for e in known}
    fresh = sorted(
        {(e.origin, e.seq): e for e in batch if (e.origin, e.seq) not in have}.values(),
        key=lambda e: e.order,
    )
    everything = sorted([*known, *fresh], key=lambda e: e.order)
    late = bool(known and fresh and fresh[0].order < known[-1].order)
    if late or any(e.dedup_id is not None for e in fresh):
        return fold(everything), everything
    for event in fresh:
        state, _why = apply_foreign(state, event)
    return state, everything


def state_content(state: State) -> dict[str, Any]:
    """The state's fields as a JSON object.

    A field that holds its default is left out when that default is empty.
    """
    fields_of, read = _FIELDS[type(state)]
    return {
        name: value
        for (name, left_out), value in zip(fields_of, read(state), strict=True)
        if value or value != left_out
    }


def state_bytes(state: State) -> bytes:
    """The state's canonical bytes: equal states have equal bytes, on every station."""
    return canonical_bytes(state_content(state))


def state_from_bytes(kind: str, data: bytes) -> State:
    """The state that `state_bytes` wrote; ``kind`` is the aggregate type."""
    return TYPES[kind](**parse_canonical(data))


def state_hash(data: bytes) -> bytes:
    """SHA-256 of canonical state bytes, compared between stations."""
    return hashlib.sha256(data).digest()
