"""Account export: all that somebody owns, in one zip that an import makes the same of.

`python/Maze.xml`: a folder for each language, and names that every file system takes. The
true names stand in a file beside them. What is in the trash is left out.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from ..document import revisions
from ..runtime.zip_stream import DistinctPaths, ZipStream
from ..storage.database import Database
from ..storage.tables import Workspace
from . import archive
from .export import file_stem

# File systems take 255 bytes, and a letter may have four.
_LONGEST = 55


async def pieces(database: Database, account: int) -> AsyncIterator[bytes]:
    """The zip, piece by piece; never more than one workspace is in memory.

    Each is what it is when its turn comes, in a transaction of its own.
    """
    stream, paths = ZipStream(), DistinctPaths()
    names: list[dict[str, str]] = []
    async for piece in _programs(database, account, stream, paths, names):
        yield piece
    yield _told(stream, names)
    yield stream.end()


async def pieces_of_all(
    database: Database, owners: Iterable[tuple[int, str]]
) -> AsyncIterator[bytes]:
    """The same of several, accounts and names; a folder for each."""
    stream, paths, folders = ZipStream(), DistinctPaths(), DistinctPaths()
    names: list[dict[str, str]] = []
    for account, owner in owners:
        folder = folders.make(file_stem(owner)[:_LONGEST])
        mine: list[dict[str, str]] = []
        async for piece in _programs(database, account, stream, paths, mine, f"{folder}/"):
            yield piece
        names += [{**one, "owner": owner} for one in mine]
    yield _told(stream, names)
    yield stream.end()


def _told(stream: ZipStream, names: list[dict[str, str]]) -> bytes:
    told = json.dumps({"workspaces": names}, ensure_ascii=False, indent=1)
    return stream.add(archive.NAMES, told.encode(), datetime.now(timezone.utc))


async def _programs(
    database: Database,
    account: int,
    stream: ZipStream,
    paths: DistinctPaths,
    names: list[dict[str, str]],
    folder: str = "",
) -> AsyncIterator[bytes]:
    async with database.read() as db:
        ids = list(await db.scalars(_owned_by(account)))
    for workspace_id in ids:
        async with database.read() as db:
            workspace = await db.scalar(
                select(Workspace).where(Workspace.id == workspace_id, *_of(account))
            )
            if workspace is None:
                continue
            document = await revisions.head(db, workspace)
        stem = file_stem(workspace.name)[:_LONGEST]
        path = paths.make(f"{folder}{workspace.language}/{stem}.xml")
        names.append({"file": path, "name": workspace.name, "language": workspace.language})
        # Packing large ones would keep everybody waiting.
        yield await asyncio.to_thread(stream.add, path, document.xml, workspace.modified)


def _of(account: int) -> tuple[ColumnElement[bool], ...]:
    return Workspace.owner_id == account, Workspace.trashed.is_(None)


def _owned_by(account: int) -> Select[Any]:
    return select(Workspace.id).where(*_of(account)).order_by(Workspace.sort_name, Workspace.id)
