"""Whether we live, and whether we can serve; slugs only, details go to the log."""

import time
from http import HTTPStatus

from .. import __version__
from .base import OpenApiHandler

_REMEMBER_SECONDS = 5.0


class ProbeHandler(OpenApiHandler):
    """Answers at any time, most of all while nothing else does."""

    async def admit(self) -> None:
        pass


class Health(ProbeHandler):
    """`health`: the process answers."""

    async def get(self) -> None:
        self.answer({"status": "ok", "version": __version__})


class Ready(ProbeHandler):
    """`ready`: database, migrations and Hub; asked at most every few seconds."""

    async def get(self) -> None:
        readiness = self.parts.readiness
        stopping = {"stopping"} if readiness.stopping else set()
        missing = sorted(readiness.missing | stopping | await self._hub())
        status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
        if missing:
            self.set_header("Retry-After", "3")
        self.answer({"ready": not missing, "missing": missing}, status)

    async def _hub(self) -> set[str]:
        checked, answer = self.settings.get("hub_answer", (0.0, False))
        if time.monotonic() - checked > _REMEMBER_SECONDS:
            answer = await self.parts.servers.hub_answers()
            self.settings["hub_answer"] = (time.monotonic(), answer)
        return set() if answer else {"hub"}
