"""Database: the engine, and the ways to open a transaction.

`read()` and `write()` are transactions for one caller. `change()` is a write
too, made for saves: without the ORM, and on SQLite those that wait for the disk
at the same time are committed together.

What was handed out by `write()` or `change()` is committed when they return.
With `about`, everybody who has that workspace open hears of it then (`notices`):
that it has changed, or with `message` just that.
"""

import asyncio
import logging
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from ..errors import JigsawError, NotReady, StorageFailed
from ..runtime.tasks import spawn
from . import faults, schema
from .fault_log import FaultLog
from .group_commit import GroupCommit, Outcome
from .notices import Notices
from .sqlite import beside, copy_open_database, keep_copy, sqlite_engine, sqlite_path
from .sqlite_file import FileLock, OpenFile, set_log_aside
from .unusable import DatabaseInUse, DatabaseNewer, DatabaseOlder, DatabaseUnusable

__all__ = ["Database", "DatabaseUnusable", "also_about"]

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[Connection], T]

# Name of the service's connections in PostgreSQL's list of them.
SERVICE = "jigsaw-service"
_POSTGRESQL_CONNECTIONS = 10
# Kilobytes of each connection to SQLite. The system keeps the file's pages, too.
_READERS_CACHE, _WRITERS_CACHE = 256, 1024
_AT_ONCE = 64
_TRIAL_SECONDS = 5
# Times as long as reading SQLite's file as a whole took, it isn't read again.
_READING_PAUSE = 50
# Neither SQLite nor PostgreSQL looks whether a row becomes what it is: it is written.
_TRIAL = text("UPDATE alembic_version SET version_num = version_num")

_ALSO = "also about"
_VERSION = "data version"
_MISSES = (
    "There is no database at {0}, where one was before; none is made in its place. Put it back "
    "(a backup, or a copy beside it whose name says `rescued`), or delete {0}.lock to begin "
    "with an empty one."
)


def also_about(db: AsyncSession, workspace_ids: Iterable[str]) -> None:
    """Note in a `write()` that these workspaces have changed, too."""
    db.info.setdefault(_ALSO, []).extend(workspace_ids)


