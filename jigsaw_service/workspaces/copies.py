"""Rules of copies made by links: the origin's owner sees that they are there.

Looking into one takes its maker's consent. It is given to the person who owns the
origin then, is withdrawn at any time, and ends with their owning it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..errors import NotFound
from ..runtime.identity import User
from ..storage.database import also_about
from ..storage.tables import Account, LinkCopy, Workspace
from . import audit_log


@dataclass(frozen=True)
class Copy:
    """A copy, as the origin's owner may know it."""

    made: LinkCopy
    workspace: Workspace
    maker: str

    @property
    def visible(self) -> bool:
        """True if the origin's owner may look at it now."""
        return self.made.viewer_id is not None and self.workspace.trashed is None


async def page(db: AsyncSession, origin: Workspace, *, limit: int, after: int) -> Sequence[Copy]:
    """Page of at most `limit` copies with an id above `after`, oldest first."""
    rows = await db.execute(
        select(LinkCopy, Workspace, Account.name)
        .join(Workspace, Workspace.id == LinkCopy.workspace_id)
        .join(Account, Account.id == LinkCopy.account_id)
        .where(LinkCopy.origin_id == origin.id, LinkCopy.id > after)
        .order_by(LinkCopy.id)
        .limit(limit)
    )
    return [Copy(*row) for row in rows]


async def any_shown(db: AsyncSession, user: User, origin: Workspace) -> bool:
    """True if `user` may look at any of the copies."""
    shown = (
        select(LinkCopy.id)
        .join(Workspace, Workspace.id == LinkCopy.workspace_id)
        .where(LinkCopy.origin_id == origin.id, LinkCopy.viewer_id == user.id)
        .where(Workspace.trashed.is_(None))
    )
    return await db.scalar(shown.limit(1)) is not None


@dataclass(frozen=True)
class Origin:
    """Origin of a copy, and the name of its present owner."""

    made: LinkCopy
    workspace: Workspace
    owner: str


_Origin = aliased(Workspace)
_ORIGIN: Any = (
    select(LinkCopy, _Origin, Account.name)
    .join(_Origin, _Origin.id == LinkCopy.origin_id)
    .join(Account, Account.id == _Origin.owner_id)
)


async def origin(db: AsyncSession, copy: Workspace) -> Origin:
    """The origin of a copy that a link made; NotFound for all other workspaces."""
    row = (await db.execute(_ORIGIN.where(LinkCopy.workspace_id == copy.id))).one_or_none()
    if row is None:
        raise NotFound("This is no copy that a link made, or what it was copied from is gone.")
    return Origin(*row)


async def set_allow_view(db: AsyncSession, user: User, copy: Workspace, allow: bool) -> Origin:
    """Let the origin's owner look at `user`'s copy, or no longer."""
    found = await origin(db, copy)
    if allow != (found.made.viewer_id is not None):
        found.made.viewer_id = found.workspace.owner_id if allow else None
        kind = audit_log.EventKind.VIEW_ALLOWED if allow else audit_log.EventKind.VIEW_WITHDRAWN
        audit_log.record(db, copy.id, kind, by=user, user=found.owner)
    return found


async def end_agreements(db: AsyncSession, workspace: Workspace) -> None:
    """A workspace gets another owner, or goes: nobody looks any more, at it or at its copies."""
    agreed = LinkCopy.viewer_id.is_not(None) & (
        (LinkCopy.origin_id == workspace.id) | (LinkCopy.workspace_id == workspace.id)
    )
    also_about(db, await db.scalars(select(LinkCopy.workspace_id).where(agreed)))
    await db.execute(update(LinkCopy).where(agreed).values(viewer_id=None))
