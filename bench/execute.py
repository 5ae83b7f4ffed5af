"""(a) A run through the relay, beside a browser's direct socket to the user's server."""

import asyncio
import time
from collections.abc import AsyncIterator
from statistics import median

from tests.hub.conftest import Demo, start_server
from tests.hub.kernel_client import KernelClient
from tests.hub.people import Person

from .report import Figure, milliseconds

_RUNS = 200


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    """Interleaved, so that whatever else the machine does hits both alike."""
    alice = Person(demo.url, "alice").sign_in()
    await asyncio.to_thread(start_server, alice)
    kernel_id = alice.call("POST", "api/jupyter/api/kernels", json={"name": "python3"}).json()["id"]
    direct = KernelClient(alice, kernel_id)
    direct.credentials = {"Authorization": f"token {alice.token}"}
    direct.url = _direct_url(demo, kernel_id)
    ours: list[float] = []
    rivals: list[float] = []
    async with KernelClient(alice, kernel_id) as relayed, direct:
        for _ in range(_RUNS):
            ours.append(await _run(relayed))
            rivals.append(await _run(direct))
    ratio = median(ours) / median(rivals)
    what = "execute round trip, relay ÷ direct"
    yield Figure(what, milliseconds(ours), milliseconds(rivals), ratio, "≤ 0.30")


async def _run(kernel: KernelClient) -> float:
    began = time.perf_counter()
    await kernel.execute("1 + 1")
    return time.perf_counter() - began


def _direct_url(demo: Demo, kernel_id: str) -> str:
    """The user's server through the Hub's proxy, as its own pages reach it."""
    base = demo.url.partition("services/")[0]
    return f"{base}user/alice/api/kernels/{kernel_id}/channels?session_id=direct"
