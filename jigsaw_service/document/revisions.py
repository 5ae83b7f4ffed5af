"""Revisions: the history of a workspace, and the one door by which it changes.

The *clock* counts the committed changes: batches of live editing, and uploads and
restores, which replace everything. All are in one log (`document/log.py`). A *revision*
is a numbered mark in that history, with the content of that moment:

    H1  Creation, an upload, a copy, an import, a restore and a label always make one.
    H2  A live change makes none by itself.
    H3  Before a change, what is there is marked as a revision, if none holds it yet
        and the change is the first of its browser tab, or makes a revision itself,
        or `revision_minutes` have passed since the first change that none holds.
    H4  So the state from before somebody came along, or from before an upload or a
        restore, can be restored; and the last revision is at most
        `revision_minutes` behind those who are at work.
    H5  Numbers count from 1 and are never given twice; a revision's content never
        changes. Its authors are all who changed something since the one before.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from functools import cached_property
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, TableClause, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from ..errors import NotFound, RevisionThinned
from ..runtime.identity import User
from ..storage.bulk import BulkWrite
from ..storage.tables import Account, Content, Revision, RevisionAuthor, Workspace
from . import log
from .log import COMPRESSION, Logged
from .records import Records
from .validation import MAX_BYTES, inspect
from .xml import write_xml


class RevisionKind(str, Enum):
    """Kind of a revision: what it was made by."""

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
    """XML, byte for byte as it came."""
    packed: bytes
    blocks: int

    @cached_property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.xml).digest()


def read_document(xml: bytes, max_bytes: int = MAX_BYTES) -> Document:
    """Check `xml` and pack it; raises InvalidWorkspace or TooLarge."""
    seen = inspect(xml, max_bytes)
    return Document(xml, zlib.compress(xml, COMPRESSION), seen.blocks)


EMPTY = read_document(b'<xml xmlns="https://developers.google.com/blockly/xml"></xml>')


def written(records: Records) -> Document:
    """The state of a room as a document; its limits were checked change by change."""
    xml = write_xml(records)
    return Document(xml, zlib.compress(xml, COMPRESSION), records.block_count)


class Head(NamedTuple):
    """Head of a workspace: what it is now; the fields are the columns of that name."""

    id: str
    epoch: str
    clock: int
    head_id: int
    head_clock: int
    head_sha256: bytes
    revision: int
    unmarked_since: datetime | None
    modified: datetime
    modified_by: int

    @classmethod
    def of(cls, workspace: Workspace) -> "Head":
        return cls(*(getattr(workspace, name) for name in HEAD))

    def is_content(self, document: Document) -> bool:
        """True if the workspace is these very bytes."""
        return self.clock == self.head_clock and self.head_sha256 == document.sha256

    def changed(self, by: User, now: datetime) -> "Head":
        """Head after a live change."""
        return self._replace(
            clock=self.clock + 1,
            modified=now,
            modified_by=by.id,
            unmarked_since=self.unmarked_since or now,
        )


# The columns of a workspace that tell of its head.
HEAD = Head._fields
_CHANGING = tuple(name for name in HEAD if name not in ("id", "epoch"))
# The columns that every change changes.
_COUNTED = ("clock", "modified", "modified_by", "unmarked_since")

# Saves come by the hundred a second. So they do without the ORM, and their statements
# are built once: either takes longer than SQLite takes to do the work.
_WORKSPACES, _CONTENTS, _REVISIONS, _AUTHORS = (
    cast(TableClause, table.__table__) for table in (Workspace, Content, Revision, RevisionAuthor)
)
_SET_HEAD, _SET_CLOCK = (
    BulkWrite(
        update(_WORKSPACES)
        .where(_WORKSPACES.c.id == bindparam("workspace"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    for names in (_CHANGING, _COUNTED)
)
_SET_LABEL = (
    update(_REVISIONS)
    .where(
        _REVISIONS.c.workspace_id == bindparam("workspace"),
        _REVISIONS.c.number == bindparam("revision"),
    )
    .values(label=bindparam("new_label"))
)
_XML_OF = (
    select(_CONTENTS.c.xml)
    .join(_REVISIONS, _REVISIONS.c.content_id == _CONTENTS.c.id)
    .where(
        _REVISIONS.c.workspace_id == bindparam("workspace"),
        _REVISIONS.c.number == bindparam("revision"),
    )
)
_SINCE = (
    select(_REVISIONS.c.number, _REVISIONS.c.label)
    .where(
        _REVISIONS.c.workspace_id == bindparam("workspace"),
        _REVISIONS.c.number > bindparam("revision"),
    )
    .order_by(_REVISIONS.c.number)
)
_ADD_CONTENT, _ADD_REVISION, _ADD_AUTHOR = map(insert, (_CONTENTS, _REVISIONS, _AUTHORS))


def etag(state: Workspace | Head, clock: int | None = None) -> str:
    """ETag of a state of the workspace, without the quotes of the header."""
    return f"{state.epoch}-{state.clock if clock is None else clock}"


def commit(db: Connection, head: Head, document: Document, *, by: User, kind: RevisionKind) -> Head:
    """Replace what is there by `document`. The caller holds the workspace's lock."""
    if head.unmarked_since is not None:
        head = mark(db, head, log.state(db, head).records)
    now = datetime.now(timezone.utc)
    head = head.changed(by, now)._replace(revision=head.revision + 1)
    change = Logged(head.clock, by.id, by.name, None, None, None, head.revision, now)
    log.append(db, [(head.id, change, None)])
    head = _with_content(db, head, document)
    add_revision(db, head, kind, [by.id])
    set_heads(db, [head])
    return head


