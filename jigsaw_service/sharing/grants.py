"""Rules of sharing: grant a role to a user, a group or everyone; change and revoke it.

A user is named as the Hub names them. One who never signed in here can be named
too; the share waits and becomes theirs on their first visit.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..errors import Conflict, NotAllowed, NotFound
from ..runtime.identity import User
from ..runtime.roles import Action, Role, may
from ..storage import accounts
from ..storage.tables import Share, Workspace
from ..workspaces import audit_log
from ..workspaces.store import Found


class Grantee(str, Enum):
    """Grantee: who can hold a share."""

    USER = "user"
    GROUP = "group"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class Granted:
    """A share, and whether it is new."""

    share: Share
    new: bool


async def shares(db: AsyncSession, workspace: Workspace) -> list[Share]:
    """Shares of the workspace, in the order in which they were granted; the owner has none."""
    query = select(Share).where(Share.workspace_id == workspace.id).order_by(Share.id)
    return list(await db.scalars(query))


async def grant(
    db: AsyncSession, user: User, workspace: Workspace, *, to: Grantee, name: str, role: Role
) -> Granted:
    """Give `role` to a user, a group or everyone (`name` is ""); again changes the role."""
    account = await account_named(db, name) if to is Grantee.USER else None
    if account == workspace.owner_id:
        raise Conflict(f"{name} owns the workspace, and may do everything already.")
    standing = await _share_of(db, workspace, to, name, account)
    if standing:
        change(db, user, standing, role)
        return Granted(standing, new=False)
    granted = await give(db, workspace, to=to, name=name, account=account, role=role, by=user.id)
    _record(db, audit_log.EventKind.SHARE_GRANTED, granted.share, by=user)
    return granted


async def give(
    db: AsyncSession,
    workspace: Workspace,
    *,
    to: Grantee,
    name: str,
    account: int | None,
    role: Role,
    by: int,
) -> Granted:
    """Let somebody have that share, whichever they had before; the record is the caller's."""
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
        created_by=by,
    )
    db.add(share)
    if to is Grantee.EVERYONE:
        workspace.for_everyone = True
    await db.flush()
    return Granted(share, new=True)


def change(db: AsyncSession, user: User, share: Share, role: Role) -> None:
    """Give a share another role."""
    if share.role != role:
        share.role = role
        _record(db, audit_log.EventKind.SHARE_CHANGED, share, by=user)


def _record(db: AsyncSession, what: audit_log.EventKind, share: Share, *, by: User) -> None:
    about: dict[str, Any] = {share.kind: share.name or True, "role": Role(share.role).word}
    audit_log.record(db, share.workspace_id, what, by=by, **about)


async def account_named(db: AsyncSession, name: str) -> int | None:
    """Id of the account that bears the name now; None if they have not been here."""
    newest = await accounts.find(db, name)
    return newest.id if newest else None


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
    own = share.account_id == user.id
    _record(
        db, audit_log.EventKind.LEFT if own else audit_log.EventKind.SHARE_REVOKED, share, by=user
    )
    await db.delete(share)
    if share.kind == Grantee.EVERYONE.value:
        found.workspace.for_everyone = False
