"""The service: reads its config, builds the parts, serves, and stops in order.

The port is bound first and answers at once; the database is opened and
upgraded behind `ready`. A managed service that exits, or answers late, takes
the whole Hub down with it.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import ClientSession, ClientTimeout, TCPConnector
from tornado.httpserver import HTTPServer
from tornado.web import Application as WebApplication
from tornado.web import RequestHandler
from traitlets import Bool, Enum, HasTraits, Integer, List, Unicode, default
from traitlets.config import Application

from . import __version__
from .doctor import address
from .doctor.setting import Setting
from .jupyter.run_notices import RunNotices
from .jupyter.runs import KernelKey, Run, Runs, workspace_of
from .jupyter.servers import Servers, origin_of
from .live.rooms import Rooms
from .routes import API, OPERATIONS, PAGES, PROBES
from .runtime import config_file, gc_tuning, listen, logs
from .runtime.cookie_secret import kept_secret
from .runtime.parent_watch import watch_parent
from .runtime.tasks import spawn
from .service import periodic_jobs
from .service.supervisor import CRASHED
from .storage.accounts import Accounts
from .storage.database import Database, DatabaseUnusable
from .web.assets import Assets, StaticFilesHandler
from .web.base import UnknownApiHandler
from .web.headers import request_id
from .web.hub_auth import ServiceAuth
from .web.pages.pages import UnknownPageHandler
from .web.services import Limits, MetricsAccess, Readiness, Services
from .web.socket.websocket import PING_SECONDS
from .workspaces.search import index as indexer

log = logging.getLogger(__name__)

_MAX_REQUEST = 256 * 1024 * 1024
_MAX_SOCKET_MESSAGE = 16 * 1024 * 1024
_RETRY_SECONDS = 5
_STOP_SECONDS = 10
# An answer that takes longer is a stream, whose reader comes back.
_ANSWER_SECONDS = 3
# Callers wait so long for a database that is being opened; an upgrade may take longer.
_MOMENT_SECONDS = 5


_LIMITS = {
    limit.name: Integer(getattr(Limits, limit.name), help=limit.metadata["help"]).tag(config=True)
    for limit in fields(Limits)
    if limit.metadata
}
_LimitSettings = type("_LimitSettings", (HasTraits,), _LIMITS)


class JigsawService(_LimitSettings, Application):  # type: ignore[misc, valid-type]
    """Blocks for JupyterHub: the service's configuration and command line."""

    name = "jigsaw-service"
    version = __version__
    description = "Program with blocks on JupyterHub. Started by the Hub as a managed service."

    aliases = {  # noqa: RUF012 - traitlets' own form
        "config": "JigsawService.config_file",
        "db-url": "JigsawService.db_url",
    }

    subcommands = {  # noqa: RUF012
        command: (f"{__package__}.commands.{where}", said)
        for command, where, said in (
            (
                "user",
                "users.UserCommands",
                "Somebody was deleted or renamed on the Hub; or their export.",
            ),
            ("export", "programs.Export", "Write workspaces into a zip."),
            ("import", "programs.ImportFile", "Make workspaces of a file."),
            ("migrate", "upkeep.Migrate", "Upgrade the database."),
            ("doctor", "doctor.Doctor", "Find what keeps the set-up from working."),
            ("backup", "upkeep.Backup", "Write all there is into a file."),
            ("restore", "upkeep.Restore", "Put a backup in the place of all there is."),
        )
    }

    config_file = Unicode("", help="A Python or JSON file of configuration.").tag(config=True)
    db_url = Unicode(
        help="SQLAlchemy URL of the database: sqlite+aiosqlite:///FILE or "
        "postgresql+asyncpg://…. Default: $JIGSAW_DB_URL, else jigsaw.sqlite here."
    ).tag(config=True)
    cookie_secret_file = Unicode(
        "jigsaw_cookie_secret",
        help="File of the secret that signs cookies; made when missing, readable by us alone. "
        "Keep it, or everybody signs in anew at each restart.",
    ).tag(config=True)
    proxy_url = Unicode(
        help="Where this process reaches the Hub's public proxy, without the base URL. "
        "Default: $JIGSAW_PROXY_URL, else the Hub's public address, else http://127.0.0.1:8000."
    ).tag(config=True)
    spawn_options = Bool(
        help="The Hub asks for options before it starts a server, so send people to its page."
    ).tag(config=True)
    notebook_origins = List(
        Unicode(),
        help="Origins (https://host) besides a person's own server whose pages may frame the "
        "editor, on a Hub with subdomain_host.",
    ).tag(config=True)
    synchronous = Enum(
        ["FULL", "NORMAL"],
        "FULL",
        help="How SQLite writes to the disk. FULL: what the page calls saved survives a power "
        "cut. NORMAL: faster; a power cut may lose the last moments, though a killed service "
        "still loses nothing. PostgreSQL has its own setting, synchronous_commit.",
    ).tag(config=True)
    json_logs = Bool(help="Write the log as JSON, one object a line.").tag(config=True)
    metrics_token = Unicode(
        help="Whoever sends this token may read `metrics`. Default: $JIGSAW_METRICS_TOKEN."
    ).tag(config=True)
    metrics_scope = Unicode(
        help="Whoever sends a token of the Hub's with this scope may read `metrics`, too; "
        "`read:metrics`, for example."
    ).tag(config=True)
    sign_in_cache_seconds = Integer(
        60, help="How long the Hub's word on who somebody is holds, in seconds (at least 1)."
    ).tag(config=True)

    @default("db_url")
    def _db_url(self) -> str:
        return os.environ.get("JIGSAW_DB_URL", "sqlite+aiosqlite:///jigsaw.sqlite")

    @default("metrics_token")
    def _metrics_token(self) -> str:
        return os.environ.get("JIGSAW_METRICS_TOKEN", "")

    @default("proxy_url")
    def _proxy_url(self) -> str:
        public = origin_of(os.environ.get("JUPYTERHUB_PUBLIC_HUB_URL", ""))
        return os.environ.get("JIGSAW_PROXY_URL") or public or "http://127.0.0.1:8000"

    @default("spawn_options")
    def _spawn_options(self) -> bool:
        return os.environ.get("JIGSAW_SPAWN_OPTIONS") == "1"

    def initialize(self, argv: list[str] | None = None) -> None:
        super().initialize(argv)
        if self.config_file:
            config_file.apply(self.config_file, to=self)
            self.parse_command_line(argv)

    def start(self) -> None:
        if self.subapp is not None:
            self.subapp.start()
            return
        if self.extra_args:
            print(f"There is no command {self.extra_args[0]}; see --help.", file=sys.stderr)
            sys.exit(2)
        logs.begin(as_json=self.json_logs, besides=self.log)
        if crashed := os.environ.get(CRASHED):
            log.error("Started again: the service %s", crashed)
        sockets = listen.handed_on() or listen.bind(_from_hub("JUPYTERHUB_SERVICE_URL"))
        for one in sockets:
            one.setblocking(False)
        uvloop.run(self._serve(sockets))

    async def _serve(self, sockets: list[socket.socket]) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Explicit, since a Hub that was started in the background ignores SIGINT,
            # and children inherit that.
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        database = Database(self.db_url, synchronous=self.synchronous)
        readiness = Readiness()
        async with ClientSession(
            timeout=ClientTimeout(total=30), connector=TCPConnector(limit=0), trust_env=False
        ) as http:
            services = self._services(http, database, readiness)
            # Without `xheaders`: nothing here goes by what was forwarded about the caller.
            server = HTTPServer(web_application(services), max_buffer_size=_MAX_REQUEST)
            server.add_sockets(sockets)
            log.info("Answering at %s", services.prefix)
            address.leave(Path(self.cookie_secret_file), address.of_environment())
            working = spawn(_work(services), name="opening the database, cleaning up")
            if os.environ.get("JIGSAW_MANAGED") == "1":
                # A supervisor that was killed stops nobody, and an orphan would hold the port.
                spawn(watch_parent(stop.set), name="watching the supervisor")
            await stop.wait()
            readiness.stopping = True
            server.stop()
            await _within(_ANSWER_SECONDS, services.in_flight.drained)
            await _within(_STOP_SECONDS, partial(_end, working))
            await _within(_STOP_SECONDS, services.rooms.stop)
            await _within(_STOP_SECONDS, server.close_all_connections)
        await database.close()

    def _services(self, http: ClientSession, database: Database, readiness: Readiness) -> Services:
        base_url = os.environ.get("JUPYTERHUB_BASE_URL", "/")
        static = Path(__file__).parent / "static"
        auth = ServiceAuth.instance(
            parent=self, cache_max_age=max(1, self.sign_in_cache_seconds), oauth_state_max_age=600
        )
        secret, limits = kept_secret(Path(self.cookie_secret_file)), self._limits()
        auth.remember_with(secret)
        rooms = Rooms(database, limits)

        def tell_run(place: KernelKey, run: Run, answered: str) -> None:
            if workspace_id := workspace_of(run.asker):
                how = {"run": run.id, "end": run.end, "answered": answered}
                rooms.send_to_person(
                    workspace_id, place.user, {"type": "run", **place._asdict(), **how}
                )

        runs = Runs(tell_run)
        RunNotices(database, runs)
        return Services(
            prefix=_from_hub("JUPYTERHUB_SERVICE_PREFIX"),
            hub_prefix=f"{base_url}hub/",
            public_origin=_public_origin(),
            cookie_secret=secret,
            auth=auth,
            database=database,
            rooms=rooms,
            runs=runs,
            accounts=Accounts(database),
            servers=Servers(
                http,
                api_url=_from_hub("JUPYTERHUB_API_URL"),
                proxy_url=self.proxy_url,
                base_url=base_url,
                # A whole URL where each person and service has a domain; else a path.
                people_have_domains=bool(
                    origin_of(os.environ.get("JUPYTERHUB_OAUTH_CALLBACK_URL", ""))
                ),
            ),
            assets=Assets(static),
            spawn_options=self.spawn_options,
            limits=limits,
            readiness=readiness,
            metrics_access=MetricsAccess(self.metrics_token, self.metrics_scope),
            static_path=static,
            notebook_origins=tuple(filter(None, map(origin_of, self.notebook_origins))),
            setting=self.setting(secret),
        )

    def setting(self, cookie_secret: bytes = b"") -> Setting:
        """Setting for the doctor, from the environment and the configuration."""
        told = os.environ.get
        return Setting(
            service_url=told("JUPYTERHUB_SERVICE_URL", ""),
            service_name=told("JUPYTERHUB_SERVICE_NAME", ""),
            told_public_url=told("JUPYTERHUB_PUBLIC_URL", ""),
            db_url=self.db_url,
            cookie_secret_file=self.cookie_secret_file,
            cookie_secret=cookie_secret,
            notebook_origins=tuple(self.notebook_origins),
            certificate=told("JUPYTERHUB_SSL_CERTFILE", ""),
        )

    def _limits(self) -> Limits:
        return Limits(**{name: getattr(self, name) for name in _LIMITS})


