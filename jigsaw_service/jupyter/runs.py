"""Runs: the last one of each kernel, as those who listen to the kernel hear it.

A kernel tells its outputs once, to those who listen just then. So what passes here is
kept in memory, for a page that opens in mid-run, or afterwards: as much as fits, the
newest. What is typed into a program isn't kept; it passes on another channel.
"""

import json
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from .messages import Glance
from .servers import Owner

# Of one run.
MOST_BYTES = 2 * 1024 * 1024
_MOST_BYTES_OF_ALL = 64 * 1024 * 1024
_MOST_KERNELS = 2000
# On one kernel: a notebook may hold many frames.
_MOST_ASKERS = 20
# Messages by which one is known again that several listeners hear.
_REMEMBERED = 4096
# Bytes that keeping a message takes, besides its content.
_WEIGHT = 200
SHOWN = frozenset(
    ("stream", "display_data", "execute_result", "update_display_data", "error", "clear_output")
)
# Within which a kernel that has begun afresh is told to have been restarted.
_SAME_RESTART_SECONDS = 10.0
# Within which a kernel begins afresh that was interrupted for it.
_RESTART_SECONDS = 60.0
# Sessions of a kernel's processes by which they are known again.
_MOST_PROCESSES = 20
_PREFIX = "jigsaw/"

End = Literal["done", "restarted", "died"]


def asker_of(workspace_id: str) -> str:
    """The user name under which a workspace's runs are requested: by it they are known."""
    return f"{_PREFIX}{workspace_id}"


def workspace_of(asker: str) -> str:
    """The workspace whose run it is; "" where it is none's."""
    return asker.removeprefix(_PREFIX) if asker.startswith(_PREFIX) else ""


class Relay(Protocol):
    """Relay that fetches late messages of a kernel."""

    async def poll(self) -> None: ...


@dataclass
class Run:
    """Run: one execution, from the kernel's first message about it."""

    id: str
    """Id of the message that asked for it."""
    asker: str
    process: str = ""
    """Session of the kernel's process that runs it."""
    complete: bool = True
    """True if it was heard from its beginning, and all of it is kept."""
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    end: End | None = None
    date: str = ""
    """Date of the first message, by the kernel's clock: of two runs, it tells the later."""
    input: dict[str, Any] | None = None
    """Question that it asks the person just now."""
    messages: deque[tuple[str, bytes]] = field(default_factory=deque)
    dropped: int = 0
    """Number of messages that are no longer kept."""
    size: int = 0
    was_interrupted: bool = False
    is_to_stop: bool = False
    """True if somebody has asked for its interrupt."""
    displays: set[str] = field(default_factory=set)
    """Displays that can be updated, by id."""
    _clears_at: int | None = None
    """The message that clears what came before it as soon as another comes."""

    @property
    def seconds(self) -> float:
        """Seconds that it has run."""
        return (time.monotonic() if self.ended is None else self.ended) - self.began

    @property
    def was_just_interrupted(self) -> bool:
        """True if it was just interrupted at nobody's wish, as before a restart of its kernel."""
        if self.is_to_stop or not self.was_interrupted or self.end != "done" or self.ended is None:
            return False
        return time.monotonic() - self.ended < _RESTART_SECONDS

    def add(self, kind: str, content: bytes) -> int:
        """Keep a message, and no more than fits or is shown still; the bytes this grows by."""
        before, number = self.size, self.dropped + len(self.messages)
        if self._clears_at is not None:
            self._forget(self._clears_at)
        self.messages.append((kind, content))
        self.size += len(content) + _WEIGHT
        if kind == "clear_output":
            if json.loads(content).get("wait"):
                self._clears_at = number
            else:
                self._forget(number)
        elif kind == "error":
            self.was_interrupted = json.loads(content).get("ename") == "KeyboardInterrupt"
        elif b'"display_id"' in content:
            self.displays.add(_display_of(content))
        while self.size > MOST_BYTES and self.messages:
            self._drop()
            self.complete = False
        return self.size - before

    def _forget(self, number: int) -> None:
        """Drop what came before that message: it has been cleared away."""
        while self.dropped < number:
            self._drop()
        self.complete, self._clears_at = True, None

    def _drop(self) -> None:
        self.size -= len(self.messages.popleft()[1]) + _WEIGHT
        self.dropped += 1

    def finish(self, end: End) -> None:
        self.ended, self.end, self.input = time.monotonic(), end, None

    def told(self, after: int) -> dict[str, Any]:
        """JSON for the page: the messages from number `after` on."""
        skipped = max(0, after - self.dropped)
        kept = list(self.messages)[skipped:]
        return {
            "id": self.id,
            "date": self.date,
            "end": self.end,
            "seconds": round(self.seconds, 3),
            "complete": self.complete,
            "input": self.input,
            "messages": [{"msg_type": kind, "content": json.loads(text)} for kind, text in kept],
            "next": self.dropped + len(self.messages),
        }


