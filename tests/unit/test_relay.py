"""The relay of a kernel's messages, between a browser and a server that a test plays."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType, web
from aiohttp.client_ws import ClientWebSocketResponse
from aiohttp.test_utils import TestServer

from jigsaw_service.jupyter import relay as relays
from jigsaw_service.jupyter.reach import GONE
from jigsaw_service.jupyter.relay import KernelRelay
from jigsaw_service.jupyter.runs import KernelRuns

REQUEST = {"msg_id": "r1", "msg_type": "execute_request", "username": "jigsaw/w"}


class Kernel:
    """A Jupyter server with one kernel; what that says while nobody listens is kept."""

    def __init__(self) -> None:
        self.asked = asyncio.Queue[dict[str, Any]]()
        self.connections = 0
        self.state = "idle"
        self._sockets = set[web.WebSocketResponse]()
        self._kept = list[str]()
        self._said = 0
        # Session of its process.
        self.process = "p1"

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self._sockets.add(socket)
        for text in self._kept:
            await socket.send_str(text)
        self._kept.clear()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.asked.put_nowait(json.loads(message.data))
        self._sockets.discard(socket)
        return socket

    async def say(self, kind: str, parent: dict[str, Any] = REQUEST, **content: Any) -> None:
        self._said += 1
        header = {"msg_type": kind, "msg_id": f"m{self._said}", "session": self.process}
        said = {"channel": "iopub", "header": header, "parent_header": parent, "content": content}
        for socket in self._sockets:
            await socket.send_str(json.dumps(said))
        if not self._sockets:
            self._kept.append(json.dumps(said))

    async def run(self, *, prints: str) -> None:
        await self.say("status", execution_state="busy")
        await self.say("execute_input", code="…")
        await self.say("stream", name="stdout", text=prints)
        await self.say("status", execution_state="idle")

    @property
    def is_listened_to(self) -> bool:
        return bool(self._sockets)


class Page:
    """A browser's end of a relay."""

    def __init__(self, relay: Callable[["Page"], KernelRelay]) -> None:
        self.heard = list[dict[str, Any]]()
        self.lost: bool | None = None
        self.relay = relay(self)

    async def deliver(self, frame: str | bytes) -> None:
        self.heard.append(json.loads(frame))

    def lose(self, gone: bool) -> None:
        self.lost = gone

    def execute(self, id_: str = "r1") -> None:
        header = REQUEST | {"msg_id": id_}
        self.relay.send(json.dumps({"channel": "shell", "header": header, "content": {}}))

    @property
    def printed(self) -> list[str]:
        streams = [one for one in self.heard if one["header"]["msg_type"] == "stream"]
        return [one["content"]["text"] for one in streams]


@pytest.fixture
async def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
async def open_page(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[KernelRuns], Any]]:
    monkeypatch.setattr(relays, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(relays, "ARRIVES_SECONDS", 0.05)
    monkeypatch.setattr(relays, "_SILENT_SECONDS", 0.05)
    app = web.Application()
    app.router.add_get("/", kernel.serve)
    async with TestServer(app) as server, ClientSession() as http:

        async def connect() -> ClientWebSocketResponse:
            return await http.ws_connect(server.make_url("/"))

        async def state() -> str:
            return kernel.state

        async def opened(runs: KernelRuns) -> Page:
            upstream = await connect()
            return Page(
                lambda page: KernelRelay(
                    upstream,
                    runs,
                    session="s",
                    connect=connect,
                    state=state,
                    deliver=page.deliver,
                    lost=page.lose,
                )
            )

        yield opened


async def until(condition: Callable[[], object]) -> None:
    async def wait() -> None:
        while not condition():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), 60)


async def begin(kernel: Kernel, page: Page) -> None:
    """Have the page ask for a run, which the kernel begins."""
    kernel.state = "busy"
    page.execute()
    await kernel.asked.get()
    await kernel.say("status", execution_state="busy")


async def test_what_comes_late_is_fetched_however_late_and_nothing_is_held_meanwhile(
    kernel: Kernel, open_page: Any
) -> None:
    page = await open_page(KernelRuns())
    page.execute()
    await kernel.asked.get()
    await kernel.run(prints="main")

    for number in range(6):
        await until(lambda: not kernel.is_listened_to)
        await kernel.say("stream", name="stdout", text=f"late {number}")
        expected = ["main", *(f"late {n}" for n in range(number + 1))]
        await until(lambda expected=expected: page.printed == expected)


