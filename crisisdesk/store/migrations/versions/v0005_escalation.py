"""The fifth form: a table for escalations, each with the moment at which it is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From a file whose alerts paged everybody once."""
    op.create_table(
        "escalation",
        sa.Column("agg", sa.Text, primary_key=True),
        sa.Column("pos", sa.Integer, nullable=False),
        sa.Column("fold_version", sa.Integer, nullable=False),
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("quiet_by", sa.Text, nullable=False),
        sa.Column("next_due", sa.Integer, nullable=True),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.create_index("escalation_pos", "escalation", ["pos"])
    op.create_index("escalation_alert", "escalation", ["alert_id", "next_due"])
    op.create_index(
        "escalation_due", "escalation", ["next_due"], sqlite_where=sa.text("next_due IS NOT NULL")
    )
    op.create_index(
        "escalation_quiet", "escalation", ["quiet_by"], sqlite_where=sa.text("quiet_by != ''")
    )
