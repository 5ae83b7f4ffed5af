"""Grants of roles: grant, change, revoke, leave."""

import pytest

from jigsaw_service.errors import Conflict, NotAllowed, NotFound
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role
from jigsaw_service.sharing import grants
from jigsaw_service.sharing.grants import Grantee
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import store

from .conftest import SignIn


async def grant(
    database: Database, owner: User, maze: str, to: Grantee, name: str, role: Role
) -> int:
    async with database.write() as db:
        found = await store.find(db, owner, maze, Action.SHARE)
        granted = await grants.grant(db, owner, found.workspace, to=to, name=name, role=role)
    return granted.share.id


async def role_of(database: Database, user: User, maze: str) -> Role:
    async with database.read() as db:
        return (await store.find(db, user, maze, Action.READ)).role


async def test_granting_again_changes_the_role(
    database: Database, alice: User, bob: User, maze: str
) -> None:
    first = await grant(database, alice, maze, Grantee.USER, "bob", Role.EDITOR)
    again = await grant(database, alice, maze, Grantee.USER, "bob", Role.VIEWER)

    assert first == again
    assert await role_of(database, bob, maze) is Role.VIEWER


async def test_a_name_that_never_signed_in_waits_for_its_first_visit(
    database: Database, alice: User, maze: str, sign_in: SignIn
) -> None:
    await grant(database, alice, maze, Grantee.USER, "carol", Role.EDITOR)
    async with database.read() as db:
        found = await store.find(db, alice, maze, Action.READ)
        (waiting,) = await grants.shares(db, found.workspace)
    assert waiting.account_id is None

    carol = await sign_in("carol", created="2026-01-01")

    assert await role_of(database, carol, maze) is Role.EDITOR


async def test_a_name_made_again_is_a_stranger_until_granted_anew(
    database: Database, alice: User, maze: str, sign_in: SignIn
) -> None:
    await sign_in("carol", created="2026-01-01")
    await grant(database, alice, maze, Grantee.USER, "carol", Role.EDITOR)
    namesake = await sign_in("carol", created="2026-06-01")
    with pytest.raises(NotFound):
        await role_of(database, namesake, maze)

    await grant(database, alice, maze, Grantee.USER, "carol", Role.VIEWER)

    assert await role_of(database, namesake, maze) is Role.VIEWER


async def test_the_owner_cannot_be_given_a_lesser_role(
    database: Database, alice: User, maze: str
) -> None:
    with pytest.raises(Conflict):
        await grant(database, alice, maze, Grantee.USER, "alice", Role.VIEWER)


async def test_what_is_revoked_is_gone_at_once(
    database: Database, alice: User, bob: User, maze: str
) -> None:
    share = await grant(database, alice, maze, Grantee.EVERYONE, "", Role.VIEWER)
    async with database.write() as db:
        found = await store.find(db, alice, maze, Action.LEAVE)
        await grants.revoke(db, alice, found, share)

    with pytest.raises(NotFound):
        await role_of(database, bob, maze)


async def test_i_may_leave_but_send_nobody_else_away(
    database: Database, alice: User, bob: User, maze: str
) -> None:
    mine = await grant(database, alice, maze, Grantee.USER, "bob", Role.VIEWER)
    everyones = await grant(database, alice, maze, Grantee.EVERYONE, "", Role.VIEWER)

    async with database.write() as db:
        found = await store.find(db, bob, maze, Action.LEAVE)
        with pytest.raises(NotAllowed):
            await grants.revoke(db, bob, found, everyones)
        await grants.revoke(db, bob, found, mine)
    async with database.read() as db:
        found = await store.find(db, alice, maze, Action.READ)
        assert [share.id for share in await grants.shares(db, found.workspace)] == [everyones]


async def test_a_share_of_another_workspace_is_not_found(
    database: Database, alice: User, bob: User, maze: str
) -> None:
    async with database.write() as db:
        found = await store.find(db, alice, maze, Action.SHARE)
        with pytest.raises(NotFound):
            await grants.find_share(db, found.workspace, 999)
