"""`api/workspaces/{id}/contributors`: whose code one runs."""

from ...runtime.roles import Action
from ...workspaces import provenance, store
from ..base import ApiHandler
from ..lists import list_json


class ContributorList(ApiHandler):
    """Everybody, in one answer: half of them would be of no use."""

    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await store.find(db, self.user, workspace_id, Action.READ)
            hands = await provenance.of(db, found.workspace.id)
        items = [{"name": one.name, "you": one.account == self.user.id} for one in hands.people]
        self.answer({**list_json(self, items), "files": hands.files})
