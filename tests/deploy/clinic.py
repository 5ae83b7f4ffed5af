"""Set-ups for the doctor to look at: real ones, with faults, and servers that misbehave."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from aiohttp import ClientSession, web

from jigsaw_service.doctor.probe import session
from jigsaw_service.doctor.proof import Purpose, prove
from jigsaw_service.doctor.public_checks import OUTSIDE
from jigsaw_service.doctor.runner import Visit, examine

from ..hub.conftest import until
from .fronts import NAME, Certificate, Front, free_port, running_front
from .hubs import PROXY_COMMAND, Hub


@contextmanager
def hubs_proxy(hub: int, routes: Mapping[str, int] | None = None) -> Iterator[int]:
    """The port of a proxy of the Hub's own kind, before a Hub at `hub` and what is at `routes`."""
    port, api = free_port(), free_port()
    told = ["--port", str(port), "--api-port", str(api), "--ip", "127.0.0.1"]
    told += ["--default-target", f"http://127.0.0.1:{hub}"]
    told += ["--error-target", f"http://127.0.0.1:{hub}/jupyter/hub/error"]
    command = [*PROXY_COMMAND, *told]
    token = {"CONFIGPROXY_AUTH_TOKEN": "secret"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=os.environ | token, stdout=quiet, stderr=quiet)
    try:
        until(lambda: listens(api) and listens(port))
        for prefix, there in (routes or {}).items():
            httpx.post(
                f"http://127.0.0.1:{api}/api/routes{prefix}",
                json={"target": f"http://127.0.0.1:{there}"},
                headers={"Authorization": "token secret"},
            ).raise_for_status()
        yield port
    finally:
        process.terminate()
        process.wait(20)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def frozen(hub: Hub) -> Iterator[None]:
    """The Hub's process, and no other, stands still meanwhile."""
    os.kill(hub.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(hub.pid, signal.SIGCONT)


@asynccontextmanager
async def answering(always: bytes) -> AsyncIterator[int]:
    """The port of a server that says the same whatever it is asked."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read(65536)
            writer.write(always)
            await writer.drain()
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def serving(application: web.Application) -> AsyncIterator[int]:
    """The port of a program in the service's place."""
    runner, port = web.AppRunner(application, access_log=None), free_port()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield port
    finally:
        await runner.cleanup()


@dataclass
class Clinic:
    """Clinic for set-ups: before one Hub, with as many fronts as there are faults."""

    hub: Hub
    certificate: Certificate
    folder: Path
    _fronts: int = 0

    def front(self, kind: str, **changes: Any) -> AbstractContextManager[Front]:
        self._fronts += 1
        folder = self.folder / str(self._fronts)
        changes.setdefault("upstream", self.hub.port)
        return running_front(kind, folder, certificate=self.certificate, **changes)

    async def names(self, port: int | None, **more: Any) -> set[str]:
        """The findings where the public name is at this port of ours; None: where the DNS says."""
        there = f"127.0.0.1:{port}" if port else ""
        http = session(there, trusting=self.certificate.trusted())
        async with http:
            visit = replace(self.visit(http), **more)
            found = await examine(visit, OUTSIDE)
        for finding in found:
            assert finding.says and finding.where and "\x1b" not in finding.where
        return {finding.name for finding in found}

    def visit(self, http: ClientSession) -> Visit:
        secret = (self.hub.folder / "service/jigsaw_cookie_secret").read_text()
        return Visit(
            http=http,
            public_url=f"https://{NAME}{self.hub.base}",
            api_url="",
            service_prefix=f"{self.hub.base}services/jigsaw/",
            token="",
            proof=prove(bytes.fromhex(secret), Purpose.PROBES),
            seconds=20,
        )
