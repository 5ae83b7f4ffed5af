"""The log stays small, and forgets nothing that matters: rules G1 to G4."""

import dataclasses
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select, update

from jigsaw_service.document import log, revisions
from jigsaw_service.live.rooms import Rooms
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.runtime.roles import Action
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Change, Client, Content, Snapshot
from jigsaw_service.workspaces import store

from .conftest import LIMITS
from .tabs import Tab

SMALL = dataclasses.replace(LIMITS, history_changes=300)


def put(text: Any) -> dict[str, Any]:
    return {"op": "set", "id": "b", "keys": {"f:TEXT": f"{text}"}}


async def opened(database: Database, workspace: str, user: User, limits: Limits) -> Tab:
    tab = Tab(Rooms(database, limits), workspace, user)
    await tab.write("first")
    return tab


async def count(database: Database, table: Any) -> int:
    async with database.read() as db:
        return int(await db.scalar(select(func.count()).select_from(table)) or 0)


async def oldest(database: Database) -> int:
    async with database.read() as db:
        return int(await db.scalar(select(func.min(Change.clock))) or 0)


async def text_of(database: Database, user: User, workspace: str) -> bytes:
    async with database.read() as db:
        found = await store.find(db, user, workspace, Action.READ)
        return (await revisions.head(db, found.workspace)).xml


async def test_g4_after_thousands_of_edits_the_log_is_as_long_as_is_allowed(
    database: Database, alice: User, maze: str
) -> None:
    tab = await opened(database, maze, alice, SMALL)
    for block in range(20):
        for number in range(100):
            tab.send(put(block * 100 + number))
        await tab.room.idle()

    assert await count(database, Change) <= 300 + 200
    assert (await oldest(database)) > 1500
    assert await count(database, Snapshot) == 1
    assert await count(database, Content) == 1
    assert b">1999<" in await text_of(database, alice, maze)


async def test_g3_only_the_changes_since_the_last_snapshot_are_applied_to_read(
    database: Database, alice: User, maze: str
) -> None:
    tab = await opened(database, maze, alice, LIMITS)
    for number in range(450):
        await tab.edit(put(number))

    async with database.read() as db:
        connection = await db.connection()
        state = await connection.run_sync(lambda db: log.state(db, store.peek(db, maze).head))
    assert state.clock == 452
    assert state.snapshot > 452 - 250
    assert state.records == tab.room.records


async def test_g4_changes_older_than_some_days_are_cleared_away(
    database: Database, alice: User, maze: str
) -> None:
    tab = await opened(database, maze, alice, LIMITS)
    await tab.edit(put("a"))
    async with database.write() as db:
        long_ago = datetime.now(timezone.utc) - timedelta(days=8)
        await db.execute(update(Change).values(created=long_ago))
    await tab.edit(put("b"))
    await tab.leave()

    assert await oldest(database) == 4
    assert b">b<" in await text_of(database, alice, maze)


async def test_g2_a_batch_that_is_gone_from_the_log_is_not_applied_again(
    database: Database, alice: User, maze: str
) -> None:
    limits = dataclasses.replace(LIMITS, history_days=0)
    tab = await opened(database, maze, alice, limits)
    await tab.edit(put("a"))
    await tab.leave()
    assert await count(database, Change) == 0
    assert await count(database, Client) == 1

    back = Tab(Rooms(database, limits), maze, alice, client=tab.connection.client)
    for n in 1, 2:
        again = await back.edit(put("again"), n=n)
        assert (again["type"], again["slug"]) == ("refused", "conflict")
    assert back.of("welcome")[0]["last_n"] == 2
    assert (await back.edit(put("c"), n=3))["clock"] == 4


async def test_g2_the_last_number_of_a_client_never_goes_back(
    database: Database, alice: User, maze: str
) -> None:
    limits = dataclasses.replace(LIMITS, history_days=0)
    tab = await opened(database, maze, alice, limits)
    for _ in range(3):
        await tab.edit(put("a"))
        await tab.leave()
        tab.bye = None
        tab.room = Rooms(database, limits).join(maze, tab.connection)
    await tab.room.idle()

    assert tab.of("welcome")[-1]["last_n"] == tab.n == 4


@pytest.mark.parametrize("size", [10, 10_000])
def test_what_is_packed_is_unpacked(size: int) -> None:
    value = {"blocks": {"b": {"f:TEXT": "é" * size}}}

    packed = log.pack(value)
    assert log.unpack(packed) == value
    assert len(packed) < size * 2 + 60
