"""Logging: one line an event, for people or as JSON; each request has an id.

The id stands in the answer's `X-Request-Id`, and in everything that is logged on the way. No
line holds a query, a token, the code of a link, or a program.
"""

import json
import logging
import secrets
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import Any

current_request: ContextVar[str] = ContextVar("current_request", default="")


def new_request_id() -> str:
    """Request id of our own, whatever the caller sent: theirs could be anything."""
    return secrets.token_hex(8)


class JsonLines(logging.Formatter):
    """Formatter of one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := current_request.get():
            told["request_id"] = request_id
        told |= getattr(record, "fields", {})
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


_FOR_PEOPLE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def begin(*, as_json: bool, besides: logging.Logger) -> None:
    """Write the log from now on; `besides` has handlers of its own, which write the same way."""
    handler = logging.StreamHandler()
    formatter = JsonLines() if as_json else logging.Formatter(_FOR_PEOPLE)
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    for one in [handler, *besides.handlers]:
        one.setFormatter(formatter)
    for noisy in ("alembic", "tornado.application"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
