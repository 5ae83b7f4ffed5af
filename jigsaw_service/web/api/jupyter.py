"""The caller's own Jupyter server, as the page and scripts reach it through us."""

import asyncio
import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ... import errors
from ...errors import BadRequest, KernelFailed, MethodNotAllowed, NotFound, SpawnOptions
from ...jupyter.addresses import Address, resolve, upstream_query
from ...jupyter.reach import Reach
from ...jupyter.relay import Frame, KernelRelay
from ...jupyter.servers import Owner
from ...jupyter.specs import record_start
from ...runtime.protocol import KERNEL_CLOSED
from ...runtime.tasks import spawn
from ..access import Caller
from ..base import ApiHandler, BaseHandler
from ..responses import ServerStateResponse
from ..route import HUB_REFUSALS, JSON, JUPYTER_REFUSALS, OK, SERVER, Operation, operation, route
from ..socket.base import SocketHandler, Vigil

_MAX_NAME = 64
_STARTS = ("api/kernels", "api/sessions")


class OwnServerHandler(ApiHandler):
    """Base of all that acts on the caller's own server."""

    max_body = 16 * 1024 * 1024

    @property
    def owner(self) -> Owner:
        """The caller; `?server=` names one of the caller's named servers."""
        return owner_of(self)


def owner_of(handler: BaseHandler) -> Owner:
    """Owner of the server that this request means: always the caller."""
    server = handler.get_query_argument("server", "")
    if len(server) > _MAX_NAME or "/" in server or server in (".", ".."):
        raise BadRequest("server: send the name of one of your servers.", field="server")
    return Owner(handler.user.name, handler.token, server)


@route("api/server")
class ServerHandler(OwnServerHandler):
    """`api/server`: the state of the caller's server; start it; stop it."""

    @operation(
        "The state of the caller's own server.",
        Caller.SIGNED_IN,
        {OK: ServerStateResponse},
        parameters=(SERVER,),
        refusals=HUB_REFUSALS,
    )
    async def get(self) -> None:
        state = await self.services.servers.state(self.owner)
        self._answer_state(state)

    @operation(
        "Start it.",
        Caller.SIGNED_IN,
        {OK: ServerStateResponse, HTTPStatus.ACCEPTED: ServerStateResponse},
        parameters=(SERVER,),
        refusals=(*HUB_REFUSALS, errors.SpawnOptions),
    )
    async def post(self) -> None:
        """Start it. The Hub keeps us waiting, so only a refusal within a second is awaited."""
        state = await self.services.servers.state(self.owner)
        if state == "stopped":
            self._ask_for_options()
            starting = spawn(self.services.servers.start(self.owner), name="starting a server")
            await asyncio.wait([starting], timeout=1.0)
            if starting.done():
                starting.result()
            state = await self.services.servers.state(self.owner)
            state = "starting" if state == "stopped" else state
        self._answer_state(state, HTTPStatus.OK if state == "ready" else HTTPStatus.ACCEPTED)

    @operation(
        "Stop it.",
        Caller.SIGNED_IN,
        {OK: ServerStateResponse},
        parameters=(SERVER,),
        refusals=HUB_REFUSALS,
    )
    async def delete(self) -> None:
        await self.services.servers.stop(self.owner)
        self._answer_state(await self.services.servers.state(self.owner))

    def _ask_for_options(self) -> None:
        """A Hub with a form of options wants the person on its own page."""
        if not self.services.spawn_options:
            return
        user, back = quote(self.user.name, safe=""), quote(self.services.prefix, safe="")
        raise SpawnOptions(
            "Choose them on the Hub's page, then come back.",
            url=f"{self.services.hub_prefix}spawn/{user}?next={back}",
        )

    def _answer_state(self, state: str, status: int = HTTPStatus.OK) -> None:
        progress = {"stopped": 0, "ready": 100}.get(state)
        self.answer({"state": state, "progress": progress}, status)


@route("api/server/progress")
class ServerProgressHandler(OwnServerHandler):
    """`api/server/progress`: an event stream while the server starts."""

    @operation(
        "How the start goes on.",
        Caller.SIGNED_IN,
        {OK: "text/event-stream"},
        parameters=(SERVER,),
        refusals=HUB_REFUSALS,
    )
    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        # Proxies must not hold the events back.
        self.set_header("X-Accel-Buffering", "no")
        self.set_header("Cache-Control", "no-cache")
        try:
            async for event in self.services.servers.progress(self.owner):
                # A comment says nothing, and keeps proxies from cutting what is quiet.
                self.write(f"data: {json.dumps(_public(event))}\n\n" if event else ":\n\n")
                await self.flush()
        except StreamClosedError:
            return


def _public(event: dict[str, Any]) -> dict[str, Any]:
    """Progress as the page shows it; the Hub's HTML is not ours to pass on."""
    shown: dict[str, Any] = {"progress": None, "message": ""}
    told = ("progress", "message", "ready", "failed")
    return shown | {key: event[key] for key in told if key in event}