class Database:
    """Database, SQLite or PostgreSQL, by its SQLAlchemy URL."""

    def __init__(self, url: str, *, synchronous: str = "FULL", alone: bool = True) -> None:
        """`alone`: on SQLite, no other process may be. Without it, one may be a guest beside the
        service: it makes no database, upgrades none, and is heard of within seconds."""
        self._url = url
        self._synchronous = synchronous
        self._alone = alone
        self._engines: _Engines | None = None
        self._sqlite = url.startswith("sqlite")
        self._lock = FileLock(sqlite_path(url)) if self._sqlite and alone else None
        self._file: OpenFile | None = None
        self._lost = False
        # The time from which its file may be read again as a whole.
        self._remembering_at = 0.0
        self._fault_log = FaultLog()
        self._backed_up = False
        # Asking SQLite for its lock without a queue of our own starves some callers.
        self._turn: AbstractAsyncContextManager[None] = (
            asyncio.Lock() if self._sqlite else nullcontext()
        )
        self._group = GroupCommit[Work[Any], Any](self._commit, at_once=_AT_ONCE, turn=self._turn)
        self.notices = Notices(url, self._guest_wrote)

    @property
    def engine(self) -> AsyncEngine:
        return self._open.plain

    @property
    def _open(self) -> "_Engines":
        if self._engines is None:
            raise NotReady("The database is not open yet.")
        return self._engines

    async def open(self) -> None:
        """Connect, or raise DatabaseUnusable; may be called again after that."""
        with _reached():
            if self._lock and not self._lock.take():
                raise DatabaseInUse(f"Another process uses {self._url}. Stop it first.")
            if self._lock and self._lock.misses():
                raise DatabaseUnusable(_MISSES.format(sqlite_path(self._url)), "database-missing")
            if self._sqlite and not self._alone and not sqlite_path(self._url).exists():
                raise DatabaseUnusable(f"There is no database at {sqlite_path(self._url)}.")
            engines = self._engines or self._make_engines()
            async with engines.plain.connect() as connection:
                await connection.execute(text("SELECT 1"))
        self._engines = engines
        if self._sqlite:
            self._file = OpenFile(sqlite_path(self._url))

    def _make_engines(self) -> "_Engines":
        if self._sqlite:
            # Its reads are of one state anyway. One connection writes, and keeps what it knows.
            reader, writer = (
                sqlite_engine(self._url, self._synchronous, cache_kilobytes=kilobytes)
                for kilobytes in (_READERS_CACHE, _WRITERS_CACHE)
            )
            return _Engines(
                plain=reader, reads=reader, writes=writer.execution_options(writes=True)
            )
        engine = create_async_engine(
            self._url,
            pool_pre_ping=True,
            pool_size=_POSTGRESQL_CONNECTIONS,
            max_overflow=0,
            hide_parameters=True,
            connect_args={"server_settings": {"application_name": SERVICE if self._alone else ""}},
        )
        return _Engines(
            plain=engine,
            reads=engine.execution_options(isolation_level="REPEATABLE READ"),
            writes=engine.execution_options(writes=True),
        )

    async def migrate(self) -> None:
        """Upgrade to the newest schema; DatabaseNewer, or DatabaseUnusable when it fails.

        An SQLite file is copied before, once: a failed upgrade may be tried again and again.
        """
        with _reached():
            revision = await schema.revision(self.engine)
            if revision != schema.newest():
                await self._upgrade(revision)
            if self._lock:
                self._lock.mark()

    async def _upgrade(self, revision: str) -> None:
        if self._sqlite and "" < revision < schema.newest() and not self._backed_up:
            copy = await asyncio.to_thread(keep_copy, sqlite_path(self._url), f"backup-{revision}")
            self._backed_up = True
            log.info("Before the upgrade, the database was copied to %s", copy)
        from . import migrate

        await migrate.upgrade(self._open.writes)

    async def require_newest(self) -> None:
        """Raise DatabaseOlder or DatabaseNewer unless the schema is the one we know."""
        with _reached():
            revision = await schema.revision(self.engine)
        if revision < schema.newest():
            raise DatabaseOlder(
                f"The database is {f'at revision {revision}' if revision else 'empty'}, and this "
                f"version needs {schema.newest()}. Run `jigsaw-service migrate` while the service "
                "is stopped, or start the service."
            )
        if revision > schema.newest():
            raise DatabaseNewer(
                f"The database is at revision {revision}, which this version does not know. "
                "Use the newer version."
            )

    async def close(self) -> None:
        """Give back every connection and the file."""
        await self.notices.close()
        if self._engines and not (self._file and self._file.is_overwritten):
            # The last connection that closes would write the log into what lies there now.
            await self._engines.plain.dispose()
            await self._engines.writes.dispose()
        self._engines = None
        if self._lock:
            self._lock.release()

    async def _guest_wrote(self) -> bool:
        """True if, on SQLite, another process may have written since this was asked last."""
        with self._answering():
            # All that we write goes through that one connection.
            async with self._turn, self._open.writes.connect() as connection:
                await connection.execution_options(writes=False)
                version = await connection.scalar(text("PRAGMA data_version"))
                # Compared with what the same connection said before: another's means nothing.
                known = connection.info.get(_VERSION)
                connection.info[_VERSION] = version
        return bool(version != known)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads, from one state of the database."""
        with self._answering():
            async with _session(self._open.reads) as db, db.begin():
                yield db

    @asynccontextmanager
    async def write(
        self, *, about: str | None = None, message: str = ""
    ) -> AsyncIterator[AsyncSession]:
        """A transaction that is committed at the end, or undone by any exception."""
        told: list[tuple[str, str]] = []
        with self._answering():
            async with self._turn, _session(self._open.writes) as db:
                async with db.begin():
                    yield db
                    told = [(about, message)] if about else []
                    told += [(also, "") for also in db.info.get(_ALSO, ())]
                    for one in told:
                        connection = await db.connection()
                        await connection.run_sync(self.notices.send, *one)
        for one in told:
            self.notices.publish(*one)

    async def change(self, work: Work[T], *, about: str | None = None) -> T:
        """Do `work` in a transaction and commit it; what it raises undoes it alone."""
        if about is None:
            return await self._change(work)

        def noticed(db: Connection) -> T:
            result = work(db)
            self.notices.send(db, about)
            return result

        result = await self._change(noticed)
        self.notices.publish(about)
        return result

    async def _change(self, work: Work[T]) -> T:
        with self._answering():
            if self._sqlite:
                result: T = await self._group.submit(work)
                return result
            async with self._open.writes.begin() as connection:
                return await connection.run_sync(work)

    async def _commit(self, works: list[Work[Any]]) -> list[Outcome[Any]]:
        async with self._open.writes.begin() as connection:
            return await connection.run_sync(_attempt_all, works)

    async def trial(self) -> str | None:
        """The fault's slug that a save would meet now, found by writing something; None: none."""
        try:
            await asyncio.wait_for(self.change(lambda db: db.execute(_TRIAL)), _TRIAL_SECONDS)
        except StorageFailed as failed:
            return str(failed.members["fault"])
        except (NotReady, asyncio.TimeoutError):
            return "database-busy"
        # A database that can be written may be read no more.
        return faults.DAMAGED if self._fault_log.damaged else None

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """A database that fails in mid-work is NotReady or StorageFailed, not a bug of ours."""
        self._require_file()
        try:
            yield
        except (ConnectionError, SQLAlchemyError, sqlite3.Error) as error:
            refusal = faults.refusal_of(error)
            if refusal is None:
                raise
            self._fault_log.count(refusal, error)
            raise refusal from error
        # A commit to a file that is gone isn't kept.
        self._require_file()

    def _require_file(self) -> None:
        fault = self._file.fault() if self._file else None
        was_lost, self._lost = self._lost, fault is not None
        if fault and (failed := faults.storage_failed(fault)):
            if not was_lost:
                spawn(self._rescue(fault), name="keeping what a lost database held")
            raise failed
        if self._file and not self._file.is_known and time.monotonic() >= self._remembering_at:
            self._remembering_at = math.inf
            spawn(self._remember(self._file), name="reading the database's file")

    async def _remember(self, file: OpenFile) -> None:
        """Know what the file holds; seldom, where that takes long."""
        began = time.monotonic()
        try:
            await asyncio.to_thread(file.remember)
        finally:
            took = time.monotonic() - began
            self._remembering_at = time.monotonic() + _READING_PAUSE * took

    async def _rescue(self, fault: str) -> None:
        """Keep what is open as a file, as it would be gone with this process."""
        path = sqlite_path(self._url)
        if self._file and self._file.is_overwritten:
            self._set_log_aside(path)
            return
        copy = beside(path, "rescued")
        log.error("%s: another file, or none, lies at %s; nothing is stored there", fault, path)
        try:
            await copy_open_database(self._open.plain, copy)
        except (OSError, SQLAlchemyError, sqlite3.Error):
            log.exception("What the database held could not be kept as %s", copy)
        else:
            log.error(
                "What the database held is in %s. Stop the service, move that file to %s unless "
                "you have put another there on purpose, and start it again.",
                copy,
                path,
            )

    def _set_log_aside(self, path: Path) -> None:
        """Keep what was put into the file as it came: only a backup has what was there before."""
        aside = beside(path, "overwritten")
        set_log_aside(path, aside)
        log.error(
            "Another program has written over %s while it was in use; nothing is stored there. "
            "What it held is in your backups alone; its last changes are in %s-wal. Stop the "
            "service, put a whole database there unless that is one, and start it again.",
            path,
            aside,
        )