def web_application(services: Services) -> WebApplication:
    """The tornado application with every route under the service's prefix."""
    prefix = services.prefix
    rules: list[Any] = []
    for route in API + PAGES + PROBES:
        options = {"path": str(services.static_path)} if route.handler is StaticFilesHandler else {}
        rules.append((f"{prefix}{route.pattern}", route.handler, options))
    rules.append((rf"{prefix}api/.*", UnknownApiHandler))
    rules.append((r".*", UnknownPageHandler))
    return WebApplication(
        rules,
        services=services,
        operations=OPERATIONS,
        cookie_secret=services.cookie_secret,
        log_function=_log_request,
        websocket_ping_interval=PING_SECONDS,
        websocket_max_message_size=_MAX_SOCKET_MESSAGE,
    )


def _log_request(handler: RequestHandler) -> None:
    """Log one line a request, without its query, which may be private."""
    request, status = handler.request, handler.get_status()
    level = logging.INFO if status < 500 else logging.ERROR
    user, seconds = getattr(handler, "user", None), request.request_time()
    method = request.method if request.method in handler.SUPPORTED_METHODS else "other"
    services: Services = handler.settings["services"]
    resource = type(handler).__name__.removesuffix("Handler")
    services.metrics.requests.labels(method, resource, status).observe(seconds)
    name, milliseconds = user.name if user else "-", round(1000 * seconds, 1)
    log.log(
        level,
        "%d %s %s (%s) %.1f ms [%s]",
        status,
        request.method,
        request.path,
        name,
        milliseconds,
        request_id(request),
        extra={
            "fields": {
                "request_id": request_id(request),
                "status": status,
                "method": request.method,
                "path": request.path,
                "user": name,
                "milliseconds": milliseconds,
            }
        },
    )


