"""Lists, searches and opening at 1,000 and at 100,000 workspaces, on both databases.

Each in a database of its own, behind a service process of its own, asked in turns over HTTP. Once
most of the workspaces are other people's alone; once everyone sees all of them.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp
import asyncpg

from jigsaw_service.storage.database import Database
from tests.hub.conftest import Demo
from tests.postgresql import running_postgresql
from tests.soak.processes import ServiceProcess, running_hub

from . import crowd
from .report import Figure

_SIZES = (1_000, 100_000)
_ROUNDS = 40
_WARM_UP = 10
_LISTS = {
    "list": "",
    "list by name": "sort=name",
    "search, word of few": f"q={crowd.RARE}",
    "search, word of all": f"q={crowd.COMMON}",
    "search, no such word": "q=zebra",
    "search, two letters": f"q={crowd.COMMON[:2]}",
    "search, block and language": "block=text&language=processing",
    "search, owner": "owner=person-7",
}


@dataclass(frozen=True)
class _Side:
    """A service on a database of some size."""

    service: ServiceProcess
    own: list[str]


async def measure(_demo: Demo | None, sizes: tuple[int, int] = _SIZES) -> AsyncIterator[Figure]:
    headers = {"Authorization": "token alice"}
    async with aiohttp.ClientSession(headers=headers) as http, running_hub() as hub:
        with _databases() as (folder, postgresql):
            for kind in "SQLite", "PostgreSQL":
                for all_open in False, True:
                    async with AsyncExitStack() as stack:
                        sides = [
                            await stack.enter_async_context(
                                _side(folder, hub, postgresql, kind, size, all_open=all_open)
                            )
                            for size in sizes
                        ]
                        who = "everyone sees all" if all_open else "others'"
                        for figure in await _compare(http, f"{kind}, {who}", sides, sizes):
                            yield figure


@contextmanager
def _databases() -> Iterator[tuple[Path, str]]:
    with tempfile.TemporaryDirectory() as folder, running_postgresql() as url:
        yield Path(folder), url


@asynccontextmanager
async def _side(
    folder: Path, hub: str, postgresql: str, kind: str, size: int, *, all_open: bool
) -> AsyncIterator[_Side]:
    name = f"{kind}_{size}_{all_open}".lower()
    url = f"sqlite+aiosqlite:///{folder}/{name}.sqlite"
    if kind == "PostgreSQL":
        url = f"{postgresql}/{name}"
        admin = await asyncpg.connect(f"{postgresql}/postgres".replace("+asyncpg", ""))
        await admin.execute(f"CREATE DATABASE {name}")
        await admin.close()
    database = Database(url, synchronous="NORMAL")
    await database.open()
    await database.migrate()
    await crowd.fill(database, size, all_open=all_open)
    own = await crowd.some_of(database, 1, crowd.OWN)
    await database.close()
    service = ServiceProcess(folder / name, hub, url)
    await service.start()
    yield _Side(service, own)
    await service.end()


async def _compare(
    http: aiohttp.ClientSession, where: str, sides: list[_Side], sizes: tuple[int, int]
) -> list[Figure]:
    """One request to each side in turns, so that both have the same troubles."""
    took: dict[str, list[list[float]]] = {what: [[], []] for what in [*_LISTS, "open"]}
    for count in range(_WARM_UP + _ROUNDS):
        for what, sides_took in took.items():
            for side, times in zip(sides, sides_took, strict=True):
                began = time.perf_counter()
                await _ask(http, side, what, count)
                if count >= _WARM_UP:
                    times.append(time.perf_counter() - began)
    return [_figure(f"{what}: {where}", *sides_took, sizes) for what, sides_took in took.items()]


async def _ask(http: aiohttp.ClientSession, side: _Side, what: str, count: int) -> None:
    if what != "open":
        await _get(http, f"{side.service.url}api/workspaces?limit=24&{_LISTS[what]}")
        return
    item = f"{side.service.url}api/workspaces/{side.own[count % len(side.own)]}"
    for path in item, f"{item}/xml":
        await _get(http, path)


async def _get(http: aiohttp.ClientSession, url: str) -> None:
    async with http.get(url) as answer:
        await answer.read()
        assert answer.status == 200, await answer.text()


def _figure(what: str, few: list[float], many: list[float], sizes: tuple[int, int]) -> Figure:
    small, large = median(few), median(many)
    return Figure(
        what,
        f"{1000 * large:.1f} ms of {sizes[1]}",
        f"{1000 * small:.1f} ms of {sizes[0]}",
        large / small,
        "≤ 1.5",
    )


async def _alone() -> None:
    async for figure in measure(None):
        print(figure.line(), flush=True)


if __name__ == "__main__":
    asyncio.run(_alone())
