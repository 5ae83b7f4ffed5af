"""`api/workspaces/{id}/people`: names, while one is being typed."""

from .. import people, workspaces
from ..roles import Action
from .base import ApiHandler
from .lists import list_json


class People(ApiHandler):
    """`api/workspaces/{id}/people`: those whom the owner may find by a part of their name."""

    async def get(self, workspace_id: str) -> None:
        words = self.words_argument("q")
        async with self.parts.database.read() as db:
            await workspaces.find(db, self.user, workspace_id, Action.REVIEW)
            names = await people.known_to(db, self.user, words)
        self.answer(list_json(self, [{"name": name} for name in names]))
