"""People and programs for the tests of rules."""

from collections.abc import Awaitable, Callable

import pytest

from jigsaw_service.document.revisions import Document, read_document
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.storage.accounts import Accounts
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import store

SignIn = Callable[..., Awaitable[User]]
LIMITS = Limits()


def program(text: str) -> Document:
    """A workspace of one block that holds `text`."""
    field = f'<field name="TEXT">{text}</field>'
    return read_document(f'<xml><block type="text">{field}</block></xml>'.encode())


@pytest.fixture
def sign_in(database: Database) -> SignIn:
    accounts = Accounts(database)

    async def sign_in(name: str, *groups: str, created: str | None = None) -> User:
        account = await accounts.recognise(name, created)
        return User(account, name, frozenset(groups))

    return sign_in


@pytest.fixture
async def alice(sign_in: SignIn) -> User:
    return await sign_in("alice", "class-7b")


@pytest.fixture
async def bob(sign_in: SignIn) -> User:
    return await sign_in("bob", "class-7b")


@pytest.fixture
async def maze(database: Database, alice: User) -> str:
    """The id of a workspace of alice's."""
    async with database.write() as db:
        found = await store.create(db, alice, name="Maze", language="python", limits=LIMITS)
    return found.workspace.id
