"""Backups while people work, and what a restored database is to the pages that were open."""

import gzip
import os
from pathlib import Path

import pytest
from sqlalchemy import select, text

from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.runtime.roles import Role
from jigsaw_service.runtime.tasks import spawn
from jigsaw_service.sharing import grants
from jigsaw_service.sharing.grants import Grantee
from jigsaw_service.storage import backup, schema, sqlite
from jigsaw_service.storage.accounts import Accounts
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Change, Share, Table
from jigsaw_service.storage.unusable import (
    DatabaseInUse,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnusable,
)

from ..unit.belongings import create
from ..upgrades import at_version, table_names
from .conftest import XML, serving
from .tabs import new, put


async def test_a_page_from_before_a_restore_loads_anew_and_nothing_of_it_is_merged(
    database: Database, empty_url: str, tmp_path: Path, limits: Limits, hub: str
) -> None:
    file = tmp_path / "backup"
    async with serving(database, limits, tmp_path, hub) as service:
        alice = service.person("alice")
        workspace = await alice.create(xml=XML.format("kept"))
        async with alice.live(workspace) as tab:
            await tab.edit(new("a", "kept, too"))
            backed_up = (await alice.get(f"api/workspaces/{workspace}/xml")).body
            await backup.write(empty_url, file)
            await tab.edit(put("a", "after the backup"))
            with pytest.raises(DatabaseInUse):
                await backup.restore(empty_url, file)
    await database.close()

    await backup.restore(empty_url, file)

    await database.open()
    async with serving(database, limits, tmp_path, hub) as service:
        alice = service.person("alice")
        async with alice.live(workspace, hello=False, like=tab) as again:
            await again.say_hello()
            await again.say(type="ops", n=tab.n + 1, ops=[put("a", "of another past")])
            assert await again.end() == (4409, "epoch-changed")
        async with alice.live(workspace) as anew:
            assert anew.epoch != tab.epoch
            assert (await alice.get(f"api/workspaces/{workspace}/xml")).body == backed_up
            # Numbers go on where they ended.
            assert (await anew.edit(new("b")))["type"] == "patch"
            await alice.create("One more")


async def test_a_backup_holds_every_row_of_one_moment(
    database: Database, empty_url: str, tmp_path: Path, limits: Limits, hub: str
) -> None:
    async with serving(database, limits, tmp_path, hub) as service:
        alice = service.person("alice")
        ids = [await alice.create(f"größer {n}", xml=XML.format("é")) for n in range(3)]
        shares = f"api/workspaces/{ids[0]}/shares"
        await alice.post(shares, json={"everyone": True, "role": "viewer"})
        await backup.write(empty_url, tmp_path / "backup")
    before = await rows(database)
    await database.close()

    await backup.restore(empty_url, tmp_path / "backup")

    await database.open()
    restored = await rows(database)
    assert {name: found for name, found in restored.items() if name != "workspaces"} == {
        name: found for name, found in before.items() if name != "workspaces"
    }
    assert [row[0] for row in restored["workspaces"]] == [row[0] for row in before["workspaces"]]
    assert await table_names(database) == {*Table.metadata.tables, "alembic_version"}


async def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    async with database.read() as db:
        return {
            name: sorted((tuple(row) for row in await db.execute(select(table))), key=str)
            for name, table in Table.metadata.tables.items()
        }


async def test_a_number_that_was_given_once_is_not_given_again_after_a_restore(
    database: Database, empty_url: str, tmp_path: Path
) -> None:
    user = User(await Accounts(database).recognise("alice", None), "alice", frozenset())
    async with database.write() as db:
        workspace = await create(db, user, "w")
        to = {"to": Grantee.USER, "role": Role.VIEWER}
        gone = (await grants.grant(db, user, workspace, name="bob", **to)).share.id
    async with database.write() as db:
        await db.delete(await db.get_one(Share, gone))
    await backup.write(empty_url, tmp_path / "backup")
    await database.close()

    await backup.restore(empty_url, tmp_path / "backup")

    await database.open()
    async with database.write() as db:
        again = (await grants.grant(db, user, workspace, name="carol", **to)).share.id
    assert again > gone


