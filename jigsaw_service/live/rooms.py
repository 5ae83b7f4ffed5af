"""Rooms of this process, and how many connections each person has."""

import asyncio
import json
from collections import Counter
from typing import Any

from ..document import wire
from ..runtime.limits import Limits
from ..runtime.tasks import spawn
from ..storage.database import Database
from .committer import Committer
from .connection import Bye, Connection
from .presence_sync import PresenceSync
from .room import Room

_STOP_SECONDS = 5


class Rooms:
    """Opens a room for the first to come, and forgets it after the last."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database, self._limits = database, limits
        self._presence_sync = PresenceSync(database)
        self._committer = Committer(database)
        self.backlog = self._committer.backlog
        self._open: dict[str, Room] = {}
        self._connections: Counter[int] = Counter()
        self._stopping = False
        self._listening = False

    def join(self, workspace_id: str, connection: Connection) -> Room:
        """The room, which lets the connection in or ends it."""
        if not self._listening:
            self._listening = True
            self._database.notices.subscribe(self.handle_notice)
        if self._stopping:
            connection.end(Bye.RESTARTING)
        room = self._open.get(workspace_id)
        if room is None:
            room = Room(
                workspace_id,
                self._database,
                self._committer,
                self._presence_sync,
                self._limits,
                self._forget,
            )
            self._open[workspace_id] = room
        room.join(connection)
        return room

    def _forget(self, room: Room) -> None:
        # A room that was ended may be left when another is open in its place.
        if self._open.get(room.id) is room:
            del self._open[room.id]

    def handle_notice(self, workspace_id: str | None, message: str, to: str = "") -> None:
        """The workspace, or with None any of them, may have changed in the database;
        or all who have it open get the message, or all pages of one person."""
        if workspace_id is None:
            for room in list(self._open.values()):
                room.refresh()
        elif workspace_id in self._open:
            room = self._open[workspace_id]
            if to:
                room.send_to(to, wire.frame(message.encode()))
            elif message:
                room.send([wire.frame(message.encode())])
            else:
                room.refresh()

    def send_to_person(self, workspace_id: str, user: str, said: dict[str, Any]) -> None:
        """Tell all pages of one person in the room, by way of any process."""
        message = json.dumps(said)
        self.handle_notice(workspace_id, message, user)
        if self._database.notices.shared:
            spawn(self._tell_others(workspace_id, message, user), name="telling one person")

    async def _tell_others(self, workspace_id: str, message: str, to: str) -> None:
        async with self._database.write() as db:
            connection = await db.connection()
            await connection.run_sync(self._database.notices.send, workspace_id, message, to)

    @property
    def connections(self) -> int:
        """Number of connections."""
        return sum(self._connections.values())

    @property
    def open(self) -> int:
        """Number of workspaces that somebody has open."""
        return len(self._open)

    def admit(self, account: int) -> bool:
        """Count one more connection of a person, unless they have too many."""
        if self._connections[account] >= self._limits.connections_per_user:
            return False
        self._connections[account] += 1
        return True

    def dismiss(self, account: int) -> None:
        """Count off one connection of a person, which is closed."""
        self._connections[account] -= 1
        if self._connections[account] <= 0:
            del self._connections[account]

    async def stop(self) -> None:
        """Send everybody away, to come back to the next process; end what is being committed."""
        self._stopping = True
        rooms = list(self._open.values())
        for room in rooms:
            room.end(Bye.RESTARTING)
        await asyncio.wait_for(asyncio.gather(*(room.idle() for room in rooms)), _STOP_SECONDS)
        await asyncio.wait_for(self._presence_sync.withdraw(), _STOP_SECONDS)
