"""Handlers whose answers are waited for when the service stops."""

from tornado.web import RequestHandler

from ..parts import Parts


class AnsweredHandler(RequestHandler):
    """Counts itself among those that are being answered, unless it is to become a socket."""

    def initialize(self) -> None:
        self._parts: Parts = self.settings["parts"]
        if "Upgrade" not in self.request.headers:
            self._parts.answering.begun(self)

    def on_finish(self) -> None:
        self._parts.answering.ended(self)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._parts.answering.ended(self)
