"""Log of a workspace: every committed change, and the state of the workspace at any of them.

G1  The changes of a workspace are numbered without gaps; the number is the clock.
G2  A batch is one change, known by account, client and number: it is never
    applied twice, however old.
G3  The state is the content of the last revision, or a later snapshot, with
    the patches of all changes since. A snapshot keeps what XML doesn't: shapes.
G4  Old changes are cleared away only when a snapshot holds them, and the last
    number of each client is kept for good.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import Connection, TableClause, bindparam, delete, func, insert, select, text

from ..errors import NotReady, RevisionThinned
from ..runtime.limits import Limits
from ..storage.bulk import BulkWrite
from ..storage.tables import Account, Change, Client, Content, Snapshot
from . import wire
from .records import Patch, Records, apply
from .xml import read_records

if TYPE_CHECKING:
    from .revisions import Head

# Saves come by the hundred a second: speed matters more than the last tenth of size.
COMPRESSION = 1
_WORTH_PACKING = 200
_MOST_MISSED = 1000
_MOST_MISSED_BYTES = 256 * 1024


class Logged(NamedTuple):
    """A change as the log has it."""

    clock: int
    account: int
    author: str
    client: str | None
    n: int | None
    patch: Patch | None
    """Patch; None: everything was replaced by what `revision` holds."""
    revision: int | None
    created: datetime


@dataclass(frozen=True)
class State:
    """State of a workspace at some clock."""

    clock: int
    records: Records
    snapshot: int
    """The clock from which the changes had to be applied."""


_CHANGES, _CLIENTS, _SNAPSHOTS = (
    cast(TableClause, table.__table__) for table in (Change, Client, Snapshot)
)
_INSERT = BulkWrite(insert(_CHANGES))
_ROWS = (
    select(
        _CHANGES.c.clock,
        _CHANGES.c.account_id,
        Account.name,
        _CHANGES.c.client,
        _CHANGES.c.n,
        _CHANGES.c.patch,
        _CHANGES.c.revision,
        _CHANGES.c.created,
    )
    .join(Account, Account.id == _CHANGES.c.account_id)
    .where(_CHANGES.c.workspace_id == bindparam("workspace"))
)
_BETWEEN = (
    _ROWS.where(_CHANGES.c.clock > bindparam("after"), _CHANGES.c.clock <= bindparam("upto"))
    .order_by(_CHANGES.c.clock)
    .limit(bindparam("most"))
)
_SIZE = select(func.count(), func.sum(func.length(_CHANGES.c.patch))).where(
    _CHANGES.c.workspace_id == bindparam("workspace"),
    _CHANGES.c.clock > bindparam("after"),
    _CHANGES.c.clock <= bindparam("upto"),
    _CHANGES.c.patch.is_not(None),
)
_OF_CLIENT = (
    _CHANGES.c.workspace_id == bindparam("workspace"),
    _CHANGES.c.account_id == bindparam("account"),
    _CHANGES.c.client == bindparam("client"),
)
_BATCH = _ROWS.where(*_OF_CLIENT[1:], _CHANGES.c.n == bindparam("n"))
_LAST_LOGGED = select(func.max(_CHANGES.c.n)).where(*_OF_CLIENT)
_LAST_CLEARED = select(_CLIENTS.c.last_n).where(
    _CLIENTS.c.workspace_id == bindparam("workspace"),
    _CLIENTS.c.account_id == bindparam("account"),
    _CLIENTS.c.client == bindparam("client"),
)
_SNAPSHOT = select(_SNAPSHOTS.c.clock, _SNAPSHOTS.c.records).where(
    _SNAPSHOTS.c.workspace_id == bindparam("workspace")
)
_DROP_SNAPSHOT = delete(_SNAPSHOTS).where(_SNAPSHOTS.c.workspace_id == bindparam("workspace"))
_ADD_SNAPSHOT = insert(_SNAPSHOTS)
_CONTENT = select(Content.xml).where(Content.id == bindparam("content"))
_AUTHORS = (
    select(_CHANGES.c.account_id)
    .distinct()
    .where(
        _CHANGES.c.workspace_id == bindparam("workspace"),
        _CHANGES.c.clock > bindparam("after"),
    )
)
_OLDEST = (
    select(_CHANGES.c.clock, _CHANGES.c.created)
    .where(_CHANGES.c.workspace_id == bindparam("workspace"))
    .order_by(_CHANGES.c.clock)
    .limit(1)
)
_LAST_BEFORE = select(func.max(_CHANGES.c.clock)).where(
    _CHANGES.c.workspace_id == bindparam("workspace"), _CHANGES.c.created < bindparam("before")
)
_KEEP_CLIENTS = text(
    "INSERT INTO clients (workspace_id, account_id, client, last_n) "
    "SELECT workspace_id, account_id, client, max(n) FROM changes "
    "WHERE workspace_id = :workspace AND clock <= :upto AND client IS NOT NULL "
    "GROUP BY workspace_id, account_id, client "
    "ON CONFLICT (workspace_id, account_id, client) DO UPDATE SET last_n = "
    "CASE WHEN excluded.last_n > clients.last_n THEN excluded.last_n ELSE clients.last_n END"
)
_CLEAR = delete(_CHANGES).where(
    _CHANGES.c.workspace_id == bindparam("workspace"), _CHANGES.c.clock <= bindparam("upto")
)
_NO_LIMIT = 2**31 - 1


def append(db: Connection, changes: Iterable[tuple[str, Logged, bytes | None]]) -> None:
    """Write changes of workspaces, whose numbers follow on the last one's, each with its patch
    as `wire` writes it."""
    rows = (
        {
            "workspace_id": workspace_id,
            "clock": change.clock,
            "account_id": change.account,
            "client": change.client,
            "n": change.n,
            "patch": patch and _packed(patch),
            "revision": change.revision,
            "created": change.created,
        }
        for workspace_id, change, patch in changes
    )
    _INSERT.run(db, rows)


def between(
    db: Connection, workspace_id: str, after: int, upto: int, most: int = _NO_LIMIT
) -> list[Logged]:
    """The changes after one clock and up to another that are still in the log, in order."""
    span = {"workspace": workspace_id, "after": after, "upto": upto, "most": most}
    return [_logged(row) for row in db.execute(_BETWEEN, span)]


def missed(db: Connection, workspace_id: str, after: int, upto: int) -> list[Logged] | None:
    """Patches between two clocks; None if they are not all there, or more than the state."""
    if not 0 <= upto - after <= _MOST_MISSED:
        return None
    span = {"workspace": workspace_id, "after": after, "upto": upto}
    count, size = db.execute(_SIZE, span).one()
    if count != upto - after or (size or 0) > _MOST_MISSED_BYTES:
        return None
    return between(db, workspace_id, after, upto)


def find_batch(
    db: Connection, workspace_id: str, account: int, client: str, n: int
) -> Logged | None:
    """Log entry of a batch, if it was applied and is still in the log."""
    key = {"workspace": workspace_id, "account": account, "client": client, "n": n}
    row = db.execute(_BATCH, key).one_or_none()
    return _logged(row) if row else None


def last_n(db: Connection, workspace_id: str, account: int, client: str) -> int:
    """The number of the last batch of a client that was applied, or 0."""
    key = {"workspace": workspace_id, "account": account, "client": client}
    return max(db.scalar(_LAST_LOGGED, key) or 0, db.scalar(_LAST_CLEARED, key) or 0)


def _logged(row: Sequence[Any]) -> Logged:
    clock, account, author, client, n, patch, revision, created = row
    unpacked = None if patch is None else unpack(patch)
    return Logged(clock, account, author, client, n, unpacked, revision, created)


def authors_since(db: Connection, workspace_id: str, clock: int) -> set[int]:
    """The accounts whose changes came after `clock`."""
    return set(db.scalars(_AUTHORS, {"workspace": workspace_id, "after": clock}))


def state(db: Connection, head: "Head") -> State:
    """Present state of the workspace; NotReady while it changes too quickly."""
    kept = db.execute(_SNAPSHOT, {"workspace": head.id}).one_or_none()
    if kept and kept.clock >= head.head_clock:
        clock, records = kept.clock, Records.from_json(unpack(kept.records))
    else:
        clock, records = (
            head.head_clock,
            read_records(unpack_xml(db.scalar(_CONTENT, {"content": head.head_id}))),
        )
    began = clock
    for change in between(db, head.id, clock, head.clock) if clock < head.clock else []:
        if change.patch is None:
            break
        apply(records, change.patch)
        clock = change.clock
    if clock != head.clock:
        raise NotReady("The workspace is changing quickly. Try again in a moment.")
    return State(clock, records, began)


def unpack_xml(packed: bytes | None) -> bytes:
    """The XML of a content; RevisionThinned if it was cleared away."""
    if packed is None:
        raise RevisionThinned("Labelled and uploaded revisions are kept; this one was neither.")
    return zlib.decompress(packed)


def take_snapshot(db: Connection, workspace_id: str, clock: int, records: Records) -> None:
    """Keep the state, so that nobody has to apply the changes before it again."""
    db.execute(_DROP_SNAPSHOT, {"workspace": workspace_id})
    row = {"workspace_id": workspace_id, "clock": clock, "records": pack(records.to_json())}
    db.execute(_ADD_SNAPSHOT, row)


def clear(db: Connection, workspace_id: str, clock: int, limits: Limits) -> None:
    """Drop what is older than the history that is kept; a snapshot at `clock` holds it."""
    oldest = db.execute(_OLDEST, {"workspace": workspace_id}).one_or_none()
    if oldest is None:
        return
    before = datetime.now(timezone.utc) - timedelta(days=limits.history_days)
    upto = clock - limits.history_changes
    if oldest.created < before:
        aged = db.scalar(_LAST_BEFORE, {"workspace": workspace_id, "before": before})
        upto = max(upto, min(aged or 0, clock))
    if oldest.clock <= upto:
        span = {"workspace": workspace_id, "upto": upto}
        db.execute(_KEEP_CLIENTS, span)
        db.execute(_CLEAR, span)


def pack(value: Any) -> bytes:
    """JSON, compressed where that pays."""
    return _packed(wire.encode(value))


def _packed(data: bytes) -> bytes:
    return data if len(data) < _WORTH_PACKING else zlib.compress(data, COMPRESSION)


def unpack(data: bytes) -> Any:
    return wire.decode(data if data[:1] == b"{" else zlib.decompress(data))
