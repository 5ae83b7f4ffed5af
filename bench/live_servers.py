"""Servers that pass edits on: the service, a blind relay, and jupyter-collaboration's server."""

import os
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.hub.conftest import ROOT, Demo, answers, until
from tests.hub.people import Person
from tests.hub.processes import service_of

from .ports import free_port, listens

_TEXT = "x" * 60
_COLLABORATION = ROOT / ".venvs/collaboration/bin/python"
_TOKEN = "bench"


@dataclass
class Connection:
    """A browser tab as the network sees it."""

    ws: aiohttp.ClientWebSocketResponse
    room: int
    n: int = 0
    state: Any = None


class Server(ABC):
    """Somebody who passes edits on."""

    name = ""
    pid: int

    @abstractmethod
    async def connect(self, http: aiohttp.ClientSession, room: int) -> Connection:
        """One more connection in a room."""

    @abstractmethod
    def stop(self) -> None:
        """End its process."""

    @abstractmethod
    def edit(self, connection: Connection, stamp: str) -> str | bytes:
        """The next edit of a connection, with `stamp` in it."""


class Ours(Server):
    """The service; every connection is of one person, with a token."""

    name = "jigsaw"

    def __init__(self, demo: Demo) -> None:
        _restart(demo)
        self._person = Person(demo.url, "alice").sign_in()
        self.pid = service_of(demo.folder)
        self._base = f"http://127.0.0.1:{_port_of(self.pid)}{demo.url.split('/', 3)[3].join('//')}"
        self._base = self._base.rstrip("/") + "/"
        self._rooms: dict[int, str] = {}

    def stop(self) -> None:
        """The demo is still needed."""

    async def connect(self, http: aiohttp.ClientSession, room: int) -> Connection:
        headers = {"Authorization": f"token {self._person.token}"}
        if room not in self._rooms:
            made = {"name": f"Room {room}", "language": "python", "xml": _BLOCKS}
            url = f"{self._base}api/workspaces"
            async with http.post(url, json=made, headers=headers) as answer:
                answer.raise_for_status()
                self._rooms[room] = (await answer.json())["id"]
        url = f"{self._base}api/workspaces/{self._rooms[room]}/live"
        ws = await http.ws_connect(url, headers=headers, max_msg_size=0)
        connection = Connection(ws, room, state=f"b{id(ws) % 20}")
        client = f"{id(ws):032x}"
        await ws.send_json({"type": "hello", "protocol": 1, "client": client})
        while (await ws.receive_json())["type"] != "welcome":
            pass
        return connection

    def edit(self, connection: Connection, stamp: str) -> str:
        connection.n += 1
        text = f'"f:TEXT": "{stamp}{_TEXT}"'
        ops = f'[{{"op": "set", "id": "{connection.state}", "keys": {{{text}}}}}]'
        return f'{{"type": "ops", "n": {connection.n}, "ops": {ops}}}'


_BLOCKS = "".join(
    f'<block type="text" id="b{n}" x="0" y="{40 * n}"><field name="TEXT">a</field></block>'
    for n in range(20)
).join(['<xml xmlns="https://developers.google.com/blockly/xml">', "</xml>"])


class BlindRelay(Server):
    """`bench.relay`."""

    name = "blind relay"

    def __init__(self) -> None:
        self._port = free_port()
        self.process = subprocess.Popen([sys.executable, "-m", "bench.relay", str(self._port)])
        self.pid = self.process.pid
        until(lambda: listens(self._port))

    async def connect(self, http: aiohttp.ClientSession, room: int) -> Connection:
        ws = await http.ws_connect(f"http://127.0.0.1:{self._port}/{room}", max_msg_size=0)
        return Connection(ws, room, state=f"b{id(ws) % 20}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    edit = Ours.edit  # type: ignore[assignment]


class Collaboration(Server):
    """jupyter-collaboration's server extension in a Jupyter server of its own."""

    name = "jupyter-collaboration"

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        folder.mkdir()
        options = {
            "ServerApp.port": self._port,
            "ServerApp.root_dir": folder,
            "IdentityProvider.token": _TOKEN,
            "ServerApp.allow_root": True,
            "ServerApp.jpserver_extensions": '{"jupyter_server_ydoc": True}',
            "ServerApp.open_browser": False,
            "ServerApp.log_level": "ERROR",
        }
        command = [_COLLABORATION, "-m", "jupyter_server"]
        command += [f"--{name}={value}" for name, value in options.items()]
        self.process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid
        self._folder = folder
        self._base = f"http://127.0.0.1:{self._port}/api"
        until(lambda: answers(f"{self._base}/status?token={_TOKEN}"))
        self._rooms: dict[int, str] = {}

    def stop(self) -> None:
        # Asked to end while rooms were open, it doesn't.
        self.process.kill()
        self.process.wait()

    async def connect(self, http: aiohttp.ClientSession, room: int) -> Connection:
        # pycrdt is the clients' library there; only this rival needs it.
        from pycrdt import Doc, Text

        headers = {"Authorization": f"token {_TOKEN}"}
        if room not in self._rooms:
            (self._folder / f"room{room}.txt").write_text("")
            url = f"{self._base}/collaboration/session/room{room}.txt"
            wanted = {"format": "text", "type": "file"}
            async with http.put(url, json=wanted, headers=headers) as answer:
                answer.raise_for_status()
                session = await answer.json()
            self._rooms[room] = f"text:file:{session['fileId']}?sessionId={session['sessionId']}"
        url = f"{self._base}/collaboration/room/{self._rooms[room]}"
        ws = await http.ws_connect(url, headers=headers, max_msg_size=0)
        doc: Any = Doc()
        doc["source"] = Text()
        # Asks for the state, as a browser does; the answer shows that the room is open.
        await ws.send_bytes(bytes([0, 0]) + _var(doc.get_state()))
        while not (await ws.receive_bytes(timeout=20)).startswith(b"\0\1"):
            pass
        return Connection(ws, room, state=doc)

    def edit(self, connection: Connection, stamp: str) -> bytes:
        doc = connection.state
        before = doc.get_state()
        doc["source"].insert(0, stamp + _TEXT)
        return bytes([0, 2]) + _var(doc.get_update(before))


def _var(data: bytes) -> bytes:
    """`data` after its length, as y-protocols writes it (lib0's varUint8Array)."""
    length, head = len(data), bytearray()
    while length > 127:
        head.append(length & 127 | 128)
        length >>= 7
    return bytes([*head, length]) + data


def _restart(demo: Demo) -> None:
    """Begin with a new process, as the others do; the supervisor starts it."""
    old = service_of(demo.folder)
    os.kill(old, signal.SIGTERM)
    until(lambda: not Path(f"/proc/{old}").exists())
    until(lambda: answers(f"{demo.url}ready"))


def _port_of(pid: int) -> int:
    """The port that a process listens on, from `/proc` (proc(5))."""
    inodes = {
        link.name
        for fd in Path(f"/proc/{pid}/fd").iterdir()
        if (link := _target(fd)) and link.name.startswith("socket:")
    }
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if parts[3] == "0A" and f"socket:[{parts[9]}]" in inodes:
            return int(parts[1].partition(":")[2], 16)
    raise LookupError(f"process {pid} listens on no port")


def _target(fd: Path) -> Path | None:
    try:
        return fd.readlink()
    except OSError:
        return None
