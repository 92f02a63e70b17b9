"""The second form: what the exchange with other stations needs beside the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From a file of a station that stood alone."""
    op.create_table(
        "quarantine",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("agg", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_table(
        "base",
        sa.Column("agg", sa.Text, primary_key=True),
        sa.Column("hlc", sa.Integer, nullable=False),
        sa.Column("fold_version", sa.Integer, nullable=False),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.create_table(
        "base_head",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.BLOB, nullable=False),
    )
    op.create_table(
        "signed_head",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("hash", sa.BLOB, nullable=False),
        sa.Column("signature", sa.BLOB, nullable=False),
        sa.Column("witnesses", sa.BLOB, nullable=False),
    )
