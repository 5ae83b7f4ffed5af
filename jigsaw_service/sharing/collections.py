"""Rules of collections: what somebody takes, all at once, of the copies of their workspace.

C1  Taken is what the copies of those are who let the origin's owner look. Who doesn't,
    or has their copy in the trash, is listed with the reason.
C2  It is frozen: nothing is written into the copies, and what happens to them later,
    or to the agreement, changes nothing in it.
C3  It is for the person who took it, to whom the agreement was given, while they own
    the origin: for no later owner. It goes when the origin is deleted for good.
C4  Copies are read and kept some at a time, so that a class of any size keeps nobody
    waiting. A collection is seen when all of it is there, or never.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from ..document import revisions
from ..document.log import unpack_xml
from ..errors import Conflict, NotFound, TooManyRequests
from ..runtime.identity import User
from ..runtime.limits import Limits
from ..runtime.roles import Action
from ..storage.database import Database
from ..storage.tables import Account, Collected, Collection, LinkCopy, Workspace
from ..workspaces import audit_log, copies, store
from ..workspaces.copies import Copy

_AT_ONCE = 20
_GIVEN_UP_AFTER = timedelta(hours=1)

PRIVATE, TRASHED = "private", "trashed"


@dataclass(frozen=True)
class CollectionEntry:
    """A copy in a collection, or one that could not be had; and who made it."""

    taken: Collected
    maker: str


@dataclass(frozen=True)
class ListedCollection:
    """A collection, and how much is in it."""

    collection: Collection
    collected: int
    missing: int


async def collect(database: Database, user: User, origin_id: str, *, limits: Limits) -> int:
    """Take what there is now; the id of the new collection."""
    collection_id = await _begin(database, user, origin_id, limits)
    after: int | None = 0
    while after is not None:
        after = await _take_some(database, user, origin_id, collection_id, after)
    async with database.write() as db:
        found = await store.find(db, user, origin_id, Action.COLLECT, lock=True)
        collection = await db.get_one(Collection, collection_id)
        collection.finished = True
        counts = await _count(db, collection)
        what = audit_log.EventKind.COLLECTED
        about = {"collected": counts.collected, "missing": counts.missing}
        audit_log.record(db, found.workspace.id, what, by=user, collection=collection_id, **about)
    return collection_id


async def _begin(database: Database, user: User, origin_id: str, limits: Limits) -> int:
    async with database.write() as db:
        found = await store.find(db, user, origin_id, Action.COLLECT, lock=True)
        origin = found.workspace
        there = await db.scalar(select(func.count()).where(Collection.workspace_id == origin.id))
        if (there or 0) >= limits.collections_per_workspace:
            raise TooManyRequests(
                f"The workspace has {there} collections. Delete some first.",
                limit=limits.collections_per_workspace,
            )
        if not await copies.any_shown(db, user, origin):
            raise Conflict("Nobody who made a copy lets you look at it yet.")
        new = Collection(
            workspace_id=origin.id,
            account_id=user.id,
            created=datetime.now(timezone.utc),
            finished=False,
        )
        db.add(new)
        await db.flush()
        return new.id


async def _take_some(
    database: Database, user: User, origin_id: str, collection_id: int, after: int
) -> int | None:
    """Take some copies with an id above `after`; the last one's id, None when there are no more."""
    async with database.read() as db:
        found = await store.find(db, user, origin_id, Action.COLLECT)
        some = await copies.page(db, found.workspace, limit=_AT_ONCE, after=after)
        taken = {copy.made.id: await _take(db, user, copy) for copy in some}
    async with database.write() as db:
        # Somebody may have withdrawn their agreement meanwhile.
        agreed = LinkCopy.id.in_(taken), LinkCopy.viewer_id == user.id
        still = set(await db.scalars(select(LinkCopy.id).where(*agreed)))
        for made, entry in taken.items():
            if entry.reason is None and made not in still:
                entry = Collected(account_id=entry.account_id, reason=PRIVATE)
            entry.collection_id = collection_id
            db.add(entry)
    return some[-1].made.id if len(some) == _AT_ONCE else None


