"""Rules of workspaces: create, find, list, save, rename, trash, delete, copy.

Callers without a role get NotFound, never NotAllowed: guessing ids teaches nothing.
"""

import secrets
import string
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..document import revisions
from ..document.revisions import Document, Head, RevisionKind
from ..errors import InTrash, NotAllowed, NotFound, NotInTrash, TooManyRequests, WorkspaceChanged
from ..runtime.identity import User
from ..runtime.languages import language_named
from ..runtime.limits import Limits
from ..runtime.roles import IN_TRASH, Action, Role, may
from ..storage.tables import Account, Content, LinkCopy, Revision, Share, Workspace
from . import audit_log, copies, provenance

# 36 signs, 13 of them: 67 bits, in letters that can be read out over the telephone.
_ID_SIGNS = string.ascii_lowercase + string.digits
_ID_LENGTH = 13


def new_id() -> str:
    """A random id for a URL, that nobody guesses."""
    return "".join(secrets.choice(_ID_SIGNS) for _ in range(_ID_LENGTH))


@dataclass(frozen=True)
class Found:
    """A workspace, and what the caller is to it."""

    workspace: Workspace
    owner: str
    """The owner's name."""
    modified_by: str
    """Name of the person who changed the blocks last."""
    role: Role


# Statements are built once: that takes longer than SQLite takes to run them.
# The shares that give somebody a role; see `parameters`.
GRANTED = or_(
    Share.account_id == bindparam("account"),
    Share.kind == "everyone",
    and_(Share.kind == "group", Share.name.in_(bindparam("groups", expanding=True))),
)

# The copies whose makers let somebody look.
SHOWN = LinkCopy.viewer_id == bindparam("account")


def _role_in(workspace_id: Any) -> Any:
    """The highest role that somebody has by shares; looking at a copy is the lowest of all."""
    granted = select(func.max(Share.role)).where(Share.workspace_id == workspace_id, GRANTED)
    shown = select(literal(int(Role.VIEWER))).where(LinkCopy.workspace_id == workspace_id, SHOWN)
    return func.coalesce(granted.scalar_subquery(), shown.scalar_subquery())


# The role of somebody by shares on a workspace in a query.
SHARED = _role_in(Workspace.id)
_Editor = aliased(Account)
# The name of the person who changed a workspace last.
MODIFIED_BY = select(_Editor.name).where(_Editor.id == Workspace.modified_by).scalar_subquery()

_FIND: Select[Any] = (
    select(Workspace, Account.name, MODIFIED_BY, SHARED)
    .join(Account, Account.id == Workspace.owner_id)
    .where(Workspace.id == bindparam("workspace"))
)
_COLUMNS = Workspace.__table__.c
_LOCK = select(_COLUMNS.id).where(_COLUMNS.id == bindparam("workspace")).with_for_update()
_HEAD: Select[Any] = select(
    _COLUMNS.owner_id, _COLUMNS.trashed, *(_COLUMNS[name] for name in revisions.HEAD)
).where(_COLUMNS.id == bindparam("workspace"))
_LOCK_HEAD = _HEAD.with_for_update()
# In order, so that two who lock several wait for one another and not for ever.
_LOCK_HEADS: Select[Any] = (
    select(*_HEAD.selected_columns)
    .where(_COLUMNS.id.in_(bindparam("workspaces", expanding=True)))
    .order_by(_COLUMNS.id)
    .with_for_update()
)
_ROLE = select(_role_in(bindparam("workspace")))


def parameters(user: User) -> dict[str, Any]:
    """SQL parameters of `GRANTED` and `SHOWN` for a person."""
    return {"account": user.id, "groups": sorted(user.groups)}


async def find(
    db: AsyncSession, user: User, workspace_id: str, action: Action, *, lock: bool = False
) -> Found:
    """The workspace, if `user` may do `action` to it: else NotFound, NotAllowed or InTrash.

    With `lock`, nobody else changes it before the transaction ends.
    """
    if lock:
        # First: what one statement waits for, PostgreSQL shows only to the next.
        await db.execute(_LOCK, {"workspace": workspace_id})
    row = (await db.execute(_FIND, {"workspace": workspace_id, **parameters(user)})).one_or_none()
    if row is None:
        raise NotFound(_NOT_FOUND)
    workspace, owner, modified_by, shared = row
    role = _admit(user, workspace.owner_id, shared, workspace.trashed, action)
    return Found(workspace, owner, modified_by, role)


_NOT_FOUND = "There is no such workspace, or it is not shared with you."