def set_heads(db: Connection, heads: Iterable[Head]) -> None:
    """Write what changes of workspaces with their clocks."""
    _SET_HEAD.run(
        db,
        (
            {"workspace": head.id, **{f"new_{name}": getattr(head, name) for name in _CHANGING}}
            for head in heads
        ),
    )


def set_clocks(db: Connection, heads: Iterable[Head]) -> None:
    """The same for heads that only `changed`: without the keys that a database would check."""
    _SET_CLOCK.run(
        db,
        (
            {"workspace": head.id, **{f"new_{name}": getattr(head, name) for name in _COUNTED}}
            for head in heads
        ),
    )


def mark(db: Connection, head: Head, records: Records) -> Head:
    """Make a revision of what is there, `records`; the caller writes the head."""
    since = log.authors_since(db, head.id, head.head_clock)
    head = _with_content(db, head._replace(revision=head.revision + 1), written(records))
    log.take_snapshot(db, head.id, head.clock, records)
    add_revision(db, head, RevisionKind.AUTOMATIC, since | {head.modified_by})
    return head


def _with_content(db: Connection, head: Head, document: Document) -> Head:
    return head._replace(
        head_id=add_content(db, document),
        head_clock=head.clock,
        head_sha256=document.sha256,
        unmarked_since=None,
    )


def add_revision(db: Connection, head: Head, kind: RevisionKind, authors: Iterable[int]) -> None:
    """Make the revision of the head's number."""
    db.execute(
        _ADD_REVISION,
        {
            "workspace_id": head.id,
            "number": head.revision,
            "clock": head.clock,
            "content_id": head.head_id,
            "kind": kind.value,
            "created": head.modified,
        },
    )
    key = {"workspace_id": head.id, "number": head.revision}
    db.execute(_ADD_AUTHOR, [{**key, "account_id": author} for author in sorted(authors)])


def set_label(db: Connection, head: Head, label: str) -> None:
    """Name the last revision."""
    db.execute(_SET_LABEL, {"workspace": head.id, "revision": head.revision, "new_label": label})


