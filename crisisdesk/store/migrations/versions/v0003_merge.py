"""The third form: tables for silences, runs of procedures, and versions of policies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From a file whose aggregates were alerts, incidents, contacts and stations alone."""
    _projection("silence", _integer("active"), _integer("until"))
    _projection("run", _text("incident_id"), _integer("ended_at", nullable=True))
    op.create_index("run_incident", "run", ["incident_id"])
    _projection("policy", _text("name"), _integer("published_at"))
    op.create_index("policy_name", "policy", ["name", "published_at", "agg"])


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _projection(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("agg", sa.Text, primary_key=True),
        _integer("pos"),
        _integer("fold_version"),
        *columns,
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.create_index(f"{name}_pos", name, ["pos"])
