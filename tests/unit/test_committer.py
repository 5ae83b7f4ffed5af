"""Many rooms commit together, and yet each for itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from jigsaw_service.live import commit, committer
from jigsaw_service.live.commit import Attempt
from jigsaw_service.live.connection import Bye
from jigsaw_service.live.rooms import Rooms
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import store

from .conftest import LIMITS
from .tabs import BLOCK, Tab, settle
from .test_rooms import assert_true

NEW = {"op": "new", "id": "c", "record": BLOCK}

Enter = Callable[[Rooms], Awaitable[list[Tab]]]


class Counted:
    """A database that knows how many transactions of rooms there were."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def change(self, work: Any, **options: Any) -> Any:
        self.count += 1
        return await self._database.change(work, **options)


@pytest.fixture
async def enter(database: Database, alice: User) -> Enter:
    """Opens three workspaces in as many rooms."""
    names = ("Maze", "Snake", "Pong")
    async with database.write() as db:
        made = [
            await store.create(db, alice, name=name, language="python", limits=LIMITS)
            for name in names
        ]

    async def enter(rooms: Rooms) -> list[Tab]:
        tabs = [Tab(rooms, one.workspace.id, alice) for one in made]
        # On PostgreSQL, until what was said of who is here has been heard.
        await asyncio.sleep(0.5)
        await settle(rooms)
        return tabs

    return enter


async def test_what_waits_in_several_rooms_is_one_transaction(
    database: Database, enter: Enter
) -> None:
    counted = Counted(database)
    rooms = Rooms(counted, LIMITS)  # type: ignore[arg-type]
    tabs = await enter(rooms)
    for tab in tabs:
        tab.send(NEW)
        tab.send({"op": "mv", "id": "c", "at": [5, 5]})
    await settle(rooms)

    assert counted.count == 1
    for tab in tabs:
        assert [message["clock"] for message in tab.of("patch")] == [2, 3]
        await assert_true(tab.room, database)


async def test_what_comes_soon_after_a_crowd_waits_for_the_next_transaction_together(
    database: Database, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "_CROWD_SECONDS", 2)
    counted = Counted(database)
    rooms = Rooms(counted, LIMITS)  # type: ignore[arg-type]
    tabs = await enter(rooms)
    for tab in tabs:
        tab.send(NEW)
    await settle(rooms)
    assert all(tab.of("patch") for tab in tabs), "the first wait for nothing"

    for tab in tabs:
        tab.send({"op": "mv", "id": "c", "at": [5, 5]})
        await asyncio.sleep(0.05)
        tab.send({"op": "mv", "id": "c", "at": [6, 6]})
    assert not any(tab.of("patch")[1:] for tab in tabs)
    await settle(rooms)

    assert counted.count == 2
    for tab in tabs:
        assert [message["clock"] for message in tab.of("patch")] == [2, 3, 4]
        await assert_true(tab.room, database)


async def test_who_edits_alone_never_waits(
    database: Database, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "_CROWD_SECONDS", 3600)
    rooms = Rooms(database, LIMITS)
    alone, *_ = await enter(rooms)
    alone.send(NEW)
    await settle(rooms)

    alone.send({"op": "mv", "id": "c", "at": [5, 5]})
    await asyncio.wait_for(settle(rooms), 60)

    assert [message["clock"] for message in alone.of("patch")] == [2, 3]


async def test_rooms_that_want_a_snapshot_take_turns(
    database: Database, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "_SNAPSHOT_EVERY", 2)
    rooms = Rooms(database, LIMITS)
    tabs = await enter(rooms)

    for tab in tabs:
        tab.send(NEW, {"op": "mv", "id": "c", "at": [5, 5]})
        tab.send({"op": "mv", "id": "c", "at": [7, 7]})
    await settle(rooms)
    assert [tab.room.snapshot for tab in tabs] == [3, 3, 1]

    for tab in tabs:
        tab.send({"op": "mv", "id": "c", "at": [9, 9]})
    await settle(rooms)
    assert [tab.room.snapshot for tab in tabs] == [3, 3, 4]
    for tab in tabs:
        await assert_true(tab.room, database)


async def test_a_fault_in_one_room_spoils_it_for_no_other(
    database: Database, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = Rooms(database, LIMITS)
    first, faulty, last = tabs = await enter(rooms)
    finish = Attempt._finish

    def fail(attempt: Attempt) -> None:
        finish(attempt)
        if attempt.workspace_id == faulty.room.id:
            raise RuntimeError("a bug")

    monkeypatch.setattr(Attempt, "_finish", fail)
    for tab in tabs:
        tab.send(NEW)
    await settle(rooms)

    assert faulty.bye is Bye.RESTARTING
    assert faulty.of("patch") == []
    for tab in (first, last):
        assert [message["clock"] for message in tab.of("patch")] == [2]
        await assert_true(tab.room, database)


async def test_a_workspace_that_is_gone_ends_its_room_alone(
    database: Database, enter: Enter, alice: User
) -> None:
    rooms = Rooms(database, LIMITS)
    first, gone, last = tabs = await enter(rooms)
    async with database.write() as db:
        workspace = (await store.find(db, alice, gone.room.id, Action.TRASH, lock=True)).workspace
        store.trash(db, workspace, by=alice)
        await store.delete(db, workspace, by=alice)
    for tab in tabs:
        tab.send(NEW)
    await settle(rooms)

    assert gone.bye is Bye.NOT_FOUND
    for tab in (first, last):
        assert [message["clock"] for message in tab.of("patch")] == [2]
        await assert_true(tab.room, database)
