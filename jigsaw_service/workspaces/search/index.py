"""Indexer: puts the words of workspaces that have changed where searches find them.

X1  A workspace waits while its clock is beyond `indexed_clock`; a new name or owner
    sets that to 0. So edits, which come by the hundred a second, do nothing for it.
X2  It works in the background, some workspaces at a time, and rests several times
    as long as it has worked.
X3  What changed while it was read keeps waiting.
X4  On PostgreSQL one process at a time does it, whichever comes first.
X5  While somebody edits a workspace, it waits for a moment without a change, or for
    five hundred of them; not the first time, nor after a new name or owner.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ...document import revisions
from ...errors import JigsawError
from ...storage.database import Database
from ...storage.tables import Account, SearchText, Workspace
from .contents import block_words
from .words import endings_in, fold, in_one

log = logging.getLogger(__name__)

# Seconds; at least.
PAUSE = 2.0
# It rests so many times as long as it has worked.
_REST = 3
_AT_ONCE = 10
_CALM = timedelta(seconds=3)
_MOST_WAITING = 500
# Any number that nobody else takes an advisory lock of.
_LOCK = 0x6A696773


@dataclass(frozen=True)
class _Read:
    """A workspace as it was when its words were read."""

    id: str
    clock: int
    name: str
    owner_id: int
    owner: str
    xml: bytes


async def forever(database: Database) -> None:
    """Index whatever waits, and look again after a pause."""
    while True:
        began = time.monotonic()
        try:
            more = await index_some(database, _CALM) == _AT_ONCE
        except JigsawError as error:
            more = False
            log.warning("Could not index: %s", error)
        except Exception:
            more = False
            log.exception("Could not index")
        rest = _REST * (time.monotonic() - began)
        await asyncio.sleep(rest if more else max(PAUSE, rest))


async def index_some(database: Database, calm: timedelta = timedelta()) -> int:
    """Index some of those that wait, and have been left alone for so long; how many they were."""
    waiting = []
    async with database.read() as db:
        left_alone = Workspace.modified <= datetime.now(timezone.utc) - calm
        for row in (await db.execute(_WAITING.where(or_(left_alone, _URGENT)))).all():
            waiting.append(await _read(db, *row))
            # SQLite answers on the loop's own thread: let others have their turn.
            await asyncio.sleep(0)
    if not waiting:
        return 0
    texts = await asyncio.to_thread(lambda: [_text(one) for one in waiting])
    async with database.write() as db:
        if await _may_work(db):
            # In order, so that two who lock several wait for one another and not for ever.
            for one, kept in sorted(zip(waiting, texts, strict=True), key=lambda both: both[0].id):
                await _keep(db, one, kept)
    return len(waiting)


_WAITING = (
    select(Workspace, Account.name)
    .join(Account, Account.id == Workspace.owner_id)
    .where(Workspace.clock > Workspace.indexed_clock)
    .limit(_AT_ONCE)
)
_URGENT = or_(
    Workspace.indexed_clock == 0, Workspace.clock - Workspace.indexed_clock >= _MOST_WAITING
)


async def _read(db: AsyncSession, workspace: Workspace, owner: str) -> _Read:
    try:
        document = await revisions.head(db, workspace)
    except JigsawError as error:
        # It must not keep all the others waiting; its name is found.
        log.warning("Could not read %s to index it: %s", workspace.id, error)
        document = revisions.EMPTY
    return _Read(
        workspace.id, workspace.clock, workspace.name, workspace.owner_id, owner, document.xml
    )


def _text(one: _Read) -> dict[str, str]:
    names = in_one([*endings_in(one.name), *endings_in(one.owner), fold(one.owner)])
    return {"name_words": names, "block_words": block_words(one.xml)}


async def _may_work(db: AsyncSession) -> bool:
    if db.get_bind().dialect.name == "sqlite":
        return True
    return bool(await db.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK}))


async def _keep(db: AsyncSession, one: _Read, kept: dict[str, str]) -> None:
    as_read = update(Workspace).where(
        Workspace.id == one.id, Workspace.name == one.name, Workspace.owner_id == one.owner_id
    )
    done = await db.execute(as_read.values(indexed_clock=one.clock))
    if not done.rowcount:  # type: ignore[attr-defined]
        return
    key = SearchText.workspace_id == one.id
    changed = await db.execute(update(SearchText).where(key).values(kept))
    if not changed.rowcount:  # type: ignore[attr-defined]
        await db.execute(insert(SearchText), {"workspace_id": one.id, **kept})
