"""This process among the others of the machine: does the one that started it still live?"""

import asyncio
import os
from collections.abc import Callable

_LOOK_SECONDS = 1.0


async def watch_parent(lost: Callable[[], object]) -> None:
    """Call `lost` once whoever started us has ended; they can't stop us any more."""
    parent = os.getppid()
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if os.getppid() != parent:
            lost()
            return
