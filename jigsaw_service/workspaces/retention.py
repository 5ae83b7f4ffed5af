"""Retention: automatic revisions are thinned with age, so that no history grows for ever.

    T1  Automatic revisions younger than `revisions_all_days` are all kept. Of older
        ones the last of each hour is kept, up to `revisions_hourly_days`; then the
        last of each day, up to `revisions_daily_days`; then the last of each week.
    T2  Never thinned: what has a label, what was made by anything but the passing of
        time, the first and the last revision, and what an upload or a restore replaced.
    T3  A thinned revision keeps its number, authors, time and size. Its content is
        dropped, unless something else holds it too, and callers are told so.

Hours, days and weeks are those of UTC, the same at every run: so what is kept now
is what would have been kept had nobody thinned before.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..document.revisions import RevisionKind
from ..errors import NotFound
from ..runtime.limits import Limits
from ..storage.database import Database
from ..storage.tables import Content, Revision, Table
from . import store

log = logging.getLogger(__name__)

# Workspaces that are looked at in one transaction.
_AT_ONCE = 100
_HOUR, _DAY, _WEEK = 3600, 24 * 3600, 7 * 24 * 3600
# 1970 began on a Thursday, so many days after.
_MONDAY = 3 * _DAY
_REPLACING = (RevisionKind.UPLOAD.value, RevisionKind.RESTORE.value)


@dataclass(frozen=True)
class Aged:
    """Age and kind of one revision, which decide about it; the fields are columns of that name."""

    number: int
    kind: str
    label: str | None
    created: datetime
    thinned: bool = False


def surplus(history: Sequence[Aged], now: datetime, limits: Limits) -> set[int]:
    """The numbers of those that T1 and T2 don't keep; `history` is all there are, in order."""
    if not history:
        return set()
    kinds = {mark.number: mark.kind for mark in history}
    ends = {history[0].number, history[-1].number}
    found: set[int] = set()
    seen: set[tuple[int, int]] = set()
    for mark in reversed(history):
        is_automatic = mark.kind == RevisionKind.AUTOMATIC.value and not mark.label
        replaced = kinds.get(mark.number + 1) in _REPLACING
        span = _span(now - mark.created, limits)
        if mark.thinned or not is_automatic or replaced or mark.number in ends or not span:
            continue
        place = (span, (int(mark.created.timestamp()) + _MONDAY) // span)
        if place in seen:
            found.add(mark.number)
        seen.add(place)
    return found


def _span(age: timedelta, limits: Limits) -> int:
    """Span in seconds of which one revision is kept; 0: all are."""
    days = age / timedelta(days=1)
    if days <= limits.revisions_all_days:
        return 0
    if days <= limits.revisions_hourly_days:
        return _HOUR
    return _DAY if days <= limits.revisions_daily_days else _WEEK


async def thin(database: Database, limits: Limits, now: datetime | None = None) -> int:
    """Thin every history that is due; how many revisions that were.

    Only what is really dropped takes the workspace's lock, and for a moment only.
    """
    now = now or datetime.now(timezone.utc)
    old = now - timedelta(days=limits.revisions_all_days)
    after, thinned = "", 0
    while True:
        async with database.read() as db:
            ids = await _aged_after(db, after, old)
            due = [one for one in ids if surplus(await _history(db, one), now, limits)]
        for workspace_id in due:
            thinned += await _thin(database, workspace_id, now, limits)
        if len(ids) < _AT_ONCE:
            break
        after = ids[-1]
    if thinned:
        log.info("Thinned %d revisions with age", thinned)
    return thinned


async def _aged_after(db: AsyncSession, after: str, old: datetime) -> list[str]:
    """The next workspaces that have an automatic revision from before `old`."""
    aged = (
        select(Revision.workspace_id)
        .distinct()
        .where(
            Revision.workspace_id > after,
            Revision.kind == RevisionKind.AUTOMATIC.value,
            Revision.label.is_(None),
            Revision.created < old,
        )
        .order_by(Revision.workspace_id)
        .limit(_AT_ONCE)
    )
    return list(await db.scalars(aged))


async def _history(db: AsyncSession, workspace_id: str) -> list[Aged]:
    rows = await db.execute(
        select(
            Revision.number, Revision.kind, Revision.label, Revision.created, Content.xml.is_(None)
        )
        .join(Content, Content.id == Revision.content_id)
        .where(Revision.workspace_id == workspace_id)
        .order_by(Revision.number)
    )
    return [Aged(*row) for row in rows]


async def _thin(database: Database, workspace_id: str, now: datetime, limits: Limits) -> int:
    async with database.write() as db:
        connection = await db.connection()
        try:
            # Wait for a transaction that labels a revision at this moment.
            await connection.run_sync(store.lock, workspace_id)
        except NotFound:
            return 0
        numbers = surplus(await _history(db, workspace_id), now, limits)
        await _drop(db, workspace_id, numbers)
    return len(numbers)


async def _drop(db: AsyncSession, workspace_id: str, numbers: Iterable[int]) -> None:
    """Drop the contents of these revisions, except what something else refers to."""
    these = and_(Revision.workspace_id == workspace_id, Revision.number.in_(numbers))
    other = aliased(Revision)
    other_is_these = and_(other.workspace_id == workspace_id, other.number.in_(numbers))
    users = [exists().where(other.content_id == Content.id, ~other_is_these)]
    users += [
        exists().where(column == Content.id)
        for table in Table.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if table is not Revision.__table__ and key.column.table is Content.__table__
    ]
    contents = select(Revision.content_id).where(these)
    await db.execute(
        update(Content)
        .where(Content.id.in_(contents), *(~user for user in users))
        .values(xml=None)
        .execution_options(synchronize_session=False)
    )
