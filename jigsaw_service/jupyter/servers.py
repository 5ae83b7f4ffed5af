"""The caller's own Jupyter server: its state, starting it, stopping it, asking it.

Everything is asked with the caller's own token. The server itself is reached
through the Hub's public proxy, since the Hub tells its address to admins only.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    WSServerHandshakeError,
)
from aiohttp.client_ws import ClientWebSocketResponse

from ..errors import (
    Conflict,
    HubUnavailable,
    NotAllowed,
    NotFound,
    ServerSilent,
    ServerStopped,
    TooManyRequests,
)

State = Literal["stopped", "starting", "ready"]

_STARTING_TIMEOUT = ClientTimeout(total=60)
_STREAM_TIMEOUT = ClientTimeout(total=None, sock_read=60)
_MAX_FRAME = 64 * 1024 * 1024
# Before Python 3.11, asyncio's TimeoutError is not the built-in one.
_UNREACHABLE = (ClientError, asyncio.TimeoutError, OSError)


@dataclass(frozen=True)
class Owner:
    """Owner of the server that is meant, and the token that reaches it."""

    name: str
    token: str
    server: str = ""
    """Name of one of the person's named servers; "" is the default one."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"}


class Servers:
    """Asks the Hub's API about servers, and the proxy for what they serve."""

    def __init__(
        self,
        http: ClientSession,
        *,
        api_url: str,
        proxy_url: str,
        base_url: str,
        people_have_domains: bool = False,
    ) -> None:
        """`people_have_domains`: the proxy finds a person's servers by the name it is asked for."""
        self._http = http
        self._by_name, self._names = people_have_domains, dict[str, str]()
        self._api = api_url.rstrip("/")
        self._proxy = proxy_url.rstrip("/")
        self._base = base_url

    @property
    def hub_url(self) -> str:
        """The Hub's pages as we reach them, through its proxy."""
        return f"{self._proxy}{self._base}"

    async def hub_answers(self) -> bool:
        """True if the Hub's API can be reached."""
        try:
            async with self._http.get(f"{self._api}/", timeout=ClientTimeout(total=5)) as answer:
                return answer.status == HTTPStatus.OK
        except _UNREACHABLE:
            return False

    async def state(self, owner: Owner) -> State:
        """State of the server, as the Hub tells it; raises HubUnavailable."""
        model = await self._model(owner)
        if model is None:
            return "stopped"
        if model.get("ready"):
            return "ready"
        return "starting" if model.get("pending") == "spawn" else "stopped"

    async def _model(self, owner: Owner) -> dict[str, Any] | None:
        model: dict[str, Any] | None = (await self._models(owner)).get(owner.server)
        return model

    async def origins(self, owner: Owner) -> set[str]:
        """Origins of the owner's servers in browsers, if not the Hub's own origin."""
        models = await self._models(owner)
        return {origin_of(model.get("url") or "") for model in models.values()} - {""}

    async def _models(self, owner: Owner) -> dict[str, Any]:
        try:
            async with self._http.get(self._user_url(owner), headers=owner.headers) as answer:
                if answer.status != HTTPStatus.OK:
                    raise _refused(answer)
                servers: dict[str, Any] = (await answer.json()).get("servers") or {}
        except _UNREACHABLE as error:
            raise HubUnavailable("The Hub did not answer. Try again.") from error
        return servers

    async def start(self, owner: Owner) -> None:
        """Ask the Hub to start the server; returns once it runs or has failed.

        The Hub keeps the request open for up to ten seconds. Raises HubUnavailable,
        NotAllowed, TooManyRequests, or Conflict where the Hub could not start it.
        """
        await self._order("POST", owner)

    async def stop(self, owner: Owner) -> None:
        """Ask the Hub to stop the server; one that is stopped is no fault."""
        await self._order("DELETE", owner)

    async def _order(self, method: str, owner: Owner) -> None:
        url = f"{self._user_url(owner)}/{_server_path(owner)}"
        try:
            async with self._http.request(
                method, url, headers=owner.headers, timeout=_STARTING_TIMEOUT
            ) as answer:
                # 400 and 404 say that it already runs, or that none does.
                if answer.status >= 400 and answer.status not in (400, 404):
                    raise _refused(answer)
        except _UNREACHABLE as error:
            raise HubUnavailable("The Hub did not answer. Try again.") from error

    async def progress(self, owner: Owner) -> AsyncIterator[dict[str, Any] | None]:
        """The Hub's reports while the server starts; the last has `ready` or `failed`.

        None: nothing new, the Hub is at it.
        """
        url = f"{self._user_url(owner)}/{_server_path(owner)}/progress"
        headers = {**owner.headers, "Accept": "text/event-stream"}
        try:
            async with self._http.get(url, headers=headers, timeout=_STREAM_TIMEOUT) as answer:
                if answer.status == HTTPStatus.OK:
                    async for line in answer.content:
                        if line.startswith(b"data:"):
                            yield json.loads(line[5:])
                        elif not line.strip():
                            yield None
                    return
        except _UNREACHABLE as error:
            raise HubUnavailable("The Hub did not answer. Try again.") from error
        # Nothing is pending: it runs, or nobody started it.
        ready = await self.state(owner) == "ready"
        yield {"progress": 100, "ready": True} if ready else {"progress": 0, "failed": True}

    async def request(
        self, owner: Owner, method: str, path: str, *, query: str = "", body: bytes | None = None
    ) -> tuple[int, str, bytes]:
        """Ask the server's own API: status, content type and body, as they came.

        `path` is below the server's base URL, already percent-encoded.
        Raises ServerStopped, ServerSilent or HubUnavailable where the server doesn't answer.
        """
        headers = await self._server_headers(owner)
        if body:
            headers["Content-Type"] = "application/json"
        try:
            async with self._http.request(
                method,
                self.url(owner, path, query),
                data=body or None,
                headers=headers,
                allow_redirects=False,
            ) as answer:
                content_type = answer.headers.get("Content-Type", "")
                content = await answer.read()
        except _UNREACHABLE as error:
            raise await self._absent(owner) from error
        failed = answer.status >= HTTPStatus.MULTIPLE_CHOICES
        if (failed and not _is_json(content_type)) or answer.status in _NOT_RUNNING:
            raise await self._absent(owner)
        return answer.status, content_type, content

    async def policy(self, owner: Owner, path: str) -> str:
        """Content-Security-Policy of the server's page at `path`."""
        url, headers = self.url(owner, path), await self._server_headers(owner)
        try:
            async with self._http.get(url, headers=headers, allow_redirects=False) as answer:
                return ";".join(answer.headers.getall("Content-Security-Policy", []))
        except _UNREACHABLE as error:
            raise await self._absent(owner) from error

    async def connect(
        self, owner: Owner, path: str, *, query: str, protocols: list[str]
    ) -> ClientWebSocketResponse:
        """Open a websocket to the server; raises NotFound where it has no such address, or as
        `request` does."""
        headers = await self._server_headers(owner)
        try:
            return await self._http.ws_connect(
                self.url(owner, path, query),
                headers=headers,
                protocols=protocols,
                max_msg_size=_MAX_FRAME,
                compress=0,
            )
        except WSServerHandshakeError as error:
            if error.status == HTTPStatus.NOT_FOUND and await self.state(owner) == "ready":
                raise NotFound("Your server has no such kernel.") from error
            raise await self._absent(owner) from error
        except _UNREACHABLE as error:
            raise await self._absent(owner) from error

    async def _server_headers(self, owner: Owner) -> dict[str, str]:
        """Headers by which the proxy finds this server, and the server lets us in."""
        if not self._by_name:
            return owner.headers
        if owner.name not in self._names:
            model = await self._model(owner) or {}
            name = urlsplit(model.get("url") or "").netloc
            if not name:
                raise ServerStopped("Start your server, then try again.")
            # All of a person's servers have one domain, for good.
            self._names[owner.name] = name
        return owner.headers | {"Host": self._names[owner.name]}

    def url(self, owner: Owner, path: str, query: str = "") -> str:
        """URL at which the proxy serves `path` of this server."""
        named = f"{quote(owner.server, safe='')}/" if owner.server else ""
        user = quote(owner.name, safe="@~")
        url = f"{self._proxy}{self._base}user/{user}/{named}{path}"
        return f"{url}?{query}" if query else url

    async def _absent(self, owner: Owner) -> Exception:
        """Reason why the server could not be asked: only the Hub knows if it runs."""
        if await self.state(owner) != "ready":
            return ServerStopped("Start your server, then try again.")
        return ServerSilent("To the Hub it runs. If it has ended, the Hub will notice soon.")

    def _user_url(self, owner: Owner) -> str:
        return f"{self._api}/users/{quote(owner.name, safe='@~')}"


# The Hub answers for a server that isn't there with one of these.
_NOT_RUNNING = (HTTPStatus.FAILED_DEPENDENCY, HTTPStatus.SERVICE_UNAVAILABLE)


def _server_path(owner: Owner) -> str:
    return f"servers/{quote(owner.server, safe='')}" if owner.server else "server"


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip() == "application/json"


def _refused(answer: ClientResponse) -> Exception:
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = {"Retry-After": answer.headers.get("Retry-After", "10")}
        return TooManyRequests("The Hub is starting many servers just now.", headers=wait)
    if answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return NotAllowed("Your sign-in may not reach this server; sign in again.")
    if answer.status >= 500:
        return Conflict("The Hub could not start your server; its log says why.")
    return HubUnavailable("The Hub refused to answer. Try again.")


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as in a browser's Origin header."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
