"""`api/workspaces/{id}/contributors`: whose code one runs."""

from .. import contributors, workspaces
from ..roles import Action
from .base import ApiHandler
from .lists import list_json


class ContributorList(ApiHandler):
    """Everybody, in one answer: half of them would be of no use."""

    async def get(self, workspace_id: str) -> None:
        async with self.parts.database.read() as db:
            found = await workspaces.find(db, self.user, workspace_id, Action.READ)
            hands = await contributors.of(db, found.workspace.id)
        items = [{"name": one.name, "you": one.account == self.user.id} for one in hands.people]
        self.answer({**list_json(self, items), "files": hands.files})
