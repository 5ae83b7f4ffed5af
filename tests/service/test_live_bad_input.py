"""The live socket against callers that err, hurry, sleep, or mean harm."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from jigsaw_service.live import backlog
from jigsaw_service.runtime.limits import Limits

from .conftest import XML, Person, Service
from .tabs import BLOCK, Tab, new, put

CLIENT = "c" * 32
HELLO = {"type": "hello", "protocol": 1, "client": CLIENT}


@pytest.fixture
async def workspace(alice: Person) -> str:
    return await alice.create(xml=XML.format("a"))


async def still_works(tab: Tab) -> None:
    """Assert that others in the room notice nothing."""
    answer = await tab.edit(put("~1", "still here"))
    assert (answer["type"], tab.clock) == ("patch", answer["clock"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        "NaN",
        "[" * 100_000,
        json.dumps({"type": "ops", "n": 1, "ops": []}),
        json.dumps({**HELLO, "protocol": 2}),
        json.dumps({**HELLO, "client": "short"}),
        json.dumps({**HELLO, "client": ["c" * 32]}),
        json.dumps({**HELLO, "epoch": "e"}),
        json.dumps({**HELLO, "epoch": "e", "clock": True}),
        json.dumps({**HELLO, "epoch": "e", "clock": -1}),
        json.dumps({**HELLO, "epoch": "e", "clock": 10**30}),
    ],
)
async def test_whatever_comes_before_a_right_hello_ends_the_connection(
    alice: Person, workspace: str, text: str
) -> None:
    async with alice.live(workspace, hello=False) as tab:
        await tab.socket.send_str(text)
        assert await tab.end() == (4400, "bad-message")


@pytest.mark.parametrize(
    "message",
    [
        HELLO,
        {},
        {"type": "strange"},
        {"type": ["ops"]},
        {"type": "ops", "ops": []},
        {"type": "ops", "n": 0, "ops": []},
        {"type": "ops", "n": 1.5, "ops": []},
        {"type": "ops", "n": 10**30, "ops": []},
        {"type": "presence", "selection": 1},
        {"type": "presence", "selection": "x" * 65},
        {"type": "presence", "pointer": [1]},
        {"type": "presence", "pointer": [1, 1e300]},
        {"type": "presence", "pointer": ["1", 2]},
        {"type": "presence", "field": {}},
        {"type": "show", "outputs": "text"},
        {"type": "label"},
        {"type": "label", "label": ""},
        {"type": "label", "label": "two\nlines"},
        {"type": "label", "label": "x" * 201},
    ],
)
async def test_messages_that_no_client_sends_end_the_connection_alone(
    alice: Person, workspace: str, message: Any
) -> None:
    async with alice.live(workspace) as other:
        async with alice.live(workspace) as tab:
            await tab.say(**message)
            assert await tab.end() == (4400, "bad-message")
        await still_works(other)


async def test_a_binary_frame_ends_the_connection_alone(alice: Person, workspace: str) -> None:
    async with alice.live(workspace) as other:
        async with alice.live(workspace) as tab:
            await tab.socket.send_bytes(b"\x00" * 100)
            assert await tab.end() == (4400, "bad-message")
        await still_works(other)


async def test_numbers_that_json_does_not_know_never_reach_the_others(
    alice: Person, workspace: str
) -> None:
    async with alice.live(workspace) as other, alice.live(workspace) as tab:
        await tab.socket.send_str('{"type": "show", "outputs": [1e999]}')
        assert await tab.end() == (4400, "bad-message")
        await still_works(other)


@pytest.mark.parametrize(
    "ops",
    [
        None,
        "ops",
        [1],
        [{"op": "burn"}],
        [{"op": "del", "ids": ["x" * 65]}],
        [{"op": "new", "id": "", "record": BLOCK}],
        [{"op": "new", "id": "n", "record": {**BLOCK, "at": [1e300, 0]}}],
        [{"op": "new", "id": "n", "record": {**BLOCK, "t": "#xml"}}],
        [{"op": "new", "id": "\ud800", "record": BLOCK}],
        [{"op": "set", "id": "~1", "keys": {"m": "<mutation"}}],
        [{"op": "set", "id": "~1", "keys": {"f:TEXT": "\x00"}}],
        [{"op": "set", "id": "~1", "keys": {"at": [0, 0]}}],
        [{"op": "mv", "id": "~1", "at": ["p", "IN", "z"]}],
        [{"op": "del", "ids": ["a"]}] * 5001,
    ],
)
async def test_operations_that_cannot_be_are_refused_and_change_nothing(
    alice: Person, workspace: str, ops: Any
) -> None:
    async with alice.live(workspace) as tab:
        await tab.say(type="ops", n=1, ops=ops)
        refused = await tab.answer(1)

        assert (refused["type"], refused["slug"]) == ("refused", "invalid-operations")
        await still_works(tab)
        assert tab.clock == 2


async def test_operations_on_what_is_not_there_or_there_already_do_nothing(
    alice: Person, workspace: str
) -> None:
    ops = [
        put("gone", "x"),
        {"op": "mv", "id": "gone", "at": [0, 0]},
        {"op": "mv", "id": "~1", "at": ["gone"]},
        {"op": "mv", "id": "~1", "at": ["~1"]},
        {"op": "del", "ids": ["gone", "__proto__", "constructor"]},
        {"op": "vdel", "id": "gone"},
        new("~1", "twice"),
    ]
    async with alice.live(workspace) as tab:
        answer = await tab.edit(*ops)

        assert (answer["clock"], answer["patch"]) == (2, {})
        assert tab.text("~1") == "a"


async def test_a_batch_that_makes_the_workspace_too_large_is_refused_as_a_whole(
    alice: Person, workspace: str
) -> None:
    async with alice.live(workspace) as tab:
        large = [new(f"{i}", "x" * 60_000) for i in range(40)]
        refused = await tab.edit(put("~1", "b"), *large)

        assert (refused["type"], refused["slug"]) == ("refused", "too-large")
        assert tab.text("~1") == "a"
        await still_works(tab)


async def test_a_message_of_ten_megabytes_ends_the_connection_alone(
    alice: Person, workspace: str
) -> None:
    async with alice.live(workspace) as other:
        async with alice.live(workspace) as tab:
            try:
                await tab.socket.send_str("x" * 10 * 1024 * 1024)
                await tab.end()
            except ConnectionError:
                pass
            assert tab.socket.close_code in (None, 1006, 1009)
        await still_works(other)


async def test_a_flood_of_messages_ends_the_connection_alone(alice: Person, workspace: str) -> None:
    async with alice.live(workspace) as other:
        async with alice.live(workspace) as tab:
            for n in range(2000):
                await tab.say(type="ops", n=n + 1, ops=[])
            assert await tab.end() == (4429, "too-fast")
        await other.reach(300)
        await still_works(other)


async def test_more_than_can_be_committed_waits_and_comes_in_all_the_same(
    alice: Person, service: Service, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "_MOST", 2)
    rested: list[object] = []
    rest = service.services.rooms.backlog.pause

    def counted(resume: Callable[[], None]) -> None:
        rested.append(resume)
        rest(resume)

    monkeypatch.setattr(service.services.rooms.backlog, "pause", counted)
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(alice.live(workspace)) for _ in range(5)]
        for n in range(20):
            for at, tab in enumerate(tabs):
                await tab.send(new(f"{at}-{n}"))
            await asyncio.sleep(0.01)
        for tab in tabs:
            await tab.reach(101)

    assert rested
    assert not service.services.rooms.backlog.full


async def test_l8_who_does_not_read_is_closed_and_keeps_nobody_waiting(
    alice: Person, service: Service, workspace: str
) -> None:
    async with alice.live(workspace) as other, alice.live(workspace) as sleeper:
        sleeper.socket._response.connection.transport.pause_reading()
        room = service.services.rooms._open[workspace]
        for n in range(400):
            if len(room.connections) == 1:
                break
            await other.edit(put("~1", f"{n} " + "x" * 60_000))
        else:
            raise AssertionError("L8: the room still feeds who does not read")
        other.clock = (await alice.get(f"api/workspaces/{workspace}")).json["clock"]

        async with alice.live(workspace, like=sleeper) as back:
            assert back.clock == other.clock
            assert back.records == other.records
        sleeper.socket._response.connection.transport.abort()


class TestLimits:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(connections_per_user=2)

    async def test_one_person_has_a_limited_number_of_connections(
        self, alice: Person, service: Service, workspace: str
    ) -> None:
        async with alice.live(workspace), alice.live(workspace):
            async with alice.live(workspace, hello=False) as third:
                assert await third.end() == (4429, "too-many")
        for _ in range(50):
            if not service.services.rooms._connections:
                break
            await asyncio.sleep(0.1)
        async with alice.live(workspace) as again:
            assert again.welcome


async def test_who_never_says_hello_is_not_waited_for(
    alice: Person, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jigsaw_service.web.socket import live_socket

    monkeypatch.setattr(live_socket, "HELLO_SECONDS", 0.2)
    async with alice.live(workspace, hello=False) as tab:
        assert await tab.end() == (4400, "bad-message")


async def test_a_service_that_stops_says_come_back(
    alice: Person, service: Service, workspace: str
) -> None:
    async with alice.live(workspace) as tab:
        await service.services.rooms.stop()
        assert await tab.end() == (4503, "restarting")
