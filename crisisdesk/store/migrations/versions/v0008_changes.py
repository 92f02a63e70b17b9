"""The eighth form: a table for recorded changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From a file that knew of no deploys."""
    op.create_table(
        "change",
        sa.Column("agg", sa.Text, primary_key=True),
        sa.Column("pos", sa.Integer, nullable=False),
        sa.Column("fold_version", sa.Integer, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.create_index("change_pos", "change", ["pos"])
    op.create_index("change_at", "change", ["at", "agg"])
    op.create_index("change_service", "change", ["service", "at"])
    op.create_index("change_source", "change", ["source", "at"])
