"""Workspaces: create, list, rename, trash, delete, copy."""

import dataclasses

import pytest
from sqlalchemy import func, select

from jigsaw_service.document import revisions
from jigsaw_service.errors import BadRequest, NotFound, NotInTrash, TooManyRequests
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role
from jigsaw_service.sharing.grants import Grantee, grant
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import (
    Change,
    Content,
    Revision,
    RevisionAuthor,
    Share,
    Workspace,
)
from jigsaw_service.workspaces import listing, store
from jigsaw_service.workspaces.listing import Wanted

from .conftest import LIMITS, program


async def create(
    database: Database, user: User, *names: str, language: str = "python"
) -> list[str]:
    ids = []
    for name in names:
        async with database.write() as db:
            found = await store.create(
                db, user, name=name, language=language, limits=LIMITS, document=program(name)
            )
        ids.append(found.workspace.id)
    return ids


async def names(database: Database, user: User, wanted: Wanted = Wanted()) -> list[str]:  # noqa: B008
    async with database.read() as db:
        page = await listing.page(db, user, wanted)
    return [found.workspace.name for found in page.items]


async def save(database: Database, user: User, workspace_id: str, text: str) -> None:
    """Put a program there, whatever the head is."""
    await database.change(
        lambda db: store.save(db, user, workspace_id, program(text), on_top_of=None)
    )


async def test_a_new_workspace_is_its_makers_and_has_one_revision(
    database: Database, alice: User, maze: str
) -> None:
    async with database.read() as db:
        found = await store.find(db, alice, maze, Action.DELETE)
        marks = await revisions.page(db, found.workspace, limit=10)

    assert (found.owner, found.role) == ("alice", Role.OWNER)
    assert (found.workspace.clock, found.workspace.revision) == (1, 1)
    assert [(mark.revision.number, mark.authors) for mark in marks] == [(1, ["alice"])]


async def test_ids_are_long_and_fit_into_a_url(database: Database, alice: User) -> None:
    first, second = await create(database, alice, "a", "b")

    assert first != second
    assert len(first) >= 13
    assert first.isalnum() and first == first.lower()


async def test_an_unknown_language_is_a_bad_request(database: Database, alice: User) -> None:
    with pytest.raises(BadRequest, match="language"):
        await create(database, alice, "a", language="cobol")


async def test_the_quota_counts_what_is_in_the_trash(database: Database, alice: User) -> None:
    limits = dataclasses.replace(LIMITS, workspaces_per_user=1)
    (only,) = await create(database, alice, "a")
    async with database.write() as db:
        found = await store.find(db, alice, only, Action.TRASH)
        store.trash(db, found.workspace, by=alice)

    with pytest.raises(TooManyRequests):
        async with database.write() as db:
            await store.create(db, alice, name="b", language="python", limits=limits)


async def test_i_see_mine_and_what_is_shared_with_me(
    database: Database, alice: User, bob: User
) -> None:
    await create(database, alice, "secret")
    (shared,) = await create(database, alice, "shared")
    await create(database, bob, "own")
    async with database.write() as db:
        origin = (await store.find(db, alice, shared, Action.SHARE)).workspace
        for to, name in (Grantee.USER, "bob"), (Grantee.GROUP, "class-7b"), (Grantee.EVERYONE, ""):
            await grant(db, alice, origin, to=to, name=name, role=Role.VIEWER)

    assert await names(database, bob) == ["own", "shared"]
    assert await names(database, bob, Wanted(roles=frozenset([Role.VIEWER]))) == ["shared"]
    assert await names(database, bob, Wanted(roles=frozenset([Role.OWNER]))) == ["own"]
    assert await names(database, bob, Wanted(roles=frozenset([Role.EDITOR]))) == []


async def test_names_are_searched_in_any_case_and_signs_only_separate_words(
    database: Database, alice: User
) -> None:
    await create(database, alice, "Straße", "100%", "1000", "Ärger")

    assert await names(database, alice, Wanted(words="STRASSE")) == ["Straße"]
    assert await names(database, alice, Wanted(words="%00*%")) == ["1000", "100%"]
    assert await names(database, alice, Wanted(words="%")) == ["100%"]
    assert await names(database, alice, Wanted(words="ä")) == ["Ärger"]
    assert await names(database, alice, Wanted(words="_")) == []


