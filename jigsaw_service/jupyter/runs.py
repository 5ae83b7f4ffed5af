"""The last run of each kernel, as whoever listens to the kernel hears it.

A kernel tells its outputs once, to those who listen just then. So what passes here is
kept in memory, for a page that opens in mid-run, or afterwards: as much as fits, the
newest. What is typed into a program isn't kept; it passes on another channel.
"""

import json
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from .messages import Glance
from .servers import Owner

MOST_BYTES = 2 * 1024 * 1024
"""Of one run."""
_MOST_BYTES_OF_ALL = 64 * 1024 * 1024
_MOST_KERNELS = 2000
_MOST_ASKERS = 20
"""On one kernel: a notebook may hold many frames."""
_REMEMBERED = 4096
"""Messages by which one is known again that several listeners hear."""
_WEIGHT = 200
"""Bytes that keeping a message takes, besides its content."""
_SHOWN = frozenset(
    ("stream", "display_data", "execute_result", "update_display_data", "error", "clear_output")
)
_PREFIX = "jigsaw/"

End = Literal["done", "restarted", "died"]


def asker_of(workspace_id: str) -> str:
    """The user name under which a workspace's runs are requested: by it they are known."""
    return f"{_PREFIX}{workspace_id}"


def workspace_of(asker: str) -> str:
    """The workspace whose run it is; "" where it is none's."""
    return asker.removeprefix(_PREFIX) if asker.startswith(_PREFIX) else ""


@dataclass
class Run:
    """One execution, from the kernel's first word about it."""

    id: str
    """Of the message that asked for it."""
    asker: str
    complete: bool = True
    """Whether it was heard from its beginning, and all of it is kept."""
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    end: End | None = None
    input: dict[str, Any] | None = None
    """What it asks the person just now."""
    messages: deque[tuple[str, bytes]] = field(default_factory=deque)
    dropped: int = 0
    """How many messages are no longer kept."""
    size: int = 0

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return (time.monotonic() if self.ended is None else self.ended) - self.began

    def add(self, kind: str, content: bytes) -> int:
        """Keep a message, and no more than fits; by how many bytes this grows."""
        before = self.size
        self.messages.append((kind, content))
        self.size += len(content) + _WEIGHT
        while self.size > MOST_BYTES and self.messages:
            self.size -= len(self.messages.popleft()[1]) + _WEIGHT
            self.dropped += 1
            self.complete = False
        return self.size - before

    def finish(self, end: End) -> None:
        self.ended, self.end, self.input = time.monotonic(), end, None

    def told(self, after: int) -> dict[str, Any]:
        """For the page: the messages from number `after` on."""
        skipped = max(0, after - self.dropped)
        kept = list(self.messages)[skipped:]
        return {
            "id": self.id,
            "end": self.end,
            "seconds": round(self.seconds, 3),
            "complete": self.complete,
            "input": self.input,
            "messages": [{"msg_type": kind, "content": json.loads(text)} for kind, text in kept],
            "next": self.dropped + len(self.messages),
        }


class KernelRuns:
    """What is known of one kernel's runs."""

    def __init__(
        self,
        began: Callable[[Run], None] = lambda _run: None,
        grown: Callable[[int], None] = lambda _bytes: None,
    ) -> None:
        self._began, self._grown = began, grown
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._heard: OrderedDict[str, None] = OrderedDict()
        self.listeners = 0
        """Sockets by which the kernel is heard now."""
        self.busy = False

    def last(self, asker: str | None) -> Run | None:
        """The last run, of that asker if one is named."""
        if asker is not None:
            return self._runs.get(asker)
        return next(reversed(self._runs.values()), None)

    @property
    def size(self) -> int:
        return sum(run.size for run in self._runs.values())

    def hear(self, seen: Glance) -> None:
        """Something that the kernel says, to whomever."""
        if seen.msg_id in self._heard:
            return
        self._heard[seen.msg_id] = None
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        if seen.state:
            self._become(seen.state, seen.parent_id)
        elif seen.msg_type == "execute_input":
            self._begin(seen)
        elif run := self._run(seen):
            self._take(run, seen)

    def _take(self, run: Run, seen: Glance) -> None:
        if seen.msg_type in _SHOWN or seen.msg_type == "execute_reply":
            self._grown(run.add(seen.msg_type, seen.content))
        elif seen.msg_type == "input_request":
            run.input = {"header": seen.header, **json.loads(seen.content)}

    def answered(self) -> None:
        """Somebody has answered what a program asked."""
        for run in self._runs.values():
            run.input = None

    def restarted(self) -> None:
        """Somebody had the kernel restarted."""
        self._finish_all("restarted")

    def finished_unheard(self) -> None:
        """The kernel is idle, whoever heard how it came to that."""
        self.busy = False
        for run in self._runs.values():
            if run.ended is None:
                run.complete = False
                run.finish("done")

    def _begin(self, seen: Glance) -> None:
        self._keep(Run(seen.parent_id, seen.asker))

    def _keep(self, run: Run) -> None:
        before = self._runs.pop(run.asker, None)
        if before:
            self._grown(-before.size)
        self._runs[run.asker] = run
        if len(self._runs) > _MOST_ASKERS:
            self._grown(-self._runs.popitem(last=False)[1].size)
        self._began(run)

    def _run(self, seen: Glance) -> Run | None:
        """The run that the message belongs to; one that was not heard to begin begins here.

        What a thread prints late, a kernel may take for the answer to whatever it was asked
        last: then it is the last run's.
        """
        if seen.asked != "execute_request" and seen.msg_type in _SHOWN:
            return self.last(None)
        run = self._runs.get(seen.asker)
        if run and run.id == seen.parent_id:
            return run
        if self.busy and seen.msg_type in _SHOWN and (run is None or run.ended is not None):
            self._keep(Run(seen.parent_id, seen.asker, complete=False))
            return self._runs[seen.asker]
        return None

    def _become(self, state: str, parent_id: str) -> None:
        if state in ("restarting", "dead"):
            self.busy = False
            self._finish_all("died")
            return
        self.busy = state == "busy"
        if state == "idle":
            for run in self._runs.values():
                if run.id == parent_id and run.ended is None:
                    run.finish("done")

    def _finish_all(self, end: End) -> None:
        for run in self._runs.values():
            if run.ended is None:
                run.finish(end)


class Runs:
    """Of all kernels that are used through this process."""

    def __init__(self, began: Callable[[Owner, str, Run], None]) -> None:
        """`began` hears of each run: whose it is, and on which kernel."""
        self._began = began
        self._kernels: OrderedDict[tuple[str, str, str], KernelRuns] = OrderedDict()
        self._size = 0

    def of(self, owner: Owner, kernel_id: str) -> KernelRuns:
        """What is known of a kernel; nobody but its owner can ask."""
        key = (owner.name, owner.server, kernel_id)
        kernel = self._kernels.get(key)
        if kernel is None:
            kernel = KernelRuns(lambda run: self._began(owner, kernel_id, run), self._grow)
            self._kernels[key] = kernel
            self._forget_some()
        self._kernels.move_to_end(key)
        return kernel

    def _grow(self, bytes_: int) -> None:
        self._size += bytes_
        if self._size > _MOST_BYTES_OF_ALL:
            self._forget_some()

    def _forget_some(self) -> None:
        """What was used longest ago goes first, and nothing that is being listened to."""
        for key, kernel in list(self._kernels.items())[:-1]:
            if self._size <= _MOST_BYTES_OF_ALL and len(self._kernels) <= _MOST_KERNELS:
                return
            if not kernel.listeners:
                self._size -= kernel.size
                del self._kernels[key]
