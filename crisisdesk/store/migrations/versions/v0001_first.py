"""The first form: the log, its heads, and the projections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From an empty file."""
    _log()
    _alert()
    _incident()
    _delivery()
    _projection("contact", _integer("removed"))
    _projection("station")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _blob(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BLOB, nullable=False)


def _log() -> None:
    op.create_table(
        "meta", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text)
    )
    op.create_table(
        "event",
        sa.Column("pos", sa.Integer, primary_key=True),
        _text("origin"),
        _integer("seq"),
        _integer("hlc"),
        _text("agg"),
        _text("kind"),
        _integer("wall_ms"),
        _blob("raw"),
        _blob("body"),
        _blob("salt"),
        _blob("hash"),
        sa.UniqueConstraint("origin", "seq"),
    )
    op.create_index("event_agg", "event", ["agg", "pos"])
    op.create_table(
        "origin_head",
        sa.Column("origin", sa.Text, primary_key=True),
        _integer("seq"),
        _blob("hash"),
        _integer("hlc"),
    )


def _projection(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("agg", sa.Text, primary_key=True),
        _integer("pos"),
        _integer("fold_version"),
        *columns,
        _blob("state"),
    )
    op.create_index(f"{name}_pos", name, ["pos"])


def _alert() -> None:
    _projection(
        "alert",
        _text("status"),
        _integer("severity"),
        _text("title"),
        _text("service"),
        _text("place"),
        _text("source"),
        _text("group_key"),
        _integer("count"),
        _text("owner"),
        _integer("detected_at"),
        _integer("last_seen_at"),
        _integer("acknowledged_at", nullable=True),
        _integer("resolved_at", nullable=True),
        _integer("sla_deadline"),
        _integer("sla_breached_at", nullable=True),
        _text("incident_id"),
        _text("epoch"),
        _integer("response_ms", nullable=True),
        _integer("next_due", nullable=True),
    )
    op.create_index("alert_status", "alert", ["status", "severity"])
    op.create_index("alert_detected", "alert", ["detected_at", "agg"])
    op.create_index(
        "alert_due", "alert", ["next_due"], sqlite_where=sa.text("next_due IS NOT NULL")
    )
    op.create_index(
        "alert_incident", "alert", ["incident_id"], sqlite_where=sa.text("incident_id != ''")
    )


def _incident() -> None:
    _projection(
        "incident",
        _text("status"),
        _integer("severity"),
        _text("title"),
        _text("commander"),
        _integer("created_at"),
        _integer("resolved_at", nullable=True),
    )
    op.create_index("incident_status", "incident", ["status", "severity"])
    op.create_index("incident_created", "incident", ["created_at", "agg"])
    _projection(
        "incident_update", _text("incident_id"), _integer("happened_at"), _integer("is_public")
    )
    op.create_index(
        "incident_update_when", "incident_update", ["incident_id", "happened_at", "agg"]
    )


def _delivery() -> None:
    _projection(
        "delivery",
        _text("alert_id"),
        _text("method_id"),
        _text("channel"),
        _text("status"),
        _integer("queued_at"),
        _integer("next_due", nullable=True),
    )
    op.create_index("delivery_alert", "delivery", ["alert_id", "queued_at"])
    op.create_index("delivery_queued", "delivery", ["queued_at", "agg"])
    op.create_index(
        "delivery_due",
        "delivery",
        ["method_id", "next_due"],
        sqlite_where=sa.text("next_due IS NOT NULL"),
    )
