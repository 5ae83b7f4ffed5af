"""Kill the service at random moments while people edit, and look for what was lost.

What was acknowledged is written down by the clients themselves:

    L1  everybody heard every clock once, in order, and the same for each
    L2  every acknowledged batch is in the log under its clock
    L3  after silence every client and `GET xml` hold the same workspace
    L4  no block is missing that nobody deleted, each was made once
"""

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from jigsaw_service.document.records import Records
from jigsaw_service.document.xml import read_records, write_xml

from .editor import Editor
from .processes import ServiceProcess, running_hub

PEOPLE = ("alice", "bob", "carol", "teacher")


async def soak(folder: Path, db_url: str, processes: int, seconds: float, seed: int) -> list[str]:
    """Faults that were found in a soak; none, if all is well."""
    chance = random.Random(seed)
    async with running_hub() as hub:
        services = [ServiceProcess(folder / str(n), hub, db_url) for n in range(processes)]
        for service in services:
            await service.start()
        workspace = await _shared_workspace(services[0].url)
        editors = [
            Editor(name, workspace, lambda: chance.choice(services).url, chance.randrange(1 << 30))
            for name in PEOPLE
        ]
        running = [asyncio.ensure_future(editor.run()) for editor in editors]  # noqa: TID251
        kills = await _kill_for(seconds, services, chance)
        for editor in editors:
            editor.editing = False
        await asyncio.wait_for(asyncio.gather(*running), 60)
        await asyncio.gather(*(editor.listen(2) for editor in editors))
        head = await _head(services[0].url, workspace)
        for service in services:
            await service.end()
    acknowledged = sum(len(editor.acknowledged) for editor in editors)
    print(f"{kills} kills, {acknowledged} batches acknowledged, clock {editors[0].clock}")
    log = await _log(db_url, workspace)
    return [fault for editor in editors for fault in editor.faults] + [
        *_l1(editors),
        *_l2(editors, log),
        *_l3(editors, head),
        *_l4(editors),
    ]


async def _kill_for(seconds: float, services: list[ServiceProcess], chance: random.Random) -> int:
    loop = asyncio.get_running_loop()
    end, kills = loop.time() + seconds, 0
    while loop.time() < end:
        await asyncio.sleep(chance.uniform(0.5, 5))
        service = chance.choice(services)
        await service.kill()
        kills += 1
        await service.start()
    return kills


async def _shared_workspace(url: str) -> str:
    async with aiohttp.ClientSession(headers={"Authorization": "token alice"}) as http:
        made = {"name": "Soak", "language": "python"}
        async with http.post(f"{url}api/workspaces", json=made) as answer:
            workspace = (await answer.json())["id"]
        share = {"everyone": True, "role": "editor"}
        async with http.post(f"{url}api/workspaces/{workspace}/shares", json=share) as answer:
            answer.raise_for_status()
    return str(workspace)


async def _head(url: str, workspace: str) -> bytes:
    async with aiohttp.ClientSession(headers={"Authorization": "token alice"}) as http:
        async with http.get(f"{url}api/workspaces/{workspace}/xml") as answer:
            answer.raise_for_status()
            return await answer.read()


async def _log(db_url: str, workspace: str) -> dict[tuple[str, int], int]:
    """The clock of each batch in the log."""
    engine = create_async_engine(db_url)
    query = text("SELECT client, n, clock FROM changes WHERE workspace_id = :id")
    async with engine.connect() as connection:
        rows = (await connection.execute(query, {"id": workspace})).all()
    await engine.dispose()
    return {(client, n): clock for client, n, clock in rows}


def _l1(editors: list[Editor]) -> list[str]:
    faults = []
    told: dict[int, Any] = {}
    for editor in editors:
        for clock, patch in editor.heard.items():
            if told.setdefault(clock, patch) != patch:
                faults.append(f"L1: clock {clock} was told in two ways")
    return faults


def _l2(editors: list[Editor], log: dict[tuple[str, int], int]) -> list[str]:
    oldest = min(log.values(), default=0)
    faults = []
    for editor in editors:
        for n, clock in editor.acknowledged.items():
            logged = log.get((editor.client, n))
            told = clock if clock is not None else logged
            if logged != told and (told is None or told >= oldest):
                faults.append(f"L2: {editor.name}'s batch {n} was told as {clock}, not {logged}")
    return faults


def _l3(editors: list[Editor], head: bytes) -> list[str]:
    expected = _plain(read_records(head))
    return [
        f"L3: {editor.name} at {editor.clock} differs from GET xml"
        for editor in editors
        if _plain(read_records(write_xml(editor.records))) != expected
    ]


def _plain(records: Records) -> dict[str, Any]:
    return records.to_json()


def _l4(editors: list[Editor]) -> list[str]:
    made, deleted = set(), set()
    for editor in editors:
        for n in editor.acknowledged:
            for operation in editor.sent[n]:
                if operation["op"] == "new":
                    made.add(operation["id"])
                elif operation["op"] == "del":
                    deleted.update(operation["ids"])
    there = set(editors[0].records.blocks)
    return [f"L4: block {one} is missing" for one in made - deleted - there] + [
        f"L4: nobody made block {one}" for one in there - made
    ]
