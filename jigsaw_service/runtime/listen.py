"""Listening port of the service: bound, handed on to a child, and who holds it.

Without asyncio or tornado: the supervisor, which must stay small, binds too.
"""

import errno
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

# Tells a child the file descriptors of the sockets that it was handed.
HANDED_ON = "JIGSAW_SOCKETS"
_LISTENS = "0A"
# A machine may know an address by name, and yet be without IPv6.
_NO_IPV6 = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)


def bind(url: str) -> list[socket.socket]:
    """Listen where `url` says, on each of its addresses; exit, naming who listens there."""
    where = urlsplit(url)
    port = where.port or 80
    found = socket.getaddrinfo(
        where.hostname, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    listening = []
    for family, address in dict.fromkeys((one[0], one[4]) for one in found):
        try:
            listening.append(socket.create_server(address, family=family))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                held = holder(port) or "a process that is somebody else's"
                sys.exit(f"Port {port} is taken by {held}. Stop it, or give the service another.")
            if error.errno not in _NO_IPV6 or family != socket.AF_INET6:
                raise
    return listening


def handed_on() -> list[socket.socket]:
    """The sockets that our parent listens on and has handed to us, if it has."""
    numbers = os.environ.pop(HANDED_ON, "")
    return [socket.socket(fileno=int(number)) for number in numbers.split(",") if number]


def holder(port: int, proc: Path = Path("/proc")) -> str:
    """Process that listens on the port, in words; "" where the system doesn't tell.

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
