"""Room: a workspace open in at least one browser; its records in memory, and who is there.

One worker does everything that needs the database, one thing after the other: it
lets people in, looks what others did, and commits. What the room's memory holds
between two of these steps is exactly what the database holds at the same clock.
Nothing here waits for a connection. People at other processes are the business of
`presence_sync`; here, they are what the last look showed.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection as Transaction

from ..document import log, wire
from ..errors import JigsawError, NotFound, NotReady, StorageFailed
from ..runtime.limits import Limits
from ..runtime.tasks import spawn
from ..storage.database import Database
from ..workspaces import store
from .backlog import Queue
from .commit import Attempt, Label, Ops
from .committer import Committer
from .connection import Bye, Connection, People, Person
from .messages import patch_json, revision_message
from .presence_sync import PresenceSync, shown_messages
from .room_snapshot import Changes, OutOfStep, RoomSnapshot, read_snapshot
from .room_state import RoomState

logger = logging.getLogger(__name__)

# Seconds between the attempts to commit, while the database doesn't answer.
_RETRIES = (0.05, 0.3, 1.0)


class Room(RoomState):
    """Room of one workspace. Its callers are connections, all on the event loop."""

    def __init__(
        self,
        workspace_id: str,
        database: Database,
        committer: Committer,
        presence_sync: PresenceSync,
        limits: Limits,
        empty: "Callable[[Room], None]",
    ) -> None:
        super().__init__(workspace_id, limits)
        self._database = database
        self._committer = committer
        self._presence_sync = presence_sync
        # At other processes.
        self._others: People = {}
        self._empty = empty
        self._joining: list[Connection] = []
        self._waiting = Queue(committer.backlog)
        self._stale = False
        self._people_changed = False
        self._working: asyncio.Task[None] | None = None

    # Called by connections

    def join(self, connection: Connection) -> None:
        """Let it in as soon as its role is known; it is welcomed, or ended."""
        self._joining.append(connection)
        self._wake()

    def leave(self, connection: Connection) -> None:
        """Take out a connection that is closed."""
        if connection in self._joining:
            self._joining.remove(connection)
        if connection in self.connections:
            self.connections.remove(connection)
            if connection.outputs is not None:
                self._send_all(wire.message("shown", connection=connection.id, outputs=None))
            self._people_changed = True
        self._wake()

    def submit(self, item: Ops | Label) -> None:
        """Commit it with the next transaction; its sender hears what came of it."""
        if not item.sender.astray:
            self._waiting.enqueue(item)
            self._wake()

    def refresh(self) -> None:
        """Look again: the workspace has changed in the database, its content, roles or anything."""
        self._stale = True
        self._wake()

    def show_presence(self, connection: Connection, presence: dict[str, Any]) -> None:
        if connection not in self.connections:
            return
        said = {"type": "presence", "connection": connection.id, **presence}
        connection.presence = said
        self._send_all(wire.frame(wire.encode(said)), but=connection)
        if self._others:
            self._presence_sync.publish(self.id, connection.id, said)

    def _presences(self) -> bytes:
        """Presences of those who are here, as frames for a newcomer."""
        said = [one.presence for one in self.connections if one.presence]
        return b"".join(wire.frame(wire.encode(one)) for one in said)

    def show_outputs(self, connection: Connection, outputs: Any) -> None:
        if connection in self.connections:
            connection.show(outputs)
            message = wire.message("shown", connection=connection.id, outputs=outputs)
            self._send_all(message, but=connection)
            self._persist_people()

    def end(self, bye: Bye) -> None:
        """End every connection. What was not committed is not acknowledged either."""
        self._waiting.clear()
        for connection in [*self._joining, *self.connections]:
            connection.go(bye)
        self._joining.clear()
        self.connections.clear()
        self._persist_people()
        self.clock = 0

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        if self._working:
            await asyncio.wait([self._working])

    # The worker

    def _wake(self) -> None:
        if self._working is None:
            self._working = spawn(self._work(), name="a live room")

    async def _work(self) -> None:
        try:
            while await self._step():
                pass
        except OutOfStep as reason:
            self.end(Bye.EPOCH_CHANGED if reason.epoch else Bye.RESTARTING)
        except StorageFailed:
            # Logged where it was met. What is not acknowledged stays with those who sent it.
            self.end(Bye.STORAGE_FAILED)
        except Exception:
            logger.exception("A live room failed; everybody in it starts anew")
            self.end(Bye.RESTARTING)
        finally:
            self._working = None
        if self.connections or self._joining or self._waiting:
            return
        self._empty(self)

    async def _step(self) -> bool:
        """Do what is next; True if there was anything."""
        if self._people_changed:
            self._people_changed = False
            self._send_all(wire.message("people", people=self._people()))
            self._persist_people()
        if self._joining or (self._stale and self.connections):
            await self._look()
            if self._waiting:
                await self._commit()
        elif self._waiting:
            await self._commit()
        elif not self.connections and self.clock > self.snapshot:
            await self._take_snapshot()
        else:
            return False
        return True

    # Letting in, and looking what others did

    async def _look(self) -> None:
        joining, self._joining = self._joining, []
        self._stale = False
        try:
            async with self._database.read() as db:
                connection = await db.connection()
                snapshot = await connection.run_sync(read_snapshot, self, joining)
                others = await connection.run_sync(self._presence_sync.read, self.id, self._others)
        except NotFound:
            for one in joining:
                one.end(Bye.NOT_FOUND)
            self.end(Bye.NOT_FOUND)
            return
        except NotReady as reason:
            bye = Bye.STORAGE_FAILED if isinstance(reason, StorageFailed) else Bye.RESTARTING
            for one in joining:
                one.end(bye)
            self._stale = True
            await asyncio.sleep(_RETRIES[-1])
            return
        self._read(snapshot)
        self._review_roles(snapshot)
        self._meet(others)
        self._let_in(joining, snapshot)

    def _read(self, snapshot: RoomSnapshot) -> None:
        if snapshot.state:
            self.records, self.snapshot = snapshot.state.records, snapshot.state.snapshot
            self.epoch, self.clock = snapshot.head.epoch, snapshot.head.clock
            self.last_n.clear()
        elif snapshot.head.epoch != self.epoch:
            raise OutOfStep(epoch=True)
        else:
            self._follow_all(snapshot.changes)
            self.send([revision_message(*mark) for mark in snapshot.marks])
        self.revision = snapshot.head.revision

    def _follow_all(self, changes: Changes) -> None:
        """Make changes that are committed one's own, and tell everybody."""
        frames = []
        for change, content in changes:
            frames.append(self.follow(change, content).frame)
            self.clock = change.clock
            if change.client is not None and change.n is not None:
                self.last_n[change.account, change.client] = change.n
        self.send(frames)

    def _review_roles(self, snapshot: RoomSnapshot) -> None:
        for one in list(self.connections):
            role = snapshot.roles.get(one.user, one.role)
            if role is None:
                self.connections.remove(one)
                one.end(Bye.NOT_ALLOWED)
                self._people_changed = True
            elif role is not one.role:
                one.role = role
                one.send(wire.message("role", role=role.word))
                self._people_changed = True

    def _meet(self, others: People) -> None:
        """Tell who came or went at other processes, and what is shown there now."""
        before, self._others = self._others, others
        if others != before:
            self.send(shown_messages(before, others))
            self._people_changed = True
        if others.keys() - before.keys():
            for one in self.connections:
                if one.presence:
                    self._presence_sync.publish(self.id, one.id, one.presence)

    def _let_in(self, joining: list[Connection], snapshot: RoomSnapshot) -> None:
        """Welcome those who have a role; with what they missed, or with everything."""
        welcomed = []
        for one in joining:
            role, since = snapshot.roles[one.user], one.since
            if role is None:
                one.end(Bye.NOT_FOUND)
            elif since and (since.epoch != self.epoch or since.clock > self.clock):
                one.go(Bye.EPOCH_CHANGED)
            else:
                one.role = role
                welcomed.append(one)
        self._waiting.drop_astray()
        if not welcomed:
            return
        presences = self._presences()
        self.connections.update(welcomed)
        self._people_changed = True
        records: bytes | None = None
        for one in welcomed:
            missed = snapshot.missed.get(one)
            if missed is None:
                records = records or wire.encode(self.records.to_json())
                rest = b'"records":' + records
            else:
                patches = [patch_json(change, change.patch or {}) for change in missed]
                rest = b'"patches":' + wire.encode(patches)
            one.send(self._welcome(one, snapshot.last_n[one], rest) + presences)

    def _welcome(self, one: Connection, last_n: int, rest: bytes) -> bytes:
        begun = wire.encode(
            {
                "type": "welcome",
                "clock": self.clock,
                "epoch": self.epoch,
                "role": one.role.word,
                "last_n": last_n,
                "connection": one.id,
                "people": self._people(),
                "shown": [
                    {"connection": other.connection, "outputs": other.outputs}
                    for other in self._everybody()
                    if other.showing
                ],
            }
        )
        return wire.frame(wire.extend(begun, rest))

    # Committing

    def take(self, most: int) -> list[Ops | Label]:
        """Take what waits to be committed, which is the caller's business from now on."""
        return self._waiting.take(most)

    async def _commit(self) -> None:
        """Commit all that waits in one transaction, and only then tell anybody."""
        if not self.clock:
            # Their senders were not let in.
            self._waiting.clear()
            return
        attempt = Attempt(self, take=self.take, send=self.send)
        for pause in (*_RETRIES, None):
            try:
                await self._committer.commit(attempt)
            except NotFound:
                self.end(Bye.NOT_FOUND)
                return
            except NotReady:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                break
        attempt.publish()

    async def _take_snapshot(self) -> None:
        """Take a snapshot as the last one leaves: the next to come needn't apply the changes."""
        clock = self.clock
        self.snapshot = clock

        def work(db: Transaction) -> None:
            head = store.lock(db, self.id).head
            if (head.epoch, head.clock) == (self.epoch, clock):
                log.take_snapshot(db, self.id, clock, self.records)
                log.clear(db, self.id, clock, self.limits)

        try:
            await self._database.change(work)
        except JigsawError as reason:
            logger.info("No snapshot of a workspace that was left: %s", reason)

    # Telling

    def send(self, frames: list[bytes]) -> None:
        """Send to everybody, in one piece."""
        if frames:
            together = b"".join(frames)
            for connection in list(self.connections):
                connection.send(together)

    def send_to(self, user: str, frame: bytes) -> None:
        """Send to one person's pages."""
        for connection in list(self.connections):
            if connection.user.name == user:
                connection.send(frame)

    def _send_all(self, message: bytes, *, but: Connection | None = None) -> None:
        for connection in list(self.connections):
            if connection is not but:
                connection.send(message)

    def _people(self) -> list[dict[str, Any]]:
        return [one.as_json() for one in self._everybody()]

    def _everybody(self) -> list[Person]:
        return [*(one.as_person() for one in self.connections), *self._others.values()]

    def _persist_people(self) -> None:
        self._presence_sync.persist(self.id, {one.id: one.as_person() for one in self.connections})
