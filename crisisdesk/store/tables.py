"""The tables of the station's SQLite file: the log, its heads, and the projections.

Only ``event``, ``origin_head`` and ``meta`` hold truth; every other table can be dropped and folded
again. ``pos`` is the local log position of a row's last event, the cursor by which readers of this
file find what changed. Times are UTC ms integers.
"""

from __future__ import annotations

from sqlalchemy import (
    BLOB,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text))

event = Table(
    "event",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hlc", Integer, nullable=False),
    Column("agg", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
    Column("raw", BLOB, nullable=False),
    Column("body", BLOB, nullable=False),
    Column("salt", BLOB, nullable=False),
    Column("hash", BLOB, nullable=False),
    UniqueConstraint("origin", "seq"),
    Index("event_agg", "agg", "pos"),
)

origin_head = Table(
    "origin_head",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", BLOB, nullable=False),
    Column("hlc", Integer, nullable=False),
)

# Events that no state could use: kept, relayed and chained like any other, and passed over.
quarantine = Table(
    "quarantine",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("agg", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# What compacted events left: the state of an aggregate, and where each origin's kept log begins.
base = Table(
    "base",
    metadata,
    Column("agg", Text, primary_key=True),
    Column("hlc", Integer, nullable=False),
    Column("fold_version", Integer, nullable=False),
    Column("state", BLOB, nullable=False),
)
base_head = Table(
    "base_head",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", BLOB, nullable=False),
)

# Stations' signed words on where their logs end; the newest few of each origin are kept.
signed_head = Table(
    "signed_head",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("hash", BLOB, nullable=False),
    Column("signature", BLOB, nullable=False),
    Column("witnesses", BLOB, nullable=False),
)


def _projection(name: str, *extra: Column[object] | Index) -> Table:
    return Table(
        name,
        metadata,
        Column("agg", Text, primary_key=True),
        Column("pos", Integer, nullable=False),
        Column("fold_version", Integer, nullable=False),
        *(column for column in extra if isinstance(column, Column)),
        # Last, so that reading the columns before it never has to walk a long state's pages.
        Column("state", BLOB, nullable=False),
        *(index for index in extra if isinstance(index, Index)),
        Index(f"{name}_pos", "pos"),
    )


alert = _projection(
    "alert",
    Column("status", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("group_key", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("detected_at", Integer, nullable=False),
    Column("last_seen_at", Integer, nullable=False),
    Column("acknowledged_at", Integer),
    Column("resolved_at", Integer),
    Column("sla_deadline", Integer, nullable=False),
    Column("sla_breached_at", Integer),
    Column("incident_id", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("response_ms", Integer),
    Column("next_due", Integer),
    Column("hold_until", Integer),
    Column("hold_asked_at", Integer),
    Column("hold_due", Integer),
    Column("handed_to", Text, nullable=False),
    Column("lapsed_by", Text, nullable=False),
    Index("alert_status", "status", "severity"),
    Index("alert_detected", "detected_at", "agg"),
)
Index("alert_due", alert.c.next_due, sqlite_where=alert.c.next_due.isnot(None))
Index("alert_hold", alert.c.hold_due, sqlite_where=alert.c.hold_due.isnot(None))
Index(
    "alert_unheld",
    alert.c.acknowledged_at,
    sqlite_where=text(
        "acknowledged_at IS NOT NULL AND status IN ('acknowledged', 'investigating') "
        "AND hold_until IS NULL"
    ),
)
Index("alert_incident", alert.c.incident_id, sqlite_where=alert.c.incident_id != "")

incident = _projection(
    "incident",
    Column("status", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("commander", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("resolved_at", Integer),
    Column("merged_into", Text, nullable=False),
    Column("knowing", Text, nullable=False),
    Column("veiled", Integer, nullable=False),
    Column("next_due", Integer),
    Index("incident_status", "status", "severity"),
    Index("incident_created", "created_at", "agg"),
)

Index("incident_merged", incident.c.merged_into, sqlite_where=incident.c.merged_into != "")
Index("incident_due", incident.c.next_due, sqlite_where=incident.c.next_due.isnot(None))

incident_update = _projection(
    "incident_update",
    Column("incident_id", Text, nullable=False),
    Column("happened_at", Integer, nullable=False),
    Column("is_public", Integer, nullable=False),
    Index("incident_update_when", "incident_id", "happened_at", "agg"),
)

delivery = _projection(
    "delivery",
    Column("alert_id", Text, nullable=False),
    Column("method_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("queued_at", Integer, nullable=False),
    Column("next_due", Integer),
    Column("urgent", Integer, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("message_at", Integer),
    Column("ask_at", Integer),
    Index("delivery_alert", "alert_id", "queued_at"),
    Index("delivery_queued", "queued_at", "agg"),
)
Index(
    "delivery_due",
    delivery.c.method_id,
    delivery.c.next_due,
    sqlite_where=delivery.c.next_due.isnot(None),
)
Index(
    "delivery_urgent",
    delivery.c.method_id,
    delivery.c.next_due,
    sqlite_where=delivery.c.next_due.isnot(None) & (delivery.c.urgent == 1),
)
Index(
    "delivery_message",
    delivery.c.method_id,
    delivery.c.message_at,
    sqlite_where=delivery.c.message_at.isnot(None),
)
Index(
    "delivery_channel",
    delivery.c.channel,
    delivery.c.message_at,
    sqlite_where=delivery.c.message_at.isnot(None),
)
Index("delivery_carrier", delivery.c.carrier, sqlite_where=delivery.c.carrier != "")
Index("delivery_ask", delivery.c.ask_at, sqlite_where=delivery.c.ask_at.isnot(None))

contact = _projection("contact", Column("removed", Integer, nullable=False))
station = _projection("station")

silence = _projection(
    "silence",
    Column("active", Integer, nullable=False),
    Column("until", Integer, nullable=False),
)
run = _projection(
    "run",
    Column("incident_id", Text, nullable=False),
    Column("ended_at", Integer),
    Index("run_incident", "incident_id"),
)
policy = _projection(
    "policy",
    Column("name", Text, nullable=False),
    Column("published_at", Integer, nullable=False),
    Index("policy_name", "name", "published_at", "agg"),
)

escalation = _projection(
    "escalation",
    Column("alert_id", Text, nullable=False),
    Column("quiet_by", Text, nullable=False),
    Column("next_due", Integer),
    Index("escalation_alert", "alert_id", "next_due"),
)
Index(
    "escalation_due",
    escalation.c.next_due,
    sqlite_where=escalation.c.next_due.isnot(None),
)
Index("escalation_quiet", escalation.c.quiet_by, sqlite_where=escalation.c.quiet_by != "")

candidate = _projection(
    "candidate",
    Column("status", Text, nullable=False),
    Column("proposed_at", Integer, nullable=False),
    Column("incident_id", Text, nullable=False),
    Index("candidate_status", "status", "proposed_at"),
    Index("candidate_proposed", "proposed_at", "agg"),
)

change = _projection(
    "change",
    Column("service", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Index("change_at", "at", "agg"),
    Index("change_service", "service", "at"),
    Index("change_source", "source", "at"),
)

task = _projection(
    "task",
    Column("incident_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due_at", Integer),
    Column("next_due", Integer),
    Index("task_incident", "incident_id", "status"),
)
Index("task_due", task.c.next_due, sqlite_where=task.c.next_due.isnot(None))

decision = _projection(
    "decision",
    Column("incident_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("logged_at", Integer, nullable=False),
    Column("next_due", Integer),
    Index("decision_incident", "incident_id", "logged_at"),
)
Index("decision_due", decision.c.next_due, sqlite_where=decision.c.next_due.isnot(None))

image = _projection(
    "image",
    Column("incident_id", Text, nullable=False),
    Column("added_at", Integer, nullable=False),
    Index("image_incident", "incident_id", "added_at"),
)
