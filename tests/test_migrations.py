"""The database is upgraded at start, by one process at a time, or left as it was."""

import zlib
from pathlib import Path

import pytest
from sqlalchemy import MetaData, PrimaryKeyConstraint, text

from jigsaw_service.document import revisions
from jigsaw_service.runtime.identity import User
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Table, Workspace
from jigsaw_service.storage.unusable import DatabaseInUse, DatabaseNewer, DatabaseUnusable
from jigsaw_service.workspaces import listing, provenance
from jigsaw_service.workspaces.listing import Bounds, Wanted

from .search_index import catch_up
from .upgrades import at_version, drift, table_names


async def test_an_empty_database_gets_every_table_and_no_drift(database: Database) -> None:
    assert await table_names(database) == {*Table.metadata.tables, "alembic_version"}
    assert await drift(database) == []


async def test_every_constraint_has_the_name_by_which_a_later_version_finds_it(
    database: Database,
) -> None:
    def names(metadata: MetaData) -> set[str]:
        return {
            str(one.name)
            for table in metadata.tables.values()
            for one in table.constraints
            # Which SQLite may keep without its name, and nobody drops.
            if not isinstance(one, PrimaryKeyConstraint)
        }

    found = MetaData()
    async with database.engine.connect() as connection:
        await connection.run_sync(found.reflect, only=list(Table.metadata.tables))

    assert names(found) == names(Table.metadata)


async def test_a_second_upgrade_finds_nothing_to_do(database: Database) -> None:
    await database.migrate()


async def test_foreign_keys_are_enforced_after_the_upgrade(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        async with database.write() as db:
            await db.execute(text("INSERT INTO import_parts VALUES ('none', 0, 'x')"))


async def test_a_database_that_is_newer_is_refused_and_left_alone(database: Database) -> None:
    async with database.write() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseNewer, match="9999"):
        await database.migrate()
    async with database.read() as db:
        assert await db.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


async def test_a_second_process_on_the_same_sqlite_file_is_refused(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"
    first, second = Database(url), Database(url)
    await first.open()

    with pytest.raises(DatabaseInUse):
        await second.open()
    await first.close()
    await second.open()
    await second.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://nobody@127.0.0.1:1/none",
        "sqlite+aiosqlite:////no/such/folder/jigsaw.sqlite",
    ],
)
async def test_a_database_out_of_reach_is_told_not_raised_through(url: str) -> None:
    with pytest.raises(DatabaseUnusable):
        await Database(url).open()


async def test_a_missing_postgresql_database_is_unusable(postgresql_url: str) -> None:
    with pytest.raises(DatabaseUnusable):
        await Database(f"{postgresql_url}/missing").open()


OLD = """
INSERT INTO accounts (id, name, created, first_seen)
    VALUES (1, 'alice', '', '2026-01-01 00:00:00');
INSERT INTO contents (id, xml, size, blocks) VALUES (1, :marked, 1, 0), (2, :unmarked, 1, 0);
INSERT INTO workspaces (id, owner_id, name, sort_name, language, epoch, clock, head_id,
    head_sha256, revision, unmarked_since, sitting, created, modified, modified_by) VALUES
    ('marked', 1, 'a', 'a', 'python', 'e', 3, 1, :sha, 1, NULL, NULL,
     '2026-01-01 00:00:00', '2026-01-02 00:00:00', 1),
    ('unmarked', 1, 'b', 'b', 'python', 'e', 7, 2, :sha, 2, '2026-01-02 00:00:00', 's',
     '2026-01-01 00:00:00', '2026-01-03 00:00:00', 1);
INSERT INTO revisions (workspace_id, number, clock, content_id, kind, created) VALUES
    ('marked', 1, 3, 1, 'creation', '2026-01-01 00:00:00'),
    ('unmarked', 2, 1, 1, 'upload', '2026-01-01 00:00:00')
"""


