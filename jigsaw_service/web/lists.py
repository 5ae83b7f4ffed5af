"""Lists in answers: items, and the address where they go on."""

from typing import Any

from tornado.httputil import url_concat
from tornado.web import RequestHandler

MAX_PAGE = 200
MAX_NUMBER = 999_999_999


def list_json(handler: RequestHandler, items: list[Any], cursor: str | None = None) -> Any:
    """A page of a list; `next` is this very request, further on."""
    query = [(name, handler.get_query_argument(name)) for name in handler.request.query_arguments]
    further = [(name, value) for name, value in query if name not in ("cursor", "_xsrf")]
    path = handler.request.path
    return {
        "items": items,
        "next": cursor and url_concat(path, [*further, ("cursor", cursor)]),
    }
