"""Service processes that can be killed, beside a fake Hub."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from ..fake_hub import SCOPE, fake_hub

PREFIX = "/jupyter/services/jigsaw/"


class ServiceProcess:
    """One `python -m jigsaw_service`, on a port of its own that it keeps."""

    def __init__(self, folder: Path, hub: str, db_url: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}{PREFIX}"
        self._log = (folder / "service.log").open("ab")
        self._environment = os.environ | {
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{self.port}/",
            "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
            "JUPYTERHUB_SERVICE_NAME": "jigsaw",
            "JUPYTERHUB_BASE_URL": "/jupyter/",
            "JUPYTERHUB_API_URL": f"{hub}/jupyter/hub/api",
            "JUPYTERHUB_API_TOKEN": "the service's own",
            "JUPYTERHUB_CLIENT_ID": "service-jigsaw",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([SCOPE]),
            "JIGSAW_DB_URL": db_url,
        }

    async def start(self) -> None:
        """Start it, and wait until it is ready."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "jigsaw_service",
            # The whole log is looked through afterwards.
            "--JigsawService.history_changes=100000000",
            cwd=self.folder,
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
        )
        async with aiohttp.ClientSession() as http:
            for _ in range(600):
                if await _is_ready(http, f"{self.url}ready"):
                    return
                await asyncio.sleep(0.1)
        raise AssertionError(f"The service did not become ready: see {self._log.name}")

    async def kill(self) -> None:
        """kill -9: nothing is said, nothing is written any more."""
        await self.end(signal.SIGKILL)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process.returncode is None:
            self.process.send_signal(how)
        await self.process.wait()


async def _is_ready(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


@asynccontextmanager
async def running_hub() -> AsyncIterator[str]:
    """A fake Hub in this process; its origin."""
    (listening,) = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(fake_hub())
    server.add_socket(listening)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
