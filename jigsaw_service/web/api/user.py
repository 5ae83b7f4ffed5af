"""`api/user`: who the Hub says is asking."""

from ..access import Caller
from ..base import ApiHandler
from ..responses import CurrentUserResponse
from ..route import OK, operation, route


@route("api/user")
class CurrentUserHandler(ApiHandler):
    """The caller's name and Hub groups."""

    @operation("Who the caller is.", Caller.SIGNED_IN, {OK: CurrentUserResponse})
    async def get(self) -> None:
        self.answer({"name": self.user.name, "groups": sorted(self.user.groups)})
