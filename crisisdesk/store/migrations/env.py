"""Alembic's entry: runs the steps in the connection and transaction that `migrate` hands in."""

from __future__ import annotations

from alembic import context

from crisisdesk.store.tables import metadata

# Batch mode is how SQLite changes a table: by a new one beside it. Its DDL is transactional, though
# Alembic assumes for older drivers that it is not.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
