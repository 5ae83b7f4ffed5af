"""Rules of transfer: the owner offers a workspace, the recipient accepts or declines.

At most one offer of a workspace stands; a new one replaces it. Until it is accepted
nothing changes; then the former owner is an editor. A name that never signed in here
can be offered one too: it waits, as a share does. What is in the trash can't be had.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..errors import Conflict, NotFound
from ..runtime.identity import User
from ..runtime.limits import Limits
from ..runtime.roles import Role
from ..storage.tables import Account, Share, Transfer, Workspace
from ..workspaces import audit_log, copies, store
from ..workspaces.store import Found
from . import grants
from .grants import Grantee


@dataclass(frozen=True)
class Offer:
    """An offer that stands."""

    transfer: Transfer
    workspace: Workspace
    owner: str


_QUERY: Any = (
    select(Transfer, Workspace, Account.name)
    .join(Workspace, Workspace.id == Transfer.workspace_id)
    .join(Account, Account.id == Workspace.owner_id)
)


async def offer(db: AsyncSession, user: User, found: Found, *, to: str) -> tuple[Offer, bool]:
    """Offer the workspace to the person called `to`; the second is True if that is new."""
    workspace = found.workspace
    account = await grants.account_named(db, to)
    if account == workspace.owner_id:
        raise Conflict(f"{to} owns the workspace already.")
    standing = await db.scalar(select(Transfer).where(Transfer.workspace_id == workspace.id))
    if standing and standing.name == to and standing.account_id == account:
        return Offer(standing, workspace, found.owner), False
    if standing:
        await db.delete(standing)
        await db.flush()
    new = Transfer(
        workspace_id=workspace.id,
        name=to,
        account_id=account,
        created=datetime.now(timezone.utc),
        created_by=user.id,
    )
    db.add(new)
    await db.flush()
    audit_log.record(db, workspace.id, audit_log.EventKind.TRANSFER_OFFERED, by=user, user=to)
    return Offer(new, workspace, found.owner), True


async def standing(db: AsyncSession, workspace: Workspace) -> Offer:
    """The offer of a workspace that stands, or NotFound."""
    row = (await db.execute(_QUERY.where(Transfer.workspace_id == workspace.id))).one_or_none()
    if row is None:
        raise NotFound("The workspace is not offered to anybody.")
    return Offer(*row)


async def withdraw(db: AsyncSession, user: User, workspace: Workspace) -> None:
    """Take the offer back."""
    found = await standing(db, workspace)
    await db.delete(found.transfer)
    name = found.transfer.name
    audit_log.record(db, workspace.id, audit_log.EventKind.TRANSFER_WITHDRAWN, by=user, user=name)


def _to(user: User) -> Any:
    return _QUERY.where(Transfer.account_id == user.id, Workspace.trashed.is_(None))


async def offers(db: AsyncSession, user: User) -> Sequence[Offer]:
    """Offers of others to `user`, newest first."""
    rows = await db.execute(_to(user).order_by(Transfer.id.desc()))
    return [Offer(*row) for row in rows]


async def find(db: AsyncSession, user: User, transfer_id: int) -> Offer:
    """An offer to `user`, or NotFound."""
    row = (await db.execute(_to(user).where(Transfer.id == transfer_id))).one_or_none()
    if row is None:
        raise NotFound("There is no such offer, or it was taken back.")
    return Offer(*row)


async def decline(db: AsyncSession, user: User, transfer_id: int) -> None:
    """Decline the offer."""
    found = await find(db, user, transfer_id)
    await db.delete(found.transfer)
    audit_log.record(db, found.workspace.id, audit_log.EventKind.TRANSFER_DECLINED, by=user)


async def accept(db: AsyncSession, user: User, transfer_id: int, *, limits: Limits) -> Found:
    """Become the owner; TooManyRequests over the quota. The caller holds the workspace's lock."""
    found = await find(db, user, transfer_id)
    workspace, former = found.workspace, found.workspace.owner_id
    await store.check_quota(db, user, limits)
    await db.delete(found.transfer)
    own = (Share.workspace_id == workspace.id) & (Share.account_id == user.id)
    await db.execute(delete(Share).where(own))
    workspace.owner_id = user.id
    workspace.indexed_clock = 0
    # The name is of the former owner's notebooks.
    workspace.notebook_name = None
    await grants.give(
        db,
        workspace,
        to=Grantee.USER,
        name=found.owner,
        account=former,
        role=Role.EDITOR,
        by=user.id,
    )
    await copies.end_agreements(db, workspace)
    audit_log.record(
        db,
        workspace.id,
        audit_log.EventKind.TRANSFERRED,
        by=user,
        former=found.owner,
        user=user.name,
    )
    modified_by = await db.scalar(select(_Editor.name).where(_Editor.id == workspace.modified_by))
    return Found(workspace, user.name, modified_by or "", Role.OWNER)


_Editor = aliased(Account)
