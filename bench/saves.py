"""(b) Saves per second, beside jupyter_server's PUT of a file with the same body.

A save is what the editor does: a change to the workspace, sent through the live
socket, until the service says that it is in the database. An upload replaces the
whole workspace by `PUT xml`, as scripts do, and makes a revision.

All go through the Hub's proxy. Rates suffer from whatever else the machine does,
and proxy and callers share it; the processor time of a save is the server's own.
"""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from tests.hub.conftest import ROOT, Demo, start_server
from tests.hub.people import Person
from tests.hub.processes import processes_in, service_of

from .report import Figure

_CALLERS = (1, 8, 64)
_ROUNDS = 3
_SECONDS = 3.0
_BODY = (ROOT / "tests/workspaces/blockly_workspace.xml").read_bytes()

Save = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class _Server:
    """The saves of some callers, and the process that answers them."""

    pid: int
    saves: list[Save]


@dataclass(frozen=True)
class _Window:
    """Window of some seconds of saving."""

    took: list[float]
    """Seconds of each save."""
    processor: float
    """Seconds that the server's process computed."""

    @property
    def rate(self) -> float:
        return len(self.took) / _SECONDS

    @property
    def p99(self) -> float:
        """In milliseconds."""
        return 1000 * quantiles(self.took, n=100)[-1]

    @property
    def processor_ms(self) -> float:
        """Milliseconds of processor time for a save."""
        return 1000 * self.processor / len(self.took)


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    """Alternating windows of some seconds, each caller with a workspace or file of its own."""
    alice = Person(demo.url, "alice").sign_in()
    await asyncio.to_thread(start_server, alice)
    service = service_of(demo.folder)
    server = processes_in(demo.folder / "home" / "alice", "jupyterhub.singleuser")[0]
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"Authorization": f"token {alice.token}"}
    ) as http:
        for callers in _CALLERS:
            saves = [await _editor(http, demo) for _ in range(callers)]
            uploads = [await _uploader(http, demo) for _ in range(callers)]
            rivals = [_file(http, demo, number) for number in range(callers)]
            ours, theirs = _Server(service, saves), _Server(server, rivals)
            for figure in await _compare(callers, ours, _Server(service, uploads), theirs):
                yield figure


async def _compare(callers: int, *servers: _Server) -> list[Figure]:
    """Saves, then uploads, each beside the rival."""
    rounds = [[await _window(server) for server in servers] for _ in range(_ROUNDS)]
    rates = [median(one.rate for one in windows) for windows in zip(*rounds, strict=True)]
    p99s = [median(one.p99 for one in windows) for windows in zip(*rounds, strict=True)]
    processor = [
        median(one.processor_ms for one in windows) for windows in zip(*rounds, strict=True)
    ]
    figures = []
    for side, what in enumerate(("save", "upload")):
        target = "≥ 4" if callers == 64 and what == "save" else ""
        figures += [
            _figure(f"{what}s a second, {callers} callers", rates, side, "{:.0f}", target),
            _figure(f"{what} p99, {callers} callers", p99s, side, "{:.0f} ms"),
            _figure(f"CPU ms per {what}, {callers} callers", processor, side, "{:.2f} ms"),
        ]
    return figures


def _figure(what: str, sides: list[float], side: int, form: str, target: str = "") -> Figure:
    ours, rival = sides[side], sides[-1]
    return Figure(what, form.format(ours), form.format(rival), ours / rival, target)


async def _window(server: _Server) -> _Window:
    """All callers save, one after another each, until the window ends."""
    took: list[float] = []
    before = _processor_seconds(server.pid)
    end = time.perf_counter() + _SECONDS

    async def caller(save: Save) -> None:
        while (began := time.perf_counter()) < end:
            await save()
            took.append(time.perf_counter() - began)

    await asyncio.gather(*map(caller, server.saves))
    return _Window(took, _processor_seconds(server.pid) - before)


def _processor_seconds(pid: int) -> float:
    """utime and stime of all its threads so far, from `/proc` (proc(5))."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


async def _workspace(http: aiohttp.ClientSession, demo: Demo) -> str:
    """The address of a new one that holds the body."""
    made = {"name": "Saved", "language": "python", "xml": _BODY.decode()}
    async with http.post(f"{demo.url}api/workspaces", json=made) as answer:
        answer.raise_for_status()
        return f"{demo.url}api/workspaces/{(await answer.json())['id']}"


async def _editor(http: aiohttp.ClientSession, demo: Demo) -> Save:
    """Saves as the editor does."""
    ws = await http.ws_connect(f"{await _workspace(http, demo)}/live", max_msg_size=0)
    client = secrets.token_hex(16)
    await ws.send_json({"type": "hello", "protocol": 1, "client": client})
    while (welcome := await ws.receive_json())["type"] != "welcome":
        pass
    block, field = next(
        (block, key)
        for block, record in welcome["records"]["blocks"].items()
        for key, value in record.items()
        if key.startswith("f:") and isinstance(value, str)
    )
    count = 0

    async def save() -> None:
        nonlocal count
        count += 1
        ops = [{"op": "set", "id": block, "keys": {field: str(count)}}]
        await ws.send_json({"type": "ops", "n": count, "ops": ops})
        while True:
            message = await ws.receive_json()
            assert message["type"] != "refused", message
            if message["type"] == "patch" and message["n"] == count:
                return

    return save


async def _uploader(http: aiohttp.ClientSession, demo: Demo) -> Save:
    """Saves as scripts do: everything, each time on top of the last."""
    url = f"{await _workspace(http, demo)}/xml"
    async with http.get(url) as answer:
        etag = answer.headers["ETag"]
    count = 0

    async def save() -> None:
        nonlocal etag, count
        count += 1
        # Never the same twice: what is saved again unchanged would be no work.
        body = _BODY.replace(b"</xml>", b"<!-- %d --></xml>" % count)
        headers = {"If-Match": etag, "Content-Type": "application/xml"}
        async with http.put(url, data=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            etag = answer.headers["ETag"]

    return save


def _file(http: aiohttp.ClientSession, demo: Demo, number: int) -> Save:
    """Saves as JupyterLab does."""
    base = demo.url.partition("services/")[0]
    url = f"{base}user/alice/api/contents/bench-{number}.xml"
    count = 0

    async def save() -> None:
        nonlocal count
        count += 1
        content = _BODY.decode().replace("</xml>", f"<!-- {count} --></xml>")
        model = {"type": "file", "format": "text", "content": content}
        async with http.put(url, json=model) as answer:
            assert answer.ok, await answer.text()

    return save
