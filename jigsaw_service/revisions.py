"""The history of a workspace, and the one door by which its head changes.

The *head* is what the workspace is now; its clock counts the committed changes.
A *revision* is a numbered mark in that history. `commit` keeps these rules:

    H1  Creation, an upload, a copy, an import and a restore always make a revision.
    H2  An automatic save (one with a *sitting*: a browser tab's stay) changes the
        head without one.
    H3  Before a change, the present head is marked as a revision, if none holds it
        yet and the change comes from another person or another sitting, or makes
        a revision itself, or `revision_minutes` have passed since the first
        change that no revision holds.
    H4  So whatever was the head when somebody else, another sitting, an upload or
        a restore came along can be had back; and the last revision is at most
        `revision_minutes` behind the one who is at work.
    H5  Numbers count from 1 and are never given twice; a revision's content never
        changes.
"""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from functools import cached_property
from typing import cast

from sqlalchemy import ColumnElement, TableClause, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from .errors import NotFound, RevisionThinned
from .identity import User
from .storage.tables import Account, Content, Revision, RevisionAuthor, Workspace
from .workspace_xml import MAX_BYTES, inspect

# Autosaves come by the hundred a second: speed matters more than the last tenth of size.
_COMPRESSION = 1


class Kind(str, Enum):
    """What a revision was made by."""

    CREATION = "creation"
    AUTOMATIC = "automatic"
    UPLOAD = "upload"
    IMPORT = "import"
    RESTORE = "restore"
    COPY = "copy"


@dataclass(frozen=True)
class Document:
    """The XML of a workspace, checked and packed, ready to be kept."""

    packed: bytes
    size: int
    blocks: int

    @property
    def xml(self) -> bytes:
        """Byte for byte as it came."""
        return zlib.decompress(self.packed)

    @cached_property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.xml).digest()


def read_document(xml: bytes, max_bytes: int = MAX_BYTES) -> Document:
    """Check `xml` and pack it; raises InvalidWorkspace or TooLarge."""
    seen = inspect(xml, max_bytes)
    return Document(zlib.compress(xml, _COMPRESSION), len(xml), seen.blocks)


EMPTY = read_document(b'<xml xmlns="https://developers.google.com/blockly/xml"></xml>')


def etag(workspace: Workspace, clock: int | None = None) -> str:
    """Names a state of the workspace, without the quotes of the header."""
    return f"{workspace.epoch}-{workspace.clock if clock is None else clock}"


async def commit(
    db: AsyncSession,
    workspace: Workspace,
    document: Document,
    *,
    by: User,
    kind: Kind,
    revision_minutes: int,
    sitting: str | None = None,
) -> None:
    """Make `document` the head, by the rules above. The caller holds the workspace's lock."""
    now = datetime.now(timezone.utc)
    automatic = kind is Kind.AUTOMATIC
    if workspace.unmarked_since is not None and not (
        automatic
        and (workspace.modified_by, workspace.sitting) == (by.id, sitting)
        and now - workspace.unmarked_since < timedelta(minutes=revision_minutes)
    ):
        await mark_head(db, workspace)
    if workspace.unmarked_since is None:
        workspace.head_id = await add_content(db, document)
        workspace.unmarked_since = now
    else:
        await _replace_content(db, workspace.head_id, document)
    workspace.head_sha256 = document.sha256
    workspace.clock += 1
    workspace.modified = now
    workspace.modified_by = by.id
    workspace.sitting = sitting
    if not automatic:
        await mark_head(db, workspace, kind)


async def mark_head(db: AsyncSession, workspace: Workspace, kind: Kind = Kind.AUTOMATIC) -> None:
    """Make a revision of the head, in the name of whoever changed it last."""
    workspace.revision += 1
    db.add(
        Revision(
            workspace_id=workspace.id,
            number=workspace.revision,
            clock=workspace.clock,
            content_id=workspace.head_id,
            kind=kind.value,
            created=workspace.modified,
            sitting=workspace.sitting,
        )
    )
    await db.flush()
    db.add(
        RevisionAuthor(
            workspace_id=workspace.id, number=workspace.revision, account_id=workspace.modified_by
        )
    )
    workspace.unmarked_since = None


