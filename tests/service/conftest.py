"""The service in this process, a fake Hub beside it, and people who talk to it."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import create_signed_value

from jigsaw_service.app import web_application
from jigsaw_service.jupyter.runs import Runs
from jigsaw_service.jupyter.servers import Servers
from jigsaw_service.live.rooms import Rooms
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.storage.accounts import Accounts
from jigsaw_service.storage.database import Database
from jigsaw_service.web.assets import Assets
from jigsaw_service.web.hub_auth import ServiceAuth
from jigsaw_service.web.services import Readiness, Services

from ..fake_hub import SCOPE, fake_hub
from .tabs import Tab

PREFIX = "/jupyter/services/jigsaw/"
SECRET = b"a secret of thirty-two bytes, ok"
XML = '<xml><block type="text"><field name="TEXT">{}</field></block></xml>'


@dataclass(frozen=True)
class Answer:
    """Answer of the service."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    def is_problem(self, status: int, slug: str) -> bool:
        """True if this is that problem; asserts that it is told as RFC 9457 has it."""
        assert self.headers["Content-Type"] == "application/problem+json", self
        told = self.json
        assert told["title"] and told["type"].startswith(f"{PREFIX}problems/"), told
        assert (self.status, told["status"], told["type"].rpartition("/")[2]) == (
            status,
            status,
            slug,
        ), told
        return True


class Person:
    """Somebody at a terminal: requests with a token, or without."""

    def __init__(self, http: ClientSession, origin: str, headers: dict[str, str]) -> None:
        self._http, self._origin, self._headers = http, origin, headers

    @property
    def cookie(self) -> str:
        return self._headers["Cookie"]

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        url = path if path.startswith("/") else PREFIX + path
        headers = {**self._headers, **options.pop("headers", {})}
        async with self._http.request(
            method, self._origin + url, headers=headers, allow_redirects=False, **options
        ) as answer:
            return Answer(answer.status, answer.headers.copy(), await answer.read())

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        return await self.request("POST", path, **options)

    async def patch(self, path: str, body: Any) -> Answer:
        return await self.request("PATCH", path, json=body)

    async def delete(self, path: str) -> Answer:
        return await self.request("DELETE", path)

    async def create(self, name: str = "Maze", **more: Any) -> str:
        """The id of a new workspace."""
        answer = await self.post(
            "api/workspaces", json={"name": name, "language": "python", **more}
        )
        assert answer.status == 201, answer
        return str(answer.json["id"])

    async def save(self, workspace_id: str, xml: str | bytes, etag: str | None) -> Answer:
        return await self.request(
            "PUT",
            f"api/workspaces/{workspace_id}/xml",
            data=xml,
            headers={"If-Match": etag} if etag is not None else {},
        )

    def live(self, workspace_id: str, **options: Any) -> Tab:
        """A browser tab on the workspace, to be opened with `async with`."""
        url = f"{self._origin}{PREFIX}api/workspaces/{workspace_id}/live"
        return Tab(self._http, url, self._headers, **options)


@dataclass(frozen=True)
class Service:
    """Service under test: where it answers, and those who may ask."""

    origin: str
    services: Services
    _http: ClientSession

    def person(self, name: str) -> Person:
        return Person(self._http, self.origin, {"Authorization": f"token {name}"})

    def nobody(self, **headers: str) -> Person:
        return Person(self._http, self.origin, headers)

    def browser(self, name: str) -> Person:
        """Signed in by cookie, as a script of a page asks; without an XSRF token."""
        cookie = create_signed_value(SECRET, self.services.auth.cookie_name, name).decode()
        headers = {
            "Cookie": f"{self.services.auth.cookie_name}={cookie}",
            "Sec-Fetch-Mode": "cors",
        }
        return Person(self._http, self.origin, headers)


def _serve(application: Any) -> tuple[HTTPServer, str]:
    (socket,) = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(application, max_buffer_size=256 * 1024 * 1024)
    server.add_socket(socket)
    return server, f"http://127.0.0.1:{socket.getsockname()[1]}"


@pytest.fixture
def limits() -> Limits:
    """Overridden by tests that go to the limits."""
    return Limits(workspaces_per_user=20)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The origin of a fake Hub."""
    monkeypatch.setenv("JUPYTERHUB_OAUTH_ACCESS_SCOPES", json.dumps([SCOPE]))
    server, origin = _serve(fake_hub())
    yield origin
    server.stop()


@asynccontextmanager
async def serving(
    database: Database, limits: Limits, folder: Path, hub: str
) -> AsyncIterator[Service]:
    """The service on that database."""
    auth = ServiceAuth(
        api_url=f"{hub}/jupyter/hub/api",
        api_token="the service's own",
        base_url=PREFIX,
        hub_prefix="/jupyter/hub/",
        hub_host="",
        oauth_client_id="service-jigsaw",
        cache_max_age=60,
    )
    auth.remember_with(SECRET)
    async with ClientSession() as http:
        services = Services(
            prefix=PREFIX,
            hub_prefix="/jupyter/hub/",
            public_origin="",
            cookie_secret=SECRET,
            auth=auth,
            database=database,
            rooms=Rooms(database, limits),
            accounts=Accounts(database),
            servers=Servers(
                http,
                api_url=f"{hub}/jupyter/hub/api",
                proxy_url=hub,
                base_url="/jupyter/",
            ),
            runs=Runs(lambda *_: None),
            assets=Assets(folder),
            spawn_options=False,
            limits=limits,
            readiness=Readiness(missing=set()),
            static_path=folder,
        )
        server, origin = _serve(web_application(services))
        yield Service(origin, services, http)
        server.stop()
        await services.rooms.stop()
        await server.close_all_connections()


@pytest.fixture
async def service(
    database: Database, limits: Limits, tmp_path: Path, hub: str
) -> AsyncIterator[Service]:
    async with serving(database, limits, tmp_path, hub) as service:
        yield service


@pytest.fixture
def alice(service: Service) -> Person:
    return service.person("alice")


@pytest.fixture
def bob(service: Service) -> Person:
    return service.person("bob")
