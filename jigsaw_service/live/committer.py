"""Committer: what the rooms of this process have to commit, many of them in one transaction.

It reads and writes what all of them need by one statement each.
"""

from contextlib import nullcontext
from functools import partial
from itertools import islice

from sqlalchemy import Connection as Transaction

from ..document import log, revisions
from ..errors import NotFound
from ..storage.database import Database
from ..storage.group_commit import GroupCommit, Outcome
from ..workspaces import store
from .backlog import Backlog
from .commit import Attempt
from .room_snapshot import OutOfStep

# Rooms in one transaction.
_AT_ONCE = 128
# From a transaction of several edits to the next. Nobody sees them; without them, a school at work
# would make hundreds of small ones.
_CROWD_SECONDS = 0.02
# Rooms that take one in the same transaction; rooms that work at the same pace want theirs all at
# once, and everybody would wait for them.
_SNAPSHOTS = 2
# Transactions at once, where the database can: one may wait for somebody's lock.
_SIDE_BY_SIDE = 3


class Committer:
    """Committer of all rooms of a process."""

    def __init__(self, database: Database) -> None:
        self.backlog = Backlog()
        self._database = database
        self._group = GroupCommit[Attempt, None](
            self._commit,
            at_once=_AT_ONCE,
            side_by_side=_SIDE_BY_SIDE if database.notices.shared else 1,
            turn=nullcontext(),
            weigh=lambda attempt: attempt.weight,
            crowd_seconds=_CROWD_SECONDS,
        )

    async def commit(self, attempt: Attempt) -> None:
        """Return when it is committed; raise what kept it from that, with the records as before."""
        await self._group.submit(attempt)

    async def _commit(self, attempts: list[Attempt]) -> list[Outcome[None]]:
        for attempt in attempts:
            attempt.gather()
        try:
            return await self._database.change(partial(self._run, attempts))
        except BaseException:
            for attempt in attempts:
                attempt.undo()
            raise

    def _run(self, attempts: list[Attempt], db: Transaction) -> list[Outcome[None]]:
        """Do everybody's work; the faults that kept some from theirs before they wrote anything."""
        seen = store.lock_all(db, {attempt.workspace_id for attempt in attempts})
        outcomes: list[Outcome[None]] = []
        changed: list[Attempt] = []
        for attempt in attempts:
            fault = None
            try:
                attempt.run(db, seen.get(attempt.workspace_id))
            except (NotFound, OutOfStep) as reason:
                attempt.undo()
                fault = reason
            else:
                changed += [attempt] if attempt.changed else []
            outcomes.append(Outcome(fault=fault))
        if changed:
            log.append(db, [row for attempt in changed for row in attempt.rows])
            revisions.set_heads(db, [attempt.head for attempt in changed if attempt.marked])
            revisions.set_clocks(db, [attempt.head for attempt in changed if not attempt.marked])
            notices = [notice for attempt in changed for notice in attempt.notices]
            self._database.notices.send_all(db, notices)
            for attempt in islice((one for one in changed if one.wants_snapshot), _SNAPSHOTS):
                attempt.take_snapshot()
        return outcomes
