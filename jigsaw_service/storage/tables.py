"""The tables, and nothing but the tables.

Times are UTC. Programs are kept compressed, byte for byte as they came.
"""

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# SQLite gives the number of a deleted last row to the next one, unless told not to.
_NEVER_AGAIN = {"sqlite_autoincrement": True}


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, also where the database keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(timezone.utc)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        stored: datetime = value
        return stored if stored.tzinfo else stored.replace(tzinfo=timezone.utc)


class Table(DeclarativeBase):
    """Base of all tables; every constraint has a name, so that a migration can drop it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), bytes: LargeBinary()}  # noqa: RUF012


class Account(Table):
    """A person, as the Hub names them; a name made again on the Hub is another account."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("name", "created"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    created: Mapped[str] = mapped_column(String(40))
    """The Hub's own word on when it made the account, or "" where it doesn't tell; or `deleted`."""
    first_seen: Mapped[datetime]


class Content(Table):
    """The XML of a workspace at some time; it never changes, since a revision holds it."""

    __tablename__ = "contents"

    id: Mapped[int] = mapped_column(primary_key=True)
    xml: Mapped[bytes | None]
    """Compressed with zlib; NULL after an automatic revision was cleared away with age."""
    size: Mapped[int]
    """Bytes before compression."""
    blocks: Mapped[int]


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_OPEN = "for_everyone = true"


class Workspace(Table):
    """A program, its head, and where its history stands. See `document/revisions.py` for the rules.

    What it is now: the content `head_id`, or a later snapshot, and the changes since.
    """

    __tablename__ = "workspaces"
    __table_args__ = (
        UniqueConstraint("owner_id", "language", "notebook_name"),
        Index(None, "owner_id", "modified"),
        # Of those in the trash, those that wait for the indexer, and those that everyone sees, in
        # each order. An index on all that are not in the trash would mislead SQLite.
        _partial("ix_workspaces_trashed", "trashed", where="trashed IS NOT NULL"),
        _partial("ix_workspaces_unindexed", "id", where="clock > indexed_clock"),
        _partial("ix_workspaces_open_modified", "modified", "id", where=_OPEN),
        _partial("ix_workspaces_open_created", "created", "id", where=_OPEN),
        _partial("ix_workspaces_open_name", "sort_name", "id", where=_OPEN),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(200))
    sort_name: Mapped[str] = mapped_column(String(600))
    """`name` as lists order it and searches find it: without case."""
    language: Mapped[str] = mapped_column(String(64))
    kernel_name: Mapped[str | None] = mapped_column(String(200))
    notebook_name: Mapped[str | None] = mapped_column(String(200))
    """The name by which notebooks of the owner show it, if any."""
    epoch: Mapped[str] = mapped_column(String(16))
    clock: Mapped[int]
    """Counts the committed changes."""
    head_id: Mapped[int] = mapped_column(ForeignKey("contents.id"), index=True)
    """The content of the last revision."""
    head_clock: Mapped[int]
    """The clock at which it was made."""
    head_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Tells a save that was sent twice from a new one."""
    revision: Mapped[int]
    """Number of the last revision."""
    unmarked_since: Mapped[datetime | None]
    """Time of the first change that no revision holds yet; NULL: the last one holds all."""
    created: Mapped[datetime]
    modified: Mapped[datetime]
    modified_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    trashed: Mapped[datetime | None]
    copied_from: Mapped[str | None] = mapped_column(String(32))
    """Id of the origin, which may be gone."""
    inherited_files: Mapped[int] = mapped_column(default=0)
    """Number of files that had come into its origin; see `workspaces/provenance.py`."""
    for_everyone: Mapped[bool] = mapped_column(default=False)
    """True if a share with everyone exists."""
    indexed_clock: Mapped[int] = mapped_column(default=0)
    """The clock at which its words were indexed; 0 when its name or owner has changed since."""


class SearchText(Table):
    """The words by which a workspace is found; see `workspaces/search/words.py`.

    A full-text index that only the database knows follows this table; the migration makes it.
    """

    __tablename__ = "search_texts"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), unique=True
    )
    name_words: Mapped[str] = mapped_column(Text)
    """Words of the workspace's and the owner's name."""
    block_words: Mapped[str] = mapped_column(Text)


class Revision(Table):
    """A mark in the history of a workspace."""

    __tablename__ = "revisions"

    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clock: Mapped[int]
    content_id: Mapped[int] = mapped_column(ForeignKey("contents.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime]
    label: Mapped[str | None] = mapped_column(String(200))


class RevisionAuthor(Table):
    """Author of a revision: somebody whose edits it contains."""

    __tablename__ = "revision_authors"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "number"],
            ["revisions.workspace_id", "revisions.number"],
            ondelete="CASCADE",
        ),
    )

    workspace_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)


class Inherited(Table):
    """Inherited contributor: had a hand in what a workspace was copied from, or chose its kernel;
    see `workspaces/provenance.py`."""

    __tablename__ = "inherited"

    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)


class Change(Table):
    """A committed change: the log of a workspace, without gaps. See `document/log.py`."""

    __tablename__ = "changes"
    __table_args__ = (UniqueConstraint("workspace_id", "account_id", "client", "n"),)

    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    clock: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    client: Mapped[str | None] = mapped_column(String(64))
    """The browser tab that sent it, and its number there; NULL for an upload or a restore."""
    n: Mapped[int | None]
    patch: Mapped[bytes | None]
    """Patch: its effect, as JSON; NULL: the revision's content has replaced everything."""
    revision: Mapped[int | None]
    created: Mapped[datetime]


