"""Reach of a kernel: what is learned of it while its socket opens."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from jigsaw_service.errors import KernelFailed, NotFound, ServerSilent, ServerStopped
from jigsaw_service.jupyter import reach
from jigsaw_service.jupyter.reach import Reach
from jigsaw_service.jupyter.servers import Owner
from jigsaw_service.jupyter.specs import KnownSpecs

ANN = Owner("ann", "")
GONE = 404, {"message": "Kernel does not exist"}


def model(state: str) -> tuple[int, dict[str, Any]]:
    return 200, {"name": "scheme", "execution_state": state}


class Socket:
    closed = False

    async def close(self) -> None:
        self.closed = True


class Server:
    """A Jupyter server: `looks` are its answers about the kernel, one by one, the last for good."""

    def __init__(self, *looks: Any, opens_after: int | None = None) -> None:
        """`opens_after` so many looks; None: when none is left, it never does."""
        self.looks, self.looked, self.opens_after = list(looks), 0, opens_after
        self.socket, self.open = Socket(), asyncio.Event()
        self.refusal: Exception | None = None
        if opens_after == 0:
            self.open.set()

    async def connect(self, *_: Any, **__: Any) -> Socket:
        await self.open.wait()
        if self.refusal:
            raise self.refusal
        return self.socket

    async def request(self, _owner: Owner, _method: str, path: str) -> tuple[int, str, bytes]:
        assert path == "api/kernels/1"
        self.looked += 1
        answer = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if self.looked == self.opens_after:
            self.open.set()
        if isinstance(answer, Exception):
            raise answer
        return answer[0], "application/json", json.dumps(answer[1]).encode()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(reach, "_LOOK_SECONDS", 0.01)
    yield


@pytest.fixture
def known() -> KnownSpecs:
    return KnownSpecs()


def fault(known: KnownSpecs) -> str | None:
    failure = known.failure(ANN, "scheme")
    return failure.fault if failure else None


async def connected(server: Server, known: KnownSpecs) -> Any:
    whole = Reach(server, known, ANN, "api/kernels/1")  # type: ignore[arg-type]
    return await asyncio.wait_for(whole.connect(query="", protocols=[]), 60)


async def test_a_kernel_that_is_dropped_while_it_starts_has_ended(known: KnownSpecs) -> None:
    with pytest.raises(KernelFailed) as failed:
        await connected(Server(model("starting"), GONE), known)

    assert failed.value.members == {"fault": "ended"}
    assert fault(known) == "ended"


async def test_a_kernel_that_ran_before_and_is_gone_is_only_gone(known: KnownSpecs) -> None:
    for before in [], [model("idle")]:
        with pytest.raises(NotFound):
            await connected(Server(*before, GONE), known)

    assert fault(known) is None


async def test_a_kernel_that_takes_its_time_is_waited_for(known: KnownSpecs) -> None:
    server = Server(model("starting"), opens_after=5)

    assert await connected(server, known) is server.socket
    assert fault(known) is None


async def test_a_kernel_whose_socket_opens_though_it_never_spoke_is_silent(
    known: KnownSpecs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_SILENT_SECONDS", 0.02)
    server = Server(model("starting"), opens_after=5)

    with pytest.raises(KernelFailed) as failed:
        await connected(server, known)

    assert failed.value.members == {"fault": "silent"}
    assert fault(known) == "silent"
    assert server.socket.closed


async def test_a_kernel_that_speaks_has_what_was_said_against_it_taken_back(
    known: KnownSpecs,
) -> None:
    known.failed(ANN, "scheme", "It did not start.")
    known.failed(ANN, "other", "It did not start.")

    await connected(Server(model("idle"), opens_after=0), known)

    assert fault(known) is None
    assert known.failure(ANN, "other")


async def test_where_nothing_is_known_against_any_kernel_it_is_not_looked_at(
    known: KnownSpecs,
) -> None:
    server = Server(model("idle"), opens_after=0)

    await connected(server, known)

    assert server.looked == 0


async def test_a_server_that_does_not_tell_of_it_for_a_moment_changes_nothing(
    known: KnownSpecs,
) -> None:
    hiccup = ServerSilent("Try again.")
    server = Server(model("starting"), hiccup, (200, []), model("starting"), opens_after=4)

    assert await connected(server, known) is server.socket


async def test_a_refusal_of_the_socket_is_passed_on(known: KnownSpecs) -> None:
    server = Server(model("idle"), opens_after=0)
    server.refusal = ServerStopped("Start your server, then try again.")

    with pytest.raises(ServerStopped):
        await connected(server, known)
