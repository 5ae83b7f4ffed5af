"""This process among the others of the machine: who holds a port, and does the Hub still live."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

_LISTENS = "0A"
_LOOK_SECONDS = 1.0


def holder(port: int, proc: Path = Path("/proc")) -> str:
    """What listens on the port, in words; "" where the system doesn't tell.

    Without its arguments: there may be a secret in them.
    """
    sockets = {
        f"socket:[{fields[9]}]"
        for table in ("self/net/tcp", "self/net/tcp6")
        for fields in _rows(proc / table)
        if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port
    }
    for process in proc.glob("[0-9]*"):
        try:
            if any(os.readlink(one) in sockets for one in (process / "fd").iterdir()):
                name = (process / "comm").read_text().strip()
                return f"process {process.name} ({name}, of {process.owner()})"
        except (OSError, KeyError):
            # It has ended, or is somebody else's.
            continue
    return ""


def _rows(table: Path) -> list[list[str]]:
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return []
    return [line.split() for line in lines]


async def watch_parent(lost: Callable[[], object]) -> None:
    """Call `lost` once whoever started us has ended; they can't stop us any more."""
    parent = os.getppid()
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if os.getppid() != parent:
            lost()
            return
