"""`api/workspaces/{id}/people`: names, while one is being typed."""

from ...runtime.roles import Action
from ...workspaces import directory, store
from ..base import ApiHandler
from ..lists import list_json


class People(ApiHandler):
    """`api/workspaces/{id}/people`: those whom the owner may find by a part of their name."""

    async def get(self, workspace_id: str) -> None:
        words = self.words_argument("q")
        async with self.services.database.read() as db:
            await store.find(db, self.user, workspace_id, Action.REVIEW)
            names = await directory.known_to(db, self.user, words)
        self.answer(list_json(self, [{"name": name} for name in names]))
