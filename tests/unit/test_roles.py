"""Permissions: the table of roles and actions, cell by cell."""

import pytest

from jigsaw_service.errors import InTrash, NotAllowed, NotFound
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role, may
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Share
from jigsaw_service.workspaces import store

MAY = {
    Role.VIEWER: {Action.READ, Action.JOIN, Action.COPY, Action.LEAVE},
    Role.EDITOR: {Action.READ, Action.JOIN, Action.COPY, Action.LEAVE, Action.EDIT},
    Role.OWNER: set(Action),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_the_table(role: Role, action: Action) -> None:
    assert may(role, action) == (action in MAY[role])


@pytest.mark.parametrize("action", Action)
async def test_a_stranger_finds_nothing(
    database: Database, bob: User, maze: str, action: Action
) -> None:
    for unreachable in maze, "k3v9x2m4q7ta1":
        async with database.read() as db:
            with pytest.raises(NotFound):
                await store.find(db, bob, unreachable, action)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
@pytest.mark.parametrize("kind", ["user", "group", "everyone"])
async def test_a_role_comes_by_user_group_or_everyone(
    database: Database, bob: User, maze: str, kind: str, role: Role
) -> None:
    await give(database, maze, bob, kind, role)

    async with database.read() as db:
        assert (await store.find(db, bob, maze, Action.READ)).role is role
        if role is Role.VIEWER:
            with pytest.raises(NotAllowed):
                await store.find(db, bob, maze, Action.EDIT)


async def test_of_several_roles_the_highest_counts(
    database: Database, bob: User, maze: str
) -> None:
    await give(database, maze, bob, "everyone", Role.VIEWER)
    await give(database, maze, bob, "group", Role.EDITOR)
    await give(database, maze, bob, "user", Role.VIEWER)

    async with database.read() as db:
        assert (await store.find(db, bob, maze, Action.READ)).role is Role.EDITOR


async def give(database: Database, workspace_id: str, to: User, kind: str, role: Role) -> None:
    name = {"user": to.name, "group": "class-7b", "everyone": ""}[kind]
    async with database.write() as db:
        owned = await db.get_one(store.Workspace, workspace_id)
        db.add(
            Share(
                workspace_id=workspace_id,
                kind=kind,
                name=name,
                account_id=to.id if kind == "user" else None,
                role=role,
                created=owned.created,
                created_by=owned.owner_id,
            )
        )


async def test_a_group_of_others_gives_nothing(database: Database, bob: User, maze: str) -> None:
    await give(database, maze, bob, "group", Role.EDITOR)
    outsider = User(bob.id, bob.name, frozenset(["class-8a"]))

    async with database.read() as db:
        with pytest.raises(NotFound):
            await store.find(db, outsider, maze, Action.READ)


@pytest.mark.parametrize("action", Action)
async def test_in_the_trash_only_the_owner_sees_it(
    database: Database, alice: User, bob: User, maze: str, action: Action
) -> None:
    await give(database, maze, bob, "user", Role.EDITOR)
    async with database.write() as db:
        found = await store.find(db, alice, maze, Action.TRASH)
        store.trash(db, found.workspace, by=alice)

    async with database.read() as db:
        with pytest.raises(NotFound):
            await store.find(db, bob, maze, action)
        if action in (Action.READ, Action.REVIEW, Action.TRASH, Action.RESTORE, Action.DELETE):
            await store.find(db, alice, maze, action)
        else:
            with pytest.raises(InTrash):
                await store.find(db, alice, maze, action)
