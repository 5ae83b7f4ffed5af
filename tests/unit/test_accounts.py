"""Accounts: a person is the Hub's name and the time it was made."""

import asyncio

from jigsaw_service.storage.accounts import Accounts
from jigsaw_service.storage.database import Database


async def test_the_same_person_is_the_same_account_after_a_restart(database: Database) -> None:
    first = await Accounts(database).recognise("alice", "2026-01-01")

    assert await Accounts(database).recognise("alice", "2026-01-01") == first


async def test_a_name_made_again_is_a_stranger(database: Database) -> None:
    old = await Accounts(database).recognise("alice", "2026-01-01")

    assert await Accounts(database).recognise("alice", "2026-06-01") != old
    assert await Accounts(database).recognise("alice", "2026-01-01") == old


async def test_without_a_time_the_newest_of_that_name_is_meant(database: Database) -> None:
    await Accounts(database).recognise("alice", "2026-06-01")
    newest = await Accounts(database).recognise("alice", "2026-01-01")

    assert await Accounts(database).recognise("alice", None) == newest


async def test_an_account_without_a_time_takes_the_first_that_the_hub_tells(
    database: Database,
) -> None:
    known = await Accounts(database).recognise("alice", None)

    assert await Accounts(database).recognise("alice", "2026-01-01") == known
    assert await Accounts(database).recognise("alice", "2026-06-01") != known


async def test_ten_first_requests_at_once_make_one_account(database: Database) -> None:
    accounts = [Accounts(database) for _ in range(10)]
    ids = await asyncio.gather(*(one.recognise("alice", "2026-01-01") for one in accounts))

    assert len(set(ids)) == 1
