"""Periodic jobs: the trash is emptied, histories are thinned, old events are forgotten.

Several processes on one database may do it at once: each workspace is deleted in a
transaction of its own, by the process that locks it first.
"""

import asyncio
import logging
import random
from datetime import datetime, timedelta, timezone

from sqlalchemy import select

from ..errors import JigsawError, NotFound
from ..runtime.limits import Limits
from ..sharing import collections
from ..storage.database import Database
from ..storage.tables import Workspace
from ..workspaces import audit_log, retention, store

log = logging.getLogger(__name__)

_PAUSE = 3600
_AT_ONCE = 100


async def forever(database: Database, limits: Limits) -> None:
    """Clean up at once, and every hour or so."""
    while True:
        try:
            await clean(database, limits)
        except JigsawError as error:
            log.warning("Could not clean up: %s", error)
        except Exception:
            log.exception("Could not clean up")
        # Not all processes at the same moment.
        await asyncio.sleep(_PAUSE * random.uniform(0.9, 1.1))  # noqa: S311


async def clean(database: Database, limits: Limits, now: datetime | None = None) -> None:
    """Drop what has been kept long enough."""
    now = now or datetime.now(timezone.utc)
    await empty_trash(database, now - timedelta(days=limits.trash_days))
    async with database.write() as db:
        await audit_log.delete_before(db, now - timedelta(days=limits.events_days))
        await collections.clear_unfinished(db, now)
    await retention.thin(database, limits, now)


async def empty_trash(database: Database, before: datetime) -> None:
    """Delete for good what has been in the trash since `before` or longer."""
    old = (
        select(Workspace.id)
        .where(Workspace.trashed <= before)
        .order_by(Workspace.trashed)
        .limit(_AT_ONCE)
    )
    while True:
        async with database.read() as db:
            ids = list(await db.scalars(old))
        for workspace_id in ids:
            await _delete(database, workspace_id, before)
        if len(ids) < _AT_ONCE:
            return


async def _delete(database: Database, workspace_id: str, before: datetime) -> None:
    async with database.write(about=workspace_id) as db:
        connection = await db.connection()
        try:
            await connection.run_sync(store.lock, workspace_id)
        except NotFound:
            # Another process was first.
            return
        workspace = await db.get_one(Workspace, workspace_id)
        if workspace.trashed and workspace.trashed <= before:
            await store.delete(db, workspace, by=None)
            log.info("Deleted a workspace that was in the trash since %s", workspace.trashed)
