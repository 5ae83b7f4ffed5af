"""Services: what handlers need, built once and handed to each of them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..doctor.incidents import Incidents
from ..doctor.setting import NOTHING_TOLD, Setting
from ..runtime.draining import InFlight
from ..runtime.limits import Limits as Limits
from ..runtime.metrics import Metrics
from ..runtime.readiness import Readiness as Readiness
from ..sharing.link_throttle import LinkThrottle

if TYPE_CHECKING:
    from ..jupyter.runs import Runs
    from ..jupyter.servers import Servers
    from ..live.rooms import Rooms
    from ..storage.accounts import Accounts
    from ..storage.database import Database
    from .assets import Assets
    from .hub_auth import ServiceAuth


@dataclass(frozen=True)
class MetricsAccess:
    """Access to `metrics`, by token or scope; nobody without either."""

    token: str = ""
    """Token of the operator."""
    scope: str = ""
    """Scope on the Hub."""


@dataclass(frozen=True)
class Services:
    """Built once in `app.py`; handlers read it as `self.services`."""

    prefix: str
    """Our URL prefix with both slashes, e.g. `/jupyter/services/jigsaw/`."""
    hub_prefix: str
    """The Hub's URL prefix with both slashes, e.g. `/jupyter/hub/`."""
    public_origin: str
    """Scheme, host and port that browsers see, or "" where the Hub doesn't say."""
    cookie_secret: bytes
    auth: "ServiceAuth"
    database: "Database"
    rooms: "Rooms"
    accounts: "Accounts"
    servers: "Servers"
    runs: "Runs"
    assets: "Assets"
    spawn_options: bool
    """True if the Hub asks for options before it starts a server."""
    limits: Limits
    readiness: Readiness
    static_path: Path
    notebook_origins: tuple[str, ...] = ()
    """Origins that may frame us, besides a person's own server, on a Hub with subdomains."""
    in_flight: InFlight = field(default_factory=InFlight)
    link_throttle: LinkThrottle = field(default_factory=LinkThrottle)
    """Throttle of wrong codes of share links."""
    metrics: Metrics = field(default_factory=Metrics)
    metrics_access: MetricsAccess = MetricsAccess()
    setting: Setting = NOTHING_TOLD
    incidents: Incidents = field(default_factory=Incidents)
    """Incidents for the doctor."""