async def test_a_backup_of_an_older_version_is_upgraded(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await at_version("0005", empty_url, tmp_path, monkeypatch)
    async with database.write() as db:
        await db.execute(
            text(
                "INSERT INTO accounts (name, created, first_seen) "
                "VALUES ('alice', '', '2026-01-01 00:00:00')"
            )
        )
    with monkeypatch.context() as patched:
        patched.setattr(schema, "newest", lambda: "0005")
        await backup.write(empty_url, tmp_path / "backup")
    await database.close()

    await backup.restore(empty_url, tmp_path / "backup")

    await database.open()
    await database.require_newest()
    async with database.read() as db:
        assert (await db.scalars(text("SELECT name FROM accounts"))).all() == ["alice"]
    await database.close()


async def test_what_is_no_backup_changes_nothing(
    database: Database, empty_url: str, tmp_path: Path
) -> None:
    await Accounts(database).recognise("alice", None)
    whole = tmp_path / "whole"
    await backup.write(empty_url, whole)
    before = await rows(database)
    await database.close()
    data = whole.read_bytes()
    bad = {
        "empty": b"",
        "xml": b"<xml/>",
        "half": data[: len(data) // 2],
        "other": gzip.compress(b'{"a":1}\n'),
        "list": gzip.compress(b"[1]\n"),
        "short": gzip.compress(b'{"jigsaw_backup":1,"revision":"0006"}\n'),
        "strange": gzip.compress(b'{"jigsaw_backup":1,"revision":"0006"}\n{"table":"no"}\n'),
    }

    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DatabaseUnusable):
            await backup.restore(empty_url, tmp_path / name)

    await database.open()
    assert await rows(database) == before


async def test_a_backup_of_a_newer_version_is_refused(
    database: Database, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Accounts(database).recognise("alice", None)
    async with database.write() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with monkeypatch.context() as patched:
        patched.setattr(schema, "newest", lambda: "9999")
        await backup.write(empty_url, tmp_path / "backup")
    async with database.write() as db:
        await db.execute(
            text("UPDATE alembic_version SET version_num = :v"), {"v": schema.newest()}
        )
    await database.close()

    with pytest.raises(DatabaseNewer):
        await backup.restore(empty_url, tmp_path / "backup")
    await database.open()
    async with database.read() as db:
        assert (await db.scalars(text("SELECT name FROM accounts"))).all() == ["alice"]


async def test_no_backup_is_written_over_a_file_or_left_by_half(
    database: Database, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup"
    await backup.write(empty_url, file)
    assert os.stat(file).st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        await backup.write(empty_url, file)
    file.unlink()

    def break_off(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(backup, "copy_database", break_off)
    monkeypatch.setattr(backup.dump, "write", break_off)
    with pytest.raises(OSError, match="No space"):
        await backup.write(empty_url, file)
    assert not file.exists()


async def test_an_upgrade_keeps_a_copy_of_what_was_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"
    database = await at_version("0005", url, tmp_path, monkeypatch)
    asked: list[Path] = []

    def keep_copy(path: Path, what: str) -> Path:
        asked.append(path)
        return sqlite.keep_copy(path, what)

    monkeypatch.setattr("jigsaw_service.storage.database.keep_copy", keep_copy)
    with monkeypatch.context() as patched:
        patched.setattr("jigsaw_service.storage.migrate.upgrade", _fail)
        for _attempt in range(2):
            with pytest.raises(DatabaseUnusable):
                await database.migrate()
    await database.migrate()
    await database.close()

    assert len(asked) == 1
    (copy,) = tmp_path.glob("jigsaw.sqlite.backup-*")
    assert copy.name.startswith("jigsaw.sqlite.backup-0005-2")
    old = Database(f"sqlite+aiosqlite:///{copy}", alone=False)
    await old.open()
    with pytest.raises(DatabaseOlder, match="0005"):
        await old.require_newest()
    await old.close()


async def _fail(*_: object) -> None:
    raise OSError("no space left on device")


async def test_a_backup_is_of_one_moment_while_others_write(
    database: Database, empty_url: str, tmp_path: Path, limits: Limits, hub: str
) -> None:
    async with serving(database, limits, tmp_path, hub) as service:
        alice = service.person("alice")
        workspace = await alice.create()
        async with alice.live(workspace) as tab:

            async def type_on() -> None:
                await tab.edit(new("a"))
                for n in range(100):
                    await tab.edit(put("a", str(n)))

            writing = spawn(type_on(), name="typing")
            for n in range(3):
                await backup.write(empty_url, tmp_path / f"{n}")
            await writing
    await database.close()
    for n in range(3):
        await backup.restore(empty_url, tmp_path / f"{n}")
        await database.open()
        async with database.read() as db:
            clocks = (await db.scalars(select(Change.clock).order_by(Change.clock))).all()
            last = await db.scalar(text("SELECT clock FROM workspaces"))
        assert list(clocks) == list(range(2, last + 1))
        await database.close()


def test_the_page_for_admins_tells_how_epochs_are_changed_by_hand() -> None:
    page = (Path(__file__).parents[2] / "docs/admin.md").read_text()
    for statement in backup.SQLITE_EPOCHS, backup.dump.NEW_EPOCHS:
        assert f"{statement};" in page
