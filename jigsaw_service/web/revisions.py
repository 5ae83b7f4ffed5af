"""`api/workspaces/{id}/revisions`: the history, labels, and the way back."""

from typing import Any

from .. import revisions, workspaces
from ..revisions import Mark
from ..roles import Action
from .base import ApiHandler
from .lists import list_json
from .shapes import RevisionChanges
from .workspaces import MAX_NUMBER, MAX_PAGE


def revision_json(mark: Mark) -> dict[str, Any]:
    return {
        "number": mark.revision.number,
        "kind": mark.revision.kind,
        "authors": list(mark.authors),
        "created": mark.revision.created.isoformat(),
        "label": mark.revision.label,
        "blocks": mark.content.blocks,
        "bytes": mark.content.size,
    }


class RevisionList(ApiHandler):
    """`api/workspaces/{id}/revisions`, newest first."""

    async def get(self, workspace_id: str) -> None:
        limit = self.int_argument("limit", 50, low=1, high=MAX_PAGE)
        before = self.int_argument("cursor", MAX_NUMBER, low=1, high=MAX_NUMBER)
        async with self.parts.database.read() as db:
            found = await workspaces.find(db, self.user, workspace_id, Action.READ)
            marks = await revisions.page(db, found.workspace, limit=limit + 1, before=before)
        more = str(marks[limit - 1].revision.number) if len(marks) > limit else None
        self.answer(list_json(self, [revision_json(mark) for mark in marks[:limit]], more))


class RevisionItem(ApiHandler):
    """`api/workspaces/{id}/revisions/{n}`: label it."""

    async def patch(self, workspace_id: str, number: str) -> None:
        wanted = self.shape(RevisionChanges)
        async with self.parts.database.write() as db:
            found = await workspaces.find(db, self.user, workspace_id, Action.EDIT, lock=True)
            mark = await revisions.label(db, found.workspace, int(number), wanted.label)
        self.answer(revision_json(mark))


class RevisionRestore(ApiHandler):
    """`api/workspaces/{id}/revisions/{n}/restore`: its content as a new revision."""

    async def post(self, workspace_id: str, number: str) -> None:
        async with self.parts.database.write() as db:
            found = await workspaces.find(db, self.user, workspace_id, Action.EDIT, lock=True)
            mark = await revisions.restore(
                db,
                found.workspace,
                int(number),
                by=self.user,
                revision_minutes=self.parts.limits.revision_minutes,
            )
        self.set_header("ETag", f'"{revisions.etag(found.workspace)}"')
        self.answer(revision_json(mark))
