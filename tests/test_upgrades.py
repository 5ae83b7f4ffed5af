"""Upgrades from every version with data in it: nothing is lost, also when one fails."""

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from jigsaw_service.runtime.tasks import spawn
from jigsaw_service.storage import migrate, sqlite
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.unusable import DatabaseUnusable

from .upgrades import (
    VERSIONS,
    at_version,
    copy_migrations,
    drift,
    filled,
    found,
    migrated_by,
    with_one_more,
)

# What an upgrade says anew of workspaces.
_SAID_ANEW = {"revision", "unmarked_since", "head_clock", "inherited_files"}


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_row_of_every_version_is_there_after_the_upgrade(
    version: str, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await at_version(version, empty_url, tmp_path, monkeypatch)
    before = await filled(database)

    await database.migrate()

    after = await found(database)
    for table, row in before.items():
        kept = {name: value for name, value in row.items() if name in after[table][0]}
        for name in _SAID_ANEW & set(kept):
            del kept[name]
        assert any(kept.items() <= one.items() for one in after[table]), table
    assert await drift(database) == []
    await database.close()


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_upgrade_that_fails_leaves_all_as_it_was_and_may_be_tried_again(
    version: str, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await at_version(version, empty_url, tmp_path, monkeypatch)
    await filled(database)
    before = await found(database)
    broken = with_one_more(tmp_path, 'op.execute("SELECT * FROM nowhere")')

    with pytest.raises(DatabaseUnusable, match="nowhere"):
        await migrated_by(broken, database, monkeypatch)
    assert await found(database) == before

    await database.migrate()
    assert await drift(database) == []
    await database.close()


@pytest.mark.parametrize("parent", ["accounts", "workspaces", "revisions"])
async def test_a_table_that_is_built_anew_keeps_its_children(
    parent: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(database)
    before = await found(database)
    rebuild = (
        f'with op.batch_alter_table("{parent}", recreate="auto") as table: '
        'table.add_column(sa.Column("more", sa.Integer())); '
        'table.alter_column("created", existing_type=sa.String(40), nullable=True)'
    )

    await migrated_by(with_one_more(tmp_path, rebuild), database, monkeypatch)

    after = await found(database)
    assert {table: len(rows) for table, rows in before.items()} == {
        table: len(rows) for table, rows in after.items() if table != "half_made"
    }
    assert after[parent] == [{**row, "more": None} for row in before[parent]]


async def test_an_upgrade_that_would_leave_rows_without_parents_is_refused(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(database)
    before = await found(database)
    orphans = with_one_more(tmp_path, 'op.execute("UPDATE workspaces SET owner_id = 77")')

    with pytest.raises(DatabaseUnusable):
        await migrated_by(orphans, database, monkeypatch)

    assert await found(database) == before


async def test_four_that_begin_at_once_make_the_tables_once(empty_url: str) -> None:
    # As guests, or SQLite's lock would let only one of them in.
    is_sqlite = empty_url.startswith("sqlite")
    first = Database(empty_url)
    await first.open()
    others = [Database(empty_url, alone=not is_sqlite) for _ in range(3)]
    for one in others:
        await one.open()

    await asyncio.gather(*(migrate.upgrade(one.engine) for one in [first, *others]))

    assert await drift(first) == []
    for one in [first, *others]:
        await one.close()


async def test_it_waits_for_its_turn_so_long_and_no_longer(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "_LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 0.1)
    other = await at_version(VERSIONS[0], empty_url, tmp_path, monkeypatch)
    database = Database(empty_url, alone=not empty_url.startswith("sqlite"))
    await database.open()

    async with other.engine.execution_options(writes=True).begin() as upgrading:
        if not empty_url.startswith("sqlite"):
            await upgrading.execute(text(f"SELECT pg_advisory_xact_lock({migrate._LOCK})"))
        with pytest.raises(DatabaseUnusable):
            await database.migrate()

    await database.migrate()
    assert await drift(database) == []
    await database.close()
    await other.close()


async def test_it_is_tried_again_when_another_has_what_it_wants_and_wants_what_it_has(
    new_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await at_version(VERSIONS[0], new_postgresql, tmp_path, monkeypatch)
    database = Database(new_postgresql)
    await database.open()
    waiting = text(
        "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE datname = current_database() AND NOT granted"
    )

    async with other.engine.connect() as reading:
        await reading.execute(text("SELECT 1 FROM revisions"))
        upgrading = spawn(database.migrate(), name="upgrading")
        while not (await reading.execute(waiting)).first():
            await asyncio.sleep(0.01)
        # PostgreSQL lets the one fail that waited first, unless this one is late.
        with suppress(DBAPIError):
            await reading.execute(text("SELECT 1 FROM workspaces"))

    await upgrading
    assert await drift(database) == []
    await database.close()
    await other.close()


async def test_tables_of_others_in_the_same_database_are_left_alone(
    new_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await at_version(VERSIONS[0], new_postgresql, tmp_path, monkeypatch)
    async with database.engine.begin() as other:
        await other.execute(text("CREATE TABLE of_others (id int)"))
    monkeypatch.setattr(migrate, "_LOCK_TIMEOUT", "1s")

    async with database.engine.connect() as reading:
        await reading.execute(text("SELECT * FROM of_others"))
        await database.migrate()

    await database.close()


async def test_a_percent_sign_in_its_address_is_one(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if empty_url.startswith("sqlite"):
        folder = tmp_path / "100% %(here)s"
        folder.mkdir()
        url = f"sqlite+aiosqlite:///{folder}/jigsaw.sqlite"
    else:
        password = quote("%(here)s %40@/", safe="")
        url = empty_url.replace("jigsaw@", f"jigsaw:{password}@")
        assert make_url(url).password == "%(here)s %40@/"
    migrations = copy_migrations(tmp_path / "50%(here)s")
    database = Database(url)
    await database.open()

    await migrated_by(migrations, database, monkeypatch)

    assert await drift(database) == []
    await database.close()


async def test_four_processes_started_at_once_leave_one_upgrade_and_every_row(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await at_version(VERSIONS[0], empty_url, tmp_path, monkeypatch)
    before = await filled(old)
    await old.close()
    command = [sys.executable, "-m", "jigsaw_service", "migrate"]
    environment = os.environ | {"JIGSAW_DB_URL": empty_url}
    four = [
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    ended = [(one.communicate(timeout=120)[1], one.returncode) for one in four]

    # On SQLite, who finds the file in use says so; on PostgreSQL, all wait for the first.
    refused = [said for said, status in ended if status != 0]
    assert len(refused) < 4 and all("Another process uses" in said for said in refused), ended
    database = Database(empty_url)
    await database.open()
    assert refused == [] or empty_url.startswith("sqlite")
    assert await drift(database) == []
    assert set(before) <= {table for table, rows in (await found(database)).items() if rows}
    await database.close()
