"""A WebSocket (RFC 6455) on a connection that tornado has let go.

The bytes are asyncio's business and the frames those of `websockets`, without the tasks
and buffers of tornado's own sockets: a room passes every change on to everybody in it.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol, cast

from tornado.web import RequestHandler
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

# Keeps a proxy's idle limit, often 60 s, from cutting a quiet socket; one that answered nothing
# until the next is dead.
PING_SECONDS = 25
_CLOSE_SECONDS = 5
_NOT_TEXT, _TOO_SLOW = 1007, 1013

# Called with each text message; None: a binary one, which is nothing to us.
Hear = Callable[[str | None], None]


class Gate(Protocol):
    """Keeps messages waiting while there is enough to do."""

    @property
    def full(self) -> bool: ...

    def pause(self, go_on: Callable[[], None]) -> None:
        """Call that once it isn't full."""


class FrameSocket(asyncio.Protocol):
    """Frame socket: text messages come in by `hear`; whole frames (see `document.wire`) go out.

    Nothing here waits. Once it is closed, from either side, `closed` is called.
    """

    def __init__(
        self,
        protocol: ServerProtocol,
        hear: Hear,
        closed: Callable[[], None],
        *,
        most_unsent: int,
        alive: bytes = b"",
        gate: Gate | None = None,
    ) -> None:
        """`alive`: frames that go with each ping, for scripts, which don't see pings."""
        self._protocol, self._hear, self._closed = protocol, hear, closed
        self._most_unsent, self._sign, self._gate = most_unsent, alive, gate
        # The next one is the last.
        self._unheard: list[Frame] = []
        self._fragments: list[bytes] = []
        self._alive = True
        # True once we have said good-bye.
        self._farewell = False
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def open(self) -> bool:
        """True if messages still come and go."""
        return self._protocol.state is State.OPEN and self._transport is not None

    def send(self, frames: bytes) -> bool:
        """Write whole frames; False: so much is unsent already that it was closed instead."""
        if not self.open or self._transport is None:
            return True
        if self._transport.get_write_buffer_size() > self._most_unsent:
            self.close(_TOO_SLOW, "too-slow")
            return False
        self._transport.write(frames)
        return True

    def close(self, code: int, reason: str) -> None:
        """Say good-bye; who doesn't answer is cut off."""
        if self.open:
            self._farewell = True
            self._protocol.send_close(code, reason)
            self._flush()
            self._schedule(_CLOSE_SECONDS, self._abort)

    # Called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._flush()
        self._schedule(PING_SECONDS, self._ping)

    def data_received(self, data: bytes) -> None:
        self._alive = True
        self._protocol.receive_data(data)
        frames = [one for one in self._protocol.events_received() if isinstance(one, Frame)]
        self._unheard[:0] = reversed(frames)
        self._hear_on()
        self._flush()

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._transport = None
        while self._unheard:
            self._take(self._unheard.pop())
        self._closed()

    # Frames

    def _hear_on(self) -> None:
        """Hear messages as far as the gate lets it; nothing is read while something waits there."""
        while self._unheard:
            if self._gate and self._gate.full:
                self._gate.pause(self._go_on)
                if self._transport and not self._transport.is_closing():
                    self._transport.pause_reading()
                return
            self._take(self._unheard.pop())

    def _go_on(self) -> None:
        self._alive = True
        self._hear_on()
        if not self._unheard and self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    def _take(self, frame: Frame) -> None:
        """Hear a message once it is whole; what comes after our good-bye is nobody's business."""
        if self._farewell:
            return
        if frame.opcode is Opcode.BINARY:
            self._hear(None)
        if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
            return
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            whole = b"".join(self._fragments)
            self._fragments.clear()
            self._hear_text(whole)

    def _hear_text(self, data: bytes) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            self._farewell = True
            self._protocol.fail(_NOT_TEXT, str(error))
            return
        self._hear(text)

    def _flush(self) -> None:
        """Write what the protocol has to say: pongs, and its part of the good-byes."""
        for data in self._protocol.data_to_send():
            if self._transport and data:
                self._transport.write(data)
            elif self._transport:
                # An empty one: both have said good-bye.
                self._transport.close()

    def _ping(self) -> None:
        if not self._alive:
            self._abort()
            return
        self._alive = False
        self._protocol.send_ping(b"")
        self._flush()
        self.send(self._sign)
        self._schedule(PING_SECONDS, self._ping)

    def _abort(self) -> None:
        if self._transport:
            self._transport.abort()

    def _schedule(self, seconds: float, then: Callable[[], None]) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, then)


def handshake(handler: RequestHandler, max_size: int) -> ServerProtocol:
    """Accept the upgrade that `handler` was asked for; InvalidHandshake if it is none.

    What is to be answered is the first that the protocol has to send.
    """
    protocol = ServerProtocol(max_size=max_size)
    request = handler.request
    headers = Headers()
    for name, value in request.headers.get_all():
        headers[name] = value
    # As if it had read the request itself, after which it reads frames.
    protocol.receive_data(Request(request.path or "", headers).serialize())
    events = protocol.events_received()
    if not events or not isinstance(events[0], Request):
        raise InvalidHandshake(str(protocol.handshake_exc))
    response = protocol.accept(events[0])
    if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
        raise InvalidHandshake(response.body.decode())
    protocol.send_response(response)
    # The protocol keeps its request as long as it lives: half of what a quiet connection takes.
    events[0].headers.clear()
    return protocol


async def take_over(handler: RequestHandler, socket: FrameSocket) -> None:
    """Give `socket` the connection of a handler, which is at an end with it."""
    handler.set_status(HTTPStatus.SWITCHING_PROTOCOLS)
    handler.application.log_request(handler)
    stream = handler.detach()
    if stream.closed():
        socket.connection_lost(None)
        return
    connection = stream.socket.dup()
    stream.close()
    loop = asyncio.get_running_loop()
    await loop.connect_accepted_socket(lambda: socket, connection)