async def test_who_only_watches_has_late_words_fetched_by_the_page_that_ran_it(
    kernel: Kernel, open_page: Any
) -> None:
    runs = KernelRuns()
    page = await open_page(runs)
    page.execute()
    await kernel.asked.get()
    await kernel.run(prints="main")
    await until(lambda: not kernel.is_listened_to)
    await kernel.say("stream", name="stdout", text="late")

    assert runs.relay is page.relay
    await runs.relay.poll()

    run = runs.last(None)
    assert run
    assert [json.loads(text)["text"] for _, text in run.messages if b"text" in text] == [
        "main",
        "late",
    ]
    assert page.printed == ["main", "late"]


async def test_only_the_page_that_ran_last_looks_again(kernel: Kernel, open_page: Any) -> None:
    runs = KernelRuns()
    first, second = await open_page(runs), await open_page(runs)
    for page in (first, second):
        page.execute()
        await kernel.asked.get()
        await kernel.run(prints="main")

    assert runs.relay is second.relay
    await second.relay.close()
    assert runs.relay is None


async def test_a_kernel_that_has_gone_is_told_where_it_does_not_answer(
    kernel: Kernel, open_page: Any
) -> None:
    runs = KernelRuns()
    page = await open_page(runs)
    page.execute()
    await kernel.asked.get()
    await kernel.say("status", execution_state="busy")
    await kernel.say("execute_input", code="…")
    kernel.state = "busy"
    await asyncio.sleep(0.3)
    assert page.lost is None

    kernel.state = GONE

    await until(lambda: page.lost)
    run = runs.last(None)
    assert run
    assert run.end == "died"


async def test_a_request_that_got_lost_is_told_where_the_kernel_has_nothing_to_do(
    kernel: Kernel, open_page: Any
) -> None:
    page = await open_page(KernelRuns())
    page.execute()

    await until(lambda: page.lost)


async def test_what_a_restarted_kernel_had_begun_is_over_and_holds_no_socket(
    kernel: Kernel, open_page: Any
) -> None:
    runs = KernelRuns()
    page = await open_page(runs)
    await begin(kernel, page)
    await kernel.say("execute_input", code="…")

    kernel.process = "p2"
    await kernel.say("status", {}, execution_state="starting")

    await until(lambda: not kernel.is_listened_to)
    run = runs.last(None)
    assert run
    assert (run.end, page.lost) == ("restarted", None)


async def test_what_is_asked_after_a_restart_travels_by_a_new_socket(
    kernel: Kernel, open_page: Any
) -> None:
    runs = KernelRuns()
    page = await open_page(runs)
    await begin(kernel, page)
    assert kernel.connections == 1

    runs.restarted()
    page.execute("r2")

    assert (await kernel.asked.get())["header"]["msg_id"] == "r2"
    assert (kernel.connections, page.lost) == (2, None)


async def test_a_socket_by_which_the_restarted_kernel_is_heard_stays(
    kernel: Kernel, open_page: Any
) -> None:
    runs = KernelRuns()
    page = await open_page(runs)
    await begin(kernel, page)

    runs.restarted()
    kernel.process = "p2"
    await kernel.say("status", REQUEST | {"msg_id": "its info"}, execution_state="busy")
    await until(lambda: runs.process == "p2")
    page.execute("r2")

    assert (await kernel.asked.get())["header"]["msg_id"] == "r2"
    assert kernel.connections == 1


async def test_what_a_process_had_begun_that_is_no_more_holds_no_socket(
    kernel: Kernel, open_page: Any
) -> None:
    """The new process was not heard to start, nor the old one to end its run."""
    page = await open_page(KernelRuns())
    await begin(kernel, page)
    await kernel.say("execute_input", code="…")

    kernel.process, kernel.state = "p2", "idle"
    for state in ("busy", "idle"):
        await kernel.say("status", REQUEST | {"msg_id": "its info"}, execution_state=state)

    await until(lambda: not kernel.is_listened_to)
    assert page.lost is None
