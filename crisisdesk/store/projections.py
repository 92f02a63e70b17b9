"""Projections: which table a state is kept in, and the columns taken out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from sqlite3 import Connection
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.context.change_record import RecordedChange
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.fold import FOLD_VERSION, State
from crisisdesk.domain.image import NoteImage
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.severity import SEVERITY_RANK, IncidentSeverity
from crisisdesk.domain.silence import Silence
from crisisdesk.domain.station import Station
from crisisdesk.domain.task import Task
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.store.states import encode

_INCIDENT_RANK: dict[str, int] = {name: IncidentSeverity(name).rank for name in IncidentSeverity}


def _alert_columns(a: Alert) -> tuple[Any, ...]:
    return (
        a.status,
        SEVERITY_RANK[a.severity],
        a.title,
        a.service,
        a.place,
        a.source,
        a.group_key,
        a.count,
        a.owner,
        a.detected_at,
        a.last_seen_at,
        a.acknowledged_at,
        a.resolved_at,
        a.sla_deadline,
        a.sla_breached_at,
        a.incident_id,
        a.epoch,
        a.response_ms,
        a.next_due,
        a.hold_until if a.is_open else None,
        a.hold_asked_at if a.is_open else None,
        a.hold_due,
        a.handoff_to if a.is_open else "",
        a.lapsed[-1]["owner"] if a.lapsed else "",
    )


def _incident_columns(i: Incident) -> tuple[Any, ...]:
    return (
        i.status,
        _INCIDENT_RANK[i.severity],
        i.title,
        i.commander,
        i.created_at,
        i.resolved_at,
        i.merged_into,
        # Who may read it, for rows that are shown without the whole state; "" for everybody.
        "\n".join(i.knowing()) if i.restricted else "",
        # What was restricted once keeps its mark: its rows elsewhere have to follow each change.
        int(i.restricted or i.restriction_generation > 0),
        i.next_due,
    )


def _update_columns(u: IncidentUpdate) -> tuple[Any, ...]:
    return (u.incident_id, u.happened_at, int(u.is_public))


def _delivery_columns(d: Delivery) -> tuple[Any, ...]:
    return (
        d.alert_id,
        d.method_id,
        d.channel,
        d.status,
        d.queued_at,
        d.next_due,
        int(d.is_urgent),
        d.into,
        d.message_at,
        d.ask_at,
    )


class Projection:
    """One table: its upsert statement and how a state becomes its row."""

    def __init__(
        self, table: str, columns: tuple[str, ...], extract: Callable[[Any], tuple[Any, ...]]
    ) -> None:
        self.table = table
        self._extract = extract
        names = ("agg", "pos", "fold_version", "state", *columns)
        marks = ",".join("?" * len(names))
        updates = ",".join(f"{n}=excluded.{n}" for n in names[1:])
        # Only names written in this module go into the text; values are always bound.
        self.upsert = (
            f"INSERT INTO {table} ({','.join(names)}) VALUES ({marks}) "  # noqa: S608
            f"ON CONFLICT(agg) DO UPDATE SET {updates}"
        )

    def row(self, aggregate: str, pos: int, state: State) -> tuple[Any, ...]:
        """The row of one state."""
        return (aggregate, pos, FOLD_VERSION, encode(state), *self._extract(state))


PROJECTIONS: dict[type[Any], Projection] = {
    Alert: Projection(
        "alert",
        (
            "status",
            "severity",
            "title",
            "service",
            "place",
            "source",
            "group_key",
            "count",
            "owner",
            "detected_at",
            "last_seen_at",
            "acknowledged_at",
            "resolved_at",
            "sla_deadline",
            "sla_breached_at",
            "incident_id",
            "epoch",
            "response_ms",
            "next_due",
            "hold_until",
            "hold_asked_at",
            "hold_due",
            "handed_to",
            "lapsed_by",
        ),
        _alert_columns,
    ),
    Incident: Projection(
        "incident",
        (
            "status",
            "severity",
            "title",
            "commander",
            "created_at",
            "resolved_at",
            "merged_into",
            "knowing",
            "veiled",
            "next_due",
        ),
        _incident_columns,
    ),
    IncidentUpdate: Projection(
        "incident_update", ("incident_id", "happened_at", "is_public"), _update_columns
    ),
    Delivery: Projection(
        "delivery",
        (
            "alert_id",
            "method_id",
            "channel",
            "status",
            "queued_at",
            "next_due",
            "urgent",
            "carrier",
            "message_at",
            "ask_at",
        ),
        _delivery_columns,
    ),
    Contact: Projection("contact", ("removed",), lambda c: (int(c.removed),)),
    Station: Projection("station", (), lambda _s: ()),
    Silence: Projection("silence", ("active", "until"), lambda s: (int(s.active), s.until)),
    Run: Projection("run", ("incident_id", "ended_at"), lambda r: (r.incident_id, r.ended_at)),
    PolicyVersion: Projection(
        "policy", ("name", "published_at"), lambda p: (p.name, p.published_at)
    ),
    Escalation: Projection(
        "escalation",
        ("alert_id", "quiet_by", "next_due"),
        lambda e: (e.alert_id, e.quiet_by, e.next_due),
    ),
    Candidate: Projection(
        "candidate",
        ("status", "proposed_at", "incident_id"),
        lambda c: (c.status, c.proposed_at, c.incident_id),
    ),
    RecordedChange: Projection(
        "change", ("service", "source", "at"), lambda c: (c.service, c.source, c.at)
    ),
    Task: Projection(
        "task",
        ("incident_id", "status", "owner", "due_at", "next_due"),
        lambda t: (t.incident_id, t.status, t.owner, t.ends_at, t.next_due),
    ),
    Decision: Projection(
        "decision",
        ("incident_id", "status", "logged_at", "next_due"),
        lambda d: (d.incident_id, d.status, d.logged_at, d.next_due),
    ),
    NoteImage: Projection(
        "image", ("incident_id", "added_at"), lambda i: (i.incident_id, i.added_at)
    ),
}

TABLES = tuple(projection.table for projection in PROJECTIONS.values())

TABLE_OF_PREFIX: dict[str, tuple[str, str]] = {
    "A": ("alert", "alert"),
    "INC": ("incident", "incident"),
    "U": ("incident_update", "update"),
    "D": ("delivery", "delivery"),
    "C": ("contact", "contact"),
    "S": ("station", "station"),
    "SIL": ("silence", "silence"),
    "RUN": ("run", "run"),
    "POL": ("policy", "policy"),
    "ESC": ("escalation", "escalation"),
    "CAN": ("candidate", "candidate"),
    "CHG": ("change", "change"),
    "TSK": ("task", "task"),
    "DEC": ("decision", "decision"),
    "IMG": ("image", "image"),
    "station": ("station", "station"),
}


def table_of(aggregate: str) -> tuple[str, str] | None:
    """The (table, aggregate type) an aggregate id belongs to; None for an id of no known shape."""
    return TABLE_OF_PREFIX.get(aggregate.partition("-")[0])


def write_states(connection: Connection, rows: Iterable[tuple[str, int, State]]) -> None:
    """Upsert (aggregate, pos, state) rows, a table at a time."""
    by_type: dict[type[Any], list[tuple[Any, ...]]] = {}
    for aggregate, pos, state in rows:
        kind = type(state)
        by_type.setdefault(kind, []).append(PROJECTIONS[kind].row(aggregate, pos, state))
    for kind, values in by_type.items():
        connection.executemany(PROJECTIONS[kind].upsert, values)
