"""`metrics`: for those whom the operator lets look; for all others there is no such page."""

import hmac
import time

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select
from tornado.web import HTTPError

from ... import errors
from ...errors import HubUnavailable, NotFound, NotReady
from ...storage import schema
from ...storage.tables import Workspace
from ..access import Caller
from ..route import HUB_REFUSALS, OK, operation, route
from .health import HealthProbeHandler

_PERIODS = {"5m": 300, "1h": 3600, "24h": 86400}
_COUNT_EVERY_SECONDS = 60.0


@route("metrics")
class MetricsPageHandler(HealthProbeHandler):
    """Prometheus' text format."""

    @operation(
        "What the process has counted, for Prometheus; 404 for all whom the operator doesn't let.",
        Caller.OPERATOR,
        {OK: "text/plain"},
        refusals=(errors.NotFound, *HUB_REFUSALS),
    )
    async def get(self) -> None:
        if not await self._may_look():
            raise NotFound("There is no such page.")
        await self._measure()
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(generate_latest(self.services.metrics.registry))

    async def _may_look(self) -> bool:
        """True if the caller has the operator's token, or one of the Hub's with their scope."""
        kind, _, sent = self.request.headers.get("Authorization", "").partition(" ")
        if kind.lower() not in ("bearer", "token"):
            return False
        allowed = self.services.metrics_access
        if allowed.token and hmac.compare_digest(sent.strip().encode(), allowed.token.encode()):
            return True
        return bool(allowed.scope) and allowed.scope in await self._scopes(sent.strip())

    async def _scopes(self, token: str) -> list[str]:
        try:
            model = await self.hub_auth.user_for_token(token, sync=False)
        except HTTPError as error:
            raise HubUnavailable("The Hub could not be asked who you are.") from error
        return list((model or {}).get("scopes") or ())

    async def _measure(self) -> None:
        """Measure what is not counted where it happens."""
        metrics, services = self.services.metrics, self.services
        metrics.websockets.labels("live").set(services.rooms.connections)
        metrics.rooms.set(services.rooms.open)
        metrics.revision.labels(schema.newest()).set(1)
        for period, seconds in _PERIODS.items():
            metrics.active_users.labels(period).set(services.accounts.seen_within(seconds))
        counted = self.settings.get("workspaces_counted", 0.0)
        if services.readiness.ready and time.monotonic() >= counted:
            try:
                async with services.database.read() as db:
                    count = await db.scalar(select(func.count()).select_from(Workspace))
            except NotReady:
                return
            metrics.workspaces.set(count or 0)
            self.settings["workspaces_counted"] = time.monotonic() + _COUNT_EVERY_SECONDS