async def _take(db: AsyncSession, user: User, copy: Copy) -> Collected:
    """C1, of one copy."""
    maker, workspace = copy.made.account_id, copy.workspace
    if copy.made.viewer_id != user.id:
        return Collected(account_id=maker, reason=PRIVATE)
    if workspace.trashed:
        return Collected(account_id=maker, reason=TRASHED)
    document = await revisions.head(db, workspace)
    return Collected(
        account_id=maker,
        name=workspace.name,
        language=workspace.language,
        revision=workspace.revision,
        clock=workspace.clock,
        modified=workspace.modified,
        size=len(document.xml),
        blocks=document.blocks,
        xml=document.packed,
    )


async def listed(db: AsyncSession, user: User, origin: Workspace) -> Sequence[ListedCollection]:
    """Collections that `user` made of this workspace's copies, newest first."""
    rows = await db.scalars(
        select(Collection)
        .where(Collection.workspace_id == origin.id, _seen_by(user))
        .order_by(Collection.id.desc())
    )
    return [await _count(db, collection) for collection in rows]


def _seen_by(user: User) -> ColumnElement[bool]:
    return (Collection.account_id == user.id) & Collection.finished.is_(True)


async def _count(db: AsyncSession, collection: Collection) -> ListedCollection:
    row = await db.execute(
        select(func.count(Collected.clock), func.count(Collected.reason)).where(
            Collected.collection_id == collection.id
        )
    )
    return ListedCollection(collection, *row.one())


async def find(
    db: AsyncSession, user: User, origin: Workspace, collection_id: int
) -> ListedCollection:
    """A collection of `user`'s, or NotFound."""
    found = await db.scalar(
        select(Collection).where(
            Collection.id == collection_id, Collection.workspace_id == origin.id, _seen_by(user)
        )
    )
    if found is None:
        raise NotFound("You have no such collection of this workspace's copies.")
    return await _count(db, found)


_ENTRIES = select(Collected, Account.name).join(Account, Account.id == Collected.account_id)


async def entries(db: AsyncSession, collection: Collection) -> Sequence[CollectionEntry]:
    """Entries of a collection by their makers' names, without the XML."""
    of_it = _ENTRIES.where(Collected.collection_id == collection.id)
    rows = await db.execute(of_it.order_by(Account.name, Collected.id))
    return [CollectionEntry(*row) for row in rows]


async def find_entry(
    db: AsyncSession, collection: Collection, entry_id: int
) -> tuple[CollectionEntry, bytes]:
    """A copy in the collection, and its XML; or NotFound."""
    row = await db.execute(
        _ENTRIES.options(undefer(Collected.xml)).where(
            Collected.collection_id == collection.id,
            Collected.id == entry_id,
            Collected.reason.is_(None),
        )
    )
    found = row.one_or_none()
    if found is None:
        raise NotFound("The collection has no such copy.")
    entry = CollectionEntry(*found)
    return entry, unpack_xml(entry.taken.xml)


async def contents(database: Database, ids: Sequence[int]) -> AsyncIterator[tuple[int, bytes]]:
    """The XML of these entries, read some at a time; of those that are there still."""
    for start in range(0, len(ids), _AT_ONCE):
        some = Collected.id.in_(ids[start : start + _AT_ONCE])
        async with database.read() as db:
            packed = dict((await db.execute(select(Collected.id, Collected.xml).where(some))).all())
        for entry in ids[start : start + _AT_ONCE]:
            if entry in packed:
                yield entry, unpack_xml(packed[entry])


async def delete(db: AsyncSession, user: User, collection: Collection) -> None:
    """Delete for good."""
    what = audit_log.EventKind.COLLECTION_DELETED
    audit_log.record(db, collection.workspace_id, what, by=user, collection=collection.id)
    await db.execute(delete_rows(Collection).where(Collection.id == collection.id))


async def clear_unfinished(db: AsyncSession, now: datetime) -> None:
    """C4: drop what was begun, and never finished."""
    old = Collection.finished.is_(False), Collection.created < now - _GIVEN_UP_AFTER
    await db.execute(delete_rows(Collection).where(*old))
