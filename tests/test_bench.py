"""The benchmark measures what it says."""

import pytest

from bench import crowd
from jigsaw_service.runtime.identity import User
from jigsaw_service.storage.accounts import Accounts
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import listing
from jigsaw_service.workspaces.listing import Wanted

SEEN = crowd.OWN + crowd.NAMED + crowd.GROUPED + crowd.OPEN


@pytest.mark.parametrize(("all_open", "expected"), [(False, SEEN), (True, 200)])
async def test_a_crowd_shares_as_much_with_alice_as_it_says(
    database: Database, all_open: bool, expected: int
) -> None:
    await crowd.fill(database, 200, all_open=all_open)

    account = await Accounts(database).recognise("alice", "2026-01-01T00:00:00.000000Z")
    alice = User(account, "alice", frozenset(["class-7b"]))
    async with database.read() as db:
        page = await listing.page(db, alice, Wanted(words=crowd.COMMON, limit=200))

    assert len(page.items) == expected
    assert sum(found.owner == "alice" for found in page.items) == crowd.OWN
