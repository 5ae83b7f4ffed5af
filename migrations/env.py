"""Runs the migrations on the connection that `jigsaw_service.storage.migrate` hands over."""

from alembic import context

from jigsaw_service.storage.tables import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    # SQLite changes a table by building it anew.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
