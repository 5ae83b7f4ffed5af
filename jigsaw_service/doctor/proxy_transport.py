"""Checks of transport by proxies: URLs, bodies and events arrive as they were sent."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from aiohttp import ClientError
from yarl import URL

from . import lines
from .finding import Finding
from .probe import ask, request_timeout
from .proof import HEADER
from .runner import Visit

_EVENTS, _MILLISECONDS = 3, 500
_NOTEBOOK_BYTES = 2 * 1024 * 1024
_PATHS = ("a%2Bb", "a%2Fb", "a%3Fb", "a%40b%26c", "a%25b", "a//b")


async def slash_is_added(visit: Visit) -> AsyncIterator[Finding]:
    """Check: without its last slash, the Hub's address leads to itself."""
    bare = visit.public_url.rstrip("/")
    if not urlsplit(bare).path:
        return
    reply = await ask(visit, bare)
    there = reply.leads_to
    if not there and reply.status >= 400:
        says = "The Hub's address without its last slash, as people type it, is not found."
        yield Finding("slash-missing", says, str(reply), lines.at(visit, lines.SLASH))
    elif there and not reply.is_of_hub and not there.startswith(visit.public_url):
        says = "The Hub's address without its last slash leads to another name or port."
        yield Finding("redirect-leaves", says, str(reply), lines.at(visit, lines.REDIRECT))


async def paths_are_kept(visit: Visit) -> AsyncIterator[Finding]:
    """Check: names of people and files arrive with every byte as it was sent."""
    altered = []
    for path in _PATHS:
        sent = f"{visit.service_prefix}_doctor/echo/{path}"
        reply = await ask(visit, f"{visit.service_url}_doctor/echo/{path}")
        came = reply.json.get("uri") if reply.status == 200 else str(reply.status)
        if came != sent:
            altered.append(f"{path} became {str(came).removeprefix(sent.removesuffix(path))}")
    if altered:
        says = (
            "The proxy decodes or refuses paths: people and files with such letters in their "
            "names are not found."
        )
        yield Finding("paths-altered", says, ", ".join(altered), lines.at(visit, lines.PATHS))


async def bodies_pass(visit: Visit) -> AsyncIterator[Finding]:
    """Check: a notebook of 2 MiB is saved."""
    url = f"{visit.service_url}_doctor/upload"
    # JSON, as Jupyter sends them: proxies that look into bodies take less of that.
    body = b'"' + b" " * (_NOTEBOOK_BYTES - 2) + b'"'
    try:
        json = {"Content-Type": "application/json"}
        reply = await ask(visit, url, method="POST", headers=json, body=body)
        if reply.status == 200 and reply.json.get("received") == len(body):
            return
        where = str(reply)
    except ClientError as error:
        where = f"POST {url}: {str(error) or type(error).__name__}"
    says = "Bodies of 2 MiB don't get through: larger notebooks are not saved."
    yield Finding("bodies-limited", says, where, lines.BODIES)


async def events_flow(visit: Visit) -> AsyncIterator[Finding]:
    """Events arrive as they happen. Asked twice: once, this machine may be the slow one."""
    sent = (_EVENTS - 1) * _MILLISECONDS / 1000
    if await _span(visit) < sent / 2 and (span := await _span(visit)) < sent / 2:
        says = (
            "The proxy holds events back: the start of a server shows nothing, then all at once, "
            "and so does the output of kernels that is read as a stream."
        )
        where = f"{_EVENTS} events, sent within {sent:.1f} s, arrived within {span:.1f} s"
        yield Finding("events-held-back", says, where, lines.at(visit, lines.EVENTS))


async def _span(visit: Visit) -> float:
    """Seconds between the first event and the last."""
    url = f"{visit.service_url}_doctor/events?n={_EVENTS}&milliseconds={_MILLISECONDS}"
    clock = asyncio.get_running_loop().time
    async with visit.http.get(
        URL(url, encoded=True),
        headers={HEADER: visit.proof},
        allow_redirects=False,
        timeout=request_timeout(visit),
    ) as answer:
        if answer.content_type != "text/event-stream":
            raise ValueError(f"GET {url}: {answer.status} {answer.content_type}, and no events")
        await answer.content.readuntil(b"\n\n")
        first = clock()
        for _ in range(_EVENTS - 1):
            await answer.content.readuntil(b"\n\n")
        return clock() - first
