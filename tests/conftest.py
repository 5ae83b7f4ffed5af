"""What everybody's tests stand on: a migrated database of each kind."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from jigsaw_service import background
from jigsaw_service.storage.database import Database

from .postgresql import running_postgresql


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL of our own; without the last part of its URL."""
    with running_postgresql() as url:
        yield url


@pytest.fixture
async def new_postgresql(postgresql_url: str) -> AsyncIterator[str]:
    """The URL of an empty PostgreSQL database."""
    import asyncpg

    name = f"test_{secrets.token_hex(6)}"
    admin_url = f"{postgresql_url}/postgres".replace("+asyncpg", "")
    admin = await asyncpg.connect(admin_url)
    await admin.execute(f"CREATE DATABASE {name}")
    yield f"{postgresql_url}/{name}"
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"
    url: str = request.getfixturevalue("new_postgresql")
    return url


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    """A migrated database, one of each kind."""
    database = Database(empty_url)
    await database.open()
    await database.migrate()
    yield database
    for left in list(background._running):
        left.cancel()
    await database.close()
