"""Commit of a room: all batches that wait, in a transaction, each applied or refused by itself.

The records are changed on the way. Until the commit is known to have worked,
every step can be taken back, and nobody has heard of it. `committer` has the transaction.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from sqlalchemy import Connection as Transaction

from ..document import log, revisions, wire
from ..document.log import Logged
from ..document.operations import check_result
from ..document.records import Patch, apply
from ..document.reducer import reduce
from ..errors import Conflict, JigsawError, NotFound
from ..runtime.identity import User
from ..runtime.roles import Action
from ..workspaces import store
from .connection import Connection
from .messages import patch_message, refused_message, revision_message, revision_notice
from .room_snapshot import OutOfStep, changes_since, marks_since
from .room_state import RoomState

logger = logging.getLogger(__name__)

_SNAPSHOT_EVERY = 200
# Batches of a room in one transaction; other rooms wait meanwhile.
_AT_ONCE = 50


@dataclass(frozen=True)
class Ops:
    """A batch of operations, as its sender numbered it."""

    sender: Connection
    n: int
    ops: list[dict[str, Any]]


@dataclass(frozen=True)
class Label:
    """Label: a name for the present state."""

    sender: Connection
    label: str


class Attempt:
    """`run` is the work of a transaction, and may run again; then `publish` or `undo`.

    The last step, writing `rows`, `head` and `notices` where `changed`, and taking a snapshot,
    is left to the caller, who may have more of them.
    """

    def __init__(
        self,
        room: RoomState,
        *,
        take: Callable[[int], list[Ops | Label]],
        send: Callable[[list[bytes]], None],
    ) -> None:
        """`take`: as many of the edits that wait; `send`: frames to everybody in the room."""
        self._room, self._take, self._send = room, take, send
        self._items: list[Ops | Label] = []
        self.workspace_id = room.id
        self._undo: list[Callable[[], Any]] = []
        self._begin()

    def _begin(self) -> None:
        # Changes that are not written yet, in order.
        self.rows: list[tuple[str, Logged, bytes]] = []
        # True if there is anything to write.
        self.changed = False
        # True if there is a new revision, too.
        self.marked = False
        # For everybody at other processes.
        self.notices: list[tuple[str, str]] = []
        # For everybody, in order.
        self._news: list[bytes] = []
        self._answers: list[tuple[Connection, bytes]] = []
        self._last_n: dict[tuple[int, str], int] = {}
        self._refusals: dict[User, JigsawError | None] = {}
        self._snapshot = 0

    @property
    def weight(self) -> int:
        """Number of edits and labels in it."""
        return len(self._items)

    def gather(self) -> None:
        """Take in what waits by now."""
        self._items += self._take(_AT_ONCE - len(self._items))

    def undo(self) -> None:
        """Make the records again what they were before."""
        while self._undo:
            self._undo.pop()()

    def publish(self) -> None:
        """Tell everybody: it is committed."""
        room = self._room
        room.clock, room.revision = self.head.clock, self.head.revision
        room.snapshot = max(room.snapshot, self._snapshot)
        room.last_n |= self._last_n
        self._send(self._news)
        for receiver, answer in self._answers:
            receiver.send(answer)

    def run(self, db: Transaction, seen: store.Seen | None) -> None:
        """`seen` is of the locked workspace; None: it is gone.

        Raises NotFound or OutOfStep, then before anything is written.
        """
        self.undo()
        self._begin()
        room = self._room
        if seen is None:
            raise NotFound
        self._db, self._seen, self.head = db, seen, seen.head
        if seen.head.epoch != room.epoch:
            raise OutOfStep(epoch=True)
        self._follow()
        for item in self._items:
            try:
                self._admit(item.sender.user)
                if isinstance(item, Ops):
                    self._apply(item)
                else:
                    self._label(item)
            except JigsawError as refusal:
                n = item.n if isinstance(item, Ops) else None
                self._answers.append((item.sender, refused_message(n, refusal)))
        self._finish()

    def _follow(self) -> None:
        """Take in what others did; on SQLite, some of it may be in this very transaction."""
        room = self._room
        for change, content in changes_since(self._db, room, self.head):
            followed = room.follow(change, content)
            self._undo.append(followed.undo)
            self._news.append(followed.frame)
            if change.client is not None and change.n is not None:
                self._last_n[change.account, change.client] = change.n
        for number, label in marks_since(self._db, room, self.head):
            self._news.append(revision_message(number, label))

    def _admit(self, user: User) -> None:
        """Raise what keeps this person from changing the workspace at this very moment."""
        if user not in self._refusals:
            try:
                store.admit(self._db, user, self._seen, Action.EDIT)
            except JigsawError as refusal:
                self._refusals[user] = refusal
            else:
                self._refusals[user] = None
        known = self._refusals[user]
        if known:
            raise known

    def _apply(self, batch: Ops) -> None:
        sender = batch.sender
        if batch.n <= self._last(sender):
            self._answers.append((sender, self._again(batch)))
            return
        now = datetime.now(timezone.utc)
        patch, inverse = self._reduce(batch)
        records = self._room.records
        if self._is_due(batch, now):
            apply(records, inverse)
            self._mark()
            inverse = apply(records, patch)
        self._undo.append(partial(apply, records, inverse))
        self.head = self.head.changed(sender.user, now)
        self._last_n[sender.user.id, sender.client] = batch.n
        self.changed = True
        change = Logged(
            clock=self.head.clock,
            account=sender.user.id,
            author=sender.user.name,
            client=sender.client,
            n=batch.n,
            patch=patch,
            revision=None,
            created=now,
        )
        written = wire.encode(patch)
        self.rows.append((self.workspace_id, change, written))
        self._news.append(patch_message(change, written))

    def _reduce(self, batch: Ops) -> tuple[Patch, Patch]:
        """Apply the batch to the records; its patch, and the way back."""
        records = self._room.records
        inverse: Patch = {}
        try:
            patch = reduce(records, batch.ops)
            inverse = apply(records, patch)
            check_result(records, patch, self._room.limits.workspace_bytes)
        except Exception as fault:
            apply(records, inverse)
            if isinstance(fault, JigsawError):
                raise
            # A bug of ours must not keep the others in the room from working.
            logger.exception("A batch of operations could not be applied")
            raise JigsawError("The fault is logged; reload the page.") from fault
        return patch, inverse

    def _last(self, sender: Connection) -> int:
        """The number of the sender's last batch that was applied."""
        key = sender.user.id, sender.client
        known = self._last_n.get(key) or self._room.last_n.get(key)
        if known is None:
            known = log.last_n(self._db, self._room.id, *key)
            self._last_n[key] = known
        return known

    def _again(self, batch: Ops) -> bytes:
        """The answer to a batch that was applied before."""
        self._flush()
        sender = batch.sender
        old = log.find_batch(self._db, self._room.id, sender.user.id, sender.client, batch.n)
        if old is None or old.patch is None:
            raise Conflict("This batch, or a later one of this tab, was dealt with long ago.")
        return patch_message(old, wire.encode(old.patch))

    def _is_due(self, batch: Ops, now: datetime) -> bool:
        """H3 of `revisions`."""
        since = self.head.unmarked_since
        if since is None:
            return False
        return batch.n == 1 or now - since >= timedelta(minutes=self._room.limits.revision_minutes)

    def _mark(self) -> None:
        self._flush()
        self.head = revisions.mark(self._db, self.head, self._room.records)
        self.marked = True
        self._snapshot = self.head.clock
        self._news.append(revision_message(self.head.revision, None))

    def _label(self, wanted: Label) -> None:
        if self.head.unmarked_since is not None:
            self._mark()
            self._news.pop()
        self.changed = True
        revisions.set_label(self._db, self.head, wanted.label)
        self._news.append(revision_message(self.head.revision, wanted.label))
        notice = revision_notice(self.head.revision, wanted.label)
        self.notices.append((self.workspace_id, notice))

    def _flush(self) -> None:
        log.append(self._db, self.rows)
        self.rows.clear()

    def _finish(self) -> None:
        if not self.changed:
            return
        if self._snapshot:
            log.clear(self._db, self._room.id, self._snapshot, self._room.limits)
        self.notices.append((self._room.id, ""))

    @property
    def wants_snapshot(self) -> bool:
        """True if so much has changed since the last snapshot that newcomers would wait."""
        kept = max(self._room.snapshot, self._snapshot, self.head.head_clock)
        return self.head.clock - kept >= _SNAPSHOT_EVERY

    def take_snapshot(self) -> None:
        """Keep the records as they are, once all else is written; clear away what that holds."""
        room, self._snapshot = self._room, self.head.clock
        log.take_snapshot(self._db, room.id, self._snapshot, room.records)
        log.clear(self._db, room.id, self._snapshot, room.limits)