async def test_automatic_saves_of_before_live_editing_become_a_revision(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await at_version("0001", empty_url, tmp_path, monkeypatch)
    contents = {"marked": zlib.compress(b"<xml/>"), "unmarked": zlib.compress(b"<xml>b</xml>")}
    async with database.write() as db:
        for statement in OLD.split(";"):
            named = {name: value for name, value in contents.items() if f":{name}" in statement}
            sha = {"sha": b"0" * 32} if ":sha" in statement else {}
            await db.execute(text(statement), named | sha)

    await database.migrate()

    async with database.read() as db:
        for workspace_id, xml in ("marked", b"<xml/>"), ("unmarked", b"<xml>b</xml>"):
            workspace = await db.get_one(Workspace, workspace_id)
            assert workspace.unmarked_since is None
            assert workspace.head_clock == workspace.clock
            mark = await revisions.find(db, workspace, workspace.revision)
            assert mark.document.xml == xml
        assert (mark.revision.number, mark.revision.clock, mark.revision.kind) == (
            3,
            7,
            "automatic",
        )
        assert mark.authors == ["alice"]
    await database.close()


COPIED = """
INSERT INTO accounts (id, name, created, first_seen) VALUES
    (1, 'alice', '', '2026-01-01 00:00:00'), (2, 'bob', '', '2026-01-01 00:00:00'),
    (3, 'carol', '', '2026-01-01 00:00:00'), (4, 'dora', '', '2026-01-01 00:00:00');
INSERT INTO contents (id, xml, size, blocks) VALUES (1, :xml, 1, 0);
INSERT INTO workspaces (id, owner_id, name, sort_name, language, epoch, clock, head_id,
    head_clock, head_sha256, revision, created, modified, modified_by, copied_from) VALUES
    ('origin', 1, 'a', 'a', 'python', 'e', 2, 1, 2, :sha, 2,
     '2026-01-01 00:00:00', '2026-01-02 00:00:00', 1, NULL),
    ('copy', 3, 'a', 'a', 'python', 'e', 1, 1, 1, :sha, 1,
     '2026-01-01 00:00:00', '2026-01-02 00:00:00', 3, 'origin'),
    ('again', 4, 'a', 'a', 'python', 'e', 1, 1, 1, :sha, 1,
     '2026-01-01 00:00:00', '2026-01-02 00:00:00', 4, 'copy'),
    ('orphan', 4, 'a', 'a', 'python', 'e', 1, 1, 1, :sha, 1,
     '2026-01-01 00:00:00', '2026-01-02 00:00:00', 4, 'gone');
INSERT INTO revisions (workspace_id, number, clock, content_id, kind, created) VALUES
    ('origin', 1, 1, 1, 'creation', '2026-01-01 00:00:00'),
    ('origin', 2, 2, 1, 'upload', '2026-01-01 00:00:00');
INSERT INTO revision_authors (workspace_id, number, account_id) VALUES
    ('origin', 1, 1), ('origin', 2, 2)
"""


async def test_copies_of_before_know_who_had_a_hand_in_their_origins(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await at_version("0004", empty_url, tmp_path, monkeypatch)
    values = {"xml": zlib.compress(b"<xml/>"), "sha": b"0" * 32}
    async with database.write() as db:
        for statement in COPIED.split(";"):
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            await db.execute(text(statement), named)

    await database.migrate()

    found = {}
    async with database.read() as db:
        for workspace_id in "origin", "copy", "again", "orphan":
            hands = await provenance.contributors_of(db, workspace_id)
            found[workspace_id] = [one.name for one in hands.people], hands.files
    assert found == {
        "origin": (["alice", "bob"], 1),
        "copy": (["alice", "bob", "carol"], 1),
        "again": (["alice", "bob", "carol", "dora"], 1),
        "orphan": (["dora"], 1),
    }
    await database.close()


async def test_workspaces_of_before_the_search_are_found_once_they_are_indexed(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await at_version("0005", empty_url, tmp_path, monkeypatch)
    xml = b'<xml><block type="text"><field name="TEXT">needle</field></block></xml>'
    values = {"xml": zlib.compress(xml), "sha": b"0" * 32}
    shared = (
        "INSERT INTO shares (id, workspace_id, kind, name, role, created, created_by) "
        "VALUES (1, 'origin', 'everyone', '', 1, '2026-01-01 00:00:00', 1)"
    )
    async with database.write() as db:
        for statement in [*COPIED.split(";"), shared]:
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            await db.execute(text(statement), named)

    await database.migrate()
    await catch_up(database)

    stranger = User(2, "bob", frozenset())
    async with database.read() as db:
        page = await listing.page(db, stranger, Wanted(words="needle"), Bounds(first_steps=1))
    assert [found.workspace.id for found in page.items] == ["origin"]
    await database.close()
