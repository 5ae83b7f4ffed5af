"""Somebody is deleted: what is theirs goes, what they did for others stays, without a name."""

import pytest
from sqlalchemy import func, select

from jigsaw_service.accounts import deletion
from jigsaw_service.accounts.deletion import Belongings
from jigsaw_service.errors import NotFound
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role
from jigsaw_service.sharing import grants
from jigsaw_service.sharing.grants import Grantee
from jigsaw_service.storage.accounts import Accounts
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import (
    Account,
    Collection,
    Content,
    Event,
    LinkCopy,
    Share,
    Workspace,
)
from jigsaw_service.workspaces import store

from .belongings import add_all, create, full_name, references, referring


async def delete(database: Database, user: User, heir: User | None = None) -> None:
    async with database.read() as db:
        account = await db.get_one(Account, user.id)
        other = heir and await db.get_one(Account, heir.id)
    await deletion.leave(database, account, heir=other)


def test_what_becomes_of_every_reference_to_an_account_is_decided() -> None:
    assert {full_name(column) for column in references()} == deletion.KEPT | deletion.ENDED
    assert not deletion.KEPT & deletion.ENDED


async def test_what_is_theirs_goes_and_their_work_for_others_stays(
    database: Database, alice: User, bob: User
) -> None:
    async with database.write() as db:
        theirs = await add_all(db, alice, bob)
        contents = await db.scalar(select(func.count()).select_from(Content))
        account = await db.get_one(Account, alice.id)
        assert await deletion.belongings(db, account, "alice") == Belongings(
            workspaces=1, shared=1, copied=1, roles=1, offers=1, agreements=1
        )

    await delete(database, alice)

    async with database.read() as db:
        left = await referring(db, alice.id)
        assert left == deletion.KEPT - {"shares.created_by", "link_copies.account_id"} - {
            "collected.account_id"
        }
        assert (await db.scalars(select(Workspace.id))).all() == [theirs.id]
        assert await db.scalar(select(func.count()).select_from(Content)) == contents - 1
        name = await db.scalar(select(Account.name).where(Account.id == alice.id))
        assert name == f"deleted user {alice.id}"
        told = (await db.scalars(select(Event.details))).all()
        assert "alice" not in [one.get("user") for one in told]


async def test_all_can_be_given_to_somebody_else(
    database: Database, alice: User, bob: User
) -> None:
    async with database.write() as db:
        await add_all(db, alice, bob)
        own = await db.scalar(select(Workspace).where(Workspace.owner_id == alice.id))
        assert own
        own.notebook_name = "w"
        await grants.grant(db, alice, own, to=Grantee.USER, name="bob", role=Role.EDITOR)
        trashed = await create(db, alice, "trashed")
        store.trash(db, trashed, by=alice)

    await delete(database, alice, heir=bob)

    async with database.read() as db:
        assert await referring(db, alice.id) == deletion.KEPT - {"collected.account_id"}
        found = await store.find(db, bob, own.id, Action.SHARE)
        assert (found.workspace.notebook_name, found.workspace.indexed_clock) == (None, 0)
        shares = await db.scalars(select(Share.name).where(Share.workspace_id == own.id))
        assert shares.all() == ["zoe"]
        assert (await store.find(db, bob, trashed.id, Action.RESTORE)).workspace.trashed
        # An agreement, and what was taken by it, is with one person.
        assert not (await db.scalars(select(Collection))).all()
        looking = select(LinkCopy.viewer_id).where(LinkCopy.viewer_id.is_not(None))
        assert not (await db.scalars(looking)).all()
        handed = await db.scalar(select(Event.details).where(Event.kind == "transferred"))
        assert handed == {"former": f"deleted user {alice.id}", "user": "bob"}


@pytest.mark.parametrize("created", [None, "2026-06-01"])
async def test_whoever_has_the_name_later_is_a_stranger(
    database: Database, alice: User, bob: User, created: str | None
) -> None:
    await delete(database, alice)

    accounts = Accounts(database)
    again = await accounts.recognise("alice", created)
    impostor = await accounts.recognise(f"deleted user {alice.id}", created)

    assert alice.id not in (again, impostor)
    async with database.write() as db:
        workspace = await create(db, bob, "w")
        named = await grants.account_named(db, f"deleted user {alice.id}")
        assert named == impostor
        with pytest.raises(NotFound):
            await store.find(db, User(again, "alice", frozenset()), workspace.id, Action.READ)


async def test_what_waits_for_a_name_that_never_came_goes_with_it(
    database: Database, alice: User, maze: str
) -> None:
    async with database.write() as db:
        workspace = await db.get_one(Workspace, maze)
        await grants.grant(db, alice, workspace, to=Grantee.USER, name="dora", role=Role.EDITOR)
        assert (await deletion.belongings(db, None, "dora")) == Belongings(roles=1)

    async with database.write() as db:
        await deletion.forget_name(db, "dora", "deleted user")

    async with database.read() as db:
        assert not (await db.scalars(select(Share))).all()
        told = await db.scalar(select(Event.details).where(Event.kind == "share-granted"))
        assert told and told["user"] == "deleted user"
