"""`doctor`: what is wrong with the set-up, for Hub admins."""

from ..api.doctor import require_admin
from .pages import PageHandler


class DoctorPage(PageHandler):
    """`doctor`: the findings, and what mends them."""

    async def get(self) -> None:
        require_admin(self)
        self.page("doctor", title="Doctor – Jigsaw")
