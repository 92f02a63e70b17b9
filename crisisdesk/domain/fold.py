"""The fold: the state of an aggregate is a pure function of its events in canonical order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.alert_fold import apply_alert
from crisisdesk.domain.canonical import canonical_bytes, parse_canonical
from crisisdesk.domain.contact import Contact, apply_contact
from crisisdesk.domain.delivery import Delivery, apply_delivery
from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import Incident, IncidentUpdate, apply_incident, apply_update
from crisisdesk.domain.station import Station, apply_station

FOLD_VERSION = 1

State = Alert | Incident | IncidentUpdate | Delivery | Contact | Station
Apply = Callable[[Any, Event], Any]

_APPLY: dict[str, Apply] = {
    "alert": apply_alert,
    "incident": apply_incident,
    "update": apply_update,
    "delivery": apply_delivery,
    "contact": apply_contact,
    "station": apply_station,
}
_TYPES: dict[str, type[State]] = {
    "alert": Alert,
    "incident": Incident,
    "update": IncidentUpdate,
    "delivery": Delivery,
    "contact": Contact,
    "station": Station,
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


_FIELDS: dict[type[Any], tuple[tuple[str, Any], ...]] = {
    cls: tuple((f.name, _left_out(f)) for f in fields(cls)) for cls in _TYPES.values()
}


def aggregate_type(kind: str) -> str:
    """The aggregate an event kind belongs to: the word before its dot."""
    return kind.partition(".")[0]


def apply(state: State | None, event: Event) -> State | None:
    """The state after one more event that sorts after all before it."""
    step = _APPLY.get(aggregate_type(event.kind))
    result: State | None = state if step is None else step(state, event)
    return result


def apply_foreign(state: State | None, event: Event) -> tuple[State | None, str]:
    """As `apply`, for an event another station made: one that cannot be used changes nothing.

    Every station of this version passes over the same ones, so all still agree. The text says why
    it could not be used; empty when it was.
    """
    try:
        return apply(state, event), ""
    except Exception as error:  # noqa: BLE001 - told to the caller, who puts the event aside
        return state, f"{event.kind} cannot be read ({type(error).__name__}: {error})"


def fold(events: Iterable[Event], base: State | None = None) -> State | None:
    """The state of one aggregate from all its events, in any order, with repeats of the same event.

    ``base`` is the state its compacted events left; all ``events`` sort after those. A machine
    decision (`dedup_id`) counts once: the first in canonical order.
    """
    state = base
    seen: set[tuple[str, int]] = set()
    decided: set[str] = set()
    for event in sorted(events, key=lambda e: e.order):
        if (event.origin, event.seq) in seen or event.dedup_id in decided:
            continue
        seen.add((event.origin, event.seq))
        if event.dedup_id is not None:
            decided.add(event.dedup_id)
        state, _why = apply_foreign(state, event)
    return state


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
    decided = {e.dedup_id for e in known if e.dedup_id is not None}
    if late:
        return fold(everything), everything
    for event in fresh:
        if event.dedup_id in decided:
            continue
        if event.dedup_id is not None:
            decided.add(event.dedup_id)
        state = apply(state, event)
    return state, everything


def state_content(state: State) -> dict[str, Any]:
    """The state's fields as a JSON object.

    A field that holds its default is left out when that default is empty.
    """
    content = {}
    for name, left_out in _FIELDS[type(state)]:
        value = getattr(state, name)
        if value or value != left_out:
            content[name] = value
    return content


def state_bytes(state: State) -> bytes:
    """The state's canonical bytes: equal states have equal bytes, on every station."""
    return canonical_bytes(state_content(state))


def state_from_bytes(kind: str, data: bytes) -> State:
    """The state that `state_bytes` wrote; ``kind`` is the aggregate type."""
    return _TYPES[kind](**parse_canonical(data))


def state_hash(data: bytes) -> bytes:
    """SHA-256 of canonical state bytes, compared between stations."""
    return hashlib.sha256(data).digest()
