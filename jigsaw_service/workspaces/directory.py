"""Directory: people whom a person may find by a part of their name, to share a workspace.

People who were here and are in one of the caller's groups, or share a workspace with
them by name or group. “Everyone” makes nobody known to anybody.
"""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..runtime.identity import User
from ..storage.tables import Account, Membership, Share, Workspace

MOST = 20


async def known_to(db: AsyncSession, user: User, words: str) -> list[str]:
    """Names with `words` in them, of those whom `user` may find."""
    known = union(*_known(user)).subquery()
    name = func.lower(Account.name)
    query = (
        select(Account.name)
        .where(Account.id.in_(select(known.c[0])), Account.name != user.name)
        .where(name.contains(words.lower(), autoescape=True))
        .group_by(Account.name)
        .order_by(Account.name)
        .limit(MOST)
    )
    return list(await db.scalars(query))


def _known(user: User) -> list[Select[Any]]:
    groups = sorted(user.groups)
    to_me = or_(Share.account_id == user.id, and_(Share.kind == "group", Share.name.in_(groups)))
    mine = or_(
        Workspace.owner_id == user.id,
        Workspace.id.in_(select(Share.workspace_id).where(to_me)),
    )
    shared = select(Workspace.id).where(mine, Workspace.trashed.is_(None)).subquery()
    other = aliased(Share)
    with_group = and_(other.kind == "group", other.name == Membership.group_name)
    return [
        select(Membership.account_id).where(Membership.group_name.in_(groups)),
        select(Workspace.owner_id).join(shared, shared.c.id == Workspace.id),
        select(other.account_id)
        .join(shared, shared.c.id == other.workspace_id)
        .where(other.account_id.is_not(None)),
        select(Membership.account_id)
        .join(other, with_group)
        .join(shared, shared.c.id == other.workspace_id),
    ]
