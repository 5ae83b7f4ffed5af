"""`doctor`: what keeps the set-up from working, and the lines that mend it."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from traitlets import Bool, Float, Unicode

from ..doctor import address, hub_config
from ..doctor.finding import Finding
from ..doctor.internal_checks import INSIDE
from ..doctor.probe import session
from ..doctor.proof import HEADER, Purpose, prove
from ..doctor.public_checks import OUTSIDE
from ..doctor.report import report
from ..doctor.runner import Visit, examine
from .base import FAILED, UNCLEAR, Command, fail

_OWN_RIGHT = "JIGSAW_DOCTOR_TOKEN"
# Finding the service, and the longest row of checks that wait for each other.
_STAGES = 4


class Doctor(Command):
    """doctor [--url URL] [--json] [--time-out SECONDS] [--idle SECONDS] [--connect-to HOST:PORT]

    Find what keeps the set-up from working: from outside, at the Hub's public URL, as browsers
    reach it, and from inside, as the service does. Run it as the user and in the folder of the
    service. Each finding has a name (see docs/doctor.md), what is wrong, what was seen, and the
    line that mends it. With a token of the Hub's in $JIGSAW_DOCTOR_TOKEN it looks in your right,
    too. Status 0: nothing found; 1: findings; 2: unclear.
    """

    name = "jigsaw-service doctor"
    description = __doc__ or ""
    aliases = {  # noqa: RUF012 - traitlets' own form
        **Command.aliases,
        "url": "Doctor.url",
        "time-out": "Doctor.time_out",
        "idle": "Doctor.idle",
        "connect-to": "Doctor.connect_to",
        "hub-config": "Doctor.hub_config",
    }
    flags = {"json": ({"Doctor": {"as_json": True}}, "Tell the findings as JSON.")}  # noqa: RUF012
    url = Unicode(
        help="The Hub as browsers reach it, with its base URL: https://hub.example.com/jupyter/. "
        "Default: what the Hub told the service, else `proxy_url` and the base URL."
    ).tag(config=True)
    time_out = Float(60.0, min=1, help="When to be done, in seconds.").tag(config=True)
    idle = Float(
        0.0,
        min=0,
        max=3600,
        help="Hold a websocket for so many seconds without a word, to see whether it is cut.",
    ).tag(config=True)
    connect_to = Unicode(
        help="HOST:PORT to connect to in the place of the URL's own: for a name that is not in "
        "the DNS yet, or not reached from this machine."
    ).tag(config=True)
    hub_config = Unicode(
        help="The Hub's jupyterhub_config.py, to look at, too; it is run as the Hub runs it."
    ).tag(config=True)
    as_json = Bool(help="Tell the findings as JSON.").tag(config=True)

    async def run(self, *_arguments: str) -> None:
        try:
            outside = session(self.connect_to)
        except ValueError as error:
            fail(str(error), UNCLEAR)
        async with outside, session() as inside:
            own = address.find(Path(self.cookie_secret_file))
            told = await self._told(inside, own)
            visit = self._visit(outside, own, told)
            from_inside, from_outside = await asyncio.gather(
                self._inside(replace(visit, http=inside), own if told else ""),
                examine(visit, OUTSIDE),
            )
        findings = [*from_inside, *(finding.as_json() for finding in from_outside)]
        looked_at = [visit.public_url, own] if own else [visit.public_url]
        if self.as_json:
            seen = {
                "findings": findings,
                "not_looked_at": visit.not_looked_at,
                "looked_at": looked_at,
            }
            print(json.dumps(seen, indent=2, ensure_ascii=False))
        else:
            print(report(looked_at, findings, visit.not_looked_at))
        sys.exit(FAILED if findings else 0)

    @property
    def _seconds(self) -> float:
        return self.time_out / _STAGES

    async def _told(self, http: ClientSession, own: str) -> dict[str, Any]:
        """Addresses that the running service tells of itself; {} where it doesn't answer us."""
        return await self._ask(http, own, "headers", Purpose.PROBES, self._seconds)

    async def _inside(self, visit: Visit, own: str) -> list[dict[str, Any]]:
        """Findings of the running service, which knows most; without it, of our own checks."""
        if not own:
            return [finding.as_json() for finding in await examine(visit, INSIDE)]
        path = f"inside?seconds={max(1, int(self._seconds))}"
        seconds = self.time_out - self._seconds
        told = await self._ask(visit.http, own, path, Purpose.INSIDE, seconds)
        if not isinstance(told.get("findings"), list):
            says = "The running service did not tell in time what it finds."
            return [Finding("check-failed", says, f"{own}_doctor/inside").as_json()]
        visit.not_looked_at.extend(told.get("not_looked_at") or ())
        # The Hub's own configuration is ours to read, not the service's.
        found = await examine(visit, [hub_config.hub_config])
        return [*told["findings"], *(finding.as_json() for finding in found)]

    async def _ask(
        self, http: ClientSession, own: str, path: str, purpose: Purpose, seconds: float
    ) -> dict[str, Any]:
        if not own:
            return {}
        headers = {HEADER: self._proof(purpose)}
        if purpose is Purpose.INSIDE and (token := os.environ.get(_OWN_RIGHT)):
            headers["Authorization"] = f"token {token}"
        timeout = ClientTimeout(total=seconds)
        try:
            async with http.get(f"{own}_doctor/{path}", headers=headers, timeout=timeout) as answer:
                told = await answer.json() if answer.status == 200 else {}
        except (ClientError, OSError, ValueError, asyncio.TimeoutError):
            return {}
        return told if isinstance(told, dict) else {}

    def _proof(self, purpose: Purpose) -> str:
        try:
            secret = bytes.fromhex(Path(self.cookie_secret_file).read_text().strip())
        except (OSError, ValueError):
            return ""
        return prove(secret, purpose)

    def _visit(self, http: ClientSession, own: str, told: dict[str, Any]) -> Visit:
        url = self.url and self.url.rstrip("/") + "/"
        prefix = _path(own) or f"{_path(url) or '/'}services/jigsaw/"
        url = url or str(told.get("public_url") or "")
        if not url:
            url = f"{self.proxy_url.rstrip('/')}{prefix.partition('services/')[0]}"
        return Visit(
            http=http,
            public_url=url,
            service_origin=str(told.get("service_origin") or ""),
            api_url=os.environ.get("JUPYTERHUB_API_URL", ""),
            service_prefix=prefix,
            token=os.environ.get("JUPYTERHUB_API_TOKEN", ""),
            proof=self._proof(Purpose.PROBES),
            seconds=self._seconds,
            idle_seconds=self.idle,
            setting=replace(self.setting(), service_url=urljoin(own, "/") if own else ""),
            hub_config=self.hub_config,
        )


def _path(url: str) -> str:
    """Path of a URL that somebody wrote, and that may be none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
