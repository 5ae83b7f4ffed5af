"""`api/user`: who the Hub says is asking."""

from ..base import ApiHandler


class CurrentUser(ApiHandler):
    """The caller's name and Hub groups."""

    async def get(self) -> None:
        self.answer({"name": self.user.name, "groups": sorted(self.user.groups)})
