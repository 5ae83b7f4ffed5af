"""Draining: handlers that a stop of the service waits for."""

from tornado.web import RequestHandler

from .services import Services


class DrainingHandler(RequestHandler):
    """Counts itself among those that are being answered, unless it is to become a socket."""

    def initialize(self) -> None:
        self._services: Services = self.settings["services"]
        if "Upgrade" not in self.request.headers:
            self._services.in_flight.started(self)

    def on_finish(self) -> None:
        self._services.in_flight.finished(self)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._services.in_flight.finished(self)
