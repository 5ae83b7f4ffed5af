"""Base of all handlers: who is asking, what they sent, how a refusal is told."""

import json
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

from jupyterhub.services.auth import HubOAuthenticated
from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from tornado.web import HTTPError, RequestHandler, stream_request_body

from ..document.names import has_controls
from ..errors import (
    BadRequest,
    HubUnavailable,
    JigsawError,
    MethodNotAllowed,
    NotFound,
    NotReady,
    NotSignedIn,
    TooLarge,
    XsrfFailed,
)
from ..runtime.identity import User
from ..runtime.readiness import Readiness
from ..storage.faults import storage_failed
from ..workspaces import store
from ..workspaces.store import Found
from .draining import DrainingHandler
from .headers import data_headers
from .route import action_of
from .services import Services

log = logging.getLogger(__name__)
Body = TypeVar("Body", bound=BaseModel)

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


class BaseHandler(HubOAuthenticated, DrainingHandler):
    """Knows its caller, and tells every refusal as `application/problem+json` (RFC 9457)."""

    user: User
    # The very Hub token of this request; used for this request only, never stored.
    token: str
    _xsrf_failed = False

    def initialize(self) -> None:
        super().initialize()
        self.hub_auth = self.services.auth

    @property
    def services(self) -> Services:
        services: Services = self.settings["services"]
        return services

    async def identify(self) -> None:
        """Set `user` and `token`, or raise NotSignedIn, XsrfFailed, NotAllowed, HubUnavailable.

        The Hub is asked without blocking: left to itself, the mixin's
        `get_current_user` stops the event loop for the whole round trip.
        """
        try:
            model = await self.hub_auth.get_user(self, sync=False)
        except HTTPError as error:
            raise HubUnavailable("The Hub could not be asked who you are. Try again.") from error
        if model is None:
            raise XsrfFailed(_XSRF_DETAIL) if self._xsrf_failed else NotSignedIn()
        self.hub_auth.require_use(model)
        self.scopes: frozenset[str] = frozenset(model.get("scopes") or ())
        self.is_hub_admin = bool(model.get("admin"))
        self.token = self.hub_auth.get_token(self)
        await self.require_ready()
        name, groups = model["name"], groups_of(model)
        account = await self.services.accounts.recognise(name, model.get("created"), groups)
        self.user = User(account, name, groups)

    async def find(
        self, db: AsyncSession, workspace_id: str, *, use: str = "", lock: bool = False
    ) -> Found:
        """The workspace, for the action that this method declares, or that `use` of it.

        Raises NotFound for callers who may not even see it, NotAllowed, and InTrash.
        """
        action = action_of(self, use)
        return await store.find(db, self.user, workspace_id, action, lock=lock)

    async def require_ready(self) -> None:
        """Raise NotReady while the database is not open and upgraded, after a moment at most."""
        await self.services.readiness.settled()
        if not self.services.readiness.ready:
            raise not_ready(self.services.readiness)

    def check_xsrf_cookie(self) -> None:
        """The caller's page must show that it could read a page of ours.

        Tornado would call this before the caller is known; its `xsrf_cookies` is
        off, and the Hub's library and `require_xsrf` call it instead.
        """
        sent = self.get_query_argument("_xsrf", "") or self.request.headers.get("X-XSRFToken", "")
        if not sent or sent.encode() != self.xsrf_token:
            self._xsrf_failed = True
            raise HTTPError(403, "XSRF token missing or wrong")

    def require_xsrf(self) -> None:
        """Raise XsrfFailed unless the caller came with a token or a valid XSRF token.

        Stricter than the Hub, which waves through sockets, and GETs of browsers
        that don't say what they fetch for.
        """
        if self.hub_auth.is_by_token(self):
            return
        try:
            self.check_xsrf_cookie()
        except HTTPError as error:
            raise XsrfFailed(_XSRF_DETAIL) from error

    def set_default_headers(self) -> None:
        data_headers(self)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """An expected refusal is not worth a stack trace."""
        if not isinstance(value, JigsawError):
            super().log_exception(typ, value, tb)

    def allowed_methods(self) -> str:
        """The `Allow` header: every method this handler answers."""
        return ", ".join(
            name.upper()
            for name in _METHODS
            if getattr(type(self), name) is not getattr(RequestHandler, name)
        )

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = self.refusal((kwargs.get("exc_info") or (None, None))[1])
        self.set_status(error.status)
        for name, value in error.headers.items():
            self.set_header(name, value)
        self.set_header("Content-Type", "application/problem+json")
        self.finish(json.dumps(problem(self.services.prefix, error), ensure_ascii=False))

    def refusal(self, error: BaseException | None) -> JigsawError:
        """Refusal of any exception, as we tell the caller; a bug tells nothing of itself."""
        if isinstance(error, JigsawError):
            return error
        if isinstance(error, HTTPError):
            return self._from_http(error)
        return JigsawError("The fault is logged; try again, or tell your Hub's admin.")

    def _from_http(self, error: HTTPError) -> JigsawError:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return MethodNotAllowed(headers={"Allow": self.allowed_methods()})
        if error.status_code == HTTPStatus.NOT_FOUND:
            return NotFound()
        if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return BadRequest(error.log_message or "")
        return HubUnavailable("The Hub could not be asked. Try again.")


