"""An application in the Hub's place that tells what has reached it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


class Mirror:
    """Answers every address with the request as it came; `…/stream` waits to be read."""

    def __init__(self) -> None:
        # Set by the test once it holds the first event of the stream.
        self.seen = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._socket(request)
        if request.path.endswith("/stream"):
            return await self._stream(request)
        received = 0
        async for chunk in request.content.iter_any():
            received += len(chunk)
        return web.json_response(_told(request) | {"received": received})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(_told(request))
        async for message in socket:
            await socket.send_str(message.data)
        return socket

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """The second event is sent once the first has arrived."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        await answer.write(b"data: first\n\n")
        await self.seen.wait()
        await answer.write(b"data: second\n\n")
        return answer


def _told(request: web.Request) -> dict[str, Any]:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]} AND {value}" if name in headers else value
    return {"path": request.raw_path, "headers": headers}


@asynccontextmanager
async def running_mirror(mirror: Mirror, port: int) -> AsyncIterator[None]:
    application = web.Application(client_max_size=0)
    application.router.add_route("*", "/{path:.*}", mirror.handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()
