"""Browser tabs in a room, without a browser and a network between."""

import json
import secrets
import struct
from collections.abc import Iterator
from typing import Any

from jigsaw_service.live.commit import Label, Ops
from jigsaw_service.live.connection import Bye, Connection, Since
from jigsaw_service.live.rooms import Rooms
from jigsaw_service.runtime.identity import User

BLOCK = {"t": "text", "at": [10, 10], "f:TEXT": ""}
_SIZES = {126: "!H", 127: "!Q"}


def messages_in(frames: bytes) -> Iterator[Any]:
    """The messages of whole frames (RFC 6455 §5.2)."""
    at = 0
    while at < len(frames):
        assert frames[at] == 0x81
        size, at = frames[at + 1], at + 2
        if form := _SIZES.get(size):
            (size,) = struct.unpack_from(form, frames, at)
            at += struct.calcsize(form)
        yield json.loads(frames[at : at + size])
        at += size


class Tab:
    """One connection, and all that it has heard."""

    def __init__(
        self,
        rooms: Rooms,
        workspace_id: str,
        user: User,
        *,
        client: str = "",
        since: Since | None = None,
    ) -> None:
        self.heard: list[Any] = []
        self.bye: Bye | None = None
        self.n = 0
        self.connection = Connection(
            user, client or secrets.token_urlsafe(24), since, send=self._hear, end=self._end
        )
        self.room = rooms.join(workspace_id, self.connection)

    def _hear(self, frames: bytes) -> None:
        if self.bye is None:
            self.heard += messages_in(frames)

    def _end(self, bye: Bye) -> None:
        self.bye = self.bye or bye

    def of(self, *types: str) -> list[Any]:
        return [message for message in self.heard if message["type"] in types]

    def send(self, *ops: dict[str, Any], n: int = 0) -> None:
        """Send a batch, numbered on."""
        self.n = n or self.n + 1
        self.room.submit(Ops(self.connection, self.n, list(ops)))

    async def edit(self, *ops: dict[str, Any], n: int = 0) -> Any:
        """The same; what the service answers."""
        self.send(*ops, n=n)
        wanted = self.n
        await self.room.idle()
        answers = [m for m in self.of("patch", "refused") if m["n"] == wanted]
        return answers[-1] if answers else None

    async def write(self, text: str) -> Any:
        """Leave one block that holds `text`; `~1` is that of an upload."""
        ops = [{"op": "del", "ids": ["~1"]}, {"op": "new", "id": "b", "record": BLOCK}]
        return await self.edit(*ops, {"op": "set", "id": "b", "keys": {"f:TEXT": text}})

    async def label(self, label: str) -> None:
        self.room.submit(Label(self.connection, label))
        await self.room.idle()

    async def leave(self) -> None:
        self.bye = self.bye or Bye.RESTARTING
        self.room.leave(self.connection)
        await self.room.idle()


async def settle(rooms: Rooms) -> None:
    """Until nothing is under way in any room."""
    for room in list(rooms._open.values()):
        await room.idle()