def groups_of(model: dict[str, Any]) -> frozenset[str]:
    """The groups in the Hub's answer."""
    return frozenset(model.get("groups") or ())


_XSRF_DETAIL = "Send the page's XSRF token in X-XSRFToken; reload the page if it is old."


@stream_request_body
class ApiHandler(BaseHandler):
    """JSON in, JSON out; cookie callers must show an XSRF token."""

    # Bytes of body this handler takes; more is 413.
    max_body = 64 * 1024

    def initialize(self) -> None:
        super().initialize()
        self._chunks: list[bytes] = []
        self._received = 0

    async def prepare(self) -> None:
        """Admit the caller; a refusal is told once the body has been read.

        Told earlier, it would reset the connection under a caller that still sends,
        and the Hub's proxy would make a 503 of it.
        """
        try:
            await self.admit()
        except JigsawError as refusal:
            self._refuse(refusal)

    async def admit(self) -> None:
        """Raise what keeps this request from being answered."""
        await self.require_ready()
        await self.identify()
        if not self._is_navigation():
            self.require_xsrf()

    def _refuse(self, refusal: JigsawError) -> None:
        def refuse(*_args: str, **_kwargs: str) -> NoReturn:
            raise refusal

        self.max_body = 0
        if self.request.method in self.SUPPORTED_METHODS:
            setattr(self, self.request.method.lower(), refuse)

    def _is_navigation(self) -> bool:
        """True if it is a page view (an export link, say): no script can read its answer."""
        headers = self.request.headers
        return self.request.method == "GET" and headers.get("Sec-Fetch-Mode") == "navigate"

    def data_received(self, chunk: bytes) -> None:
        """Keep the body; one that is too large is read to its end, dropped and refused."""
        self._received += len(chunk)
        if self._received <= self.max_body:
            self._chunks.append(chunk)
            return
        self._chunks.clear()
        if self.max_body:
            self._refuse(
                TooLarge(
                    f"The body is larger than the {self.max_body} bytes that are allowed.",
                    limit=self.max_body,
                )
            )

    @property
    def body(self) -> bytes:
        return b"".join(self._chunks)

    def parse_body(self, model: type[Body]) -> Body:
        """The JSON body as `model`; BadRequest names each field that does not fit."""
        try:
            return model.model_validate_json(self.body or b"null")
        except ValidationError as error:
            raise _bad_body(error) from error

    def int_argument(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number from the query, between `low` and `high`; else BadRequest."""
        text = self.get_query_argument(name, str(default))
        if not (text.isascii() and text.isdigit() and low <= int(text[:12]) <= high):
            raise BadRequest(f"{name}: send a whole number from {low} to {high}.", field=name)
        return int(text)

    def words_argument(self, name: str, *, most: int = 200) -> str:
        """Search words from the query; else BadRequest."""
        words = self.get_query_argument(name, "")
        if has_controls(words) or len(words) > most:
            raise BadRequest(f"{name}: search for at most {most} letters, in one line.", field=name)
        return words

    def choice_argument(
        self, name: str, choices: Iterable[str], default: str | None = None
    ) -> str | None:
        """Choice among `choices` from the query, or `default` where it is missing."""
        # Not by tornado's reader, which drops what it takes for noise.
        text = self.request.query_arguments.get(name, [b""])[-1].decode("utf-8", "replace")
        if not text:
            return default
        if text not in (allowed := sorted(choices)):
            raise BadRequest(f"{name}: send one of {', '.join(allowed)}.", field=name)
        return text

    def answer(self, body: Any, status: int = HTTPStatus.OK) -> None:
        """Finish with `body` as JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body, ensure_ascii=False, separators=(",", ":")))


class PublicApiHandler(ApiHandler):
    """An `ApiHandler` that asks nobody who they are."""

    async def admit(self) -> None:
        await self.require_ready()


class UnknownApiHandler(PublicApiHandler):
    """Every address under `api/` that the table of routes does not hold."""

    async def admit(self) -> None:
        await self.require_ready()
        raise NotFound("There is no such address; see api/openapi.json.")


def not_ready(readiness: Readiness) -> JigsawError:
    """The refusal while we can't serve: a fault of the store by its name, else a start."""
    failed = filter(None, map(storage_failed, sorted(readiness.missing)))
    return next(failed, None) or NotReady("The service is starting. Try again in a moment.")


def problem(prefix: str, error: JigsawError) -> dict[str, Any]:
    """`error` as a problem document (RFC 9457 §3)."""
    document: dict[str, Any] = {
        "type": f"{prefix}problems/{error.slug}",
        "title": error.title,
        "status": error.status,
    }
    if error.detail:
        document["detail"] = error.detail
    return document | error.members


def _bad_body(error: ValidationError) -> BadRequest:
    faults = [
        {"field": ".".join(str(part) for part in fault["loc"]) or "body", "fault": fault["msg"]}
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return BadRequest("; ".join(f"{f['field']}: {f['fault']}" for f in faults), errors=faults)
