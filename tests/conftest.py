"""Fixtures of all tests: a migrated database of each kind."""

import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from jigsaw_service.runtime import tasks
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.sqlite import sqlite_path

from .postgresql import running_postgresql


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL of our own; without the last part of its URL."""
    with running_postgresql() as url:
        yield url


@pytest.fixture(scope="session")
async def migrated_postgresql(postgresql_url: str) -> str:
    """The name of a migrated database, to be copied: much faster than to migrate another."""
    name = "migrated"
    await _in_postgresql(postgresql_url, f"CREATE DATABASE {name}")
    await _migrate(f"{postgresql_url}/{name}")
    return name


@pytest.fixture(scope="session")
async def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("migrated") / "jigsaw.sqlite"
    await _migrate(f"sqlite+aiosqlite:///{path}")
    return path


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.open()
    await database.migrate()
    await database.close()


@pytest.fixture
async def new_postgresql(
    postgresql_url: str, migrated_postgresql: str, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The URL of a PostgreSQL database, empty unless the test wants `database`, too."""
    name = f"test_{secrets.token_hex(6)}"
    template = migrated_postgresql if "database" in request.fixturenames else "template1"
    await _in_postgresql(postgresql_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{postgresql_url}/{name}"
    await _in_postgresql(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _in_postgresql(url: str, statement: str) -> None:
    import asyncpg

    admin = await asyncpg.connect(f"{url}/postgres".replace("+asyncpg", ""))
    await admin.execute(statement)
    await admin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"
    url: str = request.getfixturevalue("new_postgresql")
    return url


@pytest.fixture
async def database(empty_url: str, migrated_sqlite: Path) -> AsyncIterator[Database]:
    """A migrated database, one of each kind."""
    if empty_url.startswith("sqlite"):
        shutil.copyfile(migrated_sqlite, sqlite_path(empty_url))
    database = Database(empty_url)
    await database.open()
    yield database
    for left in list(tasks._running):
        left.cancel()
    await database.close()
