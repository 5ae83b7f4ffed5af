"""Parent watch: tells when the process that started this one has ended."""

import asyncio
import os
from collections.abc import Callable

_LOOK_SECONDS = 1.0


async def watch_parent(lost: Callable[[], object]) -> None:
    """Call `lost` once the process that started us has ended; it can't stop us any more."""
    parent = os.getppid()
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if os.getppid() != parent:
            lost()
            return
