"""Commits what the rooms of this process have to commit, many of them in one transaction.

Under load it is the transaction that costs, and the wait for the disk; not its rows. So
while one is under way the next gathers, and a moment longer; and it reads and writes what
all of its rooms need by one statement each.
"""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from sqlalchemy import Connection as Transaction

from ..document import log, revisions
from ..errors import NotFound, NotReady
from ..runtime.tasks import spawn
from ..storage.database import Database
from ..workspaces import store
from .backlog import Backlog
from .commit import Attempt
from .room_snapshot import OutOfStep

_AT_ONCE = 128
"""Rooms in one transaction."""
_APART = 0.02
"""Seconds from the beginning of a transaction to that of the next. Nobody sees them; without them,
hundreds of small ones would be made."""
_SNAPSHOTS = 2
"""Rooms that take one in the same transaction; rooms that work at the same pace want theirs all at
once, and everybody would wait for them."""
_SIDE_BY_SIDE = 3
"""Transactions at once, where the database can: one may wait for somebody's lock."""


@dataclass
class _Turn:
    """A room's attempt, and who waits for what comes of it."""

    attempt: Attempt
    done: "asyncio.Future[None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def end(self, fault: Exception | None) -> None:
        if self.done.cancelled():
            return
        if fault:
            self.done.set_exception(fault)
        else:
            self.done.set_result(None)


class Committer:
    """One for all rooms of a process."""

    def __init__(self, database: Database) -> None:
        self.backlog = Backlog()
        self._database = database
        self._waiting: list[_Turn] = []
        self._workers = 0
        self._next = 0.0
        """The monotonic time of the next transaction, at the earliest."""
        self._most = _SIDE_BY_SIDE if database.notices.shared else 1

    async def commit(self, attempt: Attempt) -> None:
        """Return when it is committed; raise what kept it from that, with the records as before."""
        turn = _Turn(attempt)
        self._waiting.append(turn)
        if self._workers < self._most:
            self._workers += 1
            spawn(self._work(), name="committing rooms")
        await turn.done

    async def _work(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._next - time.monotonic())
                # Another may have taken them all meanwhile.
                if turns := self._take():
                    self._next = time.monotonic() + _APART
                    await self._commit(turns)
        finally:
            self._workers -= 1

    def _take(self) -> list[_Turn]:
        turns, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        for turn in turns:
            turn.attempt.gather()
        return turns

    async def _commit(self, turns: list[_Turn]) -> None:
        attempts = [turn.attempt for turn in turns]
        faults: list[Exception | None]
        try:
            faults = await self._database.change(partial(self._run, attempts))
        except Exception as fault:
            for attempt in attempts:
                attempt.undo()
            if len(turns) > 1 and not isinstance(fault, NotReady):
                # One of them spoilt it for all; done alone, it spoils it for itself.
                for turn in turns:
                    await self._commit([turn])
                return
            faults = [fault] * len(turns)
        except BaseException:
            for turn in turns:
                turn.attempt.undo()
                turn.done.cancel()
            raise
        for turn, outcome in zip(turns, faults, strict=True):
            turn.end(outcome)

    def _run(self, attempts: list[Attempt], db: Transaction) -> list[Exception | None]:
        """Everybody's work, and what kept some from theirs before they wrote anything."""
        seen = store.lock_all(db, {attempt.workspace_id for attempt in attempts})
        faults: list[Exception | None] = []
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
            faults.append(fault)
        if changed:
            log.append(db, [row for attempt in changed for row in attempt.rows])
            revisions.set_heads(db, [attempt.head for attempt in changed if attempt.marked])
            revisions.set_clocks(db, [attempt.head for attempt in changed if not attempt.marked])
            notices = [notice for attempt in changed for notice in attempt.notices]
            self._database.notices.send_all(db, notices)
            for attempt in islice((one for one in changed if one.wants_snapshot), _SNAPSHOTS):
                attempt.take_snapshot()
        return faults
