"""Alembic's entry: it migrates the connection that `core.store.database.upgrade` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from core.store import account_rows, machine_rows, memory_rows, tables

for rows in (account_rows.User, machine_rows.Lease, memory_rows.Style, tables.Meeting):
    assert rows.metadata is SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
