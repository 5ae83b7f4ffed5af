"""Listening to a kernel while no page does: to what it runs just now, or what comes late."""

import asyncio
import uuid
from urllib.parse import urlencode

from aiohttp.client_ws import ClientWebSocketResponse

from .messages import V1
from .reach import Reach
from .relay import ARRIVES_SECONDS, KernelRelay, to_nobody
from .runs import KernelRuns


async def overhear(reach: Reach, runs: KernelRuns, *, busy: bool) -> None:
    """Listen to the end of what the kernel runs, if it is `busy`; else to what has come lately."""
    # The server keeps what comes meanwhile for the session that listened last.
    session = runs.session or uuid.uuid4().hex
    query = urlencode({"session_id": session})
    runs.busy = busy
    upstream = await reach.connect(query=query, protocols=[V1])
    await listen_on(upstream, reach, runs, session, busy=busy)
    if not busy:
        await asyncio.sleep(ARRIVES_SECONDS)


async def listen_on(
    upstream: ClientWebSocketResponse,
    reach: Reach,
    runs: KernelRuns,
    session: str,
    *,
    busy: bool = False,
) -> None:
    """Listen to what still comes by a socket that nobody else reads any more; then close it."""

    async def connect() -> ClientWebSocketResponse:
        return upstream

    relay = KernelRelay(
        upstream,
        runs,
        session=session,
        connect=connect,
        state=reach.state,
        deliver=to_nobody,
        lost=lambda _gone: None,
        busy=busy,
    )
    await relay.close()