@route("api/jupyter/.*", Caller.SIGNED_IN, pattern=r"api/jupyter/.*")
class JupyterRelayHandler(OwnServerHandler):
    """`api/jupyter/…`: the server's own API, limited to kernels and sessions."""

    SUPPORTED_METHODS = ("GET", "POST", "PATCH", "DELETE")

    async def admit(self) -> None:
        await super().admit()
        self.address = resolved(self)
        if self.request.method not in self.address.methods:
            raise MethodNotAllowed(headers={"Allow": ", ".join(sorted(self.address.methods))})

    async def _relay(self) -> None:
        if self.address.is_interrupt:
            self.services.runs.of(self.owner, self.address.kernel_id).interrupted()
        status, content_type, content = await self.services.servers.request(
            self.owner,
            self.request.method or "",
            self.address.path,
            query=upstream_query(self.request.query),
            body=self.body,
        )
        if self.request.method == "POST" and self.address.path in _STARTS:
            record_start(self.services.incidents.specs, self.owner, self.body, status, content)
        if self.address.is_restart and status < HTTPStatus.BAD_REQUEST:
            self.services.runs.of(self.owner, self.address.kernel_id).restarted()
        self.set_status(status)
        if content_type:
            self.set_header("Content-Type", content_type)
        if status == HTTPStatus.NO_CONTENT:
            self.clear_header("Content-Type")
            self.finish()
        else:
            self.finish(content)

    async def get(self) -> None:
        await self._relay()

    post = patch = delete = get


# Below `api/jupyter/`, as `openapi.json` describes them.
RELAYED = {
    (f"api/jupyter/{address}", method): Operation(
        "Relayed to the caller's own Jupyter server, as it is.",
        Caller.SIGNED_IN,
        {OK: JSON},
        body=JSON if method in ("post", "patch") else None,
        body_required=False,
        parameters=(SERVER,),
        refusals=JUPYTER_REFUSALS,
    )
    for address, methods in {
        "api/status": ["get"],
        "api/kernelspecs": ["get"],
        "api/kernelspecs/{name}": ["get"],
        "kernelspecs/{name}/{file}": ["get"],
        "api/kernels": ["get", "post"],
        "api/kernels/{kernel_id}": ["get", "delete"],
        "api/kernels/{kernel_id}/interrupt": ["post"],
        "api/kernels/{kernel_id}/restart": ["post"],
        "api/kernels/{kernel_id}/channels": ["get"],
        "api/sessions": ["get", "post"],
        "api/sessions/{session_id}": ["get", "patch", "delete"],
    }.items()
    for method in methods
}


def resolved(handler: BaseHandler) -> Address:
    """The address of this request; NotFound where the relay does not reach."""
    below = (handler.request.path or "").partition("/api/jupyter/")[2]
    address = resolve(below)
    if address is None:
        raise NotFound("The relay reaches kernels and sessions only.")
    return address


@route(
    "api/jupyter/api/kernels/[^/]*/channels",
    Caller.SIGNED_IN,
    pattern=r"api/jupyter/api/kernels/[^/]*/channels",
)
class KernelSocketHandler(WebSocketHandler, SocketHandler):
    """`api/jupyter/api/kernels/{id}/channels`: the kernel's messages, both ways."""

    relay: KernelRelay | None = None
    _vigil: Vigil | None = None
    _failed: KernelFailed | None = None

    def initialize(self) -> None:
        SocketHandler.initialize(self)

    def check_origin(self, origin: str) -> bool:
        return SocketHandler.check_origin(self, origin)

    async def prepare(self) -> None:
        """Refused before the upgrade: Origin, XSRF, sign-in; a redirect helps no socket."""
        self.require_origin()
        await self.identify()
        self.require_xsrf()
        self.address = resolved(self)

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Reach the kernel first: only then is the subprotocol known, and whether it is there.

        One that doesn't start is told after the upgrade, for browsers hear of no refusal.
        """
        self.require_upgrade()
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        self._offered = [name.strip() for name in offered.split(",") if name.strip()]
        try:
            self._upstream = await self._connect()
        except KernelFailed as error:
            self._failed = error
        await super().get(*args, **kwargs)

    @property
    def _reach(self) -> Reach:
        kernel = self.address.path.removesuffix("/channels")
        return Reach(self.services.servers, self.services.incidents.specs, owner_of(self), kernel)

    async def _connect(self) -> Any:
        query = upstream_query(self.request.query)
        return await self._reach.connect(query=query, protocols=self._offered)

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        if self._failed:
            return next(iter(subprotocols), None)
        chosen: str | None = self._upstream.protocol
        return chosen

    def open(self, *_args: str, **_kwargs: str) -> None:
        if self._failed:
            self.close(KERNEL_CLOSED["kernel-failed"], self._failed.members["fault"])
            return
        self.set_nodelay(True)
        self.services.metrics.websockets.labels("kernel").inc()
        self._vigil = Vigil(self, renewed=lambda _model: None, ended=self._signed_out)
        self.relay = KernelRelay(
            self._upstream,
            self.services.runs.of(owner_of(self), self.address.kernel_id),
            session=self.get_query_argument("session_id", ""),
            connect=self._connect,
            state=self._reach.state,
            deliver=self._deliver,
            lost=self._lost,
        )

    async def _deliver(self, frame: Frame) -> None:
        with suppress(WebSocketClosedError):
            await self.write_message(frame, binary=isinstance(frame, bytes))

    def _lost(self, gone: bool) -> None:
        if gone:
            self.close(KERNEL_CLOSED["kernel-gone"], "kernel-gone")
        else:
            self.close(KERNEL_CLOSED["server-stopped"], "server-stopped")

    def _signed_out(self) -> None:
        self.close(KERNEL_CLOSED["not-signed-in"], "not-signed-in")

    def on_message(self, message: Frame) -> None:
        if self.relay:
            self.relay.send(message)

    def on_close(self) -> None:
        if self._vigil:
            self._vigil.stop()
            self.services.metrics.websockets.labels("kernel").dec()
        if self.relay:
            spawn(self.relay.close(), name="closing a kernel relay")
