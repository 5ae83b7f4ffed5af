"""A PostgreSQL of our own, for as long as it is needed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def running_postgresql() -> Iterator[str]:
    """In a temporary folder, on a free port; its URL without the last part."""
    if _BINARIES is None and shutil.which("initdb") is None:
        raise FileNotFoundError("PostgreSQL is missing: `make test` installs it")
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
