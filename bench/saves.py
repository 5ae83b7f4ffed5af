"""(b) Saves per second, beside jupyter_server's PUT of a file with the same body."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median, quantiles

import aiohttp

from tests.hub.conftest import ROOT, Demo, start_server
from tests.hub.people import Person

from .report import Figure

_CALLERS = (1, 8, 64)
_ROUNDS = 3
_SECONDS = 3.0
_BODY = (ROOT / "tests/workspaces/blockly_workspace.xml").read_bytes()

Save = Callable[[], Awaitable[None]]


async def measure(demo: Demo) -> list[Figure]:
    """Alternating windows of some seconds, each caller with a workspace or file of its own."""
    alice = Person(demo.url, "alice").sign_in()
    await asyncio.to_thread(start_server, alice)
    figures = []
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"Authorization": f"token {alice.token}"}
    ) as http:
        for callers in _CALLERS:
            ours = [await _workspace(http, demo) for _ in range(callers)]
            rivals = [_file(http, demo, number) for number in range(callers)]
            figures += await _compare(callers, ours, rivals)
    return figures


async def _compare(callers: int, ours: list[Save], rivals: list[Save]) -> list[Figure]:
    windows = [(await _window(ours), await _window(rivals)) for _ in range(_ROUNDS)]
    our_rate, rival_rate = (median(len(w[n]) / _SECONDS for w in windows) for n in (0, 1))
    our_p99, rival_p99 = (
        median(1000 * quantiles(w[n], n=100)[-1] for w in windows) for n in (0, 1)
    )
    target = "≥ 4" if callers == 64 else ""
    return [
        Figure(
            f"saves a second, {callers} callers",
            f"{our_rate:.0f}",
            f"{rival_rate:.0f}",
            our_rate / rival_rate,
            target,
        ),
        Figure(
            f"save p99, {callers} callers",
            f"{our_p99:.0f} ms",
            f"{rival_p99:.0f} ms",
            our_p99 / rival_p99,
            "",
        ),
    ]


async def _window(saves: list[Save]) -> list[float]:
    """How long each save took that ended within one window."""
    took: list[float] = []
    end = time.perf_counter() + _SECONDS

    async def caller(save: Save) -> None:
        while (began := time.perf_counter()) < end:
            await save()
            took.append(time.perf_counter() - began)

    await asyncio.gather(*map(caller, saves))
    return took


async def _workspace(http: aiohttp.ClientSession, demo: Demo) -> Save:
    """Saves as the editor does: automatic, each on top of the last."""
    made = {"name": "Saved", "language": "python", "xml": _BODY.decode()}
    async with http.post(f"{demo.url}api/workspaces", json=made) as answer:
        answer.raise_for_status()
        url = f"{demo.url}api/workspaces/{(await answer.json())['id']}/xml"
    async with http.get(url) as answer:
        etag = answer.headers["ETag"]
    count = 0

    async def save() -> None:
        nonlocal etag, count
        count += 1
        # Never the same twice: what is saved again unchanged would be no work.
        body = _BODY.replace(b"</xml>", b"<!-- %d --></xml>" % count)
        headers = {"If-Match": etag, "Content-Type": "application/xml"}
        async with http.put(f"{url}?sitting=bench", data=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            etag = answer.headers["ETag"]

    return save


def _file(http: aiohttp.ClientSession, demo: Demo, number: int) -> Save:
    """Saves as JupyterLab does."""
    base = demo.url.partition("services/")[0]
    url = f"{base}user/alice/api/contents/bench-{number}.xml"
    count = 0

    async def save() -> None:
        nonlocal count
        count += 1
        content = _BODY.decode().replace("</xml>", f"<!-- {count} --></xml>")
        model = {"type": "file", "format": "text", "content": content}
        async with http.put(url, json=model) as answer:
            assert answer.ok, await answer.text()

    return save
