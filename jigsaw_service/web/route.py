"""Routes: what stands on a handler, and all that is derived from it.

A handler is declared once: its path by `route`, and each of its methods by `operation` with its
action, request, responses and refusals. From that come routing (`routes.py`), the rights check
(`BaseHandler.find`), `openapi.json` and the test of permissions.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel
from tornado.web import RequestHandler

from .. import errors
from ..errors import JigsawError
from ..runtime.roles import Action
from .access import Caller
from .lists import MAX_NUMBER, MAX_PAGE

JSON, XML, BYTES = "application/json", "application/xml", "application/octet-stream"
OK, CREATED, EMPTY = HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
NOT_MODIFIED = HTTPStatus.NOT_MODIFIED
SWITCHING_PROTOCOLS = HTTPStatus.SWITCHING_PROTOCOLS
ITEM = "api/workspaces/{workspace_id}"

METHODS = ("get", "post", "put", "patch", "delete")
_ID, _NUMBER = "[A-Za-z0-9_-]{1,64}", "[0-9]{1,9}"
_NUMBERS = {"number", "share_id", "link_id", "transfer_id", "collection_id", "entry_id"}

Content = type[BaseModel] | str | tuple[type[BaseModel] | str, ...]
Who = Action | Caller
Handler = TypeVar("Handler", bound=type[RequestHandler])
Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """Operation: one method of one address."""

    summary: str
    who: Who
    responses: Mapping[HTTPStatus, Content | None]
    """Responses by status: a body in JSON, media types, or nothing."""
    body: type[BaseModel] | str | None = None
    body_required: bool = True
    parameters: tuple[dict[str, Any], ...] = ()
    refusals: tuple[type[JigsawError], ...] = ()
    """Besides those that every operation has."""
    headers: Mapping[HTTPStatus, tuple[str, ...]] = field(default_factory=dict)
    uses: Mapping[str, Action] = field(default_factory=dict)
    """Uses of the method with an action of their own, by what tells them from another."""

    @property
    def signed_in(self) -> bool:
        return self.who not in (Caller.ANYBODY, Caller.OPERATOR)


def operation(
    summary: str, who: Who, responses: Mapping[HTTPStatus, Content | None], **more: Any
) -> Callable[[Method], Method]:
    """Declare a method of the API; `more` are further fields of `Operation`."""

    def declare(method: Method) -> Method:
        method.operation = Operation(summary, who, responses, **more)  # type: ignore[attr-defined]
        return method

    return declare


@dataclass(frozen=True)
class Route:
    """A handler with its address: `path` with {names}, `pattern` as a regular expression."""

    path: str
    pattern: str
    who: Who | None
    """Callers of methods that are no operation of the API."""
    handler: type[RequestHandler]

    def operations(self) -> Iterator[tuple[str, Operation]]:
        """Operations: its methods that are part of the API."""
        for method in METHODS:
            if declared := getattr(getattr(self.handler, method), "operation", None):
                yield method, declared

    def rights(self) -> Iterator[tuple[str, Who]]:
        """Rights by method, address and use: who may."""
        declared = dict(self.operations())
        for method in METHODS:
            if getattr(self.handler, method) is getattr(RequestHandler, method):
                continue
            row = f"{method.upper()} {self.path}"
            if one := declared.get(method):
                yield row, one.who
                yield from ((f"{row}{use}", action) for use, action in one.uses.items())
            elif self.who:
                yield row, self.who


def route(
    path: str, who: Who | None = None, *, pattern: str = "", **kinds: str
) -> Callable[[Handler], Handler]:
    """Declare a handler's address; `kinds`: regular expressions of its {names}, by name."""

    def one(match: "re.Match[str]") -> str:
        name = match[1]
        return f"(?P<{name}>{kinds.get(name) or (_NUMBER if name in _NUMBERS else _ID)})"

    literal = path.replace(".", r"\.")
    regex = pattern or re.sub(r"{(\w+)}", one, literal)

    def declare(handler: Handler) -> Handler:
        handler.ROUTE = Route(path, regex, who, handler)  # type: ignore[attr-defined]
        return handler

    return declare


def action_of(handler: RequestHandler, use: str = "") -> Action:
    """The action that the method of this request, or that use of it, is declared with."""
    method = getattr(handler, (handler.request.method or "").lower())
    declared: Operation | None = getattr(method, "operation", None)
    route: Route = type(handler).ROUTE  # type: ignore[attr-defined]
    who = declared.uses.get(use, declared.who) if declared else route.who
    if not isinstance(who, Action):
        raise TypeError(f"{handler.request.method} {handler.request.path} declares no action.")
    return who


def routes_of(*modules: ModuleType) -> list[Route]:
    """The handlers that are declared in `modules`, in their order; those for any address last."""
    found = [
        vars(thing)["ROUTE"]
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and thing.__module__ == module.__name__
        and "ROUTE" in vars(thing)
    ]
    return sorted(found, key=lambda route: route.pattern.endswith(".*"))


def query(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    """A parameter of the query, as OpenAPI describes it."""
    return {"name": name, "in": "query", "schema": schema, "description": about}


def header(name: str, about: str, *, required: bool = False) -> dict[str, Any]:
    """A header of the request, as OpenAPI describes it."""
    schema = {"type": "string", "minLength": int(required)}
    return {
        "name": name,
        "in": "header",
        "schema": schema,
        "description": about,
        "required": required,
    }


def one_of(words: Iterable[str]) -> dict[str, Any]:
    """The schema of a choice; nothing at all is as good as leaving it out."""
    return {"type": "string", "enum": [*words, ""]}


FLAG = one_of(["true", "false"])
LIMIT = query("limit", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE}, "Items in a page.")
NUMBER = {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER}
CLOCK = {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER}
SERVER = query(
    "server", {"type": "string", "pattern": "^[a-z0-9-]{0,64}$"}, "One of the named servers."
)

# Refusals that many operations share.
READ_REFUSALS = (errors.NotFound,)
WRITE_REFUSALS = (errors.NotFound, errors.NotAllowed, errors.InTrash)
OWNER_REFUSALS = (errors.NotFound, errors.NotAllowed)
HUB_REFUSALS = (errors.HubUnavailable,)
JUPYTER_REFUSALS = (
    errors.HubUnavailable,
    errors.ServerSilent,
    errors.ServerStopped,
    errors.NotFound,
)
