"""SQLite made safe and fast: pragmas, copies, no thread for trifles."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

T = TypeVar("T")

_BUSY_SECONDS = 10
# Statements that may wait for the disk, or for a lock that another process holds.
_SLOW = ("BEGIN IMMEDIATE", "PRAGMA", "VACUUM")
_SLOW_CALLS = ("commit", "backup")


class DirectConnection(aiosqlite.Connection):
    """Runs on the caller's own thread what takes microseconds.

    A read, or a write into SQLite's page cache, takes less time than handing it
    to aiosqlite's thread and back, so only what may wait goes there: the lock
    that opens a write, and the commit. Measured: five times the saves a second.

    The thread goes on with a call whose caller was cancelled, and `sqlite3` dies of
    two threads in one connection: until it is done, everything else queues behind it.
    """

    # Each is written by one thread only.
    _given = 0
    _done = 0
    _stopping = False
    _stopped: "asyncio.Future[Any] | None" = None

    def stop(self) -> "asyncio.Future[Any] | None":
        """Once: the thread ends with the first, and would leave a second waiting for ever.

        SQLAlchemy gives a connection up at once when somebody is cancelled who is closing it.
        """
        if not self._stopping:
            self._stopping = True
            self._stopped = super().stop()
        return None if self._stopped is None or self._stopped.done() else self._stopped

    # aiosqlite has no public place through which every call to its thread goes.
    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        statement = args[0] if args and isinstance(args[0], str) else ""
        slow = statement.startswith(_SLOW) or getattr(fn, "__name__", "") in _SLOW_CALLS
        if not slow and self._given == self._done and self._connection is not None:
            return fn(*args, **kwargs)

        def call() -> T:
            try:
                return fn(*args, **kwargs)
            finally:
                self._done += 1

        if self._running and self._connection is not None:
            self._given += 1
        return await super()._execute(call)  # type: ignore[no-any-return, no-untyped-call]


def sqlite_path(url: str) -> Path:
    """The file that the URL names."""
    return Path(make_url(url).database or ":memory:")


def copy_database(source: Path, target: Path) -> None:
    """Write one state of the database into another file, also while it is in use."""
    with closing(sqlite3.connect(source)) as original, closing(_copy_at(target)) as copy:
        original.backup(copy)


async def copy_open_database(engine: AsyncEngine, target: Path) -> None:
    """The same of what `engine` has open, whatever lies at its path by now."""
    part = target.with_name(f"{target.name}.part")
    async with engine.connect() as connection:
        opened: Any = (await connection.get_raw_connection()).driver_connection
        with closing(_copy_at(part)) as copy:
            await opened.backup(copy)
    await asyncio.to_thread(make_whole, part)
    part.rename(target)


def _copy_at(target: Path) -> sqlite3.Connection:
    # Readable by us alone: it holds people's programs.
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))
    return sqlite3.connect(target, timeout=_BUSY_SECONDS, check_same_thread=False)


def make_whole(path: Path) -> None:
    """Keep the database in this one file, until it is opened to be written."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


def beside(path: Path, what: str) -> Path:
    """Path of a copy of the file, with the time in its name."""
    now = datetime.now(timezone.utc)
    return path.with_name(f"{path.name}.{what}-{now:%Y-%m-%d-%H%M%S}")


def keep_copy(path: Path, what: str) -> Path:
    """Keep a copy beside the file."""
    copy = beside(path, what)
    copy_database(path, copy)
    make_whole(copy)
    return copy


def sqlite_engine(url: str, synchronous: str, *, cache_kilobytes: int) -> AsyncEngine:
    """An engine on one file, in WAL mode, with foreign keys enforced.

    Each connection has its own cache, of no use once another has written: so the one that was
    used last is used again.

    `synchronous` is SQLite's: FULL loses nothing at a power cut; NORMAL may lose
    the last moments then, though nothing when only the service is killed.
    """
    path = make_url(url).database or ":memory:"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
        )

    async def connection() -> aiosqlite.Connection:
        made = DirectConnection(connect, iter_chunk_size=64)
        # One whose opening was cancelled is closed by nobody, and must not keep the process.
        thread: Any = getattr(made, "_thread", made)
        thread.daemon = True
        return await made

    engine = create_async_engine(
        url, async_creator=connection, hide_parameters=True, pool_use_lifo=True
    )
    _prepare(engine.sync_engine, synchronous, cache_kilobytes)
    return engine


def _prepare(engine: Engine, synchronous: str, cache_kilobytes: int) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            f"cache_size = -{cache_kilobytes}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
