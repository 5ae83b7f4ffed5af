"""Snapshot of the database for a room: what others did, and who may be there.

Nothing here changes the room. The content of an upload or a restore comes with its change.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection as Transaction

from ..document import log, revisions
from ..document.log import Logged
from ..document.records import Records
from ..document.xml import read_records
from ..errors import NotFound
from ..runtime.identity import User
from ..runtime.roles import Action, Role
from ..workspaces import store
from .connection import Connection
from .room_state import RoomState

Changes = list[tuple[Logged, Records | None]]
# Numbers and labels of revisions.
Marks = list[tuple[int, str | None]]


class OutOfStep(Exception):
    """The room cannot go on from what it knows; `epoch`: nor can anybody in it."""

    def __init__(self, *, epoch: bool) -> None:
        super().__init__("epoch" if epoch else "log")
        self.epoch = epoch


@dataclass
class RoomSnapshot:
    """Snapshot: all that a room needs to let people in and to go on."""

    head: revisions.Head
    state: log.State | None
    """State for a room that was empty until now."""
    changes: Changes
    marks: Marks
    """Revisions that nobody in the room has heard of."""
    roles: dict[User, Role | None]
    missed: dict[Connection, list[Logged] | None] = field(default_factory=dict)
    """Changes missed by those who were here before; None: so many that they get the state."""
    last_n: dict[Connection, int] = field(default_factory=dict)


def read_snapshot(db: Transaction, room: RoomState, joining: list[Connection]) -> RoomSnapshot:
    """Read what is new to the room, and to those who want to come in.

    Raises NotFound for a workspace that is gone or in the trash, OutOfStep, and NotReady.
    """
    seen = store.peek(db, room.id)
    head = seen.head
    if seen.trashed:
        raise NotFound
    state = log.state(db, head) if not room.clock else None
    snapshot = RoomSnapshot(
        head=head,
        state=state,
        changes=[] if state else changes_since(db, room, head),
        marks=[] if state else marks_since(db, room, head),
        roles={
            user: _role(db, user, seen)
            for user in {one.user for one in [*room.connections, *joining]}
        },
    )
    for one in joining:
        since = one.since
        if since and since.epoch == head.epoch:
            snapshot.missed[one] = log.missed(db, room.id, since.clock, head.clock)
        snapshot.last_n[one] = log.last_n(db, room.id, one.user.id, one.client)
    return snapshot


def changes_since(db: Transaction, room: RoomState, head: revisions.Head) -> Changes:
    """The changes that the room has not seen, those of other processes and of REST."""
    if room.clock == head.clock:
        return []
    changes = log.between(db, room.id, room.clock, head.clock)
    if len(changes) != head.clock - room.clock:
        raise OutOfStep(epoch=head.clock < room.clock)
    return [
        (one, None if one.revision is None else _content(db, room.id, one.revision))
        for one in changes
    ]


def marks_since(db: Transaction, room: RoomState, head: revisions.Head) -> Marks:
    """The revisions that nobody in the room has heard of."""
    return revisions.since(db, room.id, room.revision) if head.revision > room.revision else []


def _role(db: Transaction, user: User, seen: store.Seen) -> Role | None:
    try:
        return store.admit(db, user, seen, Action.READ)
    except NotFound:
        return None


def _content(db: Transaction, workspace_id: str, number: int) -> Records:
    return read_records(revisions.xml_of(db, workspace_id, number))
