"""`api/openapi.json`: the description of the API."""

from ..access import Caller
from ..base import PublicApiHandler
from ..route import JSON, OK, operation, route


@route("api/openapi.json")
class OpenApiHandler(PublicApiHandler):
    """Made when somebody first asks, who are few: all that it describes takes 1.4 MB."""

    @operation("This document.", Caller.ANYBODY, {OK: JSON})
    async def get(self) -> None:
        from ..openapi import document

        self.answer(document(self.services.prefix, self.settings["operations"]))
