"""Rules of share links: a secret code, whose visitor may accept a role or get a copy.

K1  The code is shown once, to the person who makes the link; its SHA-256 is kept, and its
    first letters, by which the owner knows it again.
K2  Only accepting changes anything; looking at a link doesn't.
K3  Accepting never lowers a role, and gives the owner nothing.
K4  What gives somebody something new counts as a use. Those who have it already get
    the same answer again, also from a link that is used up by now.
K5  A link that is revoked or expired, or whose workspace is in the trash, gives
    nothing to anybody. What it gave before stays.
"""

import hashlib
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..errors import LinkGone, NotFound, TooManyRequests
from ..runtime.identity import User
from ..runtime.limits import Limits
from ..runtime.roles import Role
from ..storage.tables import Account, LinkCopy, ShareLink, Workspace
from ..workspaces import audit_log, store
from . import grants

# 134 bits, in letters that can be read out.
_SIGNS = string.ascii_lowercase + string.digits
_LENGTH = 26
_PREFIX = 4


class LinkKind(str, Enum):
    """Kind of a link: what it gives."""

    VIEW = "view"
    EDIT = "edit"
    COPY = "copy"

    @property
    def role(self) -> Role:
        """Role of its visitor; on a copy, the owner's."""
        return _ROLES[self]


_ROLES = {LinkKind.VIEW: Role.VIEWER, LinkKind.EDIT: Role.EDITOR, LinkKind.COPY: Role.OWNER}


@dataclass(frozen=True)
class ListedLink:
    """A link as its owner sees it, and who made it."""

    link: ShareLink
    made_by: str


@dataclass(frozen=True)
class CreatedLink(ListedLink):
    """New link, with its code."""

    code: str


async def listed(db: AsyncSession, workspace: Workspace) -> Sequence[ListedLink]:
    """Links that were not revoked, newest first."""
    rows = await db.execute(
        select(ShareLink, Account.name)
        .join(Account, Account.id == ShareLink.created_by)
        .where(ShareLink.workspace_id == workspace.id, ShareLink.revoked.is_(None))
        .order_by(ShareLink.id.desc())
    )
    return [ListedLink(link, name) for link, name in rows]


async def make(
    db: AsyncSession,
    user: User,
    workspace: Workspace,
    *,
    kind: LinkKind,
    expires_in: int | None,
    max_uses: int | None,
    limits: Limits,
) -> CreatedLink:
    """A new link; `expires_in` seconds. The caller holds the workspace's lock."""
    await _check_quota(db, workspace, limits)
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    now = datetime.now(timezone.utc)
    link = ShareLink(
        workspace_id=workspace.id,
        code_hash=_hash(code),
        code_prefix=code[:_PREFIX],
        kind=kind.value,
        created=now,
        created_by=user.id,
        expires=None if expires_in is None else now + timedelta(seconds=expires_in),
        max_uses=max_uses,
        uses=0,
    )
    db.add(link)
    await db.flush()
    _record(db, audit_log.EventKind.LINK_MADE, link, by=user)
    return CreatedLink(link, user.name, code)


async def _check_quota(db: AsyncSession, workspace: Workspace, limits: Limits) -> None:
    there = await db.scalar(
        select(func.count())
        .select_from(ShareLink)
        .where(ShareLink.workspace_id == workspace.id, ShareLink.revoked.is_(None))
    )
    if (there or 0) >= limits.links_per_workspace:
        raise TooManyRequests(
            f"The workspace has {there} links. Revoke some first.",
            limit=limits.links_per_workspace,
        )


async def revoke(db: AsyncSession, user: User, workspace: Workspace, link_id: int) -> None:
    """Revoke the link: nobody accepts it any more; again changes nothing."""
    link = await db.get(ShareLink, link_id)
    if link is None or link.workspace_id != workspace.id:
        raise NotFound("The workspace has no such link.")
    if link.revoked is None:
        link.revoked = datetime.now(timezone.utc)
        _record(db, audit_log.EventKind.LINK_REVOKED, link, by=user)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _record(db: AsyncSession, what: audit_log.EventKind, link: ShareLink, *, by: User) -> None:
    about: dict[str, Any] = {"link": link.id, "prefix": link.code_prefix, "link_kind": link.kind}
    audit_log.record(db, link.workspace_id, what, by=by, **about)


async def workspace_of(db: AsyncSession, code: str) -> str:
    """The id of the workspace that a link leads to, or NotFound."""
    query = select(ShareLink.workspace_id).where(ShareLink.code_hash == _hash(code))
    found = await db.scalar(query)
    if found is None:
        raise NotFound(_NO_LINK)
    return found