async def add_content(db: AsyncSession, document: Document) -> int:
    """Keep the document; the id of its content."""
    content = Content(xml=document.packed, size=document.size, blocks=document.blocks)
    db.add(content)
    await db.flush()
    return content.id


# Built once: building a statement takes longer than SQLite takes to run it.
_CONTENTS = cast(TableClause, Content.__table__)
_REPLACE = (
    update(_CONTENTS)
    .where(_CONTENTS.c.id == bindparam("content"))
    .values({name: bindparam(f"new_{name}") for name in ("xml", "size", "blocks")})
)


async def _replace_content(db: AsyncSession, content_id: int, document: Document) -> None:
    """No revision holds this content, so nobody can ask for it any more."""
    await db.execute(
        _REPLACE,
        {
            "content": content_id,
            "new_xml": document.packed,
            "new_size": document.size,
            "new_blocks": document.blocks,
        },
    )


async def head(db: AsyncSession, workspace: Workspace) -> Document:
    """What the workspace is now."""
    content = await db.get_one(Content, workspace.head_id)
    return _document(content)


def _document(content: Content) -> Document:
    if content.xml is None:
        raise RevisionThinned("Labelled and uploaded revisions are kept; this one was neither.")
    return Document(content.xml, content.size, content.blocks)


@dataclass(frozen=True)
class Mark:
    """A revision as lists show it."""

    revision: Revision
    content: Content
    authors: Sequence[str]

    @property
    def document(self) -> Document:
        """Its content; RevisionThinned when that was cleared away with age."""
        return _document(self.content)


async def find(db: AsyncSession, workspace: Workspace, number: int) -> Mark:
    """Revision `number` of the workspace, or NotFound."""
    marks = await _marks(db, workspace, Revision.number == number, limit=1)
    if not marks:
        raise NotFound(f"The workspace has no revision {number}.")
    return marks[0]


async def page(
    db: AsyncSession, workspace: Workspace, *, limit: int, before: int | None = None
) -> list[Mark]:
    """At most `limit` revisions, newest first, of those with a number below `before`."""
    upper = before if before is not None else workspace.revision + 1
    return await _marks(db, workspace, Revision.number < upper, limit=limit)


async def _marks(
    db: AsyncSession, workspace: Workspace, condition: ColumnElement[bool], *, limit: int
) -> list[Mark]:
    rows = await db.execute(
        select(Revision, Content)
        .join(Content, Content.id == Revision.content_id)
        .where(Revision.workspace_id == workspace.id, condition)
        .order_by(Revision.number.desc())
        .limit(limit)
    )
    found = rows.all()
    authors = await _authors(db, workspace, [revision.number for revision, _ in found])
    return [Mark(revision, content, authors[revision.number]) for revision, content in found]


async def _authors(
    db: AsyncSession, workspace: Workspace, numbers: list[int]
) -> dict[int, list[str]]:
    rows = await db.execute(
        select(RevisionAuthor.number, Account.name)
        .join(Account, Account.id == RevisionAuthor.account_id)
        .where(RevisionAuthor.workspace_id == workspace.id, RevisionAuthor.number.in_(numbers))
        .order_by(Account.name)
    )
    authors: dict[int, list[str]] = {number: [] for number in numbers}
    for number, name in rows:
        authors[number].append(name)
    return authors


async def label(db: AsyncSession, workspace: Workspace, number: int, label: str | None) -> Mark:
    """Name a revision, which keeps it from being thinned; `None` takes the name away."""
    mark = await find(db, workspace, number)
    mark.revision.label = label
    return mark


async def restore(
    db: AsyncSession, workspace: Workspace, number: int, *, by: User, revision_minutes: int
) -> Mark:
    """Make the content of revision `number` the head again, as a new revision."""
    old = await find(db, workspace, number)
    await commit(
        db,
        workspace,
        old.document,
        by=by,
        kind=Kind.RESTORE,
        revision_minutes=revision_minutes,
    )
    await db.flush()
    return await find(db, workspace, workspace.revision)