async def _work(services: Services) -> None:
    spawn(services.metrics.watch_loop(), name="measuring the event loop")
    await _open(services.database, services.readiness)
    gc_tuning.settle()
    await asyncio.gather(
        periodic_jobs.forever(services.database, services.limits),
        indexer.forever(services.database),
    )


async def _open(database: Database, readiness: Readiness) -> None:
    """Open and upgrade the database, trying again until it works."""
    asyncio.get_running_loop().call_later(_MOMENT_SECONDS, readiness.tried.set)
    while True:
        try:
            await database.open()
            await database.migrate()
        except DatabaseUnusable as error:
            log.error("The database can't be used: %s", error)
            readiness.missing = {error.slug}
            readiness.tried.set()
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            readiness.missing.clear()
            readiness.tried.set()
            return


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel it until it ends: in the middle of a driver's work, that may look like a fault of
    the database, after which we would try again."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.2)


async def _within(seconds: float, close: Callable[[], Awaitable[None]]) -> None:
    try:
        await asyncio.wait_for(close(), seconds)
    except asyncio.TimeoutError:
        log.warning("Some of it did not end in time")


def _public_origin() -> str:
    """Public origin of the service, as the Hub tells it; "" where it doesn't.

    The second is a whole URL where each person and service has a domain of its own, and the
    third is of the Hub, whose origin is ours where they don't.
    """
    told = ("JUPYTERHUB_PUBLIC_URL", "JUPYTERHUB_OAUTH_CALLBACK_URL", "JUPYTERHUB_PUBLIC_HUB_URL")
    return next(filter(None, (origin_of(os.environ.get(name, "")) for name in told)), "")


def _from_hub(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set: the Hub starts this service, see `deploy/`.")
    return value


def main() -> None:
    """The `jigsaw-service` command."""
    JigsawService.launch_instance()
