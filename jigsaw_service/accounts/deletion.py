"""Rules of a deletion: somebody is gone from the Hub, and an admin says so.

D1  Their workspaces are deleted for good, with all that belongs to them; or given to
    somebody else, as by a transfer: shares, links and history stay.
D2  What others gave them goes: roles, offers, agreements; and what stands in their name.
D3  In others' workspaces their work stays, by nobody: the account loses its name, and who
    comes by that name later is a stranger.
D4  What others collected with their consent stays, without the name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..errors import NotFound
from ..storage import accounts
from ..storage.database import Database, also_about
from ..storage.tables import (
    Account,
    Collection,
    Event,
    Import,
    LinkCopy,
    Membership,
    Share,
    ShareLink,
    Transfer,
    Workspace,
)
from ..workspaces import audit_log, copies, store
from .merge import bury, lock_about

# References that go on, to a row without a name (D3).
KEPT = frozenset(
    [
        "workspaces.modified_by",
        "revision_authors.account_id",
        "inherited.account_id",
        "changes.account_id",
        "clients.account_id",
        "shares.created_by",
        "share_links.created_by",
        "link_copies.account_id",
        "collected.account_id",
        "events.account_id",
        "events.owner_id",
    ]
)
# References that `leave` leaves none of.
ENDED = frozenset(
    [
        "workspaces.owner_id",
        "shares.account_id",
        "link_copies.viewer_id",
        "collections.account_id",
        "transfers.account_id",
        "transfers.created_by",
        "memberships.account_id",
        "imports.owner_id",
    ]
)


@dataclass(frozen=True)
class Belongings:
    """Belongings: numbers of an account's workspaces, links, shares, roles and offers."""

    workspaces: int = 0
    trashed: int = 0
    """Workspaces of these that are in the trash."""
    links: int = 0
    """Share links to the workspaces."""
    shared: int = 0
    """Roles that others have on the workspaces."""
    copied: int = 0
    """Copies that others made of the workspaces by links, and keep."""
    roles: int = 0
    """Roles on workspaces of others."""
    offers: int = 0
    """Offers of workspaces of others."""
    agreements: int = 0
    """Copies that others let them look at."""


async def belongings(db: AsyncSession, account: Account | None, name: str) -> Belongings:
    """Count what a deletion would end; of a name that never signed in, what waits for it."""

    async def count(column: Any, *conditions: Any) -> int:
        return await db.scalar(select(func.count(column)).where(*conditions)) or 0

    if account is None:
        shares, offers = _waiting(name)
        return Belongings(
            roles=await count(Share.id, *shares), offers=await count(Transfer.id, *offers)
        )
    own = Workspace.owner_id == account.id
    ids = select(Workspace.id).where(own)
    return Belongings(
        workspaces=await count(Workspace.id, own),
        trashed=await count(Workspace.id, own, Workspace.trashed.is_not(None)),
        links=await count(
            ShareLink.id, ShareLink.workspace_id.in_(ids), ShareLink.revoked.is_(None)
        ),
        shared=await count(Share.id, Share.workspace_id.in_(ids)),
        copied=await count(LinkCopy.id, LinkCopy.origin_id.in_(ids)),
        roles=await count(Share.id, Share.account_id == account.id),
        offers=await count(Transfer.id, Transfer.account_id == account.id),
        agreements=await count(LinkCopy.id, LinkCopy.viewer_id == account.id),
    )


def _waiting(name: str) -> tuple[Sequence[Any], Sequence[Any]]:
    return (
        (Share.kind == "user", Share.name == name, Share.account_id.is_(None)),
        (Transfer.name == name, Transfer.account_id.is_(None)),
    )


async def leave(database: Database, account: Account, *, heir: Account | None) -> None:
    """Delete `account`; its workspaces become the heir's, or are deleted for good."""
    async with database.read() as db:
        owned = list(await db.scalars(select(Workspace.id).where(_owned_by(account))))
    for workspace_id in owned:
        # One by one: others write meanwhile.
        async with database.write(about=workspace_id) as db:
            await _part_with(db, workspace_id, account, heir)
    async with database.write() as db:
        await _end(db, await db.get_one(Account, account.id), heir)


def _owned_by(account: Account) -> Any:
    return Workspace.owner_id == account.id


async def _part_with(
    db: AsyncSession, workspace_id: str, account: Account, heir: Account | None
) -> None:
    connection = await db.connection()
    try:
        await connection.run_sync(store.lock, workspace_id)
    except NotFound:
        return
    workspace = await db.get_one(Workspace, workspace_id)
    if workspace.owner_id != account.id:
        return
    if heir is None:
        workspace.trashed = workspace.trashed or datetime.now(timezone.utc)
        await store.delete(db, workspace, by=None)
        return
    workspace.owner_id, workspace.notebook_name, workspace.indexed_clock = heir.id, None, 0
    await copies.end_agreements(db, workspace)
    for table in Share, Transfer:
        of = table.workspace_id == workspace_id
        mine = table.account_id == heir.id if table is Share else of
        await db.execute(delete(table).where(of, mine))
    kind = audit_log.EventKind.TRANSFERRED
    audit_log.record(db, workspace_id, kind, by=None, former=account.name, user=heir.name)


async def _end(db: AsyncSession, account: Account, heir: Account | None) -> None:
    """D2, D3."""
    await lock_about(db, [account.id])
    left = await db.scalars(select(Workspace.id).where(_owned_by(account)))
    for workspace_id in left.all():
        # Made since the others were counted.
        await _part_with(db, workspace_id, account, heir)
    for share in await db.scalars(select(Share).where(Share.account_id == account.id)):
        kind = audit_log.EventKind.SHARE_REVOKED
        audit_log.record(db, share.workspace_id, kind, by=None, user=account.name)
    for gone in (
        Share.account_id,
        Transfer.account_id,
        Transfer.created_by,
        Membership.account_id,
        Collection.account_id,
        Import.owner_id,
    ):
        await db.execute(delete(gone.parent.entity).where(gone == account.id))
    looking = LinkCopy.viewer_id == account.id
    await db.execute(update(LinkCopy).where(looking).values(viewer_id=None))
    await db.flush()
    name = account.name
    bury(account)
    await db.flush()
    if await accounts.find(db, name) is None:
        await forget_name(db, name, account.name)


async def forget_name(db: AsyncSession, name: str, instead: str) -> None:
    """Delete the roles and offers that wait for a name; the audit log says `instead` for it."""
    shares, offers = _waiting(name)
    also_about(db, await db.scalars(select(Share.workspace_id).where(*shares)))
    await db.execute(delete(Share).where(*shares))
    await db.execute(delete(Transfer).where(*offers))
    told = [Event.details[key].as_string() == name for key in ("user", "former")]
    for event in await db.scalars(select(Event).where(or_(*told))):
        event.details = {
            key: instead if key in ("user", "former") and value == name else value
            for key, value in event.details.items()
        }
