"""The sixth form: until when an alert is in somebody's hands, whom it is offered to, who had it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEPT = (
    "agg, pos, fold_version, status, severity, title, service, place, source, group_key, count, "
    "owner, detected_at, last_seen_at, acknowledged_at, resolved_at, sla_deadline, "
    "sla_breached_at, incident_id, epoch, response_ms, next_due"
)
# What somebody has in hand already gets its end by the engine, counted from the upgrade.
COPY = f"INSERT INTO alert SELECT {_KEPT}, NULL, NULL, NULL, '', '', state FROM alert_before"  # noqa: S608
UNHELD = (
    "acknowledged_at IS NOT NULL AND status IN ('acknowledged', 'investigating') "
    "AND hold_until IS NULL"
)


def upgrade() -> None:
    """From a file whose acknowledgements had no end."""
    for name in ("pos", "status", "detected", "due", "incident"):
        op.drop_index(f"alert_{name}", "alert")
    op.rename_table("alert", "alert_before")
    op.create_table(
        "alert",
        sa.Column("agg", sa.Text, primary_key=True),
        _integer("pos"),
        _integer("fold_version"),
        _text("status"),
        _integer("severity"),
        *map(_text, ("title", "service", "place", "source", "group_key")),
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
        _integer("hold_until", nullable=True),
        _integer("hold_asked_at", nullable=True),
        _integer("hold_due", nullable=True),
        _text("handed_to"),
        _text("lapsed_by"),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.execute(COPY)
    op.drop_table("alert_before")
    _index("pos", ["pos"])
    _index("status", ["status", "severity"])
    _index("detected", ["detected_at", "agg"])
    _index("due", ["next_due"], "next_due IS NOT NULL")
    _index("hold", ["hold_due"], "hold_due IS NOT NULL")
    _index("unheld", ["acknowledged_at"], UNHELD)
    _index("incident", ["incident_id"], "incident_id != ''")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _index(name: str, columns: list[str], where: str = "") -> None:
    condition: dict[str, Any] = {"sqlite_where": sa.text(where)} if where else {}
    op.create_index(f"alert_{name}", "alert", columns, **condition)
