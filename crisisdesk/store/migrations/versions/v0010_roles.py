"""The tenth form: decisions, and when the next offer of a role in an incident runs out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEPT = (
    "agg, pos, fold_version, status, severity, title, commander, created_at, resolved_at, "
    "merged_into, knowing, veiled, NULL, state"
)
COPY = f"INSERT INTO incident SELECT {_KEPT} FROM incident_before"  # noqa: S608


def upgrade() -> None:
    """From a file that knew no decisions, and in which no role was ever offered to anybody."""
    for name in ("pos", "status", "created", "merged"):
        op.drop_index(f"incident_{name}", "incident")
    op.rename_table("incident", "incident_before")
    op.create_table(
        "incident",
        sa.Column("agg", sa.Text, primary_key=True),
        _integer("pos"),
        _integer("fold_version"),
        _text("status"),
        _integer("severity"),
        _text("title"),
        _text("commander"),
        _integer("created_at"),
        _integer("resolved_at", nullable=True),
        _text("merged_into"),
        _text("knowing"),
        _integer("veiled"),
        _integer("next_due", nullable=True),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.execute(COPY)
    op.drop_table("incident_before")
    _index("incident", "pos", ["pos"])
    _index("incident", "status", ["status", "severity"])
    _index("incident", "created", ["created_at", "agg"])
    _index("incident", "merged", ["merged_into"], "merged_into != ''")
    _index("incident", "due", ["next_due"], "next_due IS NOT NULL")
    op.create_table(
        "decision",
        sa.Column("agg", sa.Text, primary_key=True),
        _integer("pos"),
        _integer("fold_version"),
        _text("incident_id"),
        _text("status"),
        _integer("logged_at"),
        _integer("next_due", nullable=True),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    _index("decision", "pos", ["pos"])
    _index("decision", "incident", ["incident_id", "logged_at"])
    _index("decision", "due", ["next_due"], "next_due IS NOT NULL")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _index(table: str, name: str, columns: list[str], where: str = "") -> None:
    condition: dict[str, Any] = {"sqlite_where": sa.text(where)} if where else {}
    op.create_index(f"{table}_{name}", table, columns, **condition)