_NO_LINK = "There is no such link. Is it complete?"


@dataclass(frozen=True)
class LinkVisit:
    """A link that can be accepted, and what its visitor has already."""

    link: ShareLink
    workspace: Workspace
    owner: str
    role: Role | None
    """Role of the visitor on the workspace."""
    copy: Workspace | None
    """The visitor's own, made by this link before."""

    @property
    def kind(self) -> LinkKind:
        return LinkKind(self.link.kind)

    @property
    def gives_nothing_new(self) -> bool:
        """K3: a higher role, or the copy, is there already."""
        if self.kind is LinkKind.COPY:
            return self.copy is not None or self.role is Role.OWNER
        return self.role is not None and self.role >= self.kind.role


async def visit(db: AsyncSession, user: User, code: str) -> LinkVisit:
    """The link; NotFound, or LinkGone when it gives nothing any more (K4, K5)."""
    row = (
        await db.execute(
            select(ShareLink, Workspace, Account.name)
            .join(Workspace, Workspace.id == ShareLink.workspace_id)
            .join(Account, Account.id == Workspace.owner_id)
            .where(ShareLink.code_hash == _hash(code))
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_NO_LINK)
    link, workspace, owner = row
    if link.revoked or workspace.trashed:
        raise LinkGone("Its owner has taken this link back. Ask them for another.")
    if link.expires and link.expires <= datetime.now(timezone.utc):
        raise LinkGone("This link has expired. Ask its owner for another.")
    role = await store.role_of(db, user, workspace)
    found = LinkVisit(link, workspace, owner, role, await _copy_of(db, user, link))
    used_up = link.max_uses is not None and link.uses >= link.max_uses
    if used_up and not found.gives_nothing_new:
        raise LinkGone("This link has been used as often as it may. Ask its owner for another.")
    return found


async def _copy_of(db: AsyncSession, user: User, link: ShareLink) -> Workspace | None:
    """The copy that `user` made by this link, if it is still theirs."""
    return await db.scalar(
        select(Workspace)
        .join(LinkCopy, LinkCopy.workspace_id == Workspace.id)
        .where(LinkCopy.link_id == link.id, LinkCopy.account_id == user.id)
        .where(Workspace.owner_id == user.id)
        .limit(1)
    )


@dataclass(frozen=True)
class Accepted:
    """Result of accepting a link."""

    workspace_id: str
    role: Role


async def accept(
    db: AsyncSession, user: User, code: str, *, allow_view: bool, limits: Limits
) -> Accepted:
    """Take what a link gives. With `allow_view`, the origin's owner may look at the copy."""
    connection = await db.connection()
    # Everybody who accepts, revokes or trashes does so one after the other.
    await connection.run_sync(store.lock, await workspace_of(db, code))
    found = await visit(db, user, code)
    if not found.gives_nothing_new:
        found.link.uses += 1
        _record(db, audit_log.EventKind.LINK_USED, found.link, by=user)
    if found.kind is LinkKind.COPY and found.role is not Role.OWNER:
        copy = found.copy or await _make_copy(db, user, found, limits)
        if allow_view:
            await _allow_view(db, user, found, copy)
        return Accepted(copy.id, Role.OWNER)
    if found.gives_nothing_new:
        return Accepted(found.workspace.id, found.role or found.kind.role)
    await grants.give(
        db,
        found.workspace,
        to=grants.Grantee.USER,
        name=user.name,
        account=user.id,
        role=found.kind.role,
        by=found.link.created_by,
    )
    return Accepted(found.workspace.id, found.kind.role)


async def _make_copy(db: AsyncSession, user: User, found: LinkVisit, limits: Limits) -> Workspace:
    origin = found.workspace
    made = await store.copy(db, user, origin, name=origin.name, limits=limits)
    db.add(
        LinkCopy(
            workspace_id=made.workspace.id,
            origin_id=origin.id,
            link_id=found.link.id,
            account_id=user.id,
            created=made.workspace.created,
        )
    )
    await db.flush()
    return made.workspace


async def _allow_view(db: AsyncSession, user: User, found: LinkVisit, copy: Workspace) -> None:
    made = await db.scalar(select(LinkCopy).where(LinkCopy.workspace_id == copy.id))
    if made and made.viewer_id is None:
        made.viewer_id = found.workspace.owner_id
        audit_log.record(db, copy.id, audit_log.EventKind.VIEW_ALLOWED, by=user, user=found.owner)
