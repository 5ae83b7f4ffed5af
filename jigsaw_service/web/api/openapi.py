"""`api/openapi.json`: the description of the API."""

from ..base import OpenApiHandler


class OpenApi(OpenApiHandler):
    """Made when somebody first asks, who are few: all that it describes takes 1.4 MB."""

    async def get(self) -> None:
        from ..openapi import document

        self.answer(document(self.services.prefix))
