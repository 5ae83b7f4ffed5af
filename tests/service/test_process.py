"""The service as a process: its port, its end, and the end of the process that started it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from jigsaw_service.app import _end
from jigsaw_service.runtime.listen import holder
from jigsaw_service.runtime.tasks import spawn
from jigsaw_service.storage import schema
from jigsaw_service.storage.database import Database

ROOT = Path(__file__).parents[2]


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/services/jigsaw/health").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def environment(port: int) -> dict[str, str]:
    """As of a Hub that is out of reach."""
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "JUPYTERHUB_API_TOKEN": "t",
        "JUPYTERHUB_API_URL": "http://127.0.0.1:1/hub/api",
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_CLIENT_ID": "service-jigsaw",
        "JUPYTERHUB_SERVICE_NAME": "jigsaw",
        "JUPYTERHUB_SERVICE_PREFIX": "/services/jigsaw/",
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps(["access:services!service=jigsaw"]),
    }


COMMAND = [sys.executable, "-m", "jigsaw_service"]


@pytest.fixture
def service(
    environment: dict[str, str], port: int, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(COMMAND, cwd=tmp_path, env=environment, start_new_session=True)
    until(lambda: answers(port))
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_in_order_at_once(service: subprocess.Popen[bytes], how: signal.Signals) -> None:
    service.send_signal(how)
    assert service.wait(20) == 0


def test_who_is_in_mid_request_when_it_stops_is_answered(
    service: subprocess.Popen[bytes], port: int
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
        caller.sendall(b"POST /services/jigsaw/api/none HTTP/1.1\r\nHost: a\r\n")
        caller.sendall(b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        # From now on it is at work on it.
        assert caller.recv(100).startswith(b"HTTP/1.1 100 ")
        service.terminate()
        until(lambda: not answers(port))
        caller.sendall(b"null")
        assert caller.recv(100).startswith(b"HTTP/1.1 ")
    assert service.wait(20) == 0


async def test_work_that_takes_its_end_for_a_fault_is_ended_all_the_same() -> None:
    heard = 0

    async def try_again() -> None:
        nonlocal heard
        while heard < 3:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                heard += 1

    task = spawn(try_again(), name="stubborn")
    await asyncio.sleep(0)

    await asyncio.wait_for(_end(task), 60)

    assert (task.done(), heard) == (True, 3)


def test_a_second_one_names_the_process_that_holds_the_port(
    service: subprocess.Popen[bytes], environment: dict[str, str], tmp_path: Path, port: int
) -> None:
    second = subprocess.run(
        COMMAND, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )

    assert second.returncode == 1
    assert f"Port {port} is taken by process {service.pid} (" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_port_is_looked_up_in_both_versions_of_the_protocol(family: socket.AddressFamily) -> None:
    with socket.socket(family) as listening:
        listening.bind(("127.0.0.1" if family is socket.AF_INET else "::1", 0))
        taken = listening.getsockname()[1]
        assert holder(taken) == ""
        listening.listen()
        assert holder(taken).startswith(f"process {os.getpid()} (")


def test_what_the_system_does_not_tell_is_not_made_up(tmp_path: Path) -> None:
    assert holder(80, proc=tmp_path) == ""


def test_a_service_that_the_hub_manages_ends_with_a_hub_that_was_killed(
    environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    managed = environment | {"JIGSAW_MANAGED": "1"}
    hub = subprocess.Popen(["sh", "-c", f"{' '.join(COMMAND)} & wait"], cwd=tmp_path, env=managed)
    until(lambda: answers(port))
    hub.kill()
    hub.wait()
    until(lambda: not answers(port))


def test_all_that_it_logs_is_json_if_the_operator_likes(
    environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    service = subprocess.Popen(
        [*COMMAND, "--JigsawService.json_logs=True"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
    )
    until(lambda: answers(port))
    httpx.get(f"http://127.0.0.1:{port}/services/jigsaw/api/user?secret=1")
    service.terminate()
    _, written = service.communicate(timeout=30)

    told = [json.loads(line) for line in written.splitlines()]
    assert any(line["message"].startswith("Answering at") for line in told)
    (asked,) = [line for line in told if line.get("path") == "/services/jigsaw/api/user"]
    assert asked["status"] in (401, 502, 503) and len(asked["request_id"]) == 16
    assert b"secret" not in written


async def test_a_database_that_is_newer_keeps_it_waiting_and_does_not_end_it(
    environment: dict[str, str], port: int, tmp_path: Path, empty_url: str
) -> None:
    async def at_revision(revision: str) -> None:
        guest = Database(empty_url, alone=not empty_url.startswith("sqlite"))
        await guest.open()
        async with guest.write() as db:
            await db.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
        await guest.close()

    database = Database(empty_url)
    await database.open()
    await database.migrate()
    await database.close()
    await at_revision("9999")
    service = subprocess.Popen(
        COMMAND, cwd=tmp_path, env=environment | {"JIGSAW_DB_URL": empty_url}
    )
    try:
        await asyncio.to_thread(until, lambda: "database-newer" in missing(port))
        assert service.poll() is None
        await at_revision(schema.newest())
        await asyncio.to_thread(until, lambda: is_ready(port))
    finally:
        service.terminate()
        assert service.wait(20) == 0


def is_ready(port: int) -> bool:
    """It is, whatever the Hub does."""
    ready = httpx.get(f"http://127.0.0.1:{port}/services/jigsaw/ready")
    return bool(ready.json() == {"ready": True, "missing": [], "hub": False})


def missing(port: int) -> list[str]:
    """Slugs that `ready` tells."""
    try:
        ready = httpx.get(f"http://127.0.0.1:{port}/services/jigsaw/ready")
    except httpx.TransportError:
        return []
    assert ready.status_code == 503
    return list(ready.json()["missing"])
