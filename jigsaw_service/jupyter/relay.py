"""Relay of one browser's kernel socket, carried to the kernel and back unchanged.

K1  Frames pass in order, each direction for itself, with nothing added or lost.
K2  While nothing runs there is no upstream socket: an open one counts as
    activity, and would keep an idle server from the culler for ever.
K3  The next frame opens it again under the same session id, and the Jupyter
    server replays what was missed meanwhile.
K4  An upstream socket lost while something runs is reported, never hidden.
K5  The kernel's first answers come at once: a PONG carries the acknowledgement
    that the proxy would delay by 40 ms, and Nagle's algorithm waits for.
K6  What still runs when the browser goes is heard to its end, for pages to come.
K7  What comes after the end is fetched, each time after as long as nothing has come:
    so an idle server lives at most twice as long until the culler's time is up.
K8  While something runs and nothing is heard, the kernel is looked after: one that has
    gone, or has nothing to do, won't answer any more.
K9  After a restart, the next frame opens a new upstream socket: of what a server hears by an
    older one, the new process's first answers may be missing.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import ClientError, WSMsgType
from aiohttp.client_ws import ClientWebSocketResponse

from ..errors import JigsawError, NotFound
from ..runtime.tasks import spawn
from .messages import Glance, glance
from .reach import GONE
from .runs import SHOWN, KernelRuns

log = logging.getLogger(__name__)

# The upstream socket outlives the last run by so much.
IDLE_SECONDS = 5.0
# A Jupyter server may take so long to hand out what has come meanwhile.
ARRIVES_SECONDS = 0.5
_SILENT_SECONDS = 3.0
# The pauses of K8, each twice the one before.
_MOST_SILENT_SECONDS = 60.0
# A run without a page may be silent so long until it is left to itself.
_QUIET_SECONDS = 3600.0
_PROMPT_FRAMES = 20
_GAP_SECONDS = 0.002

Frame = str | bytes
Connect = Callable[[], Awaitable[ClientWebSocketResponse]]
State = Callable[[], Awaitable[str]]
Deliver = Callable[[Frame], Awaitable[None]]
# Takes whether the kernel itself is no longer there.
Lost = Callable[[bool], None]


class KernelRelay:
    """Relay between one browser socket and the kernel's channels."""

    def __init__(
        self,
        upstream: ClientWebSocketResponse,
        runs: KernelRuns,
        *,
        session: str,
        connect: Connect,
        state: State,
        deliver: Deliver,
        lost: Lost,
        busy: bool = False,
    ) -> None:
        """`session`: by which the server knows for whom it keeps what comes; `state`: the
        kernel's, as the server has it; `busy`: it is known to run something."""
        self._runs = runs
        self._session = session
        self._connect = connect
        self._state = state
        self._deliver = deliver
        self._lost = lost
        self._protocol = upstream.protocol or ""
        # The requests, and whether anything was heard of each.
        self._running: dict[str, bool] = {}
        self._busy = busy
        # The time of the last message of a run, to which more may come.
        self._last_word: float | None = None
        self._heard = 0
        self._watching: asyncio.Task[None] | None = None
        self._outbox: asyncio.Queue[Frame] = asyncio.Queue()
        self._prompt = _PROMPT_FRAMES
        self._closed = False
        self._opening = asyncio.Lock()
        self._upstream: ClientWebSocketResponse | None = None
        # The kernel's restarts that this socket is known to have outlived.
        self._restarts = runs.restarts
        # Until it rests, or looks again.
        self._idle: asyncio.TimerHandle | None = None
        self._adopt(upstream)
        self._sender = spawn(self._send_all(), name="kernel relay: sending")

    def send(self, frame: Frame) -> None:
        """Queue what the browser sent; K1."""
        seen = glance(frame, self._protocol)
        if seen and seen.channel in ("shell", "control"):
            self._running[seen.msg_id] = False
        if seen and seen.msg_type == "execute_request":
            self._runs.relay, self._runs.session = self, self._session
        elif seen and seen.msg_type == "input_reply":
            self._runs.answered()
        self._prompt = _PROMPT_FRAMES
        self._cancel_idle()
        self._outbox.put_nowait(frame)

    async def close(self) -> None:
        """The browser has gone; K6."""
        self._closed = True
        self._deliver = to_nobody
        self._sender.cancel()
        if self._runs.relay is self:
            self._runs.relay = None
        if self._upstream is None:
            self._cancel_idle()
        else:
            self._rest_if_idle()

    async def poll(self) -> None:
        """Fetch what has come since it rested. Never fails."""
        # A server that is gone by now has nothing to say.
        with suppress(ClientError, ConnectionError, JigsawError, RuntimeError):
            if self._upstream is None:
                self._cancel_idle()
                await self._open()
                await asyncio.sleep(ARRIVES_SECONDS)

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
        await self._open()
        assert self._upstream is not None  # noqa: S101
        if isinstance(frame, str):
            await self._upstream.send_str(frame)
        else:
            await self._upstream.send_bytes(frame)
        self._watch_if_busy()

    async def _open(self) -> None:
        # Of two sockets of one session, the server closes the older.
        async with self._opening:
            if self._restarts != self._runs.restarts:
                await self._let_go()
            if self._upstream is None or self._upstream.closed:
                self._upstream = None
                self._adopt(await self._connect())

    async def _let_go(self) -> None:
        """K9."""
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            await upstream.close()
        self._outlive_restarts()

    def _outlive_restarts(self) -> None:
        if self._restarts != self._runs.restarts:
            self._restarts = self._runs.restarts
            self._forget()

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
        self._heard += 1
        if seen is None:
            return
        self._runs.receive(seen)
        if seen.process and seen.process == self._runs.process:
            self._outlive_restarts()
        if seen.parent_id in self._running:
            self._running[seen.parent_id] = True
        if seen.asked == "execute_request" and (seen.state or seen.msg_type in SHOWN):
            self._last_word = time.monotonic()
        if self._closed:
            self._rest_if_idle()
        if not seen.state:
            return
        self._busy = seen.state == "busy"
        if seen.state == "idle":
            self._running.pop(seen.parent_id, None)
        elif seen.state in ("starting", "restarting", "dead"):
            self._forget()
        self._rest_if_idle()

    def _forget(self) -> None:
        """The kernel that ran something is no longer there; what it had not begun may be lost."""
        self._running = {id_: False for id_, answered in self._running.items() if not answered}
        self._last_word = None

    def _watch_if_busy(self) -> None:
        if (self._running or self._busy) and self._watching is None:
            self._watching = spawn(self._watch(), name="kernel relay: watching")

    async def _watch(self) -> None:
        """K8."""
        pause, was_idle = _SILENT_SECONDS, False
        while (self._running or self._busy) and self._upstream is not None:
            heard = self._heard
            await asyncio.sleep(pause)
            if self._heard != heard:
                pause, was_idle = _SILENT_SECONDS, False
                continue
            state = await self._state()
            is_idle = state == "idle" and not any(self._running.values())
            if self._heard == heard and (state == GONE or (is_idle and was_idle)):
                self._give_up(gone=state == GONE)
                break
            was_idle = is_idle
            pause = _SILENT_SECONDS if is_idle else min(2 * pause, _MOST_SILENT_SECONDS)
        self._watching = None

    def _give_up(self, *, gone: bool) -> None:
        """Give up what was asked: it will not be answered."""
        if gone:
            self._runs.mark_died()
        else:
            self._runs.finished_unheard()
        was_asked, self._busy, self._last_word = bool(self._running), False, None
        self._running.clear()
        self._rest_if_idle()
        if was_asked and not self._closed:
            self._lost(True)

    def _rest_if_idle(self) -> None:
        self._cancel_idle()
        if self._upstream is None:
            return
        self._watch_if_busy()
        if not self._running and not self._busy:
            self._rest_after(IDLE_SECONDS)
        elif self._closed:
            self._rest_after(_QUIET_SECONDS)

    def _rest_after(self, seconds: float) -> None:
        self._idle = asyncio.get_running_loop().call_later(seconds, self._rest)

    def _rest(self) -> None:
        """K2, K7."""
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            spawn(upstream.close(), name="kernel relay: resting")
        # Of all that rest, the server keeps for the last one only what comes.
        if self._last_word is not None and self._runs.relay is self:
            pause = max(IDLE_SECONDS, time.monotonic() - self._last_word)
            self._idle = asyncio.get_running_loop().call_later(pause, self._look_again)

    def _look_again(self) -> None:
        if self._runs.relay is self:
            spawn(self.poll(), name="kernel relay: looking again")

    def _cancel_idle(self) -> None:
        if self._idle:
            self._idle.cancel()
            self._idle = None


async def to_nobody(_frame: Frame) -> None:
    """Drop the frame: the browser has gone."""
