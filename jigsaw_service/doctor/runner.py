"""Runner of checks: side by side, each within its time; gathers what they find."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientSession

from ..jupyter.servers import Owner, Servers
from .finding import Finding
from .incidents import Incidents
from .setting import NOTHING_TOLD, Setting

log = logging.getLogger(__name__)

# Seconds that one check may take.
CHECK_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """Visit of the doctor: its two ways to the set-up, and the rights to ask."""

    http: ClientSession
    public_url: str
    """The Hub as browsers reach it, as `https://hub.example.com/jupyter/`; "" when unknown."""
    api_url: str
    """The Hub's API as this machine reaches it; "" when unknown."""
    service_prefix: str
    """The service's path at `public_url`, as `/jupyter/services/jigsaw/`."""
    token: str
    """The service's own token of the Hub's; "" when the Hub alone knows it."""
    proof: str
    """Proves to the running service that we may read its secret, so it answers the probes."""
    service_origin: str = ""
    """Origin of the service in browsers, on a Hub with domains; "": `public_url`'s origin."""
    seconds: float = CHECK_SECONDS
    """Seconds that one check may take."""
    idle_seconds: float = 0
    """Seconds that a socket should live without a sign of life; 0: not checked."""
    setting: Setting = NOTHING_TOLD
    asker: Owner | None = None
    """Person who asks, in whose own right more can be looked at; None: nobody in particular."""
    asker_signed_in: bool = False
    """True if their token is one that the Hub gave the service, as it does for everybody."""
    servers: Servers | None = None
    incidents: Incidents = field(default_factory=Incidents)
    """Incidents that the running service has noticed; none elsewhere."""
    hub_config: str = ""
    """The file of the Hub's own configuration, where we may read it."""
    not_looked_at: list[str] = field(default_factory=list)
    """Notes on what could not be looked at, and what it would take; checks add to it."""

    @property
    def service_url(self) -> str:
        """The service as browsers reach it."""
        return urljoin(self.service_origin or self.public_url, self.service_prefix)

    @property
    def is_secure(self) -> bool:
        """True if people use TLS."""
        return urlsplit(self.public_url).scheme == "https"


Check = Callable[[Visit], AsyncIterator[Finding]]


@dataclass(frozen=True)
class InTurn:
    """Checks in stages: where one finds something, the later ones would say nothing new."""

    stages: tuple[Sequence[Check], ...]


class OutOfReach(Exception):
    """Raised by a check of a first stage: nothing can be seen from here, and why."""


async def examine(visit: Visit, checks: Sequence[Check | InTurn]) -> list[Finding]:
    """Findings of all checks, in their order; a check that can't be made is a finding, too."""
    found = await asyncio.gather(
        *(
            _in_turn(visit, check) if isinstance(check, InTurn) else _made(visit, check)
            for check in checks
        )
    )
    return [finding for one in found for finding in one]


async def _in_turn(visit: Visit, checks: InTurn) -> list[Finding]:
    try:
        for stage in checks.stages:
            if found := await examine(visit, stage):
                return found
    except OutOfReach as told:
        visit.not_looked_at.append(str(told))
    return []


async def _made(visit: Visit, check: Check) -> list[Finding]:
    name = check.__name__.replace("_", "-")
    findings: list[Finding] = []

    async def make() -> None:
        async for finding in check(visit):
            findings.append(finding)

    try:
        await asyncio.wait_for(make(), visit.seconds + visit.idle_seconds)
    except OutOfReach:
        raise
    except Exception as error:
        # Any error on what a broken set-up answers is its fault, and told as such.
        log.debug("The check %s failed", name, exc_info=True)
        told = str(error) or type(error).__name__
        findings.append(Finding("check-failed", f"The check {name} could not be made.", told))
    return findings