Tell = Callable[[Run, str], None]


class KernelKey(NamedTuple):
    """A kernel, and whose it is."""

    user: str
    server: str
    kernel_id: str


class KernelRuns:
    """Runs of one kernel, as far as they are known."""

    def __init__(
        self,
        tell: Tell = lambda _run, _answered: None,
        grown: Callable[[int], None] = lambda _bytes: None,
        spread: Callable[[dict[str, Any]], None] = lambda _news: None,
    ) -> None:
        """`tell` is for the person's pages; `spread`, for other processes."""
        self._tell, self._grown, self._spread = tell, grown, spread
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._heard: OrderedDict[str, None] = OrderedDict()
        # Sockets by which the kernel is heard now.
        self.listeners = 0
        self.busy = False
        self._started = -_SAME_RESTART_SECONDS
        self._processes = deque[str](maxlen=_MOST_PROCESSES)
        # The session of the kernel's process, once it was heard.
        self.process = ""
        # How often it was restarted, as far as it is known.
        self.restarts = 0
        # The one by which the last run was asked for, while its page is there.
        self.relay: Relay | None = None
        # By this name the server keeps what comes while nobody listens.
        self.session = ""

    def last(self, asker: str | None) -> Run | None:
        """The last run, of that asker if one is named."""
        if asker is not None:
            return self._runs.get(asker)
        return next(reversed(self._runs.values()), None)

    @property
    def size(self) -> int:
        return sum(run.size for run in self._runs.values())

    def receive(self, seen: Glance) -> None:
        """Take in a message of the kernel, to any client."""
        if seen.msg_id in self._heard:
            return
        self._heard[seen.msg_id] = None
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        if seen.process and seen.process not in self._processes:
            # The first message of a new process may go unheard.
            if self._processes:
                self._begin_afresh(seen.process)
            self._processes.append(seen.process)
            self.process = seen.process
        if seen.state:
            self._become(seen)
        elif seen.msg_type == "execute_input":
            self._begin(seen)
        elif seen.msg_type == "update_display_data":
            display = _display_of(seen.content)
            for showing in self._runs.values():
                if display in showing.displays:
                    self._take(showing, seen)
        elif run := self._run(seen):
            self._take(run, seen)

    def _take(self, run: Run, seen: Glance) -> None:
        if seen.msg_type in SHOWN or seen.msg_type == "execute_reply":
            self._grown(run.add(seen.msg_type, seen.content))
        elif seen.msg_type == "input_request":
            run.input = {"header": seen.header, **json.loads(seen.content)}
            self._spread_run(run)

    def answered(self) -> None:
        """Note that somebody has answered what a program asked."""
        for run in self._runs.values():
            if run.input:
                self._spread({"about": "answer", "run": run.id})
                self._answer(run)

    def _answer(self, run: Run) -> None:
        if run.input:
            answered, run.input = run.input, None
            self._tell(run, str(answered["header"].get("msg_id", "")))

    def interrupted(self) -> None:
        """Note that somebody asks for an interrupt of what runs."""
        self._stop_all()
        self._spread({"about": "interrupt"})

    def _stop_all(self) -> None:
        for run in self._runs.values():
            run.is_to_stop = run.is_to_stop or run.ended is None

    def restarted(self) -> None:
        """Note that somebody had the kernel restarted, which it may have said itself."""
        if time.monotonic() - self._started > _SAME_RESTART_SECONDS:
            self._restart()
            self._spread({"about": "restart"})

    def _restart(self, process: str | None = None) -> None:
        self.restarts += 1
        self.process = ""
        self._finish_all("restarted", but_of=process)

    def _begin_afresh(self, process: str) -> None:
        """Take note of a new process of the kernel's; of a wanted restart, nobody else tells."""
        self._restart(process)
        self._started = time.monotonic()

    def ask_others(self) -> None:
        """Ask other processes, which may know what goes on, and what is being asked."""
        self._spread({"about": "what goes on"})

    def apply_notice(self, news: dict[str, Any]) -> None:
        """Take in news that another process spreads."""
        about, run = news["about"], self._with_id(news.get("run", ""))
        if about == "restart" and time.monotonic() - self._started > _SAME_RESTART_SECONDS:
            self._restart()
        elif about == "interrupt":
            self._stop_all()
        elif about == "what goes on":
            for going_on in self._runs.values():
                if going_on.ended is None:
                    self._spread_run(going_on)
        elif about == "answer" and run:
            self._answer(run)
        elif about == "run":
            if run is None:
                # A process of the version before names none.
                of = {"process": news.get("process", ""), "date": news["date"]}
                run = Run(news["run"], news["asker"], complete=False, **of)
                self._keep(run)
            if run.ended is None and news["input"]:
                run.input = news["input"]

    def _with_id(self, id_: str) -> Run | None:
        return next((run for run in self._runs.values() if run.id == id_), None)

    def _spread_run(self, run: Run) -> None:
        of = {"run": run.id, "asker": run.asker, "process": run.process, "date": run.date}
        self._spread({"about": "run", **of, "input": run.input})

    def mark_died(self) -> None:
        """Note that the kernel is no longer there."""
        self.busy = False
        self._finish_all("died")

    def finished_unheard(self) -> None:
        """Note that the kernel is idle, though its runs were not heard to end here."""
        self.busy = False
        for run in self._runs.values():
            if run.ended is None:
                run.complete = False
                run.finish("done")

    def _begin(self, seen: Glance) -> None:
        known = self._with_id(seen.parent_id)
        if known is None:
            self._keep(_run_of(seen))

    def _keep(self, run: Run) -> None:
        before = self._runs.pop(run.asker, None)
        if before:
            self._grown(-before.size)
        self._runs[run.asker] = run
        if len(self._runs) > _MOST_ASKERS:
            self._grown(-self._runs.popitem(last=False)[1].size)
        self._tell(run, "")

    def _run(self, seen: Glance) -> Run | None:
        """The run that the message belongs to; one that was not heard to begin begins here.

        What a thread prints late, a kernel may take for the answer to the request it got
        last: then it is the last run's.
        """
        if seen.asked != "execute_request" and seen.msg_type in SHOWN:
            return self.last(None)
        run = self._runs.get(seen.asker)
        if run and run.id == seen.parent_id:
            return run
        is_over = run is None or run.ended is not None
        # A question travels on a channel of its own, and may overtake the run's beginning.
        is_question = seen.msg_type == "input_request"
        if is_question or (self.busy and seen.msg_type in SHOWN and is_over):
            self._keep(_run_of(seen, complete=is_question))
            return self._runs[seen.asker]
        return None

    def _become(self, seen: Glance) -> None:
        state = seen.state
        if state in ("restarting", "dead"):
            self.mark_died()
            return
        if state == "starting":
            self._begin_afresh(_process_of(seen))
        self.busy = state == "busy"
        if state == "idle":
            for run in self._runs.values():
                if run.id == seen.parent_id and run.ended is None:
                    run.finish("done")

    def _finish_all(self, end: End, *, but_of: str | None = None) -> None:
        for run in self._runs.values():
            if run.process and run.process == but_of:
                continue
            if run.ended is None or (end == "restarted" and run.was_just_interrupted):
                run.finish(end)
                self._tell(run, "")


