"""Audit log: what was done about a workspace, by whom and when; not what was edited.

It outlives the workspace, so that its last owner can see who deleted it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..runtime.identity import User
from ..storage.tables import Account, Event


class EventKind(str, Enum):
    """Kind of an event: what was done."""

    SHARE_GRANTED = "share-granted"
    SHARE_CHANGED = "share-changed"
    SHARE_REVOKED = "share-revoked"
    LEFT = "left"
    LINK_MADE = "link-made"
    LINK_USED = "link-used"
    LINK_REVOKED = "link-revoked"
    VIEW_ALLOWED = "view-allowed"
    VIEW_WITHDRAWN = "view-withdrawn"
    COLLECTED = "collected"
    COLLECTION_DELETED = "collection-deleted"
    TRANSFER_OFFERED = "transfer-offered"
    TRANSFER_WITHDRAWN = "transfer-withdrawn"
    TRANSFER_DECLINED = "transfer-declined"
    TRANSFERRED = "transferred"
    REVISION_RESTORED = "revision-restored"
    TRASHED = "trashed"
    RESTORED = "restored"
    DELETED = "deleted"


def record(
    db: AsyncSession,
    workspace_id: str,
    kind: EventKind,
    *,
    by: User | None,
    owner_id: int | None = None,
    **details: Any,
) -> None:
    """Keep an event; `by` None: the service did it. `owner_id` belongs to a deletion."""
    db.add(
        Event(
            workspace_id=workspace_id,
            kind=kind.value,
            account_id=by and by.id,
            owner_id=owner_id,
            details=details,
            created=datetime.now(timezone.utc),
        )
    )


@dataclass(frozen=True)
class Recorded:
    """An event, and the name of the person who did it; None: the service."""

    event: Event
    by: str | None


async def page(
    db: AsyncSession, workspace_id: str, *, limit: int, before: int
) -> Sequence[Recorded]:
    """Page of at most `limit` events with an id below `before`, newest first."""
    rows = await db.execute(
        select(Event, Account.name)
        .join(Account, Account.id == Event.account_id, isouter=True)
        .where(Event.workspace_id == workspace_id, Event.id < before)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [Recorded(event, name) for event, name in rows]


async def was_deleted(db: AsyncSession, user: User, workspace_id: str) -> bool:
    """True if this was a workspace of `user`'s and is deleted."""
    found = select(
        exists().where(
            Event.workspace_id == workspace_id,
            Event.kind == EventKind.DELETED.value,
            Event.owner_id == user.id,
        )
    )
    return bool(await db.scalar(found))


async def delete_before(db: AsyncSession, before: datetime) -> None:
    """Drop what is older."""
    await db.execute(delete(Event).where(Event.created < before))
