"""One row in every table that refers to an account."""

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jigsaw_service.runtime.identity import User
from jigsaw_service.storage.tables import (
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
    Table,
    Transfer,
    Workspace,
)
from jigsaw_service.workspaces import store

from .conftest import LIMITS, program

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


def references() -> set[Column[Any]]:
    """Every column that refers to an account."""
    return {
        key.parent
        for table in Table.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "accounts"
    }


def full_name(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


async def referring(db: AsyncSession, account: int) -> set[str]:
    """The columns in which that account stands."""
    return {
        full_name(column)
        for column in references()
        if await db.scalar(select(func.count()).select_from(column.table).where(column == account))
    }


async def create(db: AsyncSession, user: User, name: str) -> Workspace:
    return (
        await store.create(
            db, user, name=name, language="python", limits=LIMITS, document=program(name)
        )
    ).workspace


async def add_all(db: AsyncSession, user: User, other: User, *, client: str = "c") -> Workspace:
    """`user` has something of everything, in a workspace of their own and in `other`'s.

    The one of `other`'s is the answer.
    """
    own, theirs = await create(db, user, "own"), await create(db, other, "theirs")
    theirs.modified_by = user.id
    account, by, once = {"account_id": user.id}, {"created_by": user.id}, {"created": NOW}
    collection = Collection(workspace_id=own.id, finished=True, **account, **once)
    link = ShareLink(
        workspace_id=theirs.id,
        code_hash=user.name.encode().ljust(32),
        code_prefix="c",
        kind="copy",
        **by,
        **once,
    )
    db.add_all([collection, link])
    await db.flush()
    named = {"kind": "user", "name": "zoe", "role": 1}
    mine = {"kind": "user", "name": user.name, "role": 1}
    copied = {"link_id": link.id, "origin_id": theirs.id}
    db.add_all(
        [
            RevisionAuthor(workspace_id=theirs.id, number=1, **account),
            Inherited(workspace_id=theirs.id, **account),
            Change(workspace_id=theirs.id, clock=2, client=client, n=1, **account, **once),
            Client(workspace_id=theirs.id, client=client, last_n=1, **account),
            Share(workspace_id=theirs.id, **mine, **account, created_by=other.id, **once),
            Share(workspace_id=own.id, **named, **by, **once),
            LinkCopy(workspace_id=own.id, viewer_id=other.id, **copied, **account, **once),
            LinkCopy(
                workspace_id=theirs.id,
                origin_id=own.id,
                link_id=link.id,
                account_id=other.id,
                viewer_id=user.id,
                **once,
            ),
            Collected(collection_id=collection.id, **account),
            Transfer(
                workspace_id=theirs.id, name=user.name, created_by=other.id, **account, **once
            ),
            Transfer(workspace_id=own.id, name="zoe", **by, **once),
            Event(
                workspace_id=theirs.id, kind="left", details={"user": user.name}, **account, **once
            ),
            Event(workspace_id="gone", kind="deleted", owner_id=user.id, details={}, **once),
            Membership(group_name="class-7b", **account),
            Import(id=f"import-{user.name}", owner_id=user.id, **once),
        ]
    )
    await db.flush()
    return theirs
