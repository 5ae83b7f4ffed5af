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
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta, timezone
from enum import Enum
from functools import cached_property
from typing import cast

from sqlalchemy import ColumnElement, Connection, TableClause, bindparam, insert, select, update
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

    xml: bytes
    """Byte for byte as it came."""
    packed: bytes
    blocks: int

    @cached_property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.xml).digest()


def read_document(xml: bytes, max_bytes: int = MAX_BYTES) -> Document:
    """Check `xml` and pack it; raises InvalidWorkspace or TooLarge."""
    seen = inspect(xml, max_bytes)
    return Document(xml, zlib.compress(xml, _COMPRESSION), seen.blocks)


EMPTY = read_document(b'<xml xmlns="https://developers.google.com/blockly/xml"></xml>')


@dataclass(frozen=True)
class Head:
    """What a workspace is now; the fields are the columns of that name."""

    id: str
    epoch: str
    clock: int
    head_id: int
    head_sha256: bytes
    revision: int
    unmarked_since: datetime | None
    sitting: str | None
    modified: datetime
    modified_by: int

    @classmethod
    def of(cls, workspace: Workspace) -> "Head":
        return cls(*(getattr(workspace, name) for name in HEAD))


HEAD = tuple(field.name for field in fields(Head))
"""The columns of a workspace that tell of its head."""
_CHANGING = tuple(name for name in HEAD if name not in ("id", "epoch"))

# Saves come by the hundred a second. So they do without the ORM, and their statements
# are built once: either takes longer than SQLite takes to do the work.
_WORKSPACES, _CONTENTS, _REVISIONS, _AUTHORS = (
    cast(TableClause, table.__table__) for table in (Workspace, Content, Revision, RevisionAuthor)
)
_SET_HEAD = (
    update(_WORKSPACES)
    .where(_WORKSPACES.c.id == bindparam("workspace"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_SET_CONTENT = (
    update(_CONTENTS)
    .where(_CONTENTS.c.id == bindparam("content"))
    .values({name: bindparam(f"new_{name}") for name in ("xml", "size", "blocks")})
)


def etag(state: Workspace | Head, clock: int | None = None) -> str:
    """Names a state of the workspace, without the quotes of the header."""
    return f"{state.epoch}-{state.clock if clock is None else clock}"


def commit(
    db: Connection,
    head: Head,
    document: Document,
    *,
    by: User,
    kind: Kind,
    revision_minutes: int,
    sitting: str | None = None,
) -> Head:
    """Make `document` the head, by the rules above. The caller holds the workspace's lock."""
    now = datetime.now(timezone.utc)
    automatic = kind is Kind.AUTOMATIC
    if head.unmarked_since is not None and not (
        automatic
        and (head.modified_by, head.sitting) == (by.id, sitting)
        and now - head.unmarked_since < timedelta(minutes=revision_minutes)
    ):
        head = _mark(db, head, Kind.AUTOMATIC)
    if head.unmarked_since is None:
        head = replace(head, head_id=add_content(db, document), unmarked_since=now)
    else:
        _replace_content(db, head.head_id, document)
    head = replace(
        head,
        head_sha256=document.sha256,
        clock=head.clock + 1,
        modified=now,
        modified_by=by.id,
        sitting=sitting,
    )
    if not automatic:
        head = _mark(db, head, kind)
    _set_head(db, head)
    return head


def _set_head(db: Connection, head: Head) -> None:
    changed = {f"new_{name}": getattr(head, name) for name in _CHANGING}
    db.execute(_SET_HEAD, {"workspace": head.id, **changed})


def _mark(db: Connection, head: Head, kind: Kind) -> Head:
    """The head as a revision."""
    marked = replace(head, revision=head.revision + 1, unmarked_since=None)
    add_revision(db, marked, kind)
    return marked


def add_revision(db: Connection, head: Head, kind: Kind) -> None:
    """Make the revision of the head's number, in the name of whoever changed it last."""
    db.execute(
        insert(_REVISIONS).values(
            workspace_id=head.id,
            number=head.revision,
            clock=head.clock,
            content_id=head.head_id,
            kind=kind.value,
            created=head.modified,
            sitting=head.sitting,
        )
    )
    db.execute(
        insert(_AUTHORS).values(
            workspace_id=head.id, number=head.revision, account_id=head.modified_by
        )
    )


def add_content(db: Connection, document: Document) -> int:
    """Keep the document; the id of its content."""
    added = db.execute(
        insert(_CONTENTS).values(
            xml=document.packed, size=len(document.xml), blocks=document.blocks
        )
    )
    (content_id,) = cast(tuple[int], added.inserted_primary_key)
    return content_id


def _replace_content(db: Connection, content_id: int, document: Document) -> None:
    """No revision holds this content, so nobody can ask for it any more."""
    db.execute(
        _SET_CONTENT,
        {
            "content": content_id,
            "new_xml": document.packed,
            "new_size": len(document.xml),
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
    return Document(zlib.decompress(content.xml), content.xml, content.blocks)


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
    old = (await find(db, workspace, number)).document
    connection = await db.connection()
    await connection.run_sync(
        commit,
        Head.of(workspace),
        old,
        by=by,
        kind=Kind.RESTORE,
        revision_minutes=revision_minutes,
    )
    await db.refresh(workspace)
    return await find(db, workspace, workspace.revision)
