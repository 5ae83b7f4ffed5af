"""The parts the service is built from, handed to every handler."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .doctor.heard import Heard
from .doctor.setting import NOTHING_TOLD, Setting
from .guesses import Guesses
from .limits import Limits as Limits
from .metrics import Metrics
from .readiness import Answering
from .readiness import Readiness as Readiness

if TYPE_CHECKING:
    from .jupyter.runs import Runs
    from .jupyter.servers import Servers
    from .live.rooms import Rooms
    from .storage.accounts import Accounts
    from .storage.database import Database
    from .web.assets import Assets
    from .web.oauth import ServiceAuth


@dataclass(frozen=True)
class MetricsAccess:
    """Who may read `metrics`; nobody without either."""

    token: str = ""
    """The operator's own."""
    scope: str = ""
    """Of the Hub."""


@dataclass(frozen=True)
class Parts:
    """Built once in `app.py`; handlers read it as `self.parts`."""

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
    """Whether the Hub asks for options before it starts a server."""
    limits: Limits
    readiness: Readiness
    static_path: Path
    notebook_origins: tuple[str, ...] = ()
    """Which may frame us, besides a person's own server, on a Hub with subdomains."""
    answering: Answering = field(default_factory=Answering)
    guesses: Guesses = field(default_factory=Guesses)
    """Of codes of share links."""
    metrics: Metrics = field(default_factory=Metrics)
    metrics_access: MetricsAccess = MetricsAccess()
    setting: Setting = NOTHING_TOLD
    heard: Heard = field(default_factory=Heard)
    """For the doctor."""
