"""One browser's kernel socket, carried to the kernel and back unchanged.

K1  Frames pass in order, each direction for itself, with nothing added or lost.
K2  While nothing runs there is no upstream socket: an open one counts as
    activity, and would keep an idle server from the culler for ever.
K3  The next frame opens it again under the same session id, and the Jupyter
    server replays what was missed meanwhile.
K4  An upstream socket lost while something runs is reported, never hidden.
K5  The kernel's first answers come at once: a PONG carries the acknowledgement
    that the proxy would delay by 40 ms, and Nagle's algorithm waits for.
K6  What still runs when the browser goes is heard to its end, for pages to come.
K7  What comes after the end is fetched a few times more, with growing pauses that
    leave an idle server to the culler.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import ClientError, WSMsgType
from aiohttp.client_ws import ClientWebSocketResponse

from ..background import spawn
from ..errors import JigsawError, NotFound
from .messages import Glance, glance
from .runs import KernelRuns

log = logging.getLogger(__name__)

IDLE_SECONDS = 5.0
"""How long the upstream socket outlives the last run."""
_LATER_SECONDS = (5.0, 10.0, 60.0, 300.0)
"""The pauses of K7."""
_QUIET_SECONDS = 3600.0
"""How long a run without a page may say nothing until it is left to itself."""
_PROMPT_FRAMES = 20
_GAP_SECONDS = 0.002

Frame = str | bytes
Connect = Callable[[], Awaitable[ClientWebSocketResponse]]
Deliver = Callable[[Frame], Awaitable[None]]
Lost = Callable[[bool], None]
"""Takes whether the kernel itself is no longer there."""


class KernelRelay:
    """Between one browser socket and the kernel's channels."""

    def __init__(
        self,
        upstream: ClientWebSocketResponse,
        runs: KernelRuns,
        *,
        connect: Connect,
        deliver: Deliver,
        lost: Lost,
        busy: bool = False,
    ) -> None:
        """`busy`: the kernel is known to run something."""
        self._runs = runs
        self._connect = connect
        self._deliver = deliver
        self._lost = lost
        self._protocol = upstream.protocol or ""
        self._running: set[str] = set()
        self._busy = busy
        self._later = list[float]()
        self._outbox: asyncio.Queue[Frame] = asyncio.Queue()
        self._prompt = _PROMPT_FRAMES
        self._closed = False
        self._upstream: ClientWebSocketResponse | None = None
        self._idle: asyncio.TimerHandle | None = None
        """Until it rests, or looks again."""
        self._adopt(upstream)
        self._sender = spawn(self._send_all(), name="kernel relay: sending")

    def send(self, frame: Frame) -> None:
        """Queue what the browser sent; K1."""
        seen = glance(frame, self._protocol)
        if seen and seen.channel in ("shell", "control"):
            self._running.add(seen.msg_id)
        if seen and seen.msg_type == "execute_request":
            self._later = list(_LATER_SECONDS)
        elif seen and seen.msg_type == "input_reply":
            self._runs.answered()
        self._prompt = _PROMPT_FRAMES
        self._cancel_idle()
        self._outbox.put_nowait(frame)

    async def close(self) -> None:
        """The browser has gone; K6."""
        self._closed = True
        self._deliver = _to_nobody
        self._sender.cancel()
        if self._upstream is not None and (self._running or self._busy):
            self._rest_if_idle()
        else:
            self._cancel_idle()
            await self._drop()

    async def _send_all(self) -> None:
        while True:
            frame = await self._outbox.get()
            try:
                await self._send(frame)
            except (ClientError, ConnectionError, JigsawError, RuntimeError) as error:
                log.info("A kernel socket was lost while sending: %s", type(error).__name__)
                self._lost(isinstance(error, NotFound))
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
        self._runs.listeners += 1
        try:
            await self._pass_on(upstream)
        finally:
            self._runs.listeners -= 1
        if self._upstream is upstream:
            self._upstream = None
            if self._running and not self._closed:
                self._lost(False)

    async def _pass_on(self, upstream: ClientWebSocketResponse) -> None:
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

    def _note(self, seen: Glance | None) -> None:
        """Keep count of what runs: every request ends with `idle` of its own."""
        if seen is None:
            return
        self._runs.hear(seen)
        if self._closed:
            self._rest_if_idle()
        if not seen.state:
            return
        self._busy = seen.state == "busy"
        if seen.state == "idle":
            self._running.discard(seen.parent_id)
        elif seen.state in ("restarting", "dead"):
            self._running.clear()
        self._rest_if_idle()

    def _rest_if_idle(self) -> None:
        self._cancel_idle()
        if self._upstream is None:
            return
        if not self._running and not self._busy:
            self._rest_after(IDLE_SECONDS)
        elif self._closed:
            self._rest_after(_QUIET_SECONDS)

    def _rest_after(self, seconds: float) -> None:
        self._idle = asyncio.get_running_loop().call_later(seconds, self._rest)

    def _rest(self) -> None:
        """K2, K7."""
        spawn(self._drop(), name="kernel relay: resting")
        if self._later and not self._closed:
            pause = self._later.pop(0)
            self._idle = asyncio.get_running_loop().call_later(pause, self._look_again)

    def _look_again(self) -> None:
        spawn(self._reopen(), name="kernel relay: looking again")

    async def _reopen(self) -> None:
        """K7; a server that is gone by now has nothing to say."""
        with suppress(ClientError, ConnectionError, JigsawError, RuntimeError):
            upstream = await self._connect()
            if self._closed or self._upstream is not None:
                await upstream.close()
            else:
                self._adopt(upstream)

    async def _drop(self) -> None:
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            await upstream.close()

    def _cancel_idle(self) -> None:
        if self._idle:
            self._idle.cancel()
            self._idle = None


async def _to_nobody(_frame: Frame) -> None:
    """The browser has gone."""
