"""Health and readiness of the service: slugs only, details go to the log."""

import math
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

from ... import __version__
from ..access import Caller
from ..base import PublicApiHandler
from ..responses import HealthResponse, ReadyResponse
from ..route import OK, operation, route

Answer = TypeVar("Answer")

_REMEMBER_SECONDS = 3.0


class HealthProbeHandler(PublicApiHandler):
    """Answers at any time, most of all while nothing else does."""

    async def admit(self) -> None:
        pass


@route("health")
class HealthHandler(HealthProbeHandler):
    """`health`: the process answers."""

    @operation("Whether the process answers.", Caller.ANYBODY, {OK: HealthResponse})
    async def get(self) -> None:
        self.answer({"status": "ok", "version": __version__})


@route("ready")
class ReadyHandler(HealthProbeHandler):
    """`ready`: the database as a save would meet it now, and migrations.

    Whether the Hub answers is told besides: a Hub that is down for a moment is no reason
    to take a process out of service. Each is asked at most every few seconds.
    """

    @operation(
        "Whether the service can serve.",
        Caller.ANYBODY,
        {OK: ReadyResponse, HTTPStatus.SERVICE_UNAVAILABLE: ReadyResponse},
    )
    async def get(self) -> None:
        readiness = self.services.readiness
        stopping = {"stopping"} if readiness.stopping else set()
        missing = readiness.missing | stopping
        if readiness.ready and (fault := await self._recent("trial", self.services.database.trial)):
            missing = missing | {fault}
        hub = await self._recent("hub", self.services.servers.hub_answers)
        status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
        if missing:
            self.set_header("Retry-After", "3")
        self.answer({"ready": not missing, "missing": sorted(missing), "hub": hub}, status)

    async def _recent(self, name: str, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Answer of some seconds ago, or else a new one."""
        known = self.settings.setdefault("recent answers", {})
        asked, answer = known.get(name, (-math.inf, None))
        if time.monotonic() - asked > _REMEMBER_SECONDS:
            answer = await ask()
            known[name] = (time.monotonic(), answer)
        recent: Answer = answer
        return recent
