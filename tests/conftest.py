"""What everybody's tests stand on: a migrated database of each kind."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from jigsaw_service.storage.database import Database

_BINARIES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def _postgresql(*command: str | Path) -> list[str]:
    """PostgreSQL's programs refuse to run as root."""
    program = str(_BINARIES / command[0]) if _BINARIES else str(command[0])
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return [*prefix, program, *map(str, command[1:])]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL of our own, in a temporary folder, on a free port; without its last part."""
    if _BINARIES is None and shutil.which("initdb") is None:
        pytest.fail("PostgreSQL is missing: `make test` installs it")
    # pytest's own folders are closed to other users, whenever another run of it begins.
    folder = Path(tempfile.mkdtemp(prefix="jigsaw-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", _free_port()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(_postgresql("initdb", "-A", "trust", "-U", "jigsaw", "-D", data), **quiet)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = ["pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run(_postgresql(*control, "-o", options, "start"), **quiet)
    try:
        yield f"postgresql+asyncpg://jigsaw@127.0.0.1:{port}"
    finally:
        subprocess.run(_postgresql(*control, "-m", "immediate", "stop"), **quiet)
        shutil.rmtree(folder, ignore_errors=True)


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
    await database.close()
