"""`api/workspaces/{id}/collections`: what the owner has taken of the copies."""

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from tornado.iostream import StreamClosedError

from ... import errors
from ...runtime.roles import Action
from ...runtime.zip_stream import DistinctPaths, ZipStream
from ...sharing import collections
from ...sharing.collections import CollectionEntry, ListedCollection
from ...storage.tables import Workspace
from ...workspaces import archive, export
from ..base import ApiHandler
from ..lists import list_json
from ..responses import CollectionDetailsResponse, CollectionsResponse
from ..route import (
    CREATED,
    EMPTY,
    ITEM,
    NOT_MODIFIED,
    OK,
    OWNER_REFUSALS,
    WRITE_REFUSALS,
    XML,
    operation,
    route,
)
from .workspaces import FileHandler, attachment

_ZIP = "application/zip"


def collection_json(listed: ListedCollection) -> dict[str, Any]:
    return {
        "id": listed.collection.id,
        "created": listed.collection.created.isoformat(),
        "collected": listed.collected,
        "missing": listed.missing,
    }


def details_json(listed: ListedCollection, entries: Sequence[CollectionEntry]) -> dict[str, Any]:
    return {
        **collection_json(listed),
        "items": [_entry_json(entry) for entry in entries if entry.taken.modified],
        "not_collected": [
            {"user": entry.maker, "reason": entry.taken.reason}
            for entry in entries
            if entry.taken.reason
        ],
    }


def _entry_json(entry: CollectionEntry) -> dict[str, Any]:
    taken = entry.taken
    return {
        "id": taken.id,
        "user": entry.maker,
        "name": taken.name,
        "revision": taken.revision,
        "clock": taken.clock,
        "modified": taken.modified and taken.modified.isoformat(),
        "blocks": taken.blocks,
        "bytes": taken.size,
    }


@route(f"{ITEM}/collections")
class CollectionListHandler(ApiHandler):
    """Collections of the caller; a new one."""

    @operation(
        "What the caller has collected of its copies, newest first.",
        Action.REVIEW,
        {OK: CollectionsResponse},
        refusals=OWNER_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            listed = await collections.listed(db, self.user, found.workspace)
        self.answer(list_json(self, [collection_json(one) for one in listed]))

    @operation(
        "Keep what all copies are now whose makers let the caller look; nothing changes in them.",
        Action.COLLECT,
        {CREATED: CollectionDetailsResponse},
        refusals=(*WRITE_REFUSALS, errors.Conflict, errors.TooManyRequests),
        headers={CREATED: ("Location",)},
    )
    async def post(self, workspace_id: str) -> None:
        database, limits = self.services.database, self.services.limits
        made = await collections.collect(database, self.user, workspace_id, limits=limits)
        async with database.read() as db:
            found = await self.find(db, workspace_id)
            listed = await collections.find(db, self.user, found.workspace, made)
            entries = await collections.entries(db, listed.collection)
        address = f"{self.services.prefix}api/workspaces/{workspace_id}/collections/{made}"
        self.set_header("Location", address)
        self.answer(details_json(listed, entries), HTTPStatus.CREATED)


@route(f"{ITEM}/collections/{{collection_id}}")
class CollectionItemHandler(ApiHandler):
    """Collection, in words or as a zip; delete it."""

    @operation(
        "Whose copies it holds, and whose not; with `Accept: application/zip`, the copies.",
        Action.REVIEW,
        {OK: (CollectionDetailsResponse, "application/zip")},
        refusals=OWNER_REFUSALS,
    )
    async def get(self, workspace_id: str, collection_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            listed = await collections.find(db, self.user, found.workspace, int(collection_id))
            entries = await collections.entries(db, listed.collection)
        if not self._wants_zip():
            self.answer(details_json(listed, entries))
            return
        try:
            await self._send_zip(found.workspace, listed.collection.created, entries)
        except StreamClosedError:
            # The client has disconnected.
            return

    def _wants_zip(self) -> bool:
        accepted = self.request.headers.get("Accept", "").split(",")
        return _ZIP in [media.partition(";")[0].strip().lower() for media in accepted]

    async def _send_zip(
        self, origin: Workspace, created: datetime, entries: Sequence[CollectionEntry]
    ) -> None:
        name = f"{export.file_stem(origin.name)} {created.date().isoformat()}.zip"
        self.set_header("Content-Type", _ZIP)
        self.set_header("Content-Disposition", attachment(name))
        self.set_header("Cache-Control", "private, no-cache")
        paths = paths_of(entries)
        stream = ZipStream()
        self.write(stream.add(archive.CONTENTS, contents_table(entries, paths), created))
        async for entry, xml in collections.contents(self.services.database, list(paths)):
            # Packing large ones would keep everybody waiting.
            self.write(await asyncio.to_thread(stream.add, paths[entry], xml, created))
            await self.flush()
        self.finish(stream.end())

    @operation(
        "Delete it for good; the copies stay.",
        Action.COLLECT,
        {EMPTY: None},
        refusals=WRITE_REFUSALS,
    )
    async def delete(self, workspace_id: str, collection_id: str) -> None:
        async with self.services.database.write() as db:
            found = await self.find(db, workspace_id, lock=True)
            listed = await collections.find(db, self.user, found.workspace, int(collection_id))
            await collections.delete(db, self.user, listed.collection)
        self.set_status(HTTPStatus.NO_CONTENT)


def paths_of(entries: Sequence[CollectionEntry]) -> dict[int, str]:
    """Paths of the copies in the zip: `python/alice - Maze.xml`."""
    distinct = DistinctPaths()
    return {
        entry.taken.id: distinct.make(
            f"{entry.taken.language}/{export.file_stem(f'{entry.maker} - {entry.taken.name}')}.xml"
        )
        for entry in entries
        if entry.taken.reason is None
    }


def contents_table(entries: Sequence[CollectionEntry], paths: dict[int, str]) -> bytes:
    """Table of contents for people and their spreadsheets: whose copies are in the zip, and not."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["user", "name", "file", "revision", "modified", "blocks", "missing"])
    for entry in entries:
        taken = entry.taken
        table.writerow(
            [
                _plain(entry.maker),
                _plain(taken.name or ""),
                _plain(paths.get(taken.id, "")),
                taken.revision,
                taken.modified and taken.modified.isoformat(),
                taken.blocks,
                taken.reason,
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@route(f"{ITEM}/collections/{{collection_id}}/entries/{{entry_id}}")
class CollectionEntryHandler(FileHandler):
    """Entry of a collection: one copy, as a file."""

    @operation(
        "The blocks of one copy, as they were.",
        Action.REVIEW,
        {OK: XML, NOT_MODIFIED: None},
        refusals=OWNER_REFUSALS,
        headers={OK: ("ETag", "Content-Disposition")},
    )
    async def get(self, workspace_id: str, collection_id: str, entry_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            listed = await collections.find(db, self.user, found.workspace, int(collection_id))
            entry, xml = await collections.find_entry(db, listed.collection, int(entry_id))
        file = export.xml_file(f"{entry.maker} - {entry.taken.name}", xml)
        self.answer_file(file, f"collected-{entry.taken.id}")
