"""Alembic's entry: runs the steps in the connection and transaction that `schema` hands in."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="alembic_version",
    version_table_schema="cd",
)
with context.begin_transaction():
    context.run_migrations()
