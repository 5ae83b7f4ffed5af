"""Migration: upgrades the database to the newest schema, in process, one process at a time.

PostgreSQL's advisory lock, or SQLite's write lock, is held through the upgrade;
a process that waited for it finds nothing left to do. A migration that fails leaves
the database as it was.

An older version may be at work meanwhile. On PostgreSQL, too, it waits for the
upgrade as a whole: if it got some tables and we others, each would wait for the other.
"""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from .schema import migrations_path
from .tables import Table
from .unusable import DatabaseNewer, DatabaseUnusable, may_succeed_again

# Any number that nobody else's advisory lock on this database has.
_LOCK = 7_465_872_013
_LOCK_TIMEOUT = "60s"
_TRIES = 10


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here: an ini would read `%` and logging into it."""
    made = Config()
    made.set_main_option("script_location", str(migrations_path()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the database to the newest schema; raise DatabaseNewer if it is ahead of us."""
    async with engine.execution_options(writes=True).connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        await connection.run_sync(_upgrade_sqlite if sqlite else _upgrade_postgresql)


def _upgrade_postgresql(connection: Connection) -> None:
    for tries in range(1, _TRIES + 1):
        try:
            with connection.begin():
                connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                _upgrade(connection)
            return
        except DBAPIError as error:
            if tries == _TRIES or not may_succeed_again(error):
                raise


def _upgrade_sqlite(connection: Connection) -> None:
    """Upgrade without foreign keys: migrations rebuild tables, and would delete their children."""
    outside = connection.connection.cursor()
    outside.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            _upgrade(connection)
            if connection.execute(text("PRAGMA foreign_key_check")).first():
                raise DatabaseUnusable("The upgrade would leave rows without their parents.")
    finally:
        outside.execute("PRAGMA foreign_keys = ON")
        outside.close()


def _upgrade(connection: Connection) -> None:
    settings = config(connection)
    scripts = ScriptDirectory.from_config(settings)
    current = MigrationContext.configure(connection).get_current_revision()
    if current and current not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseNewer(
            f"The database is at revision {current}, which this version does not know. "
            "Install the newer version again, or restore a backup."
        )
    if current != scripts.get_current_head():
        if connection.dialect.name == "postgresql":
            _lock_tables(connection)
        command.upgrade(settings, "head")


def _lock_tables(connection: Connection) -> None:
    """Lock all our tables before any is changed, and first the one with which most writes begin."""
    names = Table.metadata.tables.keys() & set(inspect(connection).get_table_names())
    if names:
        tables = ", ".join(sorted(names, key=lambda name: (name != "workspaces", name)))
        connection.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))
