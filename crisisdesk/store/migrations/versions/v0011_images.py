"""The eleventh form: a table for images in incidents, without their bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From a file that knew of no images."""
    op.create_table(
        "image",
        sa.Column("agg", sa.Text, primary_key=True),
        sa.Column("pos", sa.Integer, nullable=False),
        sa.Column("fold_version", sa.Integer, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("added_at", sa.Integer, nullable=False),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.create_index("image_pos", "image", ["pos"])
    op.create_index("image_incident", "image", ["incident_id", "added_at"])
