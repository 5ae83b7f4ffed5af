"""`api/user`: who the Hub says is asking."""

from .. import answers
from ..access import Caller
from ..base import ApiHandler
from ..route import OK, operation, route


@route("api/user")
class CurrentUser(ApiHandler):
    """The caller's name and Hub groups."""

    @operation("Who the caller is.", Caller.SIGNED_IN, {OK: answers.CurrentUser})
    async def get(self) -> None:
        self.answer({"name": self.user.name, "groups": sorted(self.user.groups)})
