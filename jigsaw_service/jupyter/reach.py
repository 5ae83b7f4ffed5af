"""Connecting to a kernel's channels, on which a kernel that never answers keeps us waiting.

To a Jupyter server a kernel has started as soon as its program has. One that ends at once is
started again some times and then dropped, within 20 seconds, while the client of its socket
waits for a minute. So the kernel is looked at meanwhile.
"""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from aiohttp.client_ws import ClientWebSocketResponse

from ..errors import JigsawError, KernelFailed, NotFound
from ..runtime.tasks import spawn
from .servers import Owner, Servers
from .specs import FAULTS, Fault, KnownSpecs, json_object

# The state of a kernel that the server doesn't know.
GONE = "gone"

_LOOK_SECONDS = 2.0
# Somewhat less than a Jupyter server waits for a kernel's first word.
_SILENT_SECONDS = 55.0

_Outcome = ClientWebSocketResponse | JigsawError


class Reach:
    """Reach of one kernel, for its owner; what is learned of its start is remembered."""

    def __init__(self, servers: Servers, known: KnownSpecs, owner: Owner, path: str) -> None:
        """`path`: of the kernel on the owner's server, `api/kernels/…`."""
        self._servers, self._known, self._owner = servers, known, owner
        self._path = path

    async def connect(self, *, query: str, protocols: list[str]) -> ClientWebSocketResponse:
        """Connect to them; raises KernelFailed, NotFound, ServerStopped or HubUnavailable."""
        clock = asyncio.get_running_loop().time
        began = clock()
        opening = spawn(self._open(query, protocols), name="opening a kernel's socket")
        try:
            await self._watch(opening)
        finally:
            opening.cancel()
        outcome: _Outcome = opening.result()
        if isinstance(outcome, JigsawError):
            raise outcome
        await self._note(outcome, was_silent=clock() - began > _SILENT_SECONDS)
        return outcome

    async def state(self) -> str:
        """State by the server, such as `idle`; or GONE; or "", where it can't be told."""
        status, kernel = await self._look()
        return GONE if status == HTTPStatus.NOT_FOUND else str(kernel.get("execution_state") or "")

    async def _open(self, query: str, protocols: list[str]) -> _Outcome:
        """Open the socket; a refusal is returned like a socket, and is no failure of the task."""
        path = f"{self._path}/channels"
        try:
            return await self._servers.connect(self._owner, path, query=query, protocols=protocols)
        except JigsawError as error:
            return error

    async def _watch(self, opening: "asyncio.Task[_Outcome]") -> None:
        """Wait for `opening`; raise once the kernel is gone: one that was starting was dropped."""
        starting = ""
        while not (await asyncio.wait([opening], timeout=_LOOK_SECONDS))[0]:
            status, kernel = await self._look()
            if kernel.get("execution_state") == "starting":
                starting = str(kernel.get("name") or "")
            elif status == HTTPStatus.NOT_FOUND:
                if starting:
                    raise self._failed(starting, "ended")
                raise NotFound("Your server has no such kernel.")

    async def _note(self, socket: ClientWebSocketResponse, *, was_silent: bool) -> None:
        """Note if it answers: Jupyter opens a silent kernel's socket, too. Asks only in doubt."""
        if not was_silent and not self._known.has_failures(self._owner):
            return
        _, kernel = await self._look()
        name = str(kernel.get("name") or "")
        if was_silent and kernel.get("execution_state") == "starting":
            await socket.close()
            raise self._failed(name, "silent")
        self._known.started(self._owner, name)

    async def _look(self) -> tuple[int, dict[str, Any]]:
        """Ask the server for the kernel: status and model; (0, {}) if it doesn't answer now."""
        with suppress(JigsawError):
            status, _, content = await self._servers.request(self._owner, "GET", self._path)
            return status, json_object(content)
        return 0, {}

    def _failed(self, name: str, fault: Fault) -> KernelFailed:
        self._known.failed(self._owner, name, FAULTS[fault], fault)
        return KernelFailed(f"The kernel {name} does not start. {FAULTS[fault]}", fault=fault)
