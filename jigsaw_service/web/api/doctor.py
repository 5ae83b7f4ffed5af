"""`api/doctor`: what is wrong with the set-up, for Hub admins."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiohttp import ClientSession
from jupyterhub.utils import get_browser_protocol

from ... import errors
from ...doctor.internal_checks import INSIDE
from ...doctor.probe import session
from ...doctor.proof import Purpose, prove
from ...doctor.public_checks import OUTSIDE
from ...doctor.runner import Check, InTurn, Visit, examine
from ...errors import NotFound
from ...jupyter.servers import Owner
from ...runtime.tasks import spawn
from ..access import Caller
from ..base import ApiHandler, BaseHandler
from ..responses import DiagnosisResponse
from ..route import OK, operation, route
from ..services import Services

# Setting of the application that holds the one that is being made.
EXAMINATION = "examination"
_SECONDS = 20.0


def require_admin(handler: BaseHandler) -> None:
    """Raise NotFound unless the Hub says that the caller is one of its admins."""
    if not handler.is_hub_admin:
        raise NotFound("There is no such page.")


def visit_of(
    services: Services,
    http: ClientSession,
    *,
    public_url: str = "",
    asker: Owner | None = None,
    asker_signed_in: bool = False,
) -> Visit:
    """Visit by the running service, which knows most of all."""
    auth = services.auth
    return Visit(
        http=http,
        public_url=told_url(services) or public_url,
        service_origin=service_origin(services),
        api_url=auth.api_url,
        service_prefix=services.prefix,
        token=auth.api_token,
        proof=prove(services.cookie_secret, Purpose.PROBES),
        seconds=_SECONDS,
        setting=services.setting,
        asker=asker,
        asker_signed_in=asker_signed_in,
        servers=services.servers,
        incidents=services.incidents,
    )


def told_url(services: Services) -> str:
    """The Hub as browsers reach it, by what the Hub says; or ""."""
    origin = services.auth.hub_host or services.public_origin
    return f"{origin}{_base(services)}" if origin else ""


def service_origin(services: Services) -> str:
    """Origin of the service in browsers, if not the Hub's; else ""."""
    return services.public_origin if services.auth.hub_host else ""


def _base(services: Services) -> str:
    return services.hub_prefix.removesuffix("hub/")


@route("api/doctor")
class DoctorHandler(ApiHandler):
    """`api/doctor`: looks at everything, one time at once: who asks meanwhile is told the same."""

    @operation(
        "What is wrong with the set-up; may take a minute.",
        Caller.HUB_ADMIN,
        {OK: DiagnosisResponse},
        refusals=(errors.NotFound,),
    )
    async def get(self) -> None:
        require_admin(self)
        made = self.settings.get(EXAMINATION)
        if made is None or made.done():
            made = spawn(self._examination(), name="looking at the set-up")
            self.settings[EXAMINATION] = made
        # Shielded: a caller who leaves doesn't end it for the others.
        self.answer(await asyncio.shield(made))

    async def _examination(self) -> dict[str, Any]:
        checks: Sequence[Check | InTurn] = [*INSIDE, *OUTSIDE]
        async with session() as http:
            visit = visit_of(
                self.services,
                http,
                public_url=self._public_url(),
                asker=Owner(self.user.name, self.token),
                asker_signed_in=not self.hub_auth.is_by_token(self),
            )
            findings = await examine(visit, checks)
        return {
            "findings": [finding.as_json() for finding in findings],
            "not_looked_at": sorted(visit.not_looked_at),
        }

    def _public_url(self) -> str:
        """Public URL as this admin's browser has it, for a Hub that doesn't say."""
        scheme = get_browser_protocol(self.request)
        return f"{scheme}://{self.request.host}{_base(self.services)}"
