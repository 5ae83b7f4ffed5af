"""Back-pressure: edits that wait to be committed, per room and in all.

When edits come faster than they can be committed, or the disk is slow for a moment, what
is not read yet waits with those who sent it, and not in the memory of this process.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from .commit import Label, Ops

# Of all rooms; a few times what is committed at once.
_MOST = 250


class Backlog:
    """Backlog of all rooms of a process."""

    def __init__(self) -> None:
        self._count = 0
        self._resting: deque[Callable[[], None]] = deque()
        self._waking = False

    @property
    def full(self) -> bool:
        """True if those who bring more are to wait."""
        return self._count >= _MOST

    def pause(self, go_on: Callable[[], None]) -> None:
        """Have `go_on` called when there is room again, in the order in which they came."""
        self._resting.append(go_on)

    def count(self, more: int) -> None:
        """Count so many more that wait, or fewer."""
        self._count += more
        if more < 0 and self._resting and not self._waking:
            self._waking = True
            # Not here, where a room is at work: they go on with bringing something.
            asyncio.get_running_loop().call_soon(self._wake)

    def _wake(self) -> None:
        self._waking = False
        while self._resting and not self.full:
            self._resting.popleft()()


class Queue:
    """Queue of edits that wait in one room."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self._items: list[Ops | Label] = []

    def __len__(self) -> int:
        return len(self._items)

    def enqueue(self, item: Ops | Label) -> None:
        self._items.append(item)
        self._backlog.count(1)

    def take(self, most: int) -> list[Ops | Label]:
        """Take the first of them, which are the caller's business from now on."""
        taken = self._items[:most]
        self._keep(self._items[most:])
        return taken

    def drop_astray(self) -> None:
        """Drop what came from connections that have ended."""
        self._keep([item for item in self._items if not item.sender.astray])

    def clear(self) -> None:
        self._keep([])

    def _keep(self, items: list[Ops | Label]) -> None:
        dropped = len(self._items) - len(items)
        self._items = items
        self._backlog.count(-dropped)
