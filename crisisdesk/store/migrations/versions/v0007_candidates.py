"""The seventh form: a table for candidate incidents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From a file whose alerts stood alone until a person made an incident of them."""
    op.create_table(
        "candidate",
        sa.Column("agg", sa.Text, primary_key=True),
        sa.Column("pos", sa.Integer, nullable=False),
        sa.Column("fold_version", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.Integer, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.create_index("candidate_pos", "candidate", ["pos"])
    op.create_index("candidate_status", "candidate", ["status", "proposed_at"])
    op.create_index("candidate_proposed", "candidate", ["proposed_at", "agg"])
