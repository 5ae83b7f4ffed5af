"""Rooms hold in memory what the database holds, whatever happens to a commit."""

import asyncio
import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from jigsaw_service.document import log
from jigsaw_service.document.records import Records
from jigsaw_service.document.revisions import read_document
from jigsaw_service.errors import NotReady
from jigsaw_service.live import commit
from jigsaw_service.live.connection import Bye
from jigsaw_service.live.room import Room
from jigsaw_service.live.rooms import Rooms
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role
from jigsaw_service.sharing.grants import Grantee, grant
from jigsaw_service.storage import notices
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import store

from .conftest import LIMITS, program
from .tabs import BLOCK, Tab

Work = Callable[[Connection], Any]
MOVE = {"op": "mv", "id": "c", "at": [5, 5]}
NEW = {"op": "new", "id": "c", "record": BLOCK}


class Unlucky:
    """A database whose next commits fail, after all the work was done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.failing = 0
        # Commits that work, though nobody is told.
        self.lost = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def change(self, work: Work, **options: Any) -> Any:
        if self.failing:
            self.failing -= 1
            return await self._database.change(lambda db: _spoil(work(db)))
        result = await self._database.change(work, **options)
        if self.lost:
            self.lost -= 1
            raise NotReady("The answer got lost.")
        return result


def _spoil(_result: Any) -> None:
    raise NotReady("The disk is full.")


@pytest.fixture
def unlucky(database: Database) -> Unlucky:
    return Unlucky(database)


@pytest.fixture
def rooms(unlucky: Unlucky, monkeypatch: pytest.MonkeyPatch) -> Rooms:
    monkeypatch.setattr("jigsaw_service.live.room._RETRIES", (0.0, 0.0, 0.0))
    return Rooms(unlucky, LIMITS)  # type: ignore[arg-type]


async def opened(rooms: Rooms, workspace: str, user: User, **options: Any) -> Tab:
    tab = Tab(rooms, workspace, user, **options)
    await tab.room.idle()
    return tab


async def stored(database: Database, workspace: str) -> tuple[int, Records]:
    async with database.read() as db:
        connection = await db.connection()

        def read(db: Connection) -> tuple[int, Records]:
            head = store.peek(db, workspace).head
            return head.clock, log.state(db, head).records

        return await connection.run_sync(read)


async def assert_true(room: Room, database: Database) -> None:
    assert (room.clock, room.records) == await stored(database, room.id)


async def save(database: Database, user: User, workspace: str, text: str) -> None:
    await database.change(lambda db: store.save(db, user, workspace, program(text), on_top_of=None))


async def test_a_commit_that_fails_is_tried_again_and_told_once(
    rooms: Rooms, unlucky: Unlucky, database: Database, alice: User, maze: str
) -> None:
    tab = await opened(rooms, maze, alice)
    unlucky.failing = 3
    answer = await tab.write("a")

    assert (answer["type"], answer["clock"]) == ("patch", 2)
    assert len(tab.of("patch")) == 1
    await assert_true(tab.room, database)


async def test_l2_of_a_commit_that_fails_for_good_nobody_hears(
    rooms: Rooms, unlucky: Unlucky, database: Database, alice: User, bob: User, maze: str
) -> None:
    tab = await opened(rooms, maze, alice)
    await tab.write("a")
    before = copy.deepcopy(tab.room.records)
    unlucky.failing = 4
    assert await tab.edit({"op": "set", "id": "b", "keys": {"f:TEXT": "b"}}, NEW) is None

    assert tab.bye is Bye.RESTARTING
    assert tab.room.records == before
    assert (await stored(database, maze))[1] == before
    back = await opened(rooms, maze, alice)
    await assert_true(back.room, database)


async def test_l2_a_commit_whose_answer_got_lost_is_not_made_twice(
    rooms: Rooms, unlucky: Unlucky, database: Database, alice: User, maze: str
) -> None:
    tab = await opened(rooms, maze, alice)
    unlucky.lost = 1
    answer = await tab.write("a")

    assert (answer["type"], answer["clock"]) == ("patch", 2)
    assert {m["clock"] for m in tab.of("patch")} == {2}
    await assert_true(tab.room, database)


async def test_what_others_did_meanwhile_is_taken_back_too_and_taken_in_again(
    rooms: Rooms, unlucky: Unlucky, database: Database, alice: User, maze: str
) -> None:
    tab = await opened(rooms, maze, alice)
    await tab.edit(NEW)
    other = Rooms(database, LIMITS)
    elsewhere = await opened(other, maze, alice)
    await elsewhere.edit({"op": "set", "id": "c", "keys": {"f:TEXT": "x"}})
    await save(database, alice, maze, "upload")
    await elsewhere.edit(NEW)
    unlucky.failing = 2
    answer = await tab.edit(MOVE)

    assert [message["clock"] for message in tab.of("patch")] == [2, 3, 4, 5, 6]
    assert set(tab.of("patch")[2]["patch"]["blocks"]) == {"c", "~1"}
    assert answer["patch"] == {"blocks": {"c": {"at": [5, 5]}}}
    await assert_true(tab.room, database)


async def test_a_fault_of_the_reducer_refuses_one_batch_and_no_other(
    rooms: Rooms, database: Database, alice: User, maze: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await opened(rooms, maze, alice)
    reduce = commit.reduce

    def faulty(records: Records, ops: list[dict[str, Any]]) -> Any:
        if ops == [MOVE]:
            raise RuntimeError
        return reduce(records, ops)

    monkeypatch.setattr(commit, "reduce", faulty)
    tab.send(NEW)
    tab.send(MOVE)
    await tab.edit({"op": "del", "ids": ["c"]})

    assert [m["type"] for m in tab.of("patch", "refused")] == ["patch", "patch", "refused"]
    assert tab.of("refused")[0]["slug"] == "internal-error"
    await assert_true(tab.room, database)


async def test_all_that_waits_is_committed_together_in_order(
    rooms: Rooms, database: Database, alice: User, maze: str
) -> None:
    tabs = [await opened(rooms, maze, alice) for _ in range(3)]
    for number in range(40):
        for tab in tabs:
            tab.send(NEW, {"op": "set", "id": "c", "keys": {"f:TEXT": f"{number}"}})
    await tabs[0].room.idle()

    for tab in tabs:
        assert [message["clock"] for message in tab.of("patch")] == list(range(2, 122))
    await assert_true(tabs[0].room, database)


async def test_two_batches_of_one_number_at_once_are_one(
    rooms: Rooms, database: Database, alice: User, maze: str
) -> None:
    tab = await opened(rooms, maze, alice)
    twin = await opened(rooms, maze, alice, client=tab.connection.client)
    tab.send(NEW)
    await twin.edit(NEW)

    assert {message["clock"] for message in [*tab.of("patch"), *twin.of("patch")]} == {2}
    assert (await stored(database, maze))[0] == 2


async def test_the_same_number_of_another_person_is_another_batch(
    rooms: Rooms, database: Database, alice: User, bob: User, maze: str
) -> None:
    async with database.write() as db:
        found = await store.find(db, alice, maze, Action.SHARE)
        await grant(db, alice, found.workspace, to=Grantee.USER, name="bob", role=Role.EDITOR)
    hers = await opened(rooms, maze, alice)
    his = await opened(rooms, maze, bob, client=hers.connection.client)
    await hers.edit(NEW)

    assert (await his.edit(MOVE))["clock"] == 3


async def test_a_batch_that_the_validator_would_refuse_leaves_no_trace(
    database: Database, alice: User, maze: str
) -> None:
    rooms = Rooms(database, dataclasses.replace(LIMITS, workspace_bytes=2000))
    tab = await opened(rooms, maze, alice)
    refused = await tab.write("x" * 3000)

    assert (refused["type"], refused["slug"]) == ("refused", "too-large")
    assert tab.room.records == Records()
    await assert_true(tab.room, database)


async def test_a_room_that_everybody_has_left_is_forgotten_and_kept_as_a_snapshot(
    rooms: Rooms, database: Database, alice: User, maze: str
) -> None:
    tab = await opened(rooms, maze, alice)
    shape = {"in": [["IN", "v"]], "joints": "o"}
    await tab.edit({"op": "new", "id": "c", "record": {**BLOCK, "s": shape}})
    await tab.leave()

    assert rooms._open == {}
    _, records = await stored(database, maze)
    assert records.blocks["c"]["s"] == shape
    back = await opened(rooms, maze, alice)
    assert back.room.snapshot == back.room.clock == 2


async def test_what_is_told_while_somebody_comes_in_is_neither_missed_nor_told_twice(
    rooms: Rooms, database: Database, alice: User, maze: str
) -> None:
    tab = await opened(rooms, maze, alice)
    tab.send(NEW)
    late = Tab(rooms, maze, alice)
    for _ in range(5):
        tab.send(MOVE, {"op": "set", "id": "c", "keys": {"f:TEXT": f"{tab.n}"}})
        await asyncio.sleep(0)
    await tab.room.idle()

    (welcome,) = late.of("welcome")
    clocks = [message["clock"] for message in late.of("patch")]
    assert clocks == list(range(welcome["clock"] + 1, 8))


async def test_who_leaves_a_room_that_was_ended_takes_nobody_elses_away(
    rooms: Rooms, alice: User, maze: str
) -> None:
    old = await opened(rooms, maze, alice)
    late = await opened(rooms, maze, alice)
    old.room.end(Bye.RESTARTING)
    await old.leave()
    back = await opened(rooms, maze, alice)

    await late.leave()
    another = await opened(rooms, maze, alice)
    assert another.room is back.room is not old.room


async def test_what_a_guest_beside_the_service_writes_is_noticed(
    database: Database, alice: User, maze: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_CHECK_SECONDS", 0.05)
    tab = await opened(Rooms(database, LIMITS), maze, alice)
    guest = Database(database.engine.url.render_as_string(hide_password=False), alone=False)
    await guest.open()
    document = program("hello")
    await guest.change(lambda db: store.save(db, alice, maze, document, on_top_of=None), about=maze)
    await guest.close()

    for _ in range(400):
        if tab.of("patch"):
            break
        await asyncio.sleep(0.05)
    assert [patch["clock"] for patch in tab.of("patch")] == [2]


async def test_a_state_that_was_uploaded_keeps_its_very_bytes(
    database: Database, alice: User, maze: str
) -> None:
    xml = b'<xml><!-- a --><block type="text" id="b"/></xml>'
    document = read_document(xml)
    await database.change(lambda db: store.save(db, alice, maze, document, on_top_of=None))
    tab = await opened(Rooms(database, LIMITS), maze, alice)
    await tab.leave()

    async with database.read() as db:
        found = await store.find(db, alice, maze, Action.READ)
        from jigsaw_service.document import revisions

        assert (await revisions.head(db, found.workspace)).xml == xml
