"""`api/workspaces/{id}/events`: the record of what was done about a workspace."""

from typing import Any

from ...errors import NotFound
from ...runtime.roles import Action
from ...workspaces import audit_log
from ..base import ApiHandler
from ..lists import MAX_NUMBER, MAX_PAGE, list_json
from ..responses import EventsResponse
from ..route import ITEM, LIMIT, NUMBER, OK, OWNER_REFUSALS, operation, query, route


def event_json(recorded: audit_log.Recorded) -> dict[str, Any]:
    event = recorded.event
    return {
        "id": event.id,
        "kind": event.kind,
        "user": recorded.by,
        "created": event.created.isoformat(),
        "details": event.details,
    }


@route(f"{ITEM}/events")
class EventListHandler(ApiHandler):
    """`api/workspaces/{id}/events`, newest first; also of one that was mine and is deleted."""

    @operation(
        "What was done about it, newest first; also of one that was the caller's and is deleted.",
        Action.REVIEW,
        {OK: EventsResponse},
        parameters=(LIMIT, query("cursor", NUMBER, "From the `next` of the page before.")),
        refusals=OWNER_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        limit = self.int_argument("limit", 50, low=1, high=MAX_PAGE)
        before = self.int_argument("cursor", MAX_NUMBER, low=1, high=MAX_NUMBER)
        async with self.services.database.read() as db:
            try:
                await self.find(db, workspace_id)
            except NotFound:
                if not await audit_log.was_deleted(db, self.user, workspace_id):
                    raise
            recorded = await audit_log.page(db, workspace_id, limit=limit + 1, before=before)
        more = str(recorded[limit - 1].event.id) if len(recorded) > limit else None
        self.answer(list_json(self, [event_json(one) for one in recorded[:limit]], more))
