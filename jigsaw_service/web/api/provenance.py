"""`api/workspaces/{id}/contributors`: whose code one runs."""

from ...runtime.roles import Action
from ...workspaces import provenance
from ..base import ApiHandler
from ..lists import list_json
from ..responses import ContributorsResponse
from ..route import ITEM, OK, READ_REFUSALS, operation, route


@route(f"{ITEM}/contributors")
class ContributorListHandler(ApiHandler):
    """Contributors, all in one answer: half of them would be of no use."""

    @operation(
        "Everybody who had a hand in what it holds, before it was copied, too.",
        Action.READ,
        {OK: ContributorsResponse},
        refusals=READ_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            hands = await provenance.contributors_of(db, found.workspace.id)
        items = [{"name": one.name, "you": one.account == self.user.id} for one in hands.people]
        self.answer({**list_json(self, items), "files": hands.files})
