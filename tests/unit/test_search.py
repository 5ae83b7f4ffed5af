"""Search, for those who see few workspaces and those who see very many."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from jigsaw_service.document.revisions import Document, read_document
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.roles import Action, Role
from jigsaw_service.sharing import grants, transfers
from jigsaw_service.sharing.grants import Grantee
from jigsaw_service.storage.database import Database
from jigsaw_service.workspaces import listing, store
from jigsaw_service.workspaces.listing import Bounds, ListedWorkspace, Wanted
from jigsaw_service.workspaces.search import index

from ..search_index import catch_up
from .conftest import LIMITS, program

# The first look shows all; or there are more, of which few or many have the words.
KINDS = {
    "few": Bounds(),
    "many": Bounds(first_steps=1),
    "many with the words": Bounds(candidates=0, first_steps=2, steps=3),
}


@pytest.fixture(params=KINDS)
def bounds(request: pytest.FixtureRequest) -> Bounds:
    return KINDS[request.param]


async def add(
    database: Database,
    owner: User,
    name: str,
    text: str | Document = "",
    *,
    language: str = "python",
    everyone: Role | None = Role.VIEWER,
) -> str:
    """A workspace that everyone may see, unless told otherwise."""
    document = program(text) if isinstance(text, str) else text
    async with database.write() as db:
        found = await store.create(
            db, owner, name=name, language=language, limits=LIMITS, document=document
        )
        if everyone:
            await grants.grant(
                db, owner, found.workspace, to=Grantee.EVERYONE, name="", role=everyone
            )
    return found.workspace.id


async def found(
    database: Database, user: User, bounds: Bounds, **wanted: object
) -> list[ListedWorkspace]:
    """All pages of the list."""
    items: list[ListedWorkspace] = []
    cursor = None
    while True:
        async with database.read() as db:
            page = await listing.page(
                db,
                user,
                Wanted(cursor=cursor, **wanted),
                bounds,  # type: ignore[arg-type]
            )
        items += page.items
        cursor = page.cursor
        if not cursor:
            return items


async def names(database: Database, user: User, bounds: Bounds, **wanted: object) -> list[str]:
    items = await found(database, user, bounds, **wanted)
    return sorted(one.workspace.name for one in items)


async def test_words_in_the_name_the_owners_name_and_the_blocks_are_found(
    database: Database, alice: User, bob: User, bounds: Bounds
) -> None:
    await add(database, alice, "Maze", "a football in the goal")
    await add(database, alice, "Café", "你好世界")
    await add(database, bob, "Hidden football", everyone=None)
    await catch_up(database)

    for words, expected in {
        "foo": ["Maze"],
        "FOOTBALL goal": ["Maze"],
        "football café": [],
        "cafe": ["Café"],
        "afé": ["Café"],
        "世界": ["Café"],
        "alice": ["Café", "Maze"],
        "alice maze": ["Maze"],
        "ball": [],
        '"foot" OR *': [],
        "'): foo": ["Maze"],
    }.items():
        assert await names(database, alice, bounds, words=words) == expected, words
    assert await names(database, bob, bounds, words="football") == ["Hidden football", "Maze"]


async def test_a_word_inside_the_blocks_is_told_and_one_in_a_name_is_not(
    database: Database, alice: User, bounds: Bounds
) -> None:
    await add(database, alice, "Goal", "football 你好世界")
    await catch_up(database)

    for words, contains in {"goal foo": ("football",), "世界 al": ("世界",), "": ()}.items():
        (one,) = await found(database, alice, bounds, words=words)
        assert one.contains == contains


async def test_filters_narrow_the_list_down_together(
    database: Database, alice: User, bob: User, bounds: Bounds
) -> None:
    own = read_document(b'<xml><block type="math_number_property"/></xml>')
    await add(database, alice, "a", own)
    await add(database, alice, "b", own, language="processing", everyone=Role.EDITOR)
    await add(database, bob, "c", "text", everyone=None)
    await catch_up(database)

    for wanted, expected in (
        ({"block": "math_number_property"}, ["a", "b"]),
        ({"block": "math_number"}, []),
        ({"block": "text"}, ["c"]),
        ({"owner": "alice"}, ["a", "b"]),
        ({"owner": "ali"}, []),
        ({"owner": "bob"}, ["c"]),
        ({"language": "processing"}, ["b"]),
        ({"roles": frozenset([Role.OWNER])}, ["c"]),
        ({"roles": frozenset([Role.EDITOR])}, ["b"]),
        ({"roles": frozenset([Role.VIEWER, Role.EDITOR])}, ["a", "b"]),
        ({"owner": "alice", "language": "python", "block": "math_number_property"}, ["a"]),
        ({"words": "property", "owner": "alice", "roles": frozenset([Role.VIEWER])}, ["a"]),
        ({"words": "property", "roles": frozenset([Role.EDITOR])}, ["b"]),
        ({"words": "property", "language": "python", "block": "math_number_property"}, ["a"]),
        ({"words": "property", "language": "perl"}, []),
    ):
        assert await names(database, bob, bounds, **wanted) == expected, wanted


@pytest.mark.parametrize("sort", sorted(listing.SORTS))
async def test_pages_hold_everything_once_and_in_order_whoever_sees_it(
    database: Database, alice: User, bob: User, bounds: Bounds, sort: str
) -> None:
    for number, name in enumerate("dbeacfhgji"):
        owner, open_to = (alice, bob)[number % 2], (Role.VIEWER, None)[number // 2 % 2]
        await add(database, owner, name, "same word", everyone=open_to)
    await catch_up(database)

    for words in "", "word":
        items = await found(database, bob, bounds, words=words, sort=sort, limit=2)
        got = [one.workspace.name for one in items]
        key = {"name": "sort_name"}.get(sort.lstrip("-"), sort.lstrip("-"))
        in_order = sorted(
            items, key=lambda one: getattr(one.workspace, key), reverse=sort.startswith("-")
        )
        assert got == [one.workspace.name for one in in_order]
        assert sorted(got) == list("abcdfgij")


async def test_a_walk_that_ends_early_says_where_to_go_on(
    database: Database, alice: User, bob: User
) -> None:
    await add(database, alice, "needle", "hay")
    for _ in range(6):
        await add(database, alice, "straw", "hay")
    await catch_up(database)

    bounds = Bounds(candidates=0, first_steps=1, steps=2)
    async with database.read() as db:
        page = await listing.page(db, bob, Wanted(words="needle hay"), bounds)

    assert page.items == [] and page.cursor
    assert await names(database, bob, bounds, words="needle hay") == ["needle"]


async def test_what_is_taken_back_is_found_no_more(
    database: Database, alice: User, bob: User, bounds: Bounds
) -> None:
    for_all = await add(database, alice, "for all", "word")
    trashed = await add(database, alice, "trashed", "word")
    await catch_up(database)
    async with database.write() as db:
        mine = await store.find(db, alice, for_all, Action.SHARE)
        (share,) = await grants.shares(db, mine.workspace)
        await grants.revoke(db, alice, mine, share.id)
        found = await store.find(db, alice, trashed, Action.TRASH)
        store.trash(db, found.workspace, by=alice)

    assert await names(database, bob, bounds, words="word") == []
    assert await names(database, alice, bounds, words="word") == ["for all"]
    assert await names(database, alice, bounds, words="word", trash=True) == ["trashed"]
    assert await names(database, bob, bounds, words="word", trash=True) == []


async def test_the_index_follows_edits_names_and_owners(
    database: Database, alice: User, bob: User, bounds: Bounds
) -> None:
    one = await add(database, alice, "Maze", "old")
    await catch_up(database)
    await database.change(lambda db: store.save(db, alice, one, program("new"), on_top_of=None))
    async with database.write() as db:
        mine = await store.find(db, alice, one, Action.TRANSFER, lock=True)
        store.rename(mine.workspace, "Labyrinth")
        await transfers.offer(db, alice, mine, to="bob")
        (offer,) = await transfers.offers(db, bob)
        await transfers.accept(db, bob, offer.transfer.id, limits=LIMITS)
    await catch_up(database)

    for words in "new", "labyrinth", "bob":
        assert await names(database, alice, bounds, words=words) == ["Labyrinth"], words
    for words in "old", "maze", "alice":
        assert await names(database, bob, bounds, words=words) == [], words


async def test_a_new_name_is_found_before_it_is_indexed(
    database: Database, alice: User, maze: str
) -> None:
    assert await names(database, alice, Bounds(), words="maz") == ["Maze"]


async def test_what_changes_while_it_is_read_keeps_waiting(
    database: Database, alice: User, maze: str
) -> None:
    async with database.read() as db:
        (row,) = (await db.execute(index._WAITING)).all()
        read = await index._read(db, *row)
    async with database.write() as db:
        workspace = (await store.find(db, alice, maze, Action.EDIT)).workspace
        store.rename(workspace, "Other")
        await db.flush()
        await index._keep(db, read, index._text(read))

    assert await index.index_some(database) == 1
    assert await index.index_some(database) == 0


async def test_what_is_being_edited_is_indexed_after_a_rest_or_many_changes(
    database: Database, alice: User
) -> None:
    maze = await add(database, alice, "Maze")
    rest = timedelta(hours=1)

    async def edit(times: int) -> None:
        def work(db: Connection) -> None:
            for n in range(times):
                store.save(db, alice, maze, program(f"{times} {n}"), on_top_of=None)

        await database.change(work)

    assert await index.index_some(database, rest) == 1, "a new one waits for nothing"
    await edit(index._MOST_WAITING - 1)
    assert await index.index_some(database, rest) == 0
    await edit(1)
    assert await index.index_some(database, rest) == 1
    await edit(1)
    assert await index.index_some(database, timedelta()) == 1


async def test_deleting_for_good_takes_the_words_away(
    database: Database, alice: User, bounds: Bounds
) -> None:
    one = await add(database, alice, "Maze", "word")
    await catch_up(database)
    async with database.write() as db:
        mine = (await store.find(db, alice, one, Action.TRASH)).workspace
        store.trash(db, mine, by=alice)
        await store.delete(db, mine, by=alice)

    async with database.read() as db:
        from jigsaw_service.workspaces.search import match
        from jigsaw_service.workspaces.search.words import query_words

        assert await match.candidates(db, query_words("word"), None, most=9) == []
