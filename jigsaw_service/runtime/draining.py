"""Draining: a stop waits for the requests that are in flight."""

import asyncio
from weakref import WeakSet


class InFlight:
    """Requests that have come and are not answered yet; sockets are none."""

    def __init__(self) -> None:
        self._requests: WeakSet[object] = WeakSet()
        self._none = asyncio.Event()
        self._none.set()

    def __len__(self) -> int:
        return len(self._requests)

    def started(self, request: object) -> None:
        self._requests.add(request)
        self._none.clear()

    def finished(self, request: object) -> None:
        self._requests.discard(request)
        if not self._requests:
            self._none.set()

    async def drained(self) -> None:
        """Return once all are answered."""
        await self._none.wait()
