"""The live socket of one browser tab, from `hello` to `bye`; docs/live.md lists its messages."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, TypeGuard

from websockets.server import ServerProtocol

from ...document import wire
from ...document.operations import read_batch
from ...errors import JigsawError, NotAllowed, TooLarge
from ...live.commit import Label, Ops
from ...live.connection import Bye, Connection, Since
from ...live.messages import refused_message
from ...live.room import Room
from ...runtime.identity import User
from ...runtime.protocol import VERSION
from ...runtime.rate_limit import TokenBucket
from ...runtime.roles import Action, may
from ..base import groups_of
from ..requests import label_of
from .base import SocketHandler, Vigil
from .websocket import FrameSocket

MAX_MESSAGE = 4 * 1024 * 1024
MAX_OUTPUTS = 512 * 1024
# Bytes that may wait for a slow reader, besides the message that is being sent.
MAX_UNSENT = 1024 * 1024
HELLO_SECONDS = 20
_ALIVE = wire.message("alive")
_PRESENCE_PER_SECOND = 10
_BURST_SECONDS = 10
# Characters of a message that count as one more.
_WEIGHT = 64 * 1024
_CLIENT = re.compile(r"[A-Za-z0-9_-]{32,64}")
_EPOCH = re.compile(r"[A-Za-z0-9_-]{1,16}")
_MOST = 2**31 - 1
_MAX_ID, _MAX_FIELD, _FARTHEST = 64, 200, 1e6


class BadMessage(Exception):
    """Error for a message that no client of ours sends."""


class LiveSocket:
    """Reads and writes messages; what they do is the room's business."""

    connection: Connection | None = None
    _room: Room | None = None

    def __init__(self, handler: SocketHandler, workspace_id: str, protocol: ServerProtocol) -> None:
        """`handler` knows the caller, whom `rooms.admit` has counted."""
        self.user, self._rooms = handler.user, handler.services.rooms
        self._limits = limits = handler.services.limits
        self._workspace_id = workspace_id
        self.frames = FrameSocket(
            protocol,
            self._hear,
            self._closed,
            most_unsent=MAX_UNSENT,
            alive=_ALIVE,
            gate=self._rooms.backlog,
        )
        self._vigil = Vigil(
            handler, renewed=self._renewed, ended=lambda: self.end(Bye.NOT_SIGNED_IN)
        )
        rate = limits.live_messages_per_second
        self._changes = TokenBucket(rate, rate * _BURST_SECONDS)
        self._presences = TokenBucket(_PRESENCE_PER_SECOND, _PRESENCE_PER_SECOND)
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(HELLO_SECONDS, self.end, Bye.BAD_MESSAGE)

    def _closed(self) -> None:
        self._patience.cancel()
        self._vigil.stop()
        self._rooms.dismiss(self.user.id)
        self._leave()

    def _leave(self) -> None:
        if self._room and self.connection:
            self._room.leave(self.connection)

    # To the browser

    def _send(self, frames: bytes) -> None:
        """Write whole frames. One that doesn't read what it gets is closed: it comes back, and
        is told what it missed."""
        if not self.frames.send(frames):
            self._leave()

    def end(self, bye: Bye) -> None:
        """Say why, and close."""
        self._send(bye_message(bye))
        self.frames.close(bye.code, bye.slug)

    def _renewed(self, model: dict[str, Any]) -> None:
        """Groups come and go on the Hub, and roles with them."""
        user = User(self.user.id, model["name"], groups_of(model))
        if self.connection and self._room and user != self.user:
            self.user = self.connection.user = user
            self._room.refresh()

    # From the browser

    def _hear(self, text: str | None) -> None:
        try:
            self._read(text)
        except BadMessage:
            self.end(Bye.BAD_MESSAGE)

    def _read(self, text: str | None) -> None:
        if text is None:
            raise BadMessage
        try:
            message = wire.decode(text)
        except (ValueError, RecursionError) as error:
            raise BadMessage from error
        type_ = message.get("type") if isinstance(message, dict) else None
        if self.connection is None or self._room is None:
            if type_ != "hello":
                raise BadMessage
            self._hello(message)
            return
        answer = _ANSWERS.get(type_) if isinstance(type_, str) else None
        if answer is None:
            raise BadMessage
        if type_ == "presence" and self._presences.take():
            answer(self, self._room, self.connection, message)
        elif not self._changes.take(1 + len(text) // _WEIGHT):
            self.end(Bye.TOO_FAST)
        elif type_ != "presence":
            answer(self, self._room, self.connection, message)

    def _hello(self, message: dict[str, Any]) -> None:
        client = message.get("client")
        epoch, clock = message.get("epoch"), message.get("clock")
        if message.get("protocol") != VERSION or not _matches(client, _CLIENT):
            raise BadMessage
        since = None
        if epoch is not None or clock is not None:
            if not _matches(epoch, _EPOCH) or not _is_count(clock, 0):
                raise BadMessage
            since = Since(epoch, clock)
        self._patience.cancel()
        self.connection = Connection(self.user, client, since, send=self._send, end=self.end)
        self._room = self._rooms.join(self._workspace_id, self.connection)

    def _ops(self, room: Room, connection: Connection, message: dict[str, Any]) -> None:
        n = message.get("n")
        if not _is_count(n, 1):
            raise BadMessage
        try:
            ops = read_batch(message.get("ops"), self._limits)
        except JigsawError as refusal:
            self._send(refused_message(n, refusal))
        else:
            room.submit(Ops(connection, n, ops))

    def _presence(self, room: Room, connection: Connection, message: dict[str, Any]) -> None:
        selection, field = message.get("selection"), message.get("field")
        pointer = message.get("pointer")
        if not (_is_text(selection, _MAX_ID) and _is_text(field, _MAX_FIELD)):
            raise BadMessage
        if not _is_point(pointer):
            raise BadMessage
        presence = {"selection": selection, "pointer": pointer, "field": field}
        room.show_presence(connection, presence)

    def _show(self, room: Room, connection: Connection, message: dict[str, Any]) -> None:
        outputs = message.get("outputs")
        if outputs is not None and not isinstance(outputs, list):
            raise BadMessage
        try:
            too_large = len(wire.encode(outputs)) > MAX_OUTPUTS
        except ValueError as error:
            raise BadMessage from error
        if not may(connection.role, Action.EDIT):
            refusal: JigsawError = NotAllowed("As viewer you may not present outputs.")
        elif too_large:
            refusal = TooLarge("These outputs are too large to be presented.", limit=MAX_OUTPUTS)
        else:
            room.show_outputs(connection, outputs)
            return
        self._send(refused_message(None, refusal))

    def _label(self, room: Room, connection: Connection, message: dict[str, Any]) -> None:
        try:
            label = label_of(message.get("label"))
        except ValueError as error:
            raise BadMessage from error
        room.submit(Label(connection, label))


def bye_message(bye: Bye) -> bytes:
    return wire.message("bye", slug=bye.slug, retry=bye.retry)


_Answer = Callable[[LiveSocket, Room, Connection, dict[str, Any]], None]
_ANSWERS: dict[str, _Answer] = {
    "ops": LiveSocket._ops,
    "presence": LiveSocket._presence,
    "show": LiveSocket._show,
    "label": LiveSocket._label,
}


def _matches(value: Any, pattern: re.Pattern[str]) -> TypeGuard[str]:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_count(value: Any, least: int) -> TypeGuard[int]:
    return type(value) is int and least <= value <= _MOST


def _is_text(value: Any, most: int) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= most)


def _is_point(value: Any) -> bool:
    if value is None:
        return True
    if not isinstance(value, list) or len(value) != 2:
        return False
    return all(type(one) in (int, float) and abs(one) <= _FARTHEST for one in value)