def _admit(
    user: User, owner_id: int, shared: int | None, trashed: datetime | None, action: Action
) -> Role:
    """Role of `user` on the workspace, if that allows `action` to it as it is."""
    role = Role.OWNER if owner_id == user.id else shared and Role(shared)
    if not role or (trashed and role is not Role.OWNER):
        raise NotFound(_NOT_FOUND)
    if not may(role, action):
        raise NotAllowed(f"As {role.word} you may not {action.value}.")
    if trashed and action not in IN_TRASH:
        raise InTrash(f"Restore the workspace first; in the trash you may not {action.value}.")
    return role


async def create(
    db: AsyncSession,
    user: User,
    *,
    name: str,
    language: str,
    limits: Limits,
    document: Document = revisions.EMPTY,
    kind: RevisionKind = RevisionKind.CREATION,
    origin: Workspace | None = None,
    files: int = 0,
    notebook_name: str | None = None,
) -> Found:
    """A new workspace of `user`, with its first revision; TooManyRequests over the quota.

    `files`: how many of unknown authors the document is made of, besides itself.
    """
    language_named(language)
    await check_quota(db, user, limits)
    connection = await db.connection()
    now = datetime.now(timezone.utc)
    workspace = Workspace(
        id=new_id(),
        owner_id=user.id,
        name=name,
        sort_name=sort_name(name),
        language=language,
        kernel_name=origin and origin.kernel_name,
        epoch=secrets.token_hex(4),
        clock=1,
        head_id=await connection.run_sync(revisions.add_content, document),
        head_clock=1,
        head_sha256=document.sha256,
        revision=1,
        created=now,
        modified=now,
        modified_by=user.id,
        copied_from=origin and origin.id,
        inherited_files=files,
        notebook_name=notebook_name,
    )
    db.add(workspace)
    await db.flush()
    if origin:
        await provenance.inherit(db, workspace, origin)
    await connection.run_sync(revisions.add_revision, Head.of(workspace), kind, [user.id])
    return Found(workspace, user.name, user.name, Role.OWNER)


async def of_notebook(
    db: AsyncSession, user: User, language: str, name: str, *, lock: bool = False
) -> Found | None:
    """The workspace of `user` that notebooks call `name`, in the trash or not, if there is one.

    With `lock`, none is made by anybody else before the transaction ends.
    """
    if lock:
        await _lock_account(db, user)
    query = select(Workspace.id).where(
        Workspace.owner_id == user.id,
        Workspace.language == language,
        Workspace.notebook_name == name,
    )
    known = await db.scalar(query)
    return await find(db, user, known, Action.READ) if known else None


async def _lock_account(db: AsyncSession, user: User) -> None:
    """Lock the account, so that two creations at once wait for one another."""
    await db.execute(select(Account.id).where(Account.id == user.id).with_for_update())


async def check_quota(db: AsyncSession, user: User, limits: Limits) -> None:
    """Check the quota; TooManyRequests if `user` owns as many as they may."""
    await _lock_account(db, user)
    owned = await db.scalar(
        select(func.count()).select_from(Workspace).where(Workspace.owner_id == user.id)
    )
    if (owned or 0) >= limits.workspaces_per_user:
        raise TooManyRequests(
            f"You own {owned} workspaces, and {limits.workspaces_per_user} are allowed. "
            "Delete some for good from the trash.",
            limit=limits.workspaces_per_user,
        )


def sort_name(name: str) -> str:
    """`name` without case and compatibility forms, for order and search."""
    return unicodedata.normalize("NFKC", name).casefold()[:600]


def save(
    db: Connection,
    user: User,
    workspace_id: str,
    document: Document,
    *,
    on_top_of: frozenset[str] | None,
) -> Head:
    """Make `document` the head, if the head is a state in `on_top_of` (None: whatever it is).

    Else WorkspaceChanged; but a save that was made and whose answer got lost may
    be sent again, and is answered as the first time.
    """
    head = lock_head(db, user, workspace_id)
    if on_top_of is not None and revisions.etag(head) not in on_top_of:
        if not (head.is_content(document) and head.modified_by == user.id):
            raise _changed(db, head)
        return head
    return revisions.commit(db, head, document, by=user, kind=RevisionKind.UPLOAD)


def lock_head(db: Connection, user: User, workspace_id: str) -> Head:
    """The head, if `user` may change it; nobody else does before the transaction ends."""
    seen = lock(db, workspace_id)
    admit(db, user, seen, Action.EDIT)
    return seen.head


class Seen(NamedTuple):
    """State of a workspace that decides about a change of it."""

    owner_id: int
    trashed: datetime | None
    head: Head


