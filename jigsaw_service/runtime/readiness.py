"""Readiness: why the service can't serve now."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Readiness:
    """Readiness: why we can't serve, as slugs; empty when ready."""

    missing: set[str] = field(default_factory=lambda: {"database"})
    stopping: bool = False
    """No new callers; those who are here are answered."""
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once we are ready, or it is known to take longer than a moment."""

    @property
    def ready(self) -> bool:
        return not self.missing

    async def settled(self) -> None:
        """Wait until the start is over, or known to take longer than a moment."""
        if not self.ready:
            await self.tried.wait()
