"""`api/workspaces/{id}/copies`, `…/origin`: the two ends of copies that links made."""

from typing import Any

from ...runtime.roles import Action
from ...workspaces import copies
from ..base import ApiHandler
from ..lists import MAX_NUMBER, MAX_PAGE, list_json
from ..requests import OriginChanges
from ..responses import CopiesResponse, OriginResponse
from ..route import (
    CLOCK,
    ITEM,
    LIMIT,
    OK,
    OWNER_REFUSALS,
    READ_REFUSALS,
    WRITE_REFUSALS,
    operation,
    query,
    route,
)


def copy_json(copy: copies.Copy) -> dict[str, Any]:
    """A copy; where it is, and what it is called, only with its maker's consent."""
    return {
        "id": copy.made.id,
        "user": copy.maker,
        "created": copy.made.created.isoformat(),
        "modified": copy.workspace.modified.isoformat(),
        "allow_view": copy.visible,
        "workspace_id": copy.workspace.id if copy.visible else None,
        "name": copy.workspace.name if copy.visible else None,
    }


def origin_json(origin: copies.Origin) -> dict[str, Any]:
    return {
        "workspace_id": origin.workspace.id,
        "owner": origin.owner,
        "created": origin.made.created.isoformat(),
        "allow_view": origin.made.viewer_id is not None,
    }


@route(f"{ITEM}/copies")
class CopyListHandler(ApiHandler):
    """`api/workspaces/{id}/copies`: who made one, and when it was last changed."""

    @operation(
        "The copies that were made by its `copy` links, oldest first.",
        Action.REVIEW,
        {OK: CopiesResponse},
        parameters=(LIMIT, query("cursor", CLOCK, "From the `next` of the page before.")),
        refusals=OWNER_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        limit = self.int_argument("limit", MAX_PAGE, low=1, high=MAX_PAGE)
        after = self.int_argument("cursor", 0, low=0, high=MAX_NUMBER)
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            made = await copies.page(db, found.workspace, limit=limit + 1, after=after)
        more = str(made[limit - 1].made.id) if len(made) > limit else None
        self.answer(list_json(self, [copy_json(one) for one in made[:limit]], more))


@route(f"{ITEM}/origin")
class CopyOriginHandler(ApiHandler):
    """`api/workspaces/{id}/origin`: of a copy, whose it was; let them look, or no longer."""

    @operation(
        "Of a copy that was made by a link: whose it was. Else 404.",
        Action.READ,
        {OK: OriginResponse},
        refusals=READ_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            origin = await copies.origin(db, found.workspace)
        self.answer(origin_json(origin))

    @operation(
        "Let the origin's owner look at the copy, or no longer.",
        Action.SHARE,
        {OK: OriginResponse},
        body=OriginChanges,
        refusals=WRITE_REFUSALS,
    )
    async def patch(self, workspace_id: str) -> None:
        wanted = self.parse_body(OriginChanges)
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, lock=True)
            origin = await copies.set_allow_view(db, self.user, found.workspace, wanted.allow_view)
        self.answer(origin_json(origin))
