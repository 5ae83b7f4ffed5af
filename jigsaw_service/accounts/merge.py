"""Rules of a merge: what was one account's becomes another's, at an admin's word.

N1  Nothing is lost: the account joined to owns, may do and has done all that the other did.
N2  Of two shares of a workspace the higher role stays; the owner needs none, nor an offer.
N3  Two workspaces that notebooks show by the same name: the one that comes loses it.
N4  The account that comes stays as a row that nobody is recognised as, for processes that
    remember its number for some seconds.
"""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..storage.accounts import DELETED
from ..storage.database import also_about
from ..storage.tables import (
    Account,
    Change,
    Client,
    Collected,
    Collection,
    Event,
    Import,
    Inherited,
    LinkCopy,
    Membership,
    RevisionAuthor,
    Share,
    ShareLink,
    Transfer,
    Workspace,
)
from ..workspaces import store

Step = Callable[[AsyncSession, Any, int, int], Awaitable[None]]


async def join(db: AsyncSession, old: Account, new: Account) -> None:
    """Make all of `old` `new`'s."""
    await lock_about(db, [old.id, new.id])
    for column, step in STEPS.items():
        await step(db, column, old.id, new.id)
    await tidy(db, new)
    bury(old)
    await db.flush()


def bury(account: Account) -> None:
    """Leave the row, and nobody behind it: its number stands in others' histories."""
    account.name, account.created = f"deleted user {account.id}", DELETED


async def lock_about(db: AsyncSession, accounts: list[int]) -> None:
    """Lock the workspaces whose roles are about to change; pages that have them open are told."""
    ids = sorted(await db.scalars(select(Workspace.id).where(concerns(accounts))))
    connection = await db.connection()
    await connection.run_sync(store.lock_all, ids)
    locked = select(Account.id).where(Account.id.in_(accounts)).order_by(Account.id)
    await db.execute(locked.with_for_update())
    also_about(db, ids)


def concerns(accounts: list[int]) -> ColumnElement[bool]:
    """The workspaces that these own, share, are offered or look into."""
    of = [
        exists().where(table.workspace_id == Workspace.id, column.in_(accounts))
        for table, column in (
            (Share, Share.account_id),
            (Transfer, Transfer.account_id),
            (LinkCopy, LinkCopy.viewer_id),
        )
    ]
    return or_(Workspace.owner_id.in_(accounts), *of)


async def _move(db: AsyncSession, column: Any, old: int, new: int) -> None:
    await db.execute(update(column.table).where(column == old).values({column.name: new}))


def _once(*same: str) -> Step:
    """Move what is there once for each person; `same` tells which rows are about one thing."""

    async def move(db: AsyncSession, column: Any, old: int, new: int) -> None:
        table: Table = column.table
        other = table.alias()
        theirs = and_(other.c[column.name] == new, *(other.c[n] == table.c[n] for n in same))
        twice = select(other).where(theirs).correlate(table).exists()
        await db.execute(delete(table).where(column == old, twice))
        await _move(db, column, old, new)

    return move


async def _workspaces(db: AsyncSession, column: Any, old: int, new: int) -> None:
    """N3. The names of owners are among the words that are searched."""
    table: Table = column.table
    other = table.alias()
    same = ("language", "notebook_name")
    theirs = and_(other.c.owner_id == new, *(other.c[n] == table.c[n] for n in same))
    twice = select(other.c.id).where(theirs).correlate(table).exists()
    await db.execute(update(table).where(column == old, twice).values(notebook_name=None))
    await db.execute(update(table).where(column == old).values(owner_id=new, indexed_clock=0))


async def _shares(db: AsyncSession, column: Any, old: int, new: int) -> None:
    """N2."""
    held = {
        share.workspace_id: share
        for share in await db.scalars(select(Share).where(Share.account_id == new))
    }
    for share in (await db.scalars(select(Share).where(Share.account_id == old))).all():
        if share.workspace_id in held:
            kept = held[share.workspace_id]
            kept.role = max(kept.role, share.role)
            await db.delete(share)
    await db.flush()
    await _move(db, column, old, new)


async def _changes(db: AsyncSession, column: Any, old: int, new: int) -> None:
    """A tab's batches are told apart by its account, too; where that ends, they have no number."""
    table: Table = column.table
    other = table.alias()
    same = ("workspace_id", "client", "n")
    theirs = and_(other.c.account_id == new, *(other.c[n] == table.c[n] for n in same))
    twice = select(other.c.clock).where(theirs).correlate(table).exists()
    await db.execute(update(table).where(column == old, twice).values(client=None, n=None))
    await _move(db, column, old, new)


async def tidy(db: AsyncSession, new: Account) -> None:
    """N2, and the name that shares and offers show."""
    own = select(Workspace.id).where(Workspace.owner_id == new.id)
    for table in Share, Transfer:
        mine = table.account_id == new.id
        await db.execute(delete(table).where(mine, table.workspace_id.in_(own)))
        await db.execute(update(table).where(mine).values(name=new.name))
    await db.execute(
        update(LinkCopy)
        .where(LinkCopy.viewer_id == new.id, LinkCopy.workspace_id.in_(own))
        .values(viewer_id=None)
    )


def _column(attribute: Any) -> Any:
    return cast(Any, attribute.property.columns[0])


# Steps for each reference to an account; a test fails for one that is missing.
STEPS: dict[Any, Step] = {
    _column(attribute): step
    for attribute, step in {
        Workspace.owner_id: _workspaces,
        Workspace.modified_by: _move,
        RevisionAuthor.account_id: _once("workspace_id", "number"),
        Inherited.account_id: _once("workspace_id"),
        Change.account_id: _changes,
        Client.account_id: _once("workspace_id", "client"),
        Share.account_id: _shares,
        Share.created_by: _move,
        ShareLink.created_by: _move,
        LinkCopy.account_id: _move,
        LinkCopy.viewer_id: _move,
        Collection.account_id: _move,
        Collected.account_id: _move,
        Transfer.account_id: _move,
        Transfer.created_by: _move,
        Event.account_id: _move,
        Event.owner_id: _move,
        Membership.account_id: _once("group_name"),
        Import.owner_id: _move,
    }.items()
}
