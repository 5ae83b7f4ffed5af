"""One browser's kernel socket, carried to the kernel and back unchanged.

K1  Frames pass in order, each direction for itself, with nothing added or lost.
K2  While nothing runs there is no upstream socket: an open one counts as
    activity, and would keep an idle server from the culler for ever.
K3  The next frame opens it again under the same session id, and the Jupyter
    server replays what was missed meanwhile.
K4  An upstream socket lost while something runs is reported, never hidden.
K5  The kernel's first answers come at once: a PONG carries the acknowledgement
    that the proxy would delay by 40 ms, and Nagle's algorithm waits for.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import ClientError, WSMsgType
from aiohttp.client_ws import ClientWebSocketResponse

from ..background import spawn
from ..errors import JigsawError
from .messages import Glance, glance

log = logging.getLogger(__name__)

IDLE_SECONDS = 5.0
"""How long the upstream socket outlives the last run."""
_PROMPT_FRAMES = 20
_GAP_SECONDS = 0.002

Frame = str | bytes
Connect = Callable[[], Awaitable[ClientWebSocketResponse]]
Deliver = Callable[[Frame], Awaitable[None]]
Lost = Callable[[], None]


class KernelRelay:
    """Between one browser socket and the kernel's channels."""

    def __init__(
        self, upstream: ClientWebSocketResponse, *, connect: Connect, deliver: Deliver, lost: Lost
    ) -> None:
        self._connect = connect
        self._deliver = deliver
        self._lost = lost
        self._protocol = upstream.protocol or ""
        self._running: set[str] = set()
        self._busy = False
        self._outbox: asyncio.Queue[Frame] = asyncio.Queue()
        self._prompt = _PROMPT_FRAMES
        self._closed = False
        self._upstream: ClientWebSocketResponse | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._adopt(upstream)
        self._sender = spawn(self._send_all(), name="kernel relay: sending")

    def send(self, frame: Frame) -> None:
        """Queue what the browser sent; K1."""
        seen = glance(frame, self._protocol)
        if seen and seen.channel in ("shell", "control"):
            self._running.add(seen.msg_id)
        self._prompt = _PROMPT_FRAMES
        self._cancel_idle()
        self._outbox.put_nowait(frame)

    async def close(self) -> None:
        """The browser has gone."""
        self._closed = True
        self._cancel_idle()
        self._sender.cancel()
        await self._drop()

    async def _send_all(self) -> None:
        while True:
            frame = await self._outbox.get()
            try:
                await self._send(frame)
            except (ClientError, ConnectionError, JigsawError, RuntimeError) as error:
                log.info("A kernel socket was lost while sending: %s", type(error).__name__)
                self._lost()
                return
            if self._outbox.empty():
                self._rest_if_idle()

    async def _send(self, frame: Frame) -> None:
        if self._upstream is None or self._upstream.closed:
            self._adopt(await self._connect())
        assert self._upstream is not None  # noqa: S101
        if isinstance(frame, str):
            await self._upstream.send_str(frame)
        else:
            await self._upstream.send_bytes(frame)

    def _adopt(self, upstream: ClientWebSocketResponse) -> None:
        self._upstream = upstream
        spawn(self._receive_all(upstream), name="kernel relay: receiving")
        self._rest_if_idle()

    async def _receive_all(self, upstream: ClientWebSocketResponse) -> None:
        last = 0.0
        async for message in upstream:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            now = time.monotonic()
            if self._prompt > 0 or now - last > _GAP_SECONDS:
                self._prompt -= 1
                await upstream.pong()
            last = now
            self._note(glance(message.data, self._protocol))
            await self._deliver(message.data)
        if self._upstream is upstream and not self._closed:
            self._upstream = None
            if self._running:
                self._lost()

    def _note(self, seen: Glance | None) -> None:
        """Keep count of what runs: every request ends with `idle` of its own."""
        if seen is None or not seen.state:
            return
        self._busy = seen.state == "busy"
        if seen.state == "idle":
            self._running.discard(seen.parent_id)
        elif seen.state in ("restarting", "dead"):
            self._running.clear()
        self._rest_if_idle()

    def _rest_if_idle(self) -> None:
        self._cancel_idle()
        if not self._running and not self._busy and self._upstream is not None:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(IDLE_SECONDS, self._rest)

    def _rest(self) -> None:
        """K2."""
        spawn(self._drop(), name="kernel relay: resting")

    async def _drop(self) -> None:
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            await upstream.close()

    def _cancel_idle(self) -> None:
        if self._idle:
            self._idle.cancel()
            self._idle = None
