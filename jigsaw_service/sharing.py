"""Rules of sharing: grant a role to a user, a group or everyone; change and revoke it.

A user is named as the Hub names them. One who never signed in here can be named
too; the share waits and becomes theirs on their first visit.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from .errors import Conflict, NotAllowed, NotFound
from .identity import User
from .roles import Action, Role, may
from .storage.tables import Account, Share, Workspace
from .workspaces import Found


class Grantee(str, Enum):
    """Who can hold a share."""

    USER = "user"
    GROUP = "group"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class Granted:
    """A share, and whether it is new."""

    share: Share
    new: bool


async def shares(db: AsyncSession, workspace: Workspace) -> list[Share]:
    """Who has access besides the owner, in the order in which it was granted."""
    query = select(Share).where(Share.workspace_id == workspace.id).order_by(Share.id)
    return list(await db.scalars(query))


async def grant(
    db: AsyncSession, user: User, workspace: Workspace, *, to: Grantee, name: str, role: Role
) -> Granted:
    """Give `role` to a user, a group or everyone (`name` is ""); again changes the role."""
    account = await _account(db, name) if to is Grantee.USER else None
    if account == workspace.owner_id:
        raise Conflict(f"{name} owns the workspace, and may do everything already.")
    share = await _share_of(db, workspace, to, name, account)
    if share:
        share.role = role
        return Granted(share, new=False)
    share = Share(
        workspace_id=workspace.id,
        kind=to.value,
        name=name,
        account_id=account,
        role=role,
        created=datetime.now(timezone.utc),
        created_by=user.id,
    )
    db.add(share)
    await db.flush()
    return Granted(share, new=True)


async def _account(db: AsyncSession, name: str) -> int | None:
    """Whoever bears the name now, if they have been here."""
    newest = select(Account.id).where(Account.name == name).order_by(Account.id.desc()).limit(1)
    return await db.scalar(newest)


async def _share_of(
    db: AsyncSession, workspace: Workspace, to: Grantee, name: str, account: int | None
) -> Share | None:
    query = select(Share).where(Share.workspace_id == workspace.id, Share.kind == to.value)
    if account is None:
        query = query.where(Share.name == name, Share.account_id.is_(None))
    else:
        query = query.where(Share.account_id == account)
    return await db.scalar(query)


async def find_share(db: AsyncSession, workspace: Workspace, share_id: int) -> Share:
    """The workspace's share of that id, or NotFound."""
    share = await db.get(Share, share_id)
    if share is None or share.workspace_id != workspace.id:
        raise NotFound("The workspace has no such share.")
    return share


async def revoke(db: AsyncSession, user: User, found: Found, share_id: int) -> None:
    """Take a share back, in force at once; somebody's own: they leave."""
    share = await find_share(db, found.workspace, share_id)
    if share.account_id != user.id and not may(found.role, Action.SHARE):
        raise NotAllowed("Only the owner takes back what others have been given.")
    await db.delete(share)
