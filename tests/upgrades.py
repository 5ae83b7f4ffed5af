"""Databases as older versions left them, with something in every table."""

import zlib
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from jigsaw_service.storage import migrate, schema
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Table

VERSIONS = sorted(path.name[:4] for path in schema.migrations_path().glob("versions/0*.py"))
# The full-text index, of which SQLite makes several tables.
SEARCH_INDEX = "search_index"
Rows = dict[str, dict[str, Any]]
_VALUES: dict[type, Any] = {
    sa.Boolean: False,
    sa.Integer: 1,
    sa.LargeBinary: zlib.compress(b"<xml/>"),
    sa.JSON: {},
    sa.String: "python",
}


_NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("half_made", sa.Column("id", sa.Integer(), primary_key=True))
    {step}
"""


def is_described(name: str | None, _kind: str = "", _parents: object = None) -> bool:
    """True if `storage/tables.py` describes the table or index."""
    return not (name and name.startswith(SEARCH_INDEX))


def copy_migrations(to: Path, up_to: str = "9999") -> Path:
    """A copy of the migrations, without those after a version."""
    source = schema.migrations_path()
    (to / "versions").mkdir(parents=True)
    for path in [*source.glob("*.py"), *source.glob("versions/*.py")]:
        if path.parent == source or path.name[:4] <= up_to:
            (to / path.relative_to(source)).write_text(path.read_text())
    return to


def with_one_more(tmp_path: Path, step: str) -> Path:
    """The migrations, and one that makes a table and does this."""
    migrations = copy_migrations(tmp_path / "next")
    text = _NEXT.format(newest=VERSIONS[-1], step=step)
    (migrations / "versions" / "9000_next.py").write_text(text)
    return migrations


async def migrated_by(
    migrations: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upgrade the database as a version with these migrations does."""
    with monkeypatch.context() as patched:
        for module in migrate, schema:
            patched.setattr(module, "migrations_path", lambda: migrations)
        await database.migrate()


async def at_version(
    version: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """A database as that version of the schema had it."""
    before = copy_migrations(tmp_path / f"migrations-{version}", version)
    database = Database(url)
    await database.open()
    await migrated_by(before, database, monkeypatch)
    return database


async def filled(database: Database) -> Rows:
    """Put a row into every table, each led to by those before it; returns them by their table."""
    rows: Rows = {}

    def fill(connection: sa.Connection) -> None:
        for table in _tables(connection):
            rows[table.name] = {
                column.name: _value(column, rows)
                for column in table.columns
                if column.computed is None
            }
            connection.execute(table.insert().values(rows[table.name]))

    async with database.engine.execution_options(writes=True).begin() as connection:
        await connection.run_sync(fill)
    return rows


async def found(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""

    def read(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in _tables(connection)
        }

    async with database.engine.connect() as connection:
        return await connection.run_sync(read)


async def table_names(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
        return set(filter(is_described, names))


async def drift(database: Database) -> list[Any]:
    """Differences between the database and what `storage/tables.py` describes."""

    def compare(connection: sa.Connection) -> list[Any]:
        options = {"include_name": is_described}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Table.metadata))

    async with database.engine.connect() as connection:
        return await connection.run_sync(compare)


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """Those that hold what people made, parents first."""
    metadata = sa.MetaData()
    metadata.reflect(connection, only=lambda name, _: is_described(name))
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _value(column: "sa.Column[Any]", rows: Rows) -> Any:
    for key in column.foreign_keys:
        return rows[key.column.table.name][key.column.name]
    if isinstance(column.type, sa.DateTime):
        zone = timezone.utc if column.type.timezone else None
        return datetime(2026, 1, 2, tzinfo=zone)
    return next(value for kind, value in _VALUES.items() if isinstance(column.type, kind))
