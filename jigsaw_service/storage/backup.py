"""Backups: one state of the database in a file, and back again with new epochs.

SQLite: a copy of the file, which is a database by itself. PostgreSQL: see `dump`.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from ..runtime.private_file import create_private
from . import dump
from .database import SERVICE, Database
from .sqlite import copy_database, keep_copy, make_whole, sqlite_path
from .sqlite_file import FileLock
from .unusable import DatabaseInUse, DatabaseUnusable

SQLITE_EPOCHS = "UPDATE workspaces SET epoch = lower(hex(randomblob(4)))"


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


async def write(url: str, file: Path) -> None:
    """Write a backup into a new file, also while the service runs; FileExistsError if it exists."""
    with create_private(file):
        if is_sqlite(url):
            await asyncio.to_thread(copy_database, sqlite_path(url), file)
            await asyncio.to_thread(make_whole, file)
        else:
            engine = create_async_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
            async with engine.connect() as connection:
                await connection.run_sync(dump.write, file)


async def restore(url: str, file: Path) -> Path | None:
    """Replace all that is there by what the file holds; what there was stays as a file.

    Raises DatabaseInUse while the service runs, DatabaseUnusable for what is no backup.
    """
    if is_sqlite(url):
        return await _restore_sqlite(url, file)
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(lambda db: dump.read(db, file, service=SERVICE))
    return None


async def _restore_sqlite(url: str, file: Path) -> Path | None:
    """The copy is made ready beside the database, and then takes its place in one transaction."""
    path = sqlite_path(url)
    ready = path.with_name(f"{path.name}.restoring")
    _check(file)
    lock = FileLock(path)
    if not lock.take():
        raise DatabaseInUse("The service uses the database. Stop it first.")
    try:
        kept = None
        if await asyncio.to_thread(path.exists):
            kept = await asyncio.to_thread(keep_copy, path, "before-restore")
        await asyncio.to_thread(copy_database, file, ready)
        await _prepare(make_url(url).set(database=str(ready)).render_as_string(False))
        await asyncio.to_thread(copy_database, ready, path)
        return kept
    finally:
        for left in path.parent.glob(f"{ready.name}*"):
            left.unlink()
        lock.release()


def _check(file: Path) -> None:
    if not file.is_file():
        raise DatabaseUnusable(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            (found,) = db.execute("PRAGMA quick_check").fetchone()
            db.execute("SELECT count(*) FROM workspaces, alembic_version LIMIT 1")
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{file} is no backup of an SQLite database: {error}.") from error
    if found != "ok":
        raise DatabaseUnusable(f"{file} is damaged: {found}.")


async def _prepare(url: str) -> None:
    """Upgrade it, if it is of an older version, and begin new epochs."""
    copy = Database(url)
    try:
        await copy.open()
        await copy.migrate()
        async with copy.write() as db:
            connection = await db.connection()
            await connection.exec_driver_sql(SQLITE_EPOCHS)
    except DatabaseError as error:
        raise DatabaseUnusable(str(error.orig)) from error
    finally:
        await copy.close()