async def test_lists_hold_one_language(database: Database, alice: User) -> None:
    await create(database, alice, "a")
    await create(database, alice, "b", language="processing")

    assert await names(database, alice, Wanted(language="processing")) == ["b"]


@pytest.mark.parametrize("sort", sorted(listing.SORTS))
async def test_pages_hold_everything_once_and_in_order(
    database: Database, alice: User, sort: str
) -> None:
    await create(database, alice, "b", "a", "c", "a", "d")
    whole = await names(database, alice, Wanted(sort=sort))

    paged: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        async with database.read() as db:
            page = await listing.page(db, alice, Wanted(sort=sort, limit=2, cursor=cursor))
        paged += [found.workspace.name for found in page.items]
        cursor = page.cursor
    assert cursor is None
    assert paged == whole
    assert sorted(whole) == ["a", "a", "b", "c", "d"]


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA==", "WzEsMiwzXQ==", "é", "W10="])
async def test_a_foreign_cursor_is_a_bad_request(
    database: Database, alice: User, cursor: str
) -> None:
    async with database.read() as db:
        with pytest.raises(BadRequest, match="cursor"):
            await listing.page(db, alice, Wanted(cursor=cursor))


async def test_the_trash_is_a_list_of_its_own(database: Database, alice: User, maze: str) -> None:
    async with database.write() as db:
        workspace = (await store.find(db, alice, maze, Action.TRASH)).workspace
        store.trash(db, workspace, by=alice)
        since = workspace.trashed
        store.trash(db, workspace, by=alice)
        assert workspace.trashed == since

    assert await names(database, alice) == []
    assert await names(database, alice, Wanted(trash=True)) == ["Maze"]
    async with database.write() as db:
        found = await store.find(db, alice, maze, Action.RESTORE)
        store.restore(db, found.workspace, by=alice)
    assert await names(database, alice) == ["Maze"]


async def test_only_what_is_in_the_trash_can_be_restored_or_deleted(
    database: Database, alice: User, maze: str
) -> None:
    with pytest.raises(NotInTrash):
        async with database.write() as db:
            found = await store.find(db, alice, maze, Action.RESTORE)
            store.restore(db, found.workspace, by=alice)
    with pytest.raises(NotInTrash):
        async with database.write() as db:
            found = await store.find(db, alice, maze, Action.DELETE)
            await store.delete(db, found.workspace, by=alice)


async def test_deleting_for_good_leaves_no_row_behind(
    database: Database, alice: User, maze: str
) -> None:
    await save(database, alice, maze, "a")
    async with database.write() as db:
        found = await store.find(db, alice, maze, Action.SHARE)
        await grant(db, alice, found.workspace, to=Grantee.EVERYONE, name="", role=Role.VIEWER)
        store.trash(db, found.workspace, by=alice)
        await store.delete(db, found.workspace, by=alice)

    async with database.read() as db:
        with pytest.raises(NotFound):
            await store.find(db, alice, maze, Action.READ)
        for table in Workspace, Revision, RevisionAuthor, Content, Share, Change:
            assert await db.scalar(select(func.count()).select_from(table)) == 0


async def test_a_copy_is_the_copiers_own_and_remembers_its_origin(
    database: Database, alice: User, bob: User, maze: str
) -> None:
    await save(database, alice, maze, "a")
    async with database.write() as db:
        origin = await store.find(db, alice, maze, Action.COPY)
        copy = await store.copy(db, bob, origin.workspace, name=None, limits=LIMITS)
    await save(database, alice, maze, "b")

    async with database.read() as db:
        found = await store.find(db, bob, copy.workspace.id, Action.DELETE)
        assert found.workspace.copied_from == maze
        assert found.workspace.name == "Maze (copy)"
        assert (await revisions.head(db, found.workspace)).xml == program("a").xml
