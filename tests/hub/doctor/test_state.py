"""Checks of the service's state and port: each fault is made, and found by its name."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import until
from ..doctor_hub import DoctorHub, free_port


@pytest.fixture
def copy(sick: DoctorHub, tmp_path: Path) -> Path:
    """The service's database, to be spoilt."""
    file = tmp_path / "jigsaw.sqlite"
    with sqlite3.connect(sick.demo.folder / "service/jigsaw.sqlite") as source:
        source.backup(target := sqlite3.connect(file))
    target.close()
    return file


@pytest.mark.parametrize(
    ("revision", "name"), [("0001", "database-behind"), ("9999", "database-ahead")]
)
async def test_a_database_of_another_version_is_found(
    sick: DoctorHub, copy: Path, revision: str, name: str
) -> None:
    with sqlite3.connect(copy) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()

    found = await sick.found(setting=sick.setting(db_url=f"sqlite+aiosqlite:///{copy}"))

    assert set(found) == {name}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:////nowhere/jigsaw.sqlite",
        "postgresql+asyncpg://jigsaw:secret@127.0.0.1:{port}/jigsaw",
    ],
)
async def test_a_database_that_is_not_there_is_found(sick: DoctorHub, url: str) -> None:
    url = url.format(port=free_port())

    found = await sick.found(setting=sick.setting(db_url=url))

    assert set(found) == {"database-unreachable"}
    assert "secret" not in str(found)


@pytest.fixture
def secret(sick: DoctorHub, tmp_path: Path) -> Path:
    return Path(shutil.copy(sick.demo.folder / "service/jigsaw_cookie_secret", tmp_path))


async def test_a_cookie_secret_that_is_gone_is_found(sick: DoctorHub, tmp_path: Path) -> None:
    found = await sick.found(setting=sick.setting(cookie_secret_file=str(tmp_path / "gone")))

    assert set(found) == {"cookie-secret-missing"}


async def test_a_cookie_secret_that_others_can_read_is_found(sick: DoctorHub, secret: Path) -> None:
    secret.chmod(0o644)

    found = await sick.found(setting=sick.setting(cookie_secret_file=str(secret)))

    assert set(found) == {"cookie-secret-readable"}
    assert secret.read_text() not in str(found)


async def test_a_cookie_secret_that_is_not_the_one_in_use_is_found(
    sick: DoctorHub, secret: Path
) -> None:
    used = bytes.fromhex(secret.read_text())
    secret.write_text("00" * 32)

    changed = sick.setting(cookie_secret_file=str(secret), cookie_secret=used)
    found = await sick.found(setting=changed)

    assert set(found) == {"cookie-secret-not-kept"}


async def test_a_cookie_secret_in_memory_is_found(sick: DoctorHub, secret: Path) -> None:
    kept = Path(shutil.copy(secret, f"/dev/shm/jigsaw-{os.getpid()}"))
    try:
        found = await sick.found(setting=sick.setting(cookie_secret_file=str(kept)))
    finally:
        kept.unlink()

    assert set(found) == {"cookie-secret-not-kept"}


@pytest.mark.parametrize("program", ["http.server", "mute"])
async def test_another_process_on_the_port_is_found_by_its_name(
    sick: DoctorHub, program: str, tmp_path: Path
) -> None:
    port = free_port()
    mute = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(99)"
    command = ["-c", mute] if program == "mute" else ["-m", program, "-b", "127.0.0.1", str(port)]
    with subprocess.Popen(
        [sys.executable, *command], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as it:
        until(lambda: listens(port))
        url = f"http://127.0.0.1:{port}"
        found = await sick.found(setting=sick.setting(service_url=url))
        it.kill()

    assert set(found) == {"port-taken"}
    assert f"process {it.pid}" in found["port-taken"].says


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_a_port_where_nobody_listens_is_not_taken(sick: DoctorHub) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    assert await sick.found(setting=sick.setting(service_url=url)) == {}