def _session(engine: AsyncEngine) -> AsyncSession:
    return AsyncSession(engine, expire_on_commit=False)


@dataclass(frozen=True)
class _Engines:
    """Engines by what a transaction is for: options set once, as that takes time."""

    plain: AsyncEngine
    reads: AsyncEngine
    writes: AsyncEngine


def _attempt_all(connection: Connection, works: list[Work[Any]]) -> list[Outcome[Any]]:
    return [_attempt(connection, work) for work in works]


def _attempt(connection: Connection, work: Work[Any]) -> Outcome[Any]:
    """Attempt one caller's work; a refusal that came before any write disturbs nobody else."""
    written = _written(connection)
    try:
        return Outcome(work(connection))
    except JigsawError as refusal:
        if _written(connection) != written:
            raise
        return Outcome(fault=refusal)


def _written(connection: Connection) -> int:
    """Number of rows that SQLite has written on this connection."""
    driver = connection.connection.driver_connection
    return int(driver.total_changes) if driver else 0


@contextmanager
def _reached() -> Iterator[None]:
    """Anything that keeps us from the database, as DatabaseUnusable."""
    try:
        yield
    except (OSError, SQLAlchemyError, sqlite3.Error, ImportError) as error:
        slug = faults.slug_of(error) or faults.UNREACHABLE
        raise DatabaseUnusable(f"{type(error).__name__}: {error}", slug) from error
