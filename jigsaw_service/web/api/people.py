"""`api/workspaces/{id}/people`: names, while one is being typed."""

from ...runtime.roles import Action
from ...workspaces import directory
from ..base import ApiHandler
from ..lists import list_json
from ..responses import KnownPeopleResponse
from ..route import ITEM, OK, OWNER_REFUSALS, operation, query, route


@route(f"{ITEM}/people")
class PeopleHandler(ApiHandler):
    """`api/workspaces/{id}/people`: those whom the owner may find by a part of their name."""

    @operation(
        "People to share it with: who was here and is in a group or a workspace of the caller's.",
        Action.REVIEW,
        {OK: KnownPeopleResponse},
        parameters=(query("q", {"type": "string", "maxLength": 200}, "Something in the name."),),
        refusals=OWNER_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        words = self.words_argument("q")
        async with self.services.database.read() as db:
            await self.find(db, workspace_id)
            names = await directory.known_to(db, self.user, words)
        self.answer(list_json(self, [{"name": name} for name in names]))
