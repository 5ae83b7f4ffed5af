"""A new name on the Hub: what was the old one's is the new one's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jigsaw_service.accounts import merge, rename
from jigsaw_service.errors import NotFound
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role
from jigsaw_service.sharing import grants
from jigsaw_service.sharing.grants import Grantee
from jigsaw_service.storage.accounts import Accounts
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Account, Change, Client, Share, Transfer, Workspace
from jigsaw_service.workspaces import store

from .belongings import NOW, add_all, create, full_name, references, referring
from .conftest import SignIn


def test_what_becomes_of_every_reference_to_an_account_is_decided() -> None:
    assert set(merge.STEPS) == references()


async def test_a_name_that_was_never_here_is_given_to_the_account(
    database: Database, alice: User, maze: str
) -> None:
    async with database.write() as db:
        await rename.rename(db, "alice", "alina")

    # Whether the Hub renamed her, or made the name anew.
    again = await Accounts(database).recognise("alina", "2026-06-01")
    stranger = await Accounts(database).recognise("alice", None)
    assert again == alice.id != stranger
    async with database.read() as db:
        found = await store.find(db, User(again, "alina", frozenset()), maze, Action.SHARE)
    assert found.owner == "alina"
    assert found.workspace.indexed_clock == 0


async def test_somebody_who_has_been_here_takes_in_everything(
    database: Database, alice: User, bob: User, sign_in: SignIn
) -> None:
    new = await sign_in("alina")
    async with database.write() as db:
        await add_all(db, alice, bob)
        before = await referring(db, alice.id)

    async with database.write() as db:
        await rename.rename(db, "alice", "alina")

    async with database.read() as db:
        assert before == {full_name(column) for column in references()}
        assert await referring(db, alice.id) == set()
        assert await referring(db, new.id) == before
        share = await db.scalar(select(Share).where(Share.account_id == new.id))
        assert share and share.name == "alina"
    assert await Accounts(database).recognise("alice", None) not in (alice.id, new.id)


async def test_those_who_both_had_a_hand_in_everything_are_joined(
    database: Database, alice: User, bob: User, sign_in: SignIn
) -> None:
    new = await sign_in("alina")
    async with database.write() as db:
        theirs = await add_all(db, alice, bob)
        same = {"workspace_id": theirs.id, "account_id": new.id, "client": "c"}
        db.add(Change(clock=3, n=1, created=NOW, **same))
        db.add(Client(last_n=7, **same))
        await db.flush()
        for column, step in merge.STEPS.items():
            if step is not merge._move and column.table.name in (
                "revision_authors",
                "inherited",
                "memberships",
            ):
                row = (await db.execute(select(column.table).where(column == alice.id))).mappings()
                copies = [{**one, column.name: new.id} for one in row]
                await db.execute(column.table.insert(), copies)

    async with database.write() as db:
        await rename.rename(db, "alice", "alina")

    async with database.read() as db:
        assert await referring(db, alice.id) == set()
        changes = await db.execute(
            select(Change.account_id, Change.n).where(Change.workspace_id == theirs.id)
        )
        assert sorted(changes.all(), key=str) == [(new.id, 1), (new.id, None)]
        kept = (await db.scalars(select(Client.last_n).where(Client.account_id == new.id))).all()
        assert kept == [7]


async def test_the_higher_of_two_roles_stays_and_owners_need_none(
    database: Database, alice: User, bob: User, sign_in: SignIn
) -> None:
    new = await sign_in("alina")
    async with database.write() as db:
        both, hers, its = [await create(db, user, "w") for user in (bob, alice, new)]
        for workspace, owner, name, role in (
            (both, bob, "alice", Role.EDITOR),
            (both, bob, "alina", Role.VIEWER),
            (hers, alice, "alina", Role.EDITOR),
            (its, new, "alice", Role.EDITOR),
        ):
            await grants.grant(db, owner, workspace, to=Grantee.USER, name=name, role=role)
        offer = Transfer(workspace_id=its.id, name="alice", account_id=alice.id, created_by=new.id)
        offer.created = NOW
        db.add(offer)

    async with database.write() as db:
        await rename.rename(db, "alice", "alina")

    async with database.read() as db:
        shares = (await db.scalars(select(Share))).all()
        assert [(one.workspace_id, one.name, one.role) for one in shares] == [
            (both.id, "alina", Role.EDITOR)
        ]
        assert not (await db.scalars(select(Transfer))).all()


async def test_of_two_workspaces_of_one_notebook_name_the_one_that_comes_loses_it(
    database: Database, alice: User, sign_in: SignIn
) -> None:
    new = await sign_in("alina")
    async with database.write() as db:
        for owner in alice, new:
            workspace = await create(db, owner, owner.name)
            workspace.notebook_name = "w"
        (await create(db, alice, "other")).notebook_name = "v"

    async with database.write() as db:
        await rename.rename(db, "alice", "alina")

    async with database.read() as db:
        rows = await db.execute(
            select(Workspace.name, Workspace.notebook_name).where(Workspace.owner_id == new.id)
        )
        assert dict(rows.all()) == {"alice": None, "alina": "w", "other": "v"}


async def test_the_same_name_twice_joins_those_who_had_it_before(
    database: Database, sign_in: SignIn
) -> None:
    old = await sign_in("alice", created="2026-01-01")
    new = await sign_in("alice", created="2026-06-01")
    async with database.write() as db:
        workspace = await create(db, old, "w")

    async with database.write() as db:
        done = await rename.rename(db, "alice", "alice")

    assert done.joined == 1
    async with database.read() as db:
        assert (await db.get_one(Workspace, workspace.id)).owner_id == new.id


async def test_what_waits_for_a_first_visit_follows(
    database: Database, alice: User, maze: str, sign_in: SignIn
) -> None:
    async with database.write() as db:
        workspace = await db.get_one(Workspace, maze)
        await grants.grant(db, alice, workspace, to=Grantee.USER, name="dora", role=Role.EDITOR)
    async with database.write() as db:
        await rename.rename(db, "dora", "dorothy")
    async with database.write() as db:
        await grants.grant(db, alice, workspace, to=Grantee.USER, name="eve", role=Role.VIEWER)

    dorothy = await sign_in("dorothy")
    async with database.write() as db:
        await rename.rename(db, "eve", "dorothy")

    async with database.read() as db:
        found = await store.find(db, dorothy, maze, Action.EDIT)
        assert found.role is Role.EDITOR
        assert (await db.scalars(select(Share.name))).all() == ["dorothy"]


async def test_a_name_that_nobody_bore_is_not_found(database: Database, alice: User) -> None:
    for new in "alice", "nobody", "somebody":
        with pytest.raises(NotFound):
            async with database.write() as db:
                await rename.rename(db, "nobody", new)


async def test_a_running_service_notices_after_a_while(
    database: Database, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jigsaw_service.storage import accounts as module

    running = Accounts(database)
    await running.recognise("alice", None)
    async with database.write() as db:
        account = await db.get_one(Account, alice.id)
        merge.bury(account)
    assert await running.recognise("alice", None) == alice.id

    later = module.time.monotonic() + timedelta(minutes=1).total_seconds()
    monkeypatch.setattr(module.time, "monotonic", lambda: later)
    assert await running.recognise("alice", None) != alice.id
