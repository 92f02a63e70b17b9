"""Whether a state is one that this program could have made: every field of its type, known words.

Another station's event may hold a value that nothing here can show, sort or store. Such an event is
passed over like one that cannot be read; else one of them would stop every write of its group.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from enum import StrEnum
from operator import attrgetter
from typing import Any, get_args, get_origin, get_type_hints

from crisisdesk.domain.alert import STATUS_RANK, Alert
from crisisdesk.domain.contact import MAILS, PHONES, Contact, ContactMethod
from crisisdesk.domain.context.change_record import RecordedChange
from crisisdesk.domain.correlation.candidate import Candidate, CandidateStatus
from crisisdesk.domain.decision import DECISION_STATUSES, Decision
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.incident import INCIDENT_STATUS_RANK, Incident
from crisisdesk.domain.quiet_hours import checked_quiet
from crisisdesk.domain.severity import SEVERITY_RANK, IncidentSeverity
from crisisdesk.domain.task import PHASES, TASK_STATUS_RANK, Task

# What stands before the dash of an aggregate's id, and the kind of aggregate that it names.
KIND_OF_PREFIX: dict[str, str] = {
    "A": "alert",
    "INC": "incident",
    "U": "update",
    "D": "delivery",
    "C": "contact",
    "S": "station",
    "SIL": "silence",
    "RUN": "run",
    "POL": "policy",
    "ESC": "escalation",
    "CAN": "candidate",
    "CHG": "change",
    "TSK": "task",
    "DEC": "decision",
    "IMG": "image",
    "station": "station",
}

_INCIDENT_SEVERITIES = frozenset(IncidentSeverity)
_DELIVERY_STATUSES = frozenset(DeliveryStatus)
_CANDIDATE_STATUSES = frozenset(CandidateStatus)


class Unsound(ValueError):
    """The event would make a state that no program of this version makes."""


def _check_alert(a: Alert) -> None:
    if a.severity not in SEVERITY_RANK or a.status not in STATUS_RANK:
        raise Unsound(f"{a.severity!r} or {a.status!r} is unknown")


def _check_incident(i: Incident) -> None:
    if i.severity not in _INCIDENT_SEVERITIES or i.status not in INCIDENT_STATUS_RANK:
        raise Unsound(f"{i.severity!r} or {i.status!r} is unknown")
    for name in ("readers", "absorbed"):
        _check_texts(name, getattr(i, name))
    _check_texts("by_hand", [*i.by_hand, *i.by_hand.values()])
    _check_texts("policies", [*i.policies, *i.policies.values()])
    _check_texts("commander and lead", [i.commander, i.communication_lead, *i.rivals])
    for name, rows in (("seats", i.seats), ("handovers", i.handovers)):
        _check_rows(name, rows, numbers=("at", "until"))


def _check_rows(name: str, rows: list[dict[str, Any]], numbers: tuple[str, ...]) -> None:
    """Rows of texts, and of times by these names."""
    for row in rows:
        for key, value in row.items():
            if type(value) is not (int if key in numbers else str):
                raise Unsound(f"{name}.{key} is a {type(value).__name__}")


def _check_decision(d: Decision) -> None:
    if d.status not in DECISION_STATUSES:
        raise Unsound(f"{d.status!r} is unknown")
    _check_texts("options", d.options)
    _check_rows("objections", d.objections, numbers=("at",))
    _check_rows("checks", d.checks, numbers=("at",))


def _check_task(t: Task) -> None:
    if t.status not in TASK_STATUS_RANK or t.phase not in PHASES:
        raise Unsound(f"{t.status!r} or {t.phase!r} is unknown")


def _check_delivery(d: Delivery) -> None:
    if d.severity not in SEVERITY_RANK or d.status not in _DELIVERY_STATUSES:
        raise Unsound(f"{d.severity!r} or {d.status!r} is unknown")


def _check_contact(c: Contact) -> None:
    for method in c.methods:
        read = ContactMethod(**method)
        if read.min_severity not in SEVERITY_RANK:
            raise Unsound(f"{method['min_severity']!r} is no severity")
        if type(read.emergency) is not bool:
            raise Unsound("emergency of a method is neither true nor false")
        if read.quiet is not None:
            _check_quiet(read.quiet)
    _check_quiet(c.quiet)
    _check_texts("groups", c.groups)
    for name, texts in c.emergency.items():
        if name not in (PHONES, MAILS):
            raise Unsound(f"emergency.{name} is unknown")
        _check_texts(f"emergency.{name}", texts)


def _check_candidate(c: Candidate) -> None:
    if c.worst not in SEVERITY_RANK or c.status not in _CANDIDATE_STATUSES:
        raise Unsound(f"{c.worst!r} or {c.status!r} is unknown")
    if c.severity not in _INCIDENT_SEVERITIES:
        raise Unsound(f"{c.severity!r} is no severity of an incident")
    _check_texts("group", [*c.group, *c.group.values()])
    for name in ("alerts", "services", "attached"):
        _check_texts(name, getattr(c, name))


def _check_change(c: RecordedChange) -> None:
    for link in c.links:
        if type(link) is not dict or set(link) != {"url", "text"}:
            raise Unsound("a link has more or less than url and text")
        _check_texts("links", list(link.values()))
    _check_texts("details", [*c.details, *c.details.values()])


def _check_quiet(quiet: Any) -> None:
    if quiet != checked_quiet(quiet, "quiet"):
        raise Unsound("quiet is not written as it is kept")


def _check_texts(name: str, texts: Any) -> None:
    if type(texts) is not list or any(type(text) is not str for text in texts):
        raise Unsound(f"{name} is no list of texts")


_VALUES: dict[type[Any], Callable[[Any], None]] = {
    Alert: _check_alert,
    Incident: _check_incident,
    Delivery: _check_delivery,
    Contact: _check_contact,
    Candidate: _check_candidate,
    RecordedChange: _check_change,
    Task: _check_task,
    Decision: _check_decision,
}


class _Shape:
    """The fields of one class and what may stand in them."""

    def __init__(self, cls: type[Any]) -> None:
        hints = get_type_hints(cls)
        self._names = tuple(hints)
        self._allowed = [_plain_types(hint) for hint in hints.values()]
        self._fields: Callable[[Any], tuple[Any, ...]] = attrgetter(*self._names)
        # Combinations of types that were found good; there are a few dozen of each class.
        self._good: set[tuple[type[Any], ...]] = set()

    def check(self, state: Any) -> None:
        """Raises Unsound naming the first field that holds something else."""
        found = tuple(map(type, self._fields(state)))
        if found in self._good:
            return
        for name, is_type, allowed in zip(self._names, found, self._allowed, strict=True):
            if is_type not in allowed and not (str in allowed and issubclass(is_type, StrEnum)):
                raise Unsound(f"{name} is a {is_type.__name__}")
        self._good.add(found)


def _plain_types(hint: Any) -> frozenset[type[Any]]:
    """The classes of the values that an annotation of a state's field allows."""
    if isinstance(hint, types.UnionType):
        return frozenset().union(*map(_plain_types, get_args(hint)))
    return frozenset({get_origin(hint) or hint})


_SHAPES: dict[type[Any], _Shape] = {}


def contradicts_itself(aggregate: str, kind: str) -> bool:
    """Whether an event of this kind cannot be about an aggregate with this id."""
    of = kind.partition(".")[0]
    named = KIND_OF_PREFIX.get(aggregate.partition("-")[0], of)
    return named != of and of in KIND_OF_PREFIX.values()


def check(before: Any, state: Any) -> None:
    """Raises Unsound when ``state`` is no good state, or of another class than ``before``."""
    kind = type(state)
    if before is not None and type(before) is not kind:
        raise Unsound(f"it would become a {kind.__name__}")
    shape = _SHAPES.get(kind)
    if shape is None:
        shape = _SHAPES[kind] = _Shape(kind)
    shape.check(state)
    if (values := _VALUES.get(kind)) is not None:
        values(state)
