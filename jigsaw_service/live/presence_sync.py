"""Presence across processes: who is in a room by way of the others. On SQLite, nobody.

Each process keeps a copy of its own people, and of what they show, in the database, and
tells the others to look: so each process sees all there are, however late they come.
The copy belongs to its process, which says again and again that it is alive; one that
was silent for too long is cleared away by the others, with its people. Where somebody is
and what they select is never kept: notices carry it, and what gets lost is lost.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import (
    Connection,
    TableClause,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from ..document import log, wire
from ..runtime.roles import Role
from ..runtime.tasks import spawn
from ..storage.database import Database
from ..storage.tables import Process, Visitor
from .connection import People, Person

logger = logging.getLogger(__name__)

# A process says so often that it is alive.
_BEAT_SECONDS = 2.0
# After so much silence, a process is held to be dead; if it wasn't, it begins anew.
_SILENCE = timedelta(seconds=8)
# So many come when a lesson begins that they are told of together.
_GATHER_SECONDS = 0.1
_SAY_SECONDS = 0.5

_PROCESSES, _VISITORS = (cast(TableClause, table.__table__) for table in (Process, Visitor))
_BEAT = update(_PROCESSES).where(_PROCESSES.c.id == bindparam("process")).values(seen=func.now())
_BEGIN = insert(_PROCESSES).values(id=bindparam("process"), seen=func.now())
_END = delete(_PROCESSES).where(_PROCESSES.c.id.in_(bindparam("processes", expanding=True)))
_SILENT = (
    select(_PROCESSES.c.id)
    .where(_PROCESSES.c.seen < func.now() - _SILENCE)
    .with_for_update(skip_locked=True)
)
_VISITED = (
    select(_VISITORS.c.workspace_id)
    .distinct()
    .where(_VISITORS.c.process_id.in_(bindparam("processes", expanding=True)))
)
_COME = insert(_VISITORS)
_GO = delete(_VISITORS).where(_VISITORS.c.connection.in_(bindparam("gone", expanding=True)))
_ELSEWHERE = select(
    _VISITORS.c.connection, _VISITORS.c.name, _VISITORS.c.role, _VISITORS.c.showing
).where(
    _VISITORS.c.workspace_id == bindparam("workspace"),
    _VISITORS.c.process_id != bindparam("process"),
)
_OUTPUTS = select(_VISITORS.c.connection, _VISITORS.c.outputs).where(
    _VISITORS.c.connection.in_(bindparam("showing", expanding=True))
)


class PresenceSync:
    """Presence of this process among the others; one for each database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._process = secrets.token_urlsafe(9)
        # The people of this process, by workspace.
        self._here: dict[str, People] = {}
        # The same as the database has it …
        self._kept: dict[str, People] = {}
        # … unless an answer got lost.
        self._sure = False
        self._changed = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        # Messages that wait to be sent, by workspace and connection.
        self._said: dict[str, dict[str, Any]] = {}
        self._saying: asyncio.Task[None] | None = None

    # Called by rooms

    def persist(self, workspace_id: str, people: People) -> None:
        """Keep the people of this process who are there now, for the others to see."""
        if not self._database.notices.shared or people == self._here.get(workspace_id, {}):
            return
        if people:
            self._here[workspace_id] = people
        else:
            del self._here[workspace_id]
        self._changed.set()
        if self._keeping is None:
            self._keeping = spawn(self._keep_up(), name="telling who is here")

    def read(self, db: Connection, workspace_id: str, known: People) -> People:
        """Read the people of other processes who are there; `known`: as they were before."""
        if not self._database.notices.shared:
            return {}
        key = {"workspace": workspace_id, "process": self._process}
        rows = db.execute(_ELSEWHERE, key).all()
        outputs = {one.showing: one.outputs for one in known.values()}
        unknown = [row.connection for row in rows if row.showing and row.showing not in outputs]
        fetched: dict[str, Any] = {}
        if unknown:
            found = db.execute(_OUTPUTS, {"showing": unknown})
            fetched = {row.connection: log.unpack(row.outputs)["outputs"] for row in found}
        return {
            row.connection: Person(
                row.connection,
                row.name,
                Role(row.role),
                row.showing,
                row.showing and fetched.get(row.connection, outputs.get(row.showing)),
            )
            for row in rows
        }

    def publish(self, workspace_id: str, connection: str, message: dict[str, Any]) -> None:
        """Send the message soon to all who are there by way of other processes, unless that
        connection says another before."""
        if self._database.notices.shared:
            self._said.setdefault(workspace_id, {})[connection] = message
            if self._saying is None:
                self._saying = spawn(self._say(), name="telling where people are")

    async def withdraw(self) -> None:
        """Wait until the others know that all have left this process."""
        if self._keeping:
            await asyncio.wait([self._keeping])

    # Keeping the copy

    async def _keep_up(self) -> None:
        while self._here or self._kept or not self._sure:
            self._changed.clear()
            self._sure = await self._transaction(self._write)
            await asyncio.sleep(_GATHER_SECONDS if self._sure else _BEAT_SECONDS)
            if self._here:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _BEAT_SECONDS)
        self._keeping = None

    async def _transaction(self, work: Callable[[Connection], Callable[[], None]]) -> bool:
        """Do the work, and after the commit what it returns; True if that is known."""
        try:
            async with self._database.write() as db:
                connection = await db.connection()
                committed = await connection.run_sync(work)
        except Exception as reason:
            logger.warning("Other processes are not told: %s: %s", type(reason).__name__, reason)
            return False
        committed()
        return True

    def _write(self, db: Connection) -> Callable[[], None]:
        """Make the copy what is here now, and say that we are alive, if only to be here."""
        here, kept, notices = dict(self._here), self._kept, self._database.notices
        ours = {"process": self._process}
        if self._sure and here and db.execute(_BEAT, ours).rowcount:
            changed = [one for one in {**kept, **here} if here.get(one) is not kept.get(one)]
        else:
            changed, kept = [*{**kept, **here}], {}
            db.execute(_END, {"processes": [self._process]})
            if here:
                db.execute(_BEGIN, ours)
        for workspace_id in changed:
            self._replace(db, workspace_id, kept.get(workspace_id, {}), here.get(workspace_id, {}))
        left = _clear_silent(db)
        for workspace_id in {*changed, *left}:
            notices.send(db, workspace_id)

        def committed() -> None:
            self._kept = here
            for workspace_id in left:
                notices.publish(workspace_id)

        return committed

    def _replace(self, db: Connection, workspace_id: str, before: People, now: People) -> None:
        gone = [one for one, person in before.items() if now.get(one) != person]
        if gone:
            db.execute(_GO, {"gone": gone})
        come = [
            {
                "connection": one,
                "process_id": self._process,
                "workspace_id": workspace_id,
                "name": person.user,
                "role": int(person.role),
                "showing": person.showing,
                "outputs": log.pack({"outputs": person.outputs}) if person.showing else None,
            }
            for one, person in now.items()
            if before.get(one) != person
        ]
        if come:
            db.execute(_COME, come)

    # Saying where people are

    async def _say(self) -> None:
        while self._said:
            await self._transaction(self._send)
            await asyncio.sleep(_SAY_SECONDS)
        self._saying = None

    def _send(self, db: Connection) -> Callable[[], None]:
        said, self._said = self._said, {}
        for workspace_id, messages in said.items():
            here = self._here.get(workspace_id, {})
            for connection, message in messages.items():
                if connection in here:
                    self._database.notices.send(db, workspace_id, json.dumps(message))
        return lambda: None


def _clear_silent(db: Connection) -> list[str]:
    """Clear away the processes that have died; where their people were."""
    silent = {"processes": list(db.scalars(_SILENT))}
    if not silent["processes"]:
        return []
    visited = list(db.scalars(_VISITED, silent))
    db.execute(_END, silent)
    return visited


def shown_messages(before: People, now: People) -> list[bytes]:
    """Messages to those in the room, of what others show now and didn't before."""
    none = Person("", "", Role.VIEWER, None, None)
    return [
        wire.message("shown", connection=one, outputs=now.get(one, none).outputs)
        for one in {**before, **now}
        if before.get(one, none).showing != now.get(one, none).showing
    ]
