"""A socket of whole messages: what comes in pieces is put together, and the dead are noticed."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from websockets.datastructures import Headers

from jigsaw_service.document import wire
from jigsaw_service.web.socket import websocket
from jigsaw_service.web.socket.websocket import FrameSocket, handshake, take_over


@dataclass
class Gate:
    """Lets in as many messages as it is told."""

    lets_in: float = float("inf")
    resting: list[Callable[[], None]] = field(default_factory=list)
    heard: list[str | None] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.heard) >= self.lets_in

    def pause(self, go_on: Callable[[], None]) -> None:
        self.resting.append(go_on)

    def let_in(self, more: int) -> None:
        self.lets_in += more
        self.resting.pop()()


@dataclass
class Heard:
    """Record of what the service's end of the sockets was told."""

    url: str = ""
    closed: int = 0
    sockets: list[FrameSocket] = field(default_factory=list)
    gate: Gate = field(default_factory=Gate)

    @property
    def messages(self) -> list[str | None]:
        return self.gate.heard

    def open(self, handler: RequestHandler) -> FrameSocket:
        socket = FrameSocket(
            handshake(handler, 1000),
            self.messages.append,
            self._close,
            most_unsent=1000,
            alive=wire.frame(b"alive"),
            gate=self.gate,
        )
        self.sockets.append(socket)
        return socket

    def _close(self) -> None:
        self.closed += 1


@pytest.fixture
async def heard() -> AsyncIterator[Heard]:
    heard = Heard()

    class Opener(RequestHandler):
        async def get(self) -> None:
            await take_over(self, heard.open(self))

    (bound,) = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(Application([("/", Opener)]))
    server.add_socket(bound)
    heard.url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
    yield heard
    server.stop()
    for socket in heard.sockets:
        socket.close(1001, "")


@pytest.fixture
async def browser(heard: Heard) -> AsyncIterator[ClientWebSocketResponse]:
    async with ClientSession() as http, http.ws_connect(heard.url) as socket:
        yield socket


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come true")


async def test_messages_go_both_ways(browser: ClientWebSocketResponse, heard: Heard) -> None:
    await browser.send_str("Grüße")
    await until(lambda: heard.messages == ["Grüße"])
    heard.sockets[0].send(wire.frame(b"one") + wire.frame(b"two"))
    assert [await browser.receive_str() for _ in range(2)] == ["one", "two"]


async def test_a_message_in_pieces_is_heard_once_whole(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    await _send_raw(browser, _masked(0x01, b"one ") + _masked(0x89, b"") + _masked(0x00, b"and "))
    await _send_raw(browser, _masked(0x80, b"two"))
    await until(lambda: heard.messages == ["one and two"])


async def test_text_that_is_none_ends_the_socket(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    await _send_raw(browser, _masked(0x81, b"\xff"))
    assert (await browser.receive()).data == 1007
    await until(lambda: heard.closed == 1)
    assert heard.messages == []


async def test_a_message_that_is_too_long_ends_the_socket(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    await browser.send_str("x" * 1001)
    assert (await browser.receive()).data == 1009
    assert heard.messages == []


async def test_what_comes_after_a_good_bye_is_not_heard(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    heard.sockets[0].close(4404, "gone")
    await browser.send_str("late")
    farewell = await browser.receive()
    assert (farewell.type, farewell.data, farewell.extra) == (WSMsgType.CLOSE, 4404, "gone")
    await until(lambda: heard.closed == 1)
    assert heard.messages == []


async def test_what_came_before_the_other_side_said_good_bye_is_heard(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    """As when a tab is closed right after the last change, and both come together."""
    await _send_raw(browser, _masked(0x81, b"the last") + _masked(0x88, b"\x03\xe9"))
    await until(lambda: heard.closed == 1)
    assert heard.messages == ["the last"]


async def test_no_more_is_heard_or_read_than_the_gate_lets_in(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    heard.gate.lets_in = 1
    await _send_raw(browser, _masked(0x81, b"one") + _masked(0x81, b"two"))
    await until(lambda: bool(heard.gate.resting))
    await browser.send_str("three")
    assert heard.messages == ["one"]

    heard.gate.let_in(1)
    await until(lambda: bool(heard.gate.resting))
    assert heard.messages == ["one", "two"]
    heard.gate.let_in(1)
    await until(lambda: heard.messages == ["one", "two", "three"])
    await browser.send_str("four")
    await until(lambda: bool(heard.gate.resting))
    heard.gate.let_in(9)
    await browser.send_str("five")
    await until(lambda: heard.messages[3:] == ["four", "five"])


async def test_what_waits_at_the_gate_when_the_connection_ends_is_heard(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    heard.gate.lets_in = 0
    await _send_raw(browser, _masked(0x81, b"one") + _masked(0x88, b"\x03\xe9"))
    await until(lambda: heard.closed == 1)
    assert heard.messages == ["one"]
    heard.gate.let_in(1)
    assert heard.messages == ["one"]


async def test_who_does_not_read_is_closed_and_holds_nobody_up(
    browser: ClientWebSocketResponse, heard: Heard
) -> None:
    """L8."""
    many = wire.frame(b"x" * 1_000_000)
    sent = [heard.sockets[0].send(many) for _ in range(20)]
    assert sent[0]
    assert not all(sent)
    assert not heard.sockets[0].open


async def test_one_that_answers_no_ping_is_cut_off(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "PING_SECONDS", 0.1)
    async with ClientSession() as http, http.ws_connect(heard.url, autoping=False) as silent:
        await until(lambda: heard.closed == 1)
        await silent.close()


async def test_one_that_answers_pings_stays(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "PING_SECONDS", 0.5)
    async with ClientSession() as http, http.ws_connect(heard.url) as browser:
        loop = asyncio.get_running_loop()
        loop.call_later(1.8, lambda: heard.sockets[0].send(wire.frame(b"still there")))
        heard_there = [await browser.receive_str()]
        while heard_there[-1] != "still there":
            heard_there.append(await browser.receive_str())
        assert set(heard_there) == {"alive", "still there"}


async def test_a_request_that_is_no_handshake_is_refused(heard: Heard) -> None:
    async with ClientSession() as http:
        async with http.get(heard.url, headers={"Upgrade": "websocket"}) as answer:
            assert answer.status == 500
    assert heard.sockets == []


def _masked(first: int, data: bytes) -> bytes:
    """A short frame of a client (RFC 6455 §5.2), under the mask that changes nothing."""
    return bytes([first, 0x80 | len(data)]) + bytes(4) + data


async def _send_raw(browser: ClientWebSocketResponse, data: bytes) -> None:
    writer = browser._writer
    assert writer
    writer.transport.write(data)


async def test_a_socket_keeps_no_header_of_the_request_that_opened_it(heard: Heard) -> None:
    token = {"Authorization": "token of-alice"}
    async with ClientSession() as http, http.ws_connect(heard.url, headers=token) as socket:
        await socket.send_str("hello")
        await until(lambda: bool(heard.messages))
        headers = [one for one in gc.get_objects() if isinstance(one, Headers)]
        assert not [one for one in headers if "Authorization" in one]
