"""`_doctor/…`: probes that show the doctor its own requests. Others find no such page."""

import asyncio
from dataclasses import replace
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from ...doctor import hub_config
from ...doctor.internal_checks import INSIDE
from ...doctor.probe import session
from ...doctor.proof import HEADER, Purpose, proves
from ...doctor.runner import examine
from ...errors import NotFound
from ...jupyter.servers import Owner
from ..access import Caller
from ..base import BaseHandler, PublicApiHandler
from ..route import route
from ..socket.base import SocketHandler
from .doctor import service_origin, told_url, visit_of

MAX_EVENTS, MAX_SECONDS_BETWEEN = 10, 2.0
MAX_UPLOAD = 64 * 1024 * 1024
MAX_IDLE_SECONDS = 3600
MAX_SECONDS = 60
_MAX_MESSAGE = 1024
# The Hub's own configuration is run when it is read, which is not the service's business.
_CHECKS = [check for check in INSIDE if check is not hub_config.hub_config]


def require_proof(handler: BaseHandler, purpose: Purpose = Purpose.PROBES) -> None:
    """Raise NotFound unless the caller could read our cookie secret some minutes ago."""
    if not proves(handler.services.cookie_secret, purpose, handler.request.headers.get(HEADER, "")):
        raise NotFound("There is no such page.")


class DoctorProbeHandler(PublicApiHandler):
    """Base of handlers that answer anybody with a proof, at any time."""

    async def admit(self) -> None:
        require_proof(self)


@route("_doctor/headers", Caller.OPERATOR)
class HeadersHandler(DoctorProbeHandler):
    """`_doctor/headers`: this very request as it arrived, and what our answer should arrive as."""

    async def get(self) -> None:
        self.answer(
            {
                "headers": list(self.request.headers.get_all()),
                "policy": self._headers["Content-Security-Policy"],
                "public_origin": self.services.public_origin,
                "public_url": told_url(self.services) or self.services.servers.hub_url,
                "service_origin": service_origin(self.services),
            }
        )


@route("_doctor/inside", Caller.OPERATOR)
class InsideHandler(PublicApiHandler):
    """`_doctor/inside`: what the running service finds, which knows most."""

    async def admit(self) -> None:
        require_proof(self, Purpose.INSIDE)

    async def get(self) -> None:
        seconds = self.int_argument("seconds", 15, low=1, high=MAX_SECONDS)
        async with session() as http:
            visit = visit_of(self.services, http, asker=await self._asker())
            visit = replace(visit, seconds=seconds)
            findings = await examine(visit, _CHECKS)
        self.answer(
            {
                "findings": [finding.as_json() for finding in findings],
                "not_looked_at": visit.not_looked_at,
            }
        )

    async def _asker(self) -> Owner | None:
        """Owner of the token that was sent along, to look in their right, too."""
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "token" or not token:
            return None
        try:
            model = await self.hub_auth.user_for_token(token, sync=False)
        except HTTPError:
            model = None
        return Owner(str((model or {}).get("name") or ""), token)


@route("_doctor/echo/(.*)", Caller.OPERATOR, pattern=r"_doctor/echo/(.*)")
class EchoHandler(DoctorProbeHandler):
    """`_doctor/echo/…`: the address as it came."""

    async def get(self, _path: str) -> None:
        self.answer({"uri": self.request.uri})


@route("_doctor/upload", Caller.OPERATOR)
class UploadHandler(DoctorProbeHandler):
    """`_doctor/upload`: how much of the body came; nothing of it is kept."""

    async def prepare(self) -> None:
        self.request.connection.set_max_body_size(MAX_UPLOAD)  # type: ignore[union-attr]
        await super().prepare()

    def data_received(self, chunk: bytes) -> None:
        self._received += len(chunk)

    async def post(self) -> None:
        self.answer({"received": self._received})


@route("_doctor/events", Caller.OPERATOR)
class EventsHandler(DoctorProbeHandler):
    """`_doctor/events`: events some time apart, without a word to the proxy on holding back."""

    async def get(self) -> None:
        count = self.int_argument("n", 3, low=1, high=MAX_EVENTS)
        apart = self.int_argument("milliseconds", 500, low=0, high=int(MAX_SECONDS_BETWEEN * 1000))
        self.set_header("Content-Type", "text/event-stream")
        try:
            for number in range(count):
                if number:
                    await asyncio.sleep(apart / 1000)
                self.write(f"data: {number}\n\n")
                await self.flush()
        except StreamClosedError:
            return


@route("_doctor/socket", Caller.OPERATOR)
class ProbeSocketHandler(WebSocketHandler, SocketHandler):
    """`_doctor/socket`: says what it hears; without pings, so that idle limits are felt."""

    _timer: asyncio.TimerHandle | None = None

    def initialize(self) -> None:
        SocketHandler.initialize(self)

    def check_origin(self, origin: str) -> bool:
        return SocketHandler.check_origin(self, origin)

    async def prepare(self) -> None:
        require_proof(self)
        self.require_origin()

    @property
    def ping_interval(self) -> Any:
        return None

    @property
    def max_message_size(self) -> int:
        return _MAX_MESSAGE

    def open(self, *_args: str, **_kwargs: str) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(MAX_IDLE_SECONDS, self.close)

    async def on_message(self, message: str | bytes) -> None:
        await self.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        if self._timer:
            self._timer.cancel()
