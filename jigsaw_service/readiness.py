"""Whether we can serve, and what is to be waited for: the database first, answers at the end."""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakSet

from .errors import NotReady
from .storage.faults import storage_failed


@dataclass
class Readiness:
    """Why we can't serve: slugs, empty when ready."""

    missing: set[str] = field(default_factory=lambda: {"database"})
    stopping: bool = False
    """No new callers; those who are here are answered."""
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once we are ready, or it is known to take longer than a moment."""

    @property
    def ready(self) -> bool:
        return not self.missing

    def refusal(self) -> NotReady:
        """What a caller is told while we aren't ready."""
        failed = filter(None, map(storage_failed, sorted(self.missing)))
        return next(failed, None) or NotReady("The service is starting. Try again in a moment.")

    async def settled(self) -> None:
        """Who calls in the moment of a start waits for it to be over."""
        if not self.ready:
            await self.tried.wait()


class Answering:
    """The requests that have come and are not answered yet; sockets are none."""

    def __init__(self) -> None:
        self._requests: WeakSet[object] = WeakSet()
        self._none = asyncio.Event()
        self._none.set()

    def __len__(self) -> int:
        return len(self._requests)

    def begun(self, request: object) -> None:
        self._requests.add(request)
        self._none.clear()

    def ended(self, request: object) -> None:
        self._requests.discard(request)
        if not self._requests:
            self._none.set()

    async def over(self) -> None:
        """Return once all are answered."""
        await self._none.wait()
