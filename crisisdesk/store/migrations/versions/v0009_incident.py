"""The ninth form: tasks, and what rows of incidents say of merging and of who may read them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEPT = (
    "agg, pos, fold_version, status, severity, title, commander, created_at, resolved_at, "
    "'', '', 0, state"
)
COPY = f"INSERT INTO incident SELECT {_KEPT} FROM incident_before"  # noqa: S608


def upgrade() -> None:
    """From a file that knew no tasks, and of no incident that is part of another one."""
    for name in ("pos", "status", "created"):
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
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.execute(COPY)
    op.drop_table("incident_before")
    _index("incident", "pos", ["pos"])
    _index("incident", "status", ["status", "severity"])
    _index("incident", "created", ["created_at", "agg"])
    _index("incident", "merged", ["merged_into"], "merged_into != ''")
    op.create_table(
        "task",
        sa.Column("agg", sa.Text, primary_key=True),
        _integer("pos"),
        _integer("fold_version"),
        _text("incident_id"),
        _text("status"),
        _text("owner"),
        _integer("due_at", nullable=True),
        _integer("next_due", nullable=True),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    _index("task", "pos", ["pos"])
    _index("task", "incident", ["incident_id", "status"])
    _index("task", "due", ["next_due"], "next_due IS NOT NULL")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _index(table: str, name: str, columns: list[str], where: str = "") -> None:
    condition: dict[str, Any] = {"sqlite_where": sa.text(where)} if where else {}
    op.create_index(f"{table}_{name}", table, columns, **condition)
