"""`doctor`: what is wrong with the set-up, for Hub admins."""

from ..access import Caller
from ..api.doctor import require_admin
from ..route import route
from .pages import PageHandler


@route("doctor", Caller.HUB_ADMIN)
class DoctorPageHandler(PageHandler):
    """`doctor`: the findings, and what mends them."""

    async def get(self) -> None:
        require_admin(self)
        self.page("doctor", title="Doctor – Jigsaw")
