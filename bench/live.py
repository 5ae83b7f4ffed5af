"""Live editing: edits a second and memory, beside jupyter-collaboration and a blind relay.

Every server is reached directly, without a proxy, by the same number of connections
in rooms of the same size with payloads of the same size. An edit counts as delivered
when every connection of its room has it. The rate is the highest found at which 99 of 100
deliveries took at most 100 ms: doubled until it fails, then halfway between. Clients
share the two cores.
"""

import asyncio
import gc
import re
import resource
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp

from tests.hub.conftest import ROOT, Demo, answers, until
from tests.hub.people import Person
from tests.hub.processes import service_of

from .memory import resident
from .ports import free_port, listens
from .report import Figure

HUB_CONFIG = """
for service in c.JupyterHub.services.to_dict().get("extend", []):
    if service["name"] == "jigsaw":
        service["command"] += [
            "--JigsawService.connections_per_user=5000",
            "--JigsawService.live_messages_per_second=100000",
        ]
"""
"""One person stands for thousands."""

SIZES = ((200, 5), (1000, 5), (2000, 5), (40, 40))
"""Connections, and how many in a room."""

_SECONDS = 4.0
_P99 = 0.100
_FIRST_RATE = 60.0
_HALVINGS = 4
"""Of what lies between a rate that worked and one that did not; a sixteenth is left."""
_TEXT = "x" * 60
_STAMP = re.compile(rb"#(\d{8})#")
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
    def edit(self, connection: Connection, stamp: str) -> str | bytes:
        """The next edit of a connection, with `stamp` in it."""


class Ours(Server):
    """The service; every connection is of one person, with a token."""

    name = "jigsaw"

    def __init__(self, demo: Demo) -> None:
        self._person = Person(demo.url, "alice").sign_in()
        self.pid = service_of(demo.folder)
        self._base = f"http://127.0.0.1:{_port_of(self.pid)}{demo.url.split('/', 3)[3].join('//')}"
        self._base = self._base.rstrip("/") + "/"
        self._rooms: dict[int, str] = {}

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


@dataclass
class _Load:
    """Connections of one server, and what they have received."""

    server: Server
    connections: list[Connection] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def of(self, count: int, per_room: int) -> AsyncIterator["_Load"]:
        timeout = aiohttp.ClientTimeout(total=None)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
            for number in range(count):
                room = number // per_room
                self.connections.append(await self.server.connect(http, room))
            readers = [asyncio.ensure_future(self._read(c)) for c in self.connections]  # noqa: TID251
            # What holds us up is no delay of the server's.
            gc.collect()
            gc.disable()
            yield self
            gc.enable()
            for reader in readers:
                reader.cancel()

    async def _read(self, connection: Connection) -> None:
        async for message in connection.ws:
            now = time.perf_counter()
            data = message.data if isinstance(message.data, bytes) else message.data.encode()
            for stamp in _STAMP.findall(data):
                began = self.sent.get(int(stamp))
                if began is not None:
                    self.took.append(now - began)

    async def window(self, rate: float, per_room: int) -> tuple[float, bool]:
        """p99 of the deliveries at `rate` edits a second, and whether all came."""
        self.sent.clear()
        self.took.clear()
        count = int(rate * _SECONDS)
        began = time.perf_counter()
        for number in range(count):
            ahead = began + number / rate - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            # A stride, so that neighbours in time are in different rooms.
            connection = self.connections[number * 7919 % len(self.connections)]
            message = self.server.edit(connection, f"#{number:08d}#")
            self.sent[number] = time.perf_counter()
            if isinstance(message, str):
                await connection.ws.send_str(message)
            else:
                await connection.ws.send_bytes(message)
        late = time.perf_counter() - began > _SECONDS * 1.1
        await asyncio.sleep(1)
        # A server may spare the author their own edit.
        complete = len(self.took) >= count * (per_room - 1)
        p99 = quantiles(self.took, n=100)[-1] if len(self.took) > 1 else float("inf")
        return p99, complete and not late

    async def highest_rate(self, per_room: int) -> float:
        works, fails = 0.0, _FIRST_RATE
        while await self._works(fails, per_room):
            works, fails = fails, 2 * fails
        for _ in range(_HALVINGS if works else 0):
            between = (works + fails) / 2
            if await self._works(between, per_room):
                works = between
            else:
                fails = between
        return works

    async def _works(self, rate: float, per_room: int) -> bool:
        """Once of two tries: the machine has other things to do now and then."""
        for _ in range(2):
            p99, complete = await self.window(rate, per_room)
            if complete and p99 <= _P99:
                return True
        return False


async def measure(demo: Demo) -> list[Figure]:
    """By turns, at 200, 1,000 and 2,000 connections in rooms of 5, and one room of 40."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    figures: list[Figure] = []
    for count, per_room in SIZES:
        rates: dict[str, float] = {}
        memory: dict[str, float] = {}
        for server in _servers(demo, count):
            try:
                async with _Load(server).of(count, per_room) as load:
                    rates[server.name] = await load.highest_rate(per_room)
            except asyncio.TimeoutError:
                # It did not let so many in.
                rates[server.name] = 0.0
            memory[server.name] = resident(server.pid)
            if not isinstance(server, Ours):
                server.process.terminate()  # type: ignore[attr-defined]
                server.process.wait()  # type: ignore[attr-defined]
        what = f"{count} connections in rooms of {per_room}"
        for rival, target in (("blind relay", "≥ 0.85"), ("jupyter-collaboration", "≥ 3")):
            figures.append(
                Figure(
                    f"edits a second, {what}",
                    f"{rates['jigsaw']:.0f}",
                    f"{rates[rival]:.0f} {rival[:7]}",
                    rates["jigsaw"] / rates[rival] if rates[rival] else None,
                    target,
                )
            )
        figures.append(
            Figure(
                f"memory, {what}",
                f"{memory['jigsaw']:.0f} MiB",
                f"{memory['jupyter-collaboration']:.0f} MiB",
                memory["jigsaw"] / memory["jupyter-collaboration"],
                "≤ 120 MB" if count == 1000 else "",
            )
        )
    return figures


def _servers(demo: Demo, count: int) -> list[Server]:
    return [BlindRelay(), Collaboration(demo.folder / f"collaboration-{count}"), Ours(demo)]


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