def _display_of(content: bytes) -> str:
    return str((json.loads(content).get("transient") or {}).get("display_id", ""))


def _run_of(seen: Glance, *, complete: bool = True) -> Run:
    date = str(seen.header.get("date", ""))
    return Run(seen.parent_id, seen.asker, _process_of(seen), complete=complete, date=date)


def _process_of(seen: Glance) -> str:
    """Session of the process that sent a message."""
    return str(seen.header.get("session", ""))


class Runs:
    """Runs of all kernels that are used through this process."""

    def __init__(self, tell: Callable[[KernelKey, Run, str], None]) -> None:
        """`tell` hears what the person's pages are to know: of which kernel's run, and which
        question has been answered, if one has."""
        self._tell = tell
        # Tells other processes.
        self.spread: Callable[[KernelKey, dict[str, Any]], None] = lambda _key, _news: None
        # Tells what this process knows from what others do.
        self.source = secrets.token_urlsafe(6)
        self._kernels: OrderedDict[KernelKey, KernelRuns] = OrderedDict()
        self._size = 0

    def of(self, owner: Owner, kernel_id: str) -> KernelRuns:
        """Runs of a kernel; nobody but its owner can ask."""
        return self.at(KernelKey(owner.name, owner.server, kernel_id))

    def at(self, key: KernelKey) -> KernelRuns:
        kernel = self._kernels.get(key)
        if kernel is None:
            kernel = KernelRuns(
                lambda run, answered: self._tell(key, run, answered),
                self._grow,
                lambda news: self.spread(key, news),
            )
            self._kernels[key] = kernel
            self._forget_some()
        self._kernels.move_to_end(key)
        return kernel

    def _grow(self, bytes_: int) -> None:
        self._size += bytes_
        if self._size > _MOST_BYTES_OF_ALL:
            self._forget_some()

    def _forget_some(self) -> None:
        """Drop the kernels used longest ago, but none that is being listened to."""
        for key, kernel in list(self._kernels.items())[:-1]:
            if self._size <= _MOST_BYTES_OF_ALL and len(self._kernels) <= _MOST_KERNELS:
                return
            if not kernel.listeners:
                self._size -= kernel.size
                del self._kernels[key]
