"""Checks of websockets: they get through and stay open, and nothing else is upgraded."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientWebSocketResponse, WSMessage, WSServerHandshakeError
from yarl import URL

from . import lines
from .finding import Finding
from .probe import ProbeReply, ask
from .proof import HEADER
from .proxy_headers import arrived
from .runner import Visit

_WORD = "hello"
# Seconds; a socket that is cut later is pinged before.
_LONG_ENOUGH = 35.0
_H2C = {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": ""}


async def sockets_open(visit: Visit) -> AsyncIterator[Finding]:
    """Check: a page of ours opens a socket, and is answered."""
    try:
        async with _socket(visit) as socket:
            await socket.send_str(_WORD)
            said = await _heard(socket, visit.seconds * 0.4)
    except WSServerHandshakeError:
        if fault := _fault(await ask(visit, _url(visit), headers=_handshake(visit))):
            yield fault
        return
    if said is None or said.data != _WORD:
        says = "A websocket opens, and carries no messages."
        yield Finding("socket-silent", says, _url(visit), lines.at(visit, lines.UPGRADE))


def _fault(reply: ProbeReply) -> Finding | None:
    """Finding by what came instead of a socket."""
    where = f"{reply} {reply.text[:80].strip()}" if reply.status == 400 else str(reply)
    broken = "Kernels and live editing don't connect: "
    if reply.status == 400 and 'Can "Upgrade" only' in reply.text:
        says = f"{broken}the proxy drops the header Upgrade."
        return Finding("upgrade-dropped", says, where, lines.UPGRADE)
    if reply.status == 400 and '"Connection" must be' in reply.text:
        says = f"{broken}the proxy rewrites the header Connection."
        return Finding("connection-rewritten", says, where, lines.CONNECTION)
    if reply.status == 403 and reply.json:
        # For want of the right Host, which has a finding of its own.
        return None
    says = f"{broken}something on the way refuses websockets."
    return Finding("socket-refused", says, where, {**lines.UPGRADE, **lines.CONNECTION})


async def others_are_not_upgraded(visit: Visit) -> AsyncIterator[Finding]:
    """Check: a client that asks for HTTP/2 on the way, as some do, is answered all the same."""
    if not (await arrived(visit)).passed_a_front:
        return
    url = f"{visit.service_url}_doctor/headers"
    try:
        reply = await ask(visit, url, headers=_H2C)
        where, fine = str(reply), reply.status == 200
    except ClientError as error:
        where, fine = f"GET {url}: {str(error) or type(error).__name__}", False
    if not fine:
        says = "Whoever asks for another upgrade than a websocket (h2c, say) is cut off."
        yield Finding("other-upgrades-break", says, where, lines.ONLY_SOCKETS)


async def sockets_stay_open(visit: Visit) -> AsyncIterator[Finding]:
    """Check: idle sockets stay open for as long as was asked; more than a ping's pause will do."""
    if not visit.idle_seconds:
        return
    clock = asyncio.get_running_loop().time
    try:
        async with _socket(visit) as socket:
            began = clock()
            ended = await _heard(socket, visit.idle_seconds)
            lived = clock() - began
    except WSServerHandshakeError:
        return
    if ended and lived < _LONG_ENOUGH:
        says = (
            "Websockets that are quiet for so long are cut, and kernels may be: their servers "
            "ping every 30 seconds only."
        )
        where = f"{_url(visit)}: {ended.type.name.lower()} after {lived:.0f} s"
        yield Finding("sockets-cut", says, where, lines.at(visit, lines.IDLE))


async def _heard(socket: ClientWebSocketResponse, seconds: float) -> WSMessage | None:
    """First message of the socket, a close too; None: nothing in time."""
    try:
        return await socket.receive(timeout=seconds)
    except asyncio.TimeoutError:
        return None


@asynccontextmanager
async def _socket(visit: Visit) -> AsyncIterator[ClientWebSocketResponse]:
    """Socket, opened, and closed whether or not the other side takes part."""
    url, headers = URL(_url(visit), encoded=True), {HEADER: visit.proof}
    opening = visit.http.ws_connect(url, origin=_origin(visit), headers=headers)
    socket = await asyncio.wait_for(opening, visit.seconds * 0.3)
    try:
        yield socket
    finally:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(socket.close(), visit.seconds * 0.1)


def _url(visit: Visit) -> str:
    return f"{visit.service_url}_doctor/socket"


def _origin(visit: Visit) -> str:
    url = urlsplit(visit.service_url)
    return f"{url.scheme}://{url.netloc}"


def _handshake(visit: Visit) -> dict[str, str]:
    return {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Origin": _origin(visit),
    }