def since(db: Connection, workspace_id: str, number: int) -> list[tuple[int, str | None]]:
    """Number and label of the revisions after that one."""
    key = {"workspace": workspace_id, "revision": number}
    return [(row.number, row.label) for row in db.execute(_SINCE, key)]


def add_content(db: Connection, document: Document) -> int:
    """Keep the document; the id of its content."""
    added = db.execute(
        _ADD_CONTENT,
        {"xml": document.packed, "size": len(document.xml), "blocks": document.blocks},
    )
    (content_id,) = cast(tuple[int], added.inserted_primary_key)
    return content_id


def xml_of(db: Connection, workspace_id: str, number: int) -> bytes:
    """XML of revision `number`; RevisionThinned when that was cleared away."""
    packed = db.scalar(_XML_OF, {"workspace": workspace_id, "revision": number})
    return log.unpack_xml(packed)


async def head(db: AsyncSession, workspace: Workspace) -> Document:
    """Present document: the bytes that came, while nothing was changed since."""
    if workspace.clock == workspace.head_clock:
        return _document(await db.get_one(Content, workspace.head_id))
    connection = await db.connection()
    state = await connection.run_sync(log.state, Head.of(workspace))
    return written(state.records)


async def small_head(db: AsyncSession, workspace: Workspace, most: int) -> Document | None:
    """Present document, if the last revision had at most so many bytes; else None."""
    size = await db.scalar(select(Content.size).where(Content.id == workspace.head_id))
    return await head(db, workspace) if size is not None and size <= most else None


def _document(content: Content) -> Document:
    return Document(log.unpack_xml(content.xml), content.xml or b"", content.blocks)


@dataclass(frozen=True)
class Mark:
    """A revision as lists show it."""

    revision: Revision
    content: Content
    authors: Sequence[str]
    thinned: bool
    """True if its content was cleared away with age."""

    @property
    def document(self) -> Document:
        """Document of the revision; RevisionThinned when that was cleared away with age."""
        return _document(self.content)


async def find(db: AsyncSession, workspace: Workspace, number: int) -> Mark:
    """Revision `number` of the workspace, or NotFound."""
    marks = await _marks(db, workspace, Revision.number == number, limit=1, whole=True)
    if not marks:
        raise NotFound(f"The workspace has no revision {number}.")
    return marks[0]


async def page(
    db: AsyncSession, workspace: Workspace, *, limit: int, before: int | None = None
) -> list[Mark]:
    """Page of at most `limit` revisions without XML, newest first; `before`: numbers below it."""
    upper = before if before is not None else workspace.revision + 1
    return await _marks(db, workspace, Revision.number < upper, limit=limit)


async def _marks(
    db: AsyncSession,
    workspace: Workspace,
    condition: ColumnElement[bool],
    *,
    limit: int,
    whole: bool = False,
) -> list[Mark]:
    rows = await db.execute(
        select(Revision, Content, Content.xml.is_(None))
        .options(*() if whole else (defer(Content.xml, raiseload=True),))
        .join(Content, Content.id == Revision.content_id)
        .where(Revision.workspace_id == workspace.id, condition)
        .order_by(Revision.number.desc())
        .limit(limit)
    )
    found = rows.all()
    authors = await _authors(db, workspace, [revision.number for revision, *_ in found])
    return [
        Mark(revision, content, authors[revision.number], thinned)
        for revision, content, thinned in found
    ]


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
    if mark.thinned and label is not None:
        raise RevisionThinned("There is nothing left of it that a name could keep.")
    mark.revision.label = label
    return mark


async def restore(db: AsyncSession, workspace: Workspace, number: int, *, by: User) -> Mark:
    """Make the content of revision `number` the head again, as a new revision."""
    old = (await find(db, workspace, number)).document
    connection = await db.connection()
    await connection.run_sync(commit, Head.of(workspace), old, by=by, kind=RevisionKind.RESTORE)
    await db.refresh(workspace)
    return await find(db, workspace, workspace.revision)
