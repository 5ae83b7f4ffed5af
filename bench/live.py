"""Live editing: edits a second and memory, beside jupyter-collaboration and a blind relay.

Every server is reached directly, without a proxy, by the same number of connections
in rooms of the same size with payloads of the same size. An edit counts as delivered
when every connection of its room has it. The rate is the highest found at which 99 of 100
deliveries took at most 100 ms, in one of five tries: doubled until it fails, then halfway
between. Everybody has edited once before. Clients share the two cores.
"""

import asyncio
import gc
import re
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import quantiles

import aiohttp

from tests.hub.conftest import Demo

from .live_servers import BlindRelay, Collaboration, Connection, Ours, Server
from .memory import resident
from .report import Figure

# One person stands for thousands.
HUB_CONFIG = """
for service in c.JupyterHub.services.to_dict().get("extend", []):
    if service["name"] == "jigsaw":
        service["command"] += [
            "--JigsawService.connections_per_user=5000",
            "--JigsawService.live_messages_per_second=100000",
        ]
"""

# Connections, and how many in a room.
SIZES = ((200, 5), (1000, 5), (2000, 5), (40, 40))

_SECONDS = 4.0
_P99 = 0.100
_FIRST_RATE = 60.0
# Of what lies between a rate that worked and one that did not; a sixteenth is left.
_HALVINGS = 4
_STAMP = re.compile(rb"#(\d{8})#")


@dataclass
class _Load:
    """Connections of one server, and what they have received."""

    server: Server
    connections: list[Connection] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    edits: int = 0
    """All that were sent."""
    megabytes: float = 0.0
    """Of the server, when it had just served the highest rate so far."""

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
            try:
                # Who edits for the first time costs more; what is measured goes on for hours.
                await self._edit(count, _FIRST_RATE)
                await asyncio.sleep(1)
                yield self
            finally:
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
        late = await self._edit(count, rate) > _SECONDS * 1.1
        await asyncio.sleep(1)
        # A server may spare the author their own edit.
        complete = len(self.took) >= count * (per_room - 1)
        p99 = quantiles(self.took, n=100)[-1] if len(self.took) > 1 else float("inf")
        return p99, complete and not late

    async def _edit(self, count: int, rate: float) -> float:
        """So many edits, from one connection after another; the seconds it took."""
        began = time.perf_counter()
        for number in range(count):
            ahead = began + number / rate - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            # No edit twice: the second would change nothing.
            edit = self.edits = self.edits + 1
            # A stride, so that neighbours in time are in different rooms.
            connection = self.connections[edit * 7919 % len(self.connections)]
            message = self.server.edit(connection, f"#{edit:08d}#")
            self.sent[edit] = time.perf_counter()
            if isinstance(message, str):
                await connection.ws.send_str(message)
            else:
                await connection.ws.send_bytes(message)
        return time.perf_counter() - began

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
        """Once of five tries: the machine and its disk have other things to do now and then."""
        for _ in range(5):
            p99, complete = await self.window(rate, per_room)
            if complete and p99 <= _P99:
                self.megabytes = resident(self.server.pid) * 2**20 / 1e6
                return True
        return False


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    """By turns, each as new as the others: at the `SIZES`."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    for size in SIZES:
        for figure in await _measure(demo, *size):
            yield figure


async def _measure(demo: Demo, count: int, per_room: int) -> list[Figure]:
    rates: dict[str, float] = {}
    megabytes: dict[str, float] = {}
    for server in _servers(demo, count):
        load = _Load(server)
        try:
            async with load.of(count, per_room):
                rates[server.name] = await load.highest_rate(per_room)
        except asyncio.TimeoutError:
            # It did not let so many in.
            rates[server.name] = 0.0
        megabytes[server.name] = load.megabytes
        server.stop()
    what = f"{count} connections in rooms of {per_room}"
    figures = [
        Figure(
            f"edits a second, {what}",
            f"{rates['jigsaw']:.0f}",
            f"{rates[rival]:.0f} {rival[:7]}",
            rates["jigsaw"] / rates[rival] if rates[rival] else None,
            target,
        )
        for rival, target in (("blind relay", "≥ 0.85"), ("jupyter-collaboration", "≥ 3"))
    ]
    ours, rivals = megabytes["jigsaw"], megabytes["jupyter-collaboration"]
    figures.append(
        Figure(
            f"memory, {what}",
            f"{ours:.0f} MB",
            f"{rivals:.0f} MB" if rivals else "",
            ours / rivals if rivals else None,
            "≤ 120 MB" if count == 1000 else "",
        )
    )
    return figures


def _servers(demo: Demo, count: int) -> list[Server]:
    return [BlindRelay(), Collaboration(demo.folder / f"collaboration-{count}"), Ours(demo)]
