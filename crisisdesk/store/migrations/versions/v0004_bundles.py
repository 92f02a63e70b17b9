"""The fourth form: which deliveries are urgent, in whose message they went, and when to ask."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A fold writes only the rows whose state comes out otherwise, so these columns are filled here.
COPY = """
INSERT INTO delivery
SELECT agg, pos, fold_version, alert_id, method_id, channel, status, queued_at, next_due,
    json_extract(CAST(state AS TEXT), '$.severity') IN ('critical', 'emergency')
        OR coalesce(json_extract(CAST(state AS TEXT), '$.reason'), '') = 'test',
    '',
    CASE WHEN status IN ('sending', 'sent')
            OR coalesce(json_extract(CAST(state AS TEXT), '$.unknown'), 0) > 0
        THEN json_extract(CAST(state AS TEXT), '$.claimed_at') END,
    NULL, state
FROM delivery_before
"""


def upgrade() -> None:
    """From a file whose deliveries each left as a message of its own."""
    for name in ("pos", "alert", "queued", "due"):
        op.drop_index(f"delivery_{name}", "delivery")
    op.rename_table("delivery", "delivery_before")
    op.create_table(
        "delivery",
        sa.Column("agg", sa.Text, primary_key=True),
        _integer("pos"),
        _integer("fold_version"),
        _text("alert_id"),
        _text("method_id"),
        _text("channel"),
        _text("status"),
        _integer("queued_at"),
        _integer("next_due", nullable=True),
        _integer("urgent"),
        _text("carrier"),
        _integer("message_at", nullable=True),
        _integer("ask_at", nullable=True),
        sa.Column("state", sa.BLOB, nullable=False),
    )
    op.execute(COPY)
    op.drop_table("delivery_before")
    _index("pos", ["pos"])
    _index("alert", ["alert_id", "queued_at"])
    _index("queued", ["queued_at", "agg"])
    _index("due", ["method_id", "next_due"], "next_due IS NOT NULL")
    _index("urgent", ["method_id", "next_due"], "next_due IS NOT NULL AND urgent = 1")
    _index("message", ["method_id", "message_at"], "message_at IS NOT NULL")
    _index("channel", ["channel", "message_at"], "message_at IS NOT NULL")
    _index("carrier", ["carrier"], "carrier != ''")
    _index("ask", ["ask_at"], "ask_at IS NOT NULL")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _index(name: str, columns: list[str], where: str = "") -> None:
    condition: dict[str, Any] = {"sqlite_where": sa.text(where)} if where else {}
    op.create_index(f"delivery_{name}", "delivery", columns, **condition)