class Client(Table):
    """The last number of a browser tab whose changes are gone from the log."""

    __tablename__ = "clients"

    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    client: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_n: Mapped[int]


class Snapshot(Table):
    """The records of a workspace at some clock, so that few changes need to be applied to them."""

    __tablename__ = "snapshots"

    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    clock: Mapped[int]
    records: Mapped[bytes]
    """Records as JSON, compressed with zlib."""


class Process(Table):
    """A process of the service that has people in rooms; on PostgreSQL only."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    seen: Mapped[datetime]
    """Time of its last sign of life, by the database's clock."""


class Visitor(Table):
    """A browser tab that has a workspace open, for other processes to see; it goes with its own.

    Nothing says that the workspace exists, so that its lock is nobody's concern.
    """

    __tablename__ = "visitors"

    connection: Mapped[str] = mapped_column(String(16), primary_key=True)
    process_id: Mapped[str] = mapped_column(
        ForeignKey("processes.id", ondelete="CASCADE"), index=True
    )
    workspace_id: Mapped[str] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(255))
    """Name of the user."""
    role: Mapped[int] = mapped_column(SmallInteger)
    showing: Mapped[str | None] = mapped_column(String(16))
    """Another for each `outputs`; NULL: none."""
    outputs: Mapped[bytes | None]
    """Outputs that it presents to the room: JSON, as in the log."""


class Share(Table):
    """A role on a workspace, held by a user, by a Hub group, or by everyone on the Hub."""

    __tablename__ = "shares"
    __table_args__ = (
        Index(
            "uq_shares_account",
            "workspace_id",
            "account_id",
            unique=True,
            sqlite_where=text("account_id IS NOT NULL"),
            postgresql_where=text("account_id IS NOT NULL"),
        ),
        Index(
            "uq_shares_name",
            "workspace_id",
            "kind",
            "name",
            unique=True,
            sqlite_where=text("account_id IS NULL"),
            postgresql_where=text("account_id IS NULL"),
        ),
        Index(None, "kind", "name"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    """`user`, `group` or `everyone`."""
    name: Mapped[str] = mapped_column(String(255))
    """Name of the user or group; "" for everyone."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The user's account; NULL until they first sign in here."""
    role: Mapped[int] = mapped_column(SmallInteger)
    created: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class ShareLink(Table):
    """A secret code whose visitor may accept a role or a copy; only its hash is kept."""

    __tablename__ = "share_links"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_prefix: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(16))
    """`view`, `edit` or `copy`."""
    created: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    expires: Mapped[datetime | None]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    revoked: Mapped[datetime | None]


class LinkCopy(Table):
    """A copy that somebody made for themselves by a link of kind `copy`."""

    __tablename__ = "link_copies"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), unique=True
    )
    origin_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    link_id: Mapped[int] = mapped_column(ForeignKey("share_links.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    """Maker of the copy."""
    viewer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The origin's owner, if the maker lets them look; the agreement is with nobody else."""
    created: Mapped[datetime]


class Collection(Table):
    """Collection of a workspace's copies, by its owner; see `sharing/collections.py`."""

    __tablename__ = "collections"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    """Owner of the collection; nobody else sees it."""
    created: Mapped[datetime]
    finished: Mapped[bool] = mapped_column(default=False)
    """True once it is complete; until then it is not seen."""


class Collected(Table):
    """A copy in a collection as it was then; or that it could not be had."""

    __tablename__ = "collected"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    """Maker of the copy."""
    reason: Mapped[str | None] = mapped_column(String(16))
    """Reason why it could not be taken; then all that follows is NULL."""
    name: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int | None]
    clock: Mapped[int | None]
    modified: Mapped[datetime | None]
    size: Mapped[int | None]
    blocks: Mapped[int | None]
    xml: Mapped[bytes | None] = mapped_column(deferred=True)
    """Compressed, as in `Content`."""


class Transfer(Table):
    """A workspace that its owner offers to somebody, who accepts or declines."""

    __tablename__ = "transfers"
    __table_args__ = (Index(None, "name"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), unique=True
    )
    name: Mapped[str] = mapped_column(String(255))
    """Name of the recipient."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The recipient's account; NULL until they first sign in here."""
    created: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class Event(Table):
    """Something that was done about a workspace; it outlives the workspace."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "workspace_id", "id"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Person who did it; NULL: the service."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Owner of the workspace, at a deletion."""
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(index=True)


class Membership(Table):
    """A Hub group that somebody was in when they were last here."""

    __tablename__ = "memberships"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    group_name: Mapped[str] = mapped_column(String(255), primary_key=True, index=True)


class Import(Table):
    """A file on its way in, part by part."""

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(64))
    created: Mapped[datetime]
    made: Mapped[str | None]
    """Ids of the workspaces it became, separated by spaces; NULL until it is finished."""


class ImportPart(Table):
    """Part of an import: some bytes; parts are numbered from 0."""

    __tablename__ = "import_parts"

    import_id: Mapped[str] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes]
