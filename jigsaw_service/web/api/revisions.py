"""`api/workspaces/{id}/revisions`: the history, labels, and the way back."""

import asyncio
from typing import Any

from ... import errors
from ...document import history, revisions
from ...document.log import Logged
from ...document.revisions import Mark
from ...live.messages import revision_notice
from ...runtime.roles import Action
from ...workspaces import audit_log
from ..base import ApiHandler
from ..lists import MAX_NUMBER, MAX_PAGE, list_json
from ..requests import RevisionChanges
from ..responses import ChangesResponse, RevisionResponse, RevisionsResponse
from ..route import (
    CLOCK,
    ITEM,
    LIMIT,
    NUMBER,
    OK,
    READ_REFUSALS,
    WRITE_REFUSALS,
    operation,
    query,
    route,
)


def revision_json(mark: Mark) -> dict[str, Any]:
    return {
        "number": mark.revision.number,
        "clock": mark.revision.clock,
        "kind": mark.revision.kind,
        "authors": list(mark.authors),
        "created": mark.revision.created.isoformat(),
        "label": mark.revision.label,
        "blocks": mark.content.blocks,
        "bytes": mark.content.size,
        "thinned": mark.thinned,
    }


@route(f"{ITEM}/revisions")
class RevisionListHandler(ApiHandler):
    """`api/workspaces/{id}/revisions`, newest first."""

    @operation(
        "The history, newest first.",
        Action.READ,
        {OK: RevisionsResponse},
        parameters=(LIMIT, query("cursor", NUMBER, "From the `next` of the page before.")),
        refusals=READ_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        limit = self.int_argument("limit", 50, low=1, high=MAX_PAGE)
        before = self.int_argument("cursor", MAX_NUMBER, low=1, high=MAX_NUMBER)
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            marks = await revisions.page(db, found.workspace, limit=limit + 1, before=before)
        more = str(marks[limit - 1].revision.number) if len(marks) > limit else None
        self.answer(list_json(self, [revision_json(mark) for mark in marks[:limit]], more))


@route(f"{ITEM}/revisions/{{number}}")
class RevisionItemHandler(ApiHandler):
    """`api/workspaces/{id}/revisions/{n}`: label it."""

    @operation(
        "Label a revision.",
        Action.EDIT,
        {OK: RevisionResponse},
        body=RevisionChanges,
        refusals=(*WRITE_REFUSALS, errors.RevisionThinned),
    )
    async def patch(self, workspace_id: str, number: str) -> None:
        wanted = self.parse_body(RevisionChanges)
        message = revision_notice(int(number), wanted.label)
        async with self.services.database.write(about=workspace_id, message=message) as db:
            found = await self.find(db, workspace_id, lock=True)
            mark = await revisions.label(db, found.workspace, int(number), wanted.label)
        self.answer(revision_json(mark))


@route(f"{ITEM}/revisions/{{number}}/restore")
class RevisionRestoreHandler(ApiHandler):
    """`api/workspaces/{id}/revisions/{n}/restore`: its content as a new revision."""

    @operation(
        "Make its content the head again, as a new revision.",
        Action.EDIT,
        {OK: RevisionResponse},
        refusals=(*WRITE_REFUSALS, errors.RevisionThinned),
        headers={OK: ("ETag",)},
    )
    async def post(self, workspace_id: str, number: str) -> None:
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, lock=True)
            mark = await revisions.restore(db, found.workspace, int(number), by=self.user)
            made, kind = mark.revision.number, audit_log.EventKind.REVISION_RESTORED
            audit_log.record(db, workspace_id, kind, by=self.user, revision=int(number), made=made)
        self.set_header("ETag", f'"{revisions.etag(found.workspace)}"')
        self.answer(revision_json(mark))


@route(f"{ITEM}/history")
class HistoryHandler(ApiHandler):
    """`api/workspaces/{id}/history`: the changes one by one, as far back as they are kept."""

    @operation(
        "The changes one by one, oldest first, as far back as they are kept.",
        Action.READ,
        {OK: ChangesResponse},
        parameters=(
            query("from", CLOCK, "The clock of the first."),
            query("to", CLOCK, "The clock of the last."),
            LIMIT,
            query("cursor", CLOCK, "From the `next` of the page before."),
        ),
        refusals=READ_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        first = self.int_argument("from", 1, low=0, high=MAX_NUMBER)
        last = self.int_argument("to", MAX_NUMBER, low=0, high=MAX_NUMBER)
        limit = self.int_argument("limit", MAX_PAGE, low=1, high=MAX_PAGE)
        first = self.int_argument("cursor", first, low=0, high=MAX_NUMBER)
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            connection = await db.connection()
            page = await connection.run_sync(history.page, found.workspace.id, first, last, limit)
        changes = await asyncio.to_thread(page.whole)
        items = [change_json(change) for change in changes]
        self.answer(list_json(self, items, str(page.next) if page.next else None))


def change_json(change: Logged) -> dict[str, Any]:
    return {
        "clock": change.clock,
        "author": change.author,
        "created": change.created.isoformat(),
        "patch": change.patch,
    }
