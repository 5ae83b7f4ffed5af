"""Provenance: who had a hand in what a workspace holds, for those about to run it.

P1  These are its owner, the authors of its revisions, and everybody who ever
    changed it, also where the change is no longer in the log.
P2  A copy takes on all contributors of its origin as they are at that moment,
    whichever revision was copied, and keeps them for good.
P3  Who wrote what came in as a file is not known: such files are counted, so that
    another one is noticed. Imports and uploads are files.
P4  Editing writes nothing for this: the log and the revisions tell.
P5  The kernel decides what code does: those who chose it for all had a hand in it, for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import TableClause, bindparam, func, insert, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from ..storage.tables import Account, Change, Client, Inherited, Revision, RevisionAuthor, Workspace

# The kinds of revisions that are files.
_FILES = ("import", "upload")

_CHANGES, _CLIENTS, _AUTHORS, _INHERITED = (
    cast(TableClause, table.__table__) for table in (Change, Client, RevisionAuthor, Inherited)
)
_WORKSPACE: Any = bindparam("workspace")
_HANDS: Any = union(
    select(Workspace.owner_id).where(Workspace.id == _WORKSPACE),
    *(
        select(table.c.account_id).where(table.c.workspace_id == _WORKSPACE).distinct()
        for table in (_AUTHORS, _CHANGES, _CLIENTS, _INHERITED)
    ),
)
_PEOPLE = (
    select(Account.id, Account.name)
    .where(Account.id.in_(_HANDS))
    .order_by(Account.name, Account.id)
)
_HERE = (
    select(func.count())
    .select_from(Revision)
    .where(Revision.workspace_id == _WORKSPACE, Revision.kind.in_(_FILES))
    .scalar_subquery()
)
_COUNT = select(Workspace.inherited_files + _HERE).where(Workspace.id == _WORKSPACE)


@dataclass(frozen=True)
class Contributor:
    """An account; names may be borne by several, one after the other."""

    account: int
    name: str


@dataclass(frozen=True)
class Contributors:
    """Contributors, all by name, and the number of files."""

    people: Sequence[Contributor]
    files: int


async def contributors_of(db: AsyncSession, workspace_id: str) -> Contributors:
    """Contributors of the workspace: all who had a hand in it."""
    key = {"workspace": workspace_id}
    people = [Contributor(*row) for row in await db.execute(_PEOPLE, key)]
    return Contributors(people, await db.scalar(_COUNT, key) or 0)


async def chose_kernel(db: AsyncSession, workspace_id: str, account: int) -> None:
    """P5."""
    await db.merge(Inherited(workspace_id=workspace_id, account_id=account))


async def inherit(db: AsyncSession, copy: Workspace, origin: Workspace) -> None:
    """P2. The copy's content was read before this, so that nobody is missing."""
    found = await contributors_of(db, origin.id)
    copy.inherited_files = found.files
    await db.execute(
        insert(Inherited),
        [{"workspace_id": copy.id, "account_id": one.account} for one in found.people],
    )
