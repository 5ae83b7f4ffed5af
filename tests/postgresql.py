"""A PostgreSQL of our own, for as long as it is needed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that can be stopped and started; `url` without the last part."""

    url: str
    _control: list[str | Path]
    _options: str

    def start(self) -> None:
        self._run("-o", self._options, "start")

    def stop(self) -> None:
        self._run("-m", "immediate", "stop")

    def _run(self, *arguments: str) -> None:
        # Not in a folder that another user may not enter.
        command = _postgresql(*self._control, *arguments)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def running_postgresql() -> Iterator[str]:
    """In a temporary folder, on a free port; its URL without the last part."""
    with postgresql_server() as server:
        yield server.url


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """The same, to be stopped and started."""
    if _BINARIES is None and shutil.which("initdb") is None:
        raise FileNotFoundError("PostgreSQL is missing: `make test` installs it")
    # pytest's own folders are closed to other users, whenever another run of it begins.
    folder = Path(tempfile.mkdtemp(prefix="jigsaw-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", _free_port()
    make = _postgresql("initdb", "-A", "trust", "-U", "jigsaw", "-D", data)
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/")
    server = Server(
        f"postgresql+asyncpg://jigsaw@127.0.0.1:{port}",
        ["pg_ctl", "-D", data, "-w", "-l", folder / "log"],
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off",
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