def lock(db: Connection, workspace_id: str) -> Seen:
    """Lock as `find` does, without the ORM and for nobody in particular."""
    return _seen(db, workspace_id, _LOCK_HEAD)


def peek(db: Connection, workspace_id: str) -> Seen:
    """The same without the lock, to read."""
    return _seen(db, workspace_id, _HEAD)


def _seen(db: Connection, workspace_id: str, query: Select[Any]) -> Seen:
    row = db.execute(query, {"workspace": workspace_id}).one_or_none()
    if row is None:
        raise NotFound(_NOT_FOUND)
    return _read_seen(row)


def lock_all(db: Connection, workspace_ids: Iterable[str]) -> dict[str, Seen]:
    """Lock several at once; those that are gone are left out."""
    ids = list(workspace_ids)
    # A power of two, so that there are few statements to be prepared, and kept.
    ids += ids[:1] * ((1 << (len(ids) - 1).bit_length()) - len(ids))
    rows = db.execute(_LOCK_HEADS, {"workspaces": ids})
    return {seen.head.id: seen for seen in map(_read_seen, rows)}


def _read_seen(row: Sequence[Any]) -> Seen:
    owner_id, trashed, *head = row
    return Seen(owner_id, trashed, Head._make(head))


def admit(db: Connection, user: User, seen: Seen, action: Action) -> Role:
    """Role of `user` on the workspace, if that allows `action` to it as it is.

    Asked once the lock is held, since no role changes without it.
    """
    shared = None
    if user.id != seen.owner_id:
        shared = db.scalar(_ROLE, {"workspace": seen.head.id, **parameters(user)})
    return _admit(user, seen.owner_id, shared, seen.trashed, action)


def _changed(db: Connection, head: Head) -> WorkspaceChanged:
    name = db.scalar(select(Account.name).where(Account.id == head.modified_by))
    return WorkspaceChanged(
        f"{name} saved before you. Load the workspace again, or keep yours as a copy.",
        etag=f'"{revisions.etag(head)}"',
        changed_by=name,
        changed=head.modified.isoformat(),
    )


def rename(workspace: Workspace, name: str) -> None:
    workspace.name = name
    workspace.sort_name = sort_name(name)
    workspace.indexed_clock = 0


def trash(db: AsyncSession, workspace: Workspace, *, by: User) -> None:
    """Move into the trash; again changes nothing."""
    if not workspace.trashed:
        workspace.trashed = datetime.now(timezone.utc)
        audit_log.record(db, workspace.id, audit_log.EventKind.TRASHED, by=by)


def restore(db: AsyncSession, workspace: Workspace, *, by: User) -> None:
    """Take out of the trash; NotInTrash if it isn't there."""
    if not workspace.trashed:
        raise NotInTrash("There is nothing to restore: the workspace is in use.")
    workspace.trashed = None
    audit_log.record(db, workspace.id, audit_log.EventKind.RESTORED, by=by)


async def delete(db: AsyncSession, workspace: Workspace, *, by: User | None) -> None:
    """Delete for good, with its history and shares; only from the trash. `by` None: the service."""
    if not workspace.trashed:
        raise NotInTrash("Move the workspace to the trash first.")
    await copies.end_agreements(db, workspace)
    audit_log.record(
        db,
        workspace.id,
        audit_log.EventKind.DELETED,
        by=by,
        owner_id=workspace.owner_id,
        name=workspace.name,
    )
    marked = select(Revision.content_id).where(Revision.workspace_id == workspace.id)
    contents = {workspace.head_id, *(await db.scalars(marked))}
    await db.delete(workspace)
    await db.flush()
    await db.execute(delete_rows(Content).where(Content.id.in_(contents)))


async def role_of(db: AsyncSession, user: User, workspace: Workspace) -> Role | None:
    """Role of `user` on the workspace, trashed or not; None: nothing."""
    if workspace.owner_id == user.id:
        return Role.OWNER
    role = await db.scalar(_ROLE, {"workspace": workspace.id, **parameters(user)})
    return role and Role(role)


async def copy(
    db: AsyncSession,
    user: User,
    origin: Workspace,
    *,
    name: str | None,
    limits: Limits,
    number: int | None = None,
) -> Found:
    """A workspace of `user`'s own with the origin's head, or its revision `number`.

    It remembers the origin.
    """
    if number is None:
        document = await revisions.head(db, origin)
    else:
        document = (await revisions.find(db, origin, number)).document
    return await create(
        db,
        user,
        name=name or f"{origin.name[:190]} (copy)",
        language=origin.language,
        limits=limits,
        document=document,
        kind=RevisionKind.COPY,
        origin=origin,
    )
