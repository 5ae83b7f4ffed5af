"""The database is upgraded at start, by one process at a time, or left as it was."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from jigsaw_service.storage import migrate
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Table
from jigsaw_service.storage.unusable import DatabaseInUse, DatabaseNewer, DatabaseUnusable


async def table_names(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_an_empty_database_gets_every_table_and_no_drift(database: Database) -> None:
    async with database.engine.connect() as connection:
        drift = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Table.metadata)
        )

    assert drift == []
    assert await table_names(database) == {*Table.metadata.tables, "alembic_version"}


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


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "migrations"
    copy_migrations(broken)
    script = broken / "versions" / "0001_workspaces.py"
    script.write_text(
        script.read_text().replace("\n\ndef downgrade", "    raise OSError\n\n\ndef downgrade")
    )
    database = Database(empty_url)
    await database.open()

    with monkeypatch.context() as patched, pytest.raises(DatabaseUnusable):
        patched.setattr(migrate, "migrations_path", lambda: broken)
        await database.migrate()
    assert await table_names(database) == set()
    await database.migrate()
    assert "workspaces" in await table_names(database)
    await database.close()


def copy_migrations(to: Path) -> None:
    source = migrate.migrations_path()
    (to / "versions").mkdir(parents=True)
    for path in [*source.glob("*.py"), *source.glob("versions/*.py")]:
        (to / path.relative_to(source)).write_text(path.read_text())


async def test_four_processes_starting_at_once_upgrade_it_once(new_postgresql: str) -> None:
    databases = [Database(new_postgresql) for _ in range(4)]
    for database in databases:
        await database.open()

    await asyncio.gather(*(database.migrate() for database in databases))

    assert "workspaces" in await table_names(databases[0])
    for database in databases:
        await database.close()


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
