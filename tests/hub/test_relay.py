"""The kernel relay: Jupyter's own protocol, on the caller's own server and nowhere else."""

import asyncio
from collections.abc import Iterator

import aiohttp
import pytest

from jigsaw_service.jupyter.messages import V1

from .conftest import until
from .kernel_client import KernelClient, stdout
from .people import Person

KERNELS = "api/jupyter/api/kernels"


@pytest.fixture
def kernel_id(alice_with_server: Person) -> Iterator[str]:
    started = alice_with_server.call("POST", KERNELS, json={"name": "python3"})
    assert started.status_code == 201
    yield started.json()["id"]
    alice_with_server.call("DELETE", f"{KERNELS}/{started.json()['id']}")


@pytest.mark.parametrize("protocol", ["", V1])
async def test_code_runs_and_its_output_comes_back_in_both_framings(
    alice_with_server: Person, kernel_id: str, protocol: str
) -> None:
    async with KernelClient(alice_with_server, kernel_id, protocol=protocol) as kernel:
        assert kernel.socket.protocol == (protocol or None)

        messages = await kernel.execute("print(6 * 7)")

    assert stdout(messages) == "42\n"


async def test_everything_a_flood_prints_arrives_in_order(
    alice_with_server: Person, kernel_id: str
) -> None:
    async with KernelClient(alice_with_server, kernel_id, protocol=V1) as kernel:
        messages = await kernel.execute("for n in range(2000): print(n, flush=n % 50 == 0)")

    assert stdout(messages).split() == [str(n) for n in range(2000)]


async def test_while_nothing_runs_no_upstream_socket_is_held_and_the_next_run_works(
    alice_with_server: Person, kernel_id: str
) -> None:
    def connections() -> int:
        model = alice_with_server.call("GET", f"{KERNELS}/{kernel_id}").json()
        return int(model["connections"])

    async with KernelClient(alice_with_server, kernel_id, protocol=V1) as kernel:
        await kernel.execute("x = 1")
        assert connections() == 1

        await asyncio.to_thread(until, lambda: not connections(), 30)

        assert stdout(await kernel.execute("print(x + 1)")) == "2\n"


async def test_a_long_run_keeps_its_socket_until_it_ends(
    alice_with_server: Person, kernel_id: str
) -> None:
    async with KernelClient(alice_with_server, kernel_id) as kernel:
        messages = await kernel.execute("import time; time.sleep(8); print('late')")

    assert stdout(messages) == "late\n"


async def test_what_is_printed_while_no_socket_is_held_comes_with_the_next_run(
    alice_with_server: Person, kernel_id: str
) -> None:
    async with KernelClient(alice_with_server, kernel_id) as kernel:
        await kernel.execute(
            "import threading\nthreading.Timer(8, lambda: print('meanwhile', flush=True)).start()"
        )
        await asyncio.sleep(10)
        await kernel.send("print('now')")
        heard = ""
        while "now" not in heard:
            message = await kernel.receive()
            heard += message["content"].get("text", "") if message["msg_type"] == "stream" else ""

    assert "meanwhile" in heard


async def test_interrupt_and_restart_reach_the_kernel(
    alice_with_server: Person, kernel_id: str
) -> None:
    async with KernelClient(alice_with_server, kernel_id) as kernel:
        await kernel.execute("import time; x = 1")
        await kernel.send("print('begun', flush=True); time.sleep(60)")
        # Before the code itself runs, ipykernel takes no notice of an interrupt.
        while (await kernel.receive())["content"].get("text") != "begun\n":
            pass
        call = alice_with_server.call
        assert call("POST", f"{KERNELS}/{kernel_id}/interrupt").status_code == 204
        while (message := await kernel.receive())["msg_type"] != "execute_reply":
            pass
        assert message["content"]["ename"] == "KeyboardInterrupt"
        assert call("POST", f"{KERNELS}/{kernel_id}/restart").status_code == 200
        messages = await kernel.execute("print('x' in globals())")

    assert stdout(messages) == "False\n"


@pytest.mark.parametrize(
    "path",
    [
        "api/contents",
        "api/terminals",
        "api/kernels/../contents",
        "api/kernels/%2e%2e/contents",
        "api/kernels/a%2f..%2f..%2fcontents",
        "api/kernels/a%5c..%5ccontents",
        "api/kernels/%252e%252e/contents",
        "api//kernels",
        "api/kernels/",
        "api/kernelspecs/..",
        "kernelspecs/python3/..",
        "lab",
        "",
    ],
)
def test_the_relay_reaches_nothing_beside_its_list(alice_with_server: Person, path: str) -> None:
    answer = alice_with_server.call("GET", f"api/jupyter/{path}")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_kernel_that_is_not_there_is_not_found(alice_with_server: Person) -> None:
    kernel = KernelClient(alice_with_server, "0e0aa4f3-af7e-4055-85f9-c074bd121d7c")

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await kernel.__aenter__()

    await kernel.http.close()
    assert refused.value.status == 404


def test_a_stopped_server_is_told_as_such(bob: Person) -> None:
    answer = bob.call("GET", KERNELS)

    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/problems/server-stopped")


def test_what_comes_back_can_do_nothing_as_a_page(alice_with_server: Person) -> None:
    answer = alice_with_server.call("GET", "api/jupyter/api/kernelspecs")

    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


async def test_a_browsers_own_page_may_open_the_socket(
    alice_with_server: Person, kernel_id: str
) -> None:
    kernel = KernelClient(alice_with_server, kernel_id)
    origin = alice_with_server.url.partition("/jupyter")[0]
    kernel.credentials |= {"Origin": origin, "Sec-Fetch-Mode": "websocket"}

    async with kernel:
        assert stdout(await kernel.execute("print(1)")) == "1\n"


@pytest.mark.parametrize(
    ("headers", "xsrf", "status"),
    [
        ({"Origin": "http://evil.example"}, True, 403),
        ({}, False, 403),
        ({"Cookie": ""}, True, 401),
    ],
    ids=["foreign origin", "no XSRF token", "not signed in"],
)
async def test_a_socket_is_refused_before_the_upgrade(
    alice_with_server: Person, kernel_id: str, headers: dict[str, str], xsrf: bool, status: int
) -> None:
    kernel = KernelClient(alice_with_server, kernel_id)
    if not xsrf:
        kernel.url = kernel.url.partition("&_xsrf")[0]

    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(kernel.url, headers=kernel.credentials | headers)

    assert refused.value.status == status
