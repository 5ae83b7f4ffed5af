"""One connection to an SQLite file, and the two threads that use it."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import text

from jigsaw_service.runtime.tasks import spawn
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.sqlite import DirectConnection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite"


def connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)


@asynccontextmanager
async def with_a_cancelled_call(file: Path) -> AsyncIterator[DirectConnection]:
    """A connection whose thread waits for somebody's lock, to the end of the block."""
    connection = await DirectConnection(lambda: connect(file), iter_chunk_size=64)
    with closing(connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        begin = spawn(connection.execute("BEGIN IMMEDIATE"), name="begin")
        await asyncio.sleep(0.05)
        begin.cancel()
        yield connection


async def test_a_connection_is_left_alone_while_a_cancelled_call_is_still_running(
    file: Path,
) -> None:
    async with with_a_cancelled_call(file) as connection:
        read = spawn(connection.execute("SELECT 1"), name="read")
        await asyncio.sleep(0.2)

        assert not read.done()
    await read
    await connection.close()


async def test_a_read_is_done_at_once_when_nothing_is_waiting(file: Path) -> None:
    connection = await DirectConnection(lambda: connect(file), iter_chunk_size=64)
    await connection.execute("BEGIN IMMEDIATE")
    at_once = True

    async def somebody_else() -> None:
        nonlocal at_once
        at_once = False

    other = spawn(somebody_else(), name="somebody else")
    await connection.execute("SELECT 1")
    assert at_once

    await other
    await connection.close()


async def test_an_opening_that_is_cancelled_leaves_no_thread_that_keeps_the_process(
    file: Path,
) -> None:
    before = set(threading.enumerate())
    for turns in range(8):
        opening = spawn(Database(f"sqlite+aiosqlite:///{file}").open(), name="open")
        for _ in range(turns):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])

    assert [one for one in threading.enumerate() if not one.daemon and one not in before] == []


async def test_a_connection_that_is_given_up_while_it_is_closed_keeps_nobody_waiting(
    file: Path,
) -> None:
    async with with_a_cancelled_call(file) as connection:
        close = spawn(connection.close(), name="close")
        await asyncio.sleep(0)
        connection.stop()

    await asyncio.wait_for(close, 60)


async def test_what_we_write_ourselves_is_not_taken_for_a_guests(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}")
    await database.open()
    write = text("CREATE TABLE IF NOT EXISTS words AS SELECT 'a' AS word")
    more = text("INSERT INTO words VALUES ('b')")
    await database.change(lambda db: db.execute(write))
    assert await database._guest_wrote(), "at first, nobody knows"
    await database.change(lambda db: db.execute(more))
    async with database.write() as db:
        await db.execute(more)
    async with database.read() as db:
        await db.execute(text("SELECT * FROM words"))
    assert not await database._guest_wrote()

    with closing(connect(file)) as guest:
        guest.execute("INSERT INTO words VALUES ('c')")
    assert await database._guest_wrote()
    assert not await database._guest_wrote()
    await database.close()
