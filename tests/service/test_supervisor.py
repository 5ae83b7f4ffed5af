"""The supervisor: a crash is mended at once, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jigsaw_service.service.supervisor import pause_after

from .test_process import ROOT, answers, environment, port, until

__all__ = ["environment", "port"]

COMMAND = [sys.executable, "-m", "jigsaw_service.service.supervisor"]


@pytest.fixture
def supervisor(
    environment: dict[str, str], port: int, tmp_path: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(COMMAND, cwd=tmp_path, env=environment)
    until(lambda: answers(port))
    yield process
    process.kill()
    process.wait()
    until(lambda: not answers(port))


def service_of(supervisor: "subprocess.Popen[bytes]") -> int:
    """Its one child."""
    tasks = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children")
    (child,) = tasks.read_text().split()
    return int(child)


def lives(pid: int) -> bool:
    """True if the process runs: it is neither gone nor a zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_who_calls_after_a_crash_is_answered_by_the_next_one(
    supervisor: "subprocess.Popen[bytes]", port: int
) -> None:
    killed = service_of(supervisor)
    os.kill(killed, signal.SIGKILL)
    until(lambda: not lives(killed))

    answer = httpx.get(f"http://127.0.0.1:{port}/services/jigsaw/health", timeout=60)

    assert answer.status_code == 200
    assert service_of(supervisor) != killed
    assert supervisor.poll() is None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_both_stop_in_order(
    supervisor: "subprocess.Popen[bytes]", port: int, how: signal.Signals
) -> None:
    service = service_of(supervisor)

    supervisor.send_signal(how)

    assert supervisor.wait(20) == 0
    assert not lives(service) and not answers(port)


def test_a_stop_is_heard_while_the_service_is_still_starting(
    environment: dict[str, str], tmp_path: Path, port: int
) -> None:
    process = subprocess.Popen(COMMAND, cwd=tmp_path, env=environment)
    until(lambda: _takes(port))
    process.terminate()

    assert process.wait(20) in (0, -signal.SIGTERM)
    until(lambda: not _takes(port))


def _takes(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_supervisor_that_was_killed_leaves_no_service_behind(
    supervisor: "subprocess.Popen[bytes]", port: int
) -> None:
    service = service_of(supervisor)
    supervisor.kill()
    supervisor.wait()

    until(lambda: not lives(service))
    assert not _takes(port)


def test_a_hub_that_was_killed_leaves_neither_behind(
    environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    command = f"{' '.join(COMMAND)} & wait"
    hub = subprocess.Popen(["sh", "-c", command], cwd=tmp_path, env=environment)
    until(lambda: answers(port))
    hub.kill()
    hub.wait()

    until(lambda: not _takes(port))


def test_a_port_that_is_taken_is_told_before_anything_is_started(
    supervisor: "subprocess.Popen[bytes]", environment: dict[str, str], tmp_path: Path, port: int
) -> None:
    second = subprocess.run(
        COMMAND, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )

    assert second.returncode == 1
    assert second.stderr.startswith(f"Port {port} is taken by process ")


def test_a_mistake_in_the_configuration_is_told_and_not_tried_again(
    environment: dict[str, str], tmp_path: Path
) -> None:
    del environment["JUPYTERHUB_SERVICE_PREFIX"]

    told = subprocess.run(
        COMMAND, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )

    assert told.returncode == 1
    assert told.stderr.count("JUPYTERHUB_SERVICE_PREFIX is not set") == 1, told.stderr


def test_pauses_grow_while_it_crashes_in_a_loop() -> None:
    assert [pause_after(crashes) for crashes in (1, 2, 3, 4, 99)] == [0, 1, 2, 4, 16]


def test_it_stays_small() -> None:
    look = "import sys, jigsaw_service.service.supervisor; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert not {"asyncio", "tornado", "traitlets", "sqlalchemy"} & set(told.stdout.split())
