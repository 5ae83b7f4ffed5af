"""Requests to the Hub's API, as this machine reaches it."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientTimeout

from .runner import Visit

_TIMEOUT = ClientTimeout(total=10)
_NUMBERS = re.compile(r"\d{1,9}(\.\d{1,9}){1,2}")
LEAST_HUB = (4, 1, 6)


@dataclass(frozen=True, slots=True)
class HubReply:
    """Reply of the Hub; status 0: nobody answered, and `why` says in which way."""

    status: int
    headers: Mapping[str, str]
    model: dict[str, Any]
    why: str = ""


async def get_from_hub(visit: Visit, path: str, token: str = "") -> HubReply:
    """GET `path` below the API's address, with `token` or with none."""
    headers = {"Authorization": f"token {token}"} if token else {}
    url = visit.api_url.rstrip("/") + path
    try:
        async with visit.http.get(
            url, headers=headers, timeout=_TIMEOUT, allow_redirects=False
        ) as answer:
            return HubReply(answer.status, answer.headers.copy(), await _model(answer))
    except (ClientError, OSError, asyncio.TimeoutError, ValueError) as error:
        return HubReply(0, {}, {}, str(error) or type(error).__name__)


async def _model(answer: Any) -> dict[str, Any]:
    try:
        found = await answer.json(content_type=None)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def version_of(text: str) -> tuple[int, ...]:
    """`5.5.4` as numbers, without what may follow them, as in `6.0.0b2`; () of other text."""
    found = _NUMBERS.match(text)
    return tuple(map(int, found[0].split("."))) if found else ()


def base_of(visit: Visit) -> str:
    """The Hub's base URL, as `/jupyter/`, by the address of its API."""
    return urlsplit(visit.api_url).path.rstrip("/").removesuffix("hub/api")
