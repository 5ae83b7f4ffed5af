"""A store that fails: told in words at once, by `ready` too, and nothing is lost silently."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from jigsaw_service.runtime.limits import Limits
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.sqlite import sqlite_path
from jigsaw_service.storage.unusable import DatabaseUnusable
from jigsaw_service.web.api import health

from ..postgresql import postgresql_server
from .conftest import XML, Answer, Person, Service, serving
from .tabs import new

Break = Callable[[Database], Awaitable[None]]


@pytest.fixture(autouse=True)
def asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_REMEMBER_SECONDS", -1.0)


async def _is_refused(person: Person, workspace: str, etag: str, fault: str) -> None:
    """Saving, by REST and live, is refused in the same words, and `ready` says why."""
    _tells(await person.save(workspace, XML.format("lost?"), etag), fault)
    _tells(await person.post("api/workspaces", json={"name": "A", "language": "python"}), fault)
    async with person.live(workspace, hello=False) as tab:
        await tab.say_hello()
        if fault in READABLE:
            await tab.hear("welcome")
            await tab.send(new("b"))
        assert await tab.end() == (4503, "storage-failed")
    ready = await person.get("ready")
    assert (ready.status, ready.json["missing"]) == (503, [fault])


def _tells(answer: Answer, fault: str) -> None:
    answer.is_problem(503, "storage-failed")
    assert answer.json["fault"] == fault
    assert answer.json["detail"].startswith("The service can't store your work just now: ")
    assert int(answer.headers["Retry-After"]) > 0


READABLE = ("database-full", "database-read-only")


def _path(database: Database) -> Path:
    return sqlite_path(database._url)


async def _delete(database: Database) -> None:
    for file in _path(database).parent.glob(f"{_path(database).name}*"):
        file.unlink()


async def _delete_alone(database: Database) -> None:
    _path(database).unlink()


async def _move_away(database: Database) -> None:
    _path(database).rename(_path(database).with_suffix(".away"))


async def _delete_folder(database: Database) -> None:
    shutil.rmtree(_path(database).parent)


async def _replace(database: Database) -> None:
    other = _path(database).with_suffix(".other")
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE t (a)")
    other.replace(_path(database))


async def _replace_by_its_copy(database: Database) -> None:
    other = _path(database).with_suffix(".other")
    shutil.copy(_path(database), other)
    other.replace(_path(database))


def _write_over(content: Callable[[Path], bytes]) -> Break:
    """As `cp` and `cat >` do it: the file stays the same one."""

    async def write(database: Database) -> None:
        path = _path(database)
        found = content(path)
        with path.open("wb") as file:
            file.write(found)

    return write


def _another_database(path: Path) -> bytes:
    other = path.with_suffix(".other")
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE t (a)")
    return other.read_bytes()


def _its_state_of_now(path: Path) -> bytes:
    """All of it, as the log beside it belongs to what was written over."""
    other = path.with_suffix(".other")
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(other)) as made:
        database.backup(made)
    return other.read_bytes()


OVERWRITTEN = [
    pytest.param(content, id=name)
    for name, content in {
        "nothing": lambda _: b"",
        "garbage": lambda path: os.urandom(path.stat().st_size),
        "a page of text": lambda _: b"<html>" * 1000,
        "another database": _another_database,
        "a copy of itself": _its_state_of_now,
    }.items()
]


async def _close_to_writing(database: Database) -> None:
    async with database._open.writes.connect() as db:
        await db.execution_options(writes=False)
        await db.exec_driver_sql("PRAGMA query_only = ON")


async def _write_garbage(database: Database) -> None:
    """Over all pages, as a disk does that fails; and what is cached is forgotten."""
    path = _path(database)
    with closing(sqlite3.connect(path)) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(os.urandom(size))
    for engine in database._open.plain, database._open.writes:
        await engine.dispose()


@pytest.fixture
def only_sqlite(tmp_path: Path) -> str:
    (tmp_path / "store").mkdir()
    return f"sqlite+aiosqlite:///{tmp_path}/store/jigsaw.sqlite"


class TestSqlite:
    @pytest.fixture
    def empty_url(self, only_sqlite: str) -> str:
        return only_sqlite

    @pytest.mark.parametrize(
        ("breaks", "fault"),
        [
            (_delete, "database-missing"),
            (_delete_alone, "database-missing"),
            (_move_away, "database-missing"),
            (_delete_folder, "database-missing"),
            (_replace, "database-replaced"),
            (_replace_by_its_copy, "database-replaced"),
            (_close_to_writing, "database-read-only"),
            (_write_garbage, "database-damaged"),
        ],
    )
    async def test_a_store_that_fails_is_told_at_once(
        self, alice: Person, service: Service, breaks: Break, fault: str
    ) -> None:
        workspace = await alice.create()
        etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
        assert (await alice.get("ready")).status == 200

        await breaks(service.services.database)

        await _is_refused(alice, workspace, etag, fault)

    async def test_an_open_editor_is_told_too(self, alice: Person, service: Service) -> None:
        async with alice.live(await alice.create()) as tab:
            await tab.edit(new("a"))
            await _delete(service.services.database)
            await tab.send(new("b"))

            assert await tab.end() == (4503, "storage-failed")
        assert all(message.get("n") != 2 for message in tab.heard), "it is not acknowledged"

    async def test_a_file_that_comes_back_is_gone_on_with(
        self, alice: Person, service: Service
    ) -> None:
        path = _path(service.services.database)
        path.rename(path.with_suffix(".away"))
        assert (await alice.get("ready")).json["missing"] == ["database-missing"]
        path.with_suffix(".away").rename(path)

        assert (await alice.get("ready")).status == 200
        assert await alice.create()

    async def test_a_file_that_is_lost_again_is_kept_again(
        self, alice: Person, service: Service
    ) -> None:
        path = _path(service.services.database)
        for _ in range(2):
            path.rename(path.with_suffix(".away"))
            assert (await alice.get("ready")).status == 503
            while not (copies := list(path.parent.glob(f"{path.name}.rescued-*[0-9]"))):
                await asyncio.sleep(0.05)
            copies[0].unlink()
            path.with_suffix(".away").rename(path)
            assert (await alice.get("ready")).status == 200

    @pytest.mark.parametrize("loses", [_delete, _replace])
    async def test_what_a_lost_file_held_is_kept_beside_it(
        self, alice: Person, service: Service, loses: Break
    ) -> None:
        database = service.services.database
        workspace = await alice.create("Kept")
        await loses(database)
        assert (await alice.get("ready")).status == 503

        pattern = f"{_path(database).name}.rescued-*[0-9]"
        while not (copies := list(_path(database).parent.glob(pattern))):
            await asyncio.sleep(0.05)
        with closing(sqlite3.connect(copies[0])) as copy:
            rows = copy.execute("SELECT id, name FROM workspaces").fetchall()
        assert rows == [(workspace, "Kept")]
        assert copies[0].stat().st_mode & 0o077 == 0


def _touch(path: Path) -> None:
    path.touch()


def _set_time(path: Path) -> None:
    os.utime(path, (0, 0))


def _set_mode(path: Path) -> None:
    path.chmod(0o640)


def _copy_keeping_times(path: Path) -> None:
    shutil.copy2(path, path.with_suffix(".copy"))


def _write_the_same(path: Path) -> None:
    path.write_bytes(path.read_bytes())


async def _until_known(database: Database) -> None:
    """Until what the file holds is remembered, which any request begins."""
    while not (database._file and database._file.is_known):
        await database.trial()
        await asyncio.sleep(0.02)


class TestSqliteTouched:
    """The file stays the same one, and holds the same: that is no fault."""

    @pytest.fixture
    def empty_url(self, only_sqlite: str) -> str:
        return only_sqlite

    @pytest.mark.parametrize(
        "touches",
        [_touch, _set_time, _set_mode, _copy_keeping_times, _write_the_same],
    )
    async def test_all_goes_on(
        self, alice: Person, service: Service, touches: Callable[[Path], None]
    ) -> None:
        database = service.services.database
        workspace = await alice.create()
        for _ in range(2):
            await _until_known(database)
            touches(_path(database))
            assert (await alice.get("ready")).status == 200
            assert (await alice.get(f"api/workspaces/{workspace}/xml")).status == 200
            assert await alice.create()

    async def test_what_is_written_over_it_afterwards_is_noticed(
        self, alice: Person, service: Service
    ) -> None:
        database = service.services.database
        path = _path(database)
        older = path.read_bytes()
        workspace = await alice.create()
        etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
        with closing(sqlite3.connect(path)) as beside:
            beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        await _until_known(database)
        path.touch()
        assert (await alice.get("ready")).status == 200

        times = path.stat()
        path.write_bytes(older)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 1))

        await _is_refused(alice, workspace, etag, "database-replaced")


@pytest.mark.parametrize("content", OVERWRITTEN)
@pytest.mark.parametrize("has_log", [True, False])
class TestSqliteWrittenOver:
    """The file stays the same one, and holds something else."""

    @pytest.fixture
    def empty_url(self, only_sqlite: str) -> str:
        return only_sqlite

    async def test_nothing_is_stored_there(
        self,
        alice: Person,
        service: Service,
        content: Callable[[Path], bytes],
        has_log: bool,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        database = service.services.database
        workspace = await alice.create()
        etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
        if not has_log:
            with closing(sqlite3.connect(_path(database))) as beside:
                beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert (await alice.get("ready")).status == 200
        await _write_over(content)(database)
        put = _path(database).read_bytes()

        await _is_refused(alice, workspace, etag, "database-replaced")

        while not list(_path(database).parent.glob(f"{_path(database).name}.overwritten-*-wal")):
            await asyncio.sleep(0.05)
        await database.close()
        assert _path(database).read_bytes() == put, "nor is it mixed with what was there"
        assert "has written over" in caplog.text


async def test_checkpoints_of_any_process_are_none_of_another_program(only_sqlite: str) -> None:
    database, guest = Database(only_sqlite), Database(only_sqlite, alone=False)
    await database.open()
    await database.migrate()
    await guest.open()
    for number in range(60):
        for one in (database, guest):
            async with one.write() as db:
                await db.execute(text(f"CREATE TABLE t{one is guest:d}_{number} (a)"))
                await db.execute(
                    text(f"INSERT INTO t{one is guest:d}_{number} VALUES (:a)"),
                    {"a": os.urandom(200_000)},
                )
    with closing(sqlite3.connect(sqlite_path(only_sqlite))) as beside:
        for kind in "PASSIVE", "FULL", "RESTART", "TRUNCATE":
            beside.execute(f"PRAGMA wal_checkpoint({kind})")
            assert await database.trial() is None
        beside.execute("VACUUM")
    assert await database.trial() is None
    assert await guest.trial() is None
    await guest.close()
    await database.close()


@pytest.mark.parametrize("left", [None, b""])
async def test_no_empty_database_is_made_where_one_was_before(
    only_sqlite: str, left: bytes | None
) -> None:
    path = sqlite_path(only_sqlite)
    first = Database(only_sqlite)
    await first.open()
    await first.migrate()
    await first.close()
    kept = path.rename(path.with_suffix(".kept"))
    if left is not None:
        path.write_bytes(left)

    again = Database(only_sqlite)
    with pytest.raises(DatabaseUnusable, match="where one was before") as refused:
        await again.open()
    assert refused.value.slug == "database-missing"
    assert path.exists() is (left is not None)

    kept.replace(path)
    await again.open()
    await again.close()


@pytest.mark.parametrize("content", [b"garbage", os.urandom(100_000), b"<html>" * 5000])
async def test_garbage_at_the_start_is_told_as_damage_and_left_alone(
    only_sqlite: str, content: bytes
) -> None:
    path = sqlite_path(only_sqlite)
    path.write_bytes(content)
    database = Database(only_sqlite)

    with pytest.raises(DatabaseUnusable) as refused:
        await database.open()
        await database.migrate()
    await database.close()

    assert refused.value.slug == "database-damaged"
    assert path.read_bytes() == content


async def test_a_fault_at_the_start_has_words_of_its_own(service: Service, alice: Person) -> None:
    service.services.readiness.missing |= {"database", "database-damaged"}
    service.services.readiness.tried.set()

    _tells(await alice.get("api/user"), "database-damaged")
    page = await alice.get("w/any")
    assert page.status == 503 and b"can't store your work just now" in page.body


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    mount = ["mount", "-t", "tmpfs", "-o", f"size=2m,mode=0700,uid={os.geteuid()}", "tmpfs"]
    subprocess.run([*root, *mount, disk], check=True)
    yield disk
    subprocess.run([*root, "umount", "--lazy", disk], check=True)


async def test_a_full_disk_is_told_until_there_is_room(
    small_disk: Path, migrated_sqlite: Path, tmp_path: Path, hub: str
) -> None:
    shutil.copy(migrated_sqlite, small_disk / "jigsaw.sqlite")
    database = Database(f"sqlite+aiosqlite:///{small_disk}/jigsaw.sqlite")
    await database.open()
    async with serving(database, Limits(), tmp_path, hub) as service:
        alice = service.person("alice")
        workspace = await alice.create()
        etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
        ballast = small_disk / "ballast"
        with pytest.raises(OSError, match="No space"), ballast.open("wb", 0) as file:
            while True:
                file.write(bytes(1024))

        await _is_refused(alice, workspace, etag, "database-full")
        assert (await alice.get(f"api/workspaces/{workspace}/xml")).status == 200

        ballast.unlink()
        assert (await alice.get("ready")).status == 200
        assert (await alice.save(workspace, XML.format("kept"), etag)).status == 200
    await database.close()


async def test_a_postgresql_that_is_lost_is_told_until_it_is_back(tmp_path: Path, hub: str) -> None:
    with postgresql_server() as server:
        database = Database(f"{server.url}/postgres")
        await database.open()
        await database.migrate()
        async with serving(database, Limits(), tmp_path, hub) as service:
            alice = service.person("alice")
            workspace = await alice.create()
            etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
            await asyncio.to_thread(server.stop)

            await _is_refused(alice, workspace, etag, "database-unreachable")

            await asyncio.to_thread(server.start)
            assert (await alice.get("ready")).status == 200
            assert (await alice.save(workspace, XML.format("kept"), etag)).status == 200
        await database.close()


async def _in_postgresql(url: str, statement: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


class TestPostgresql:
    @pytest.fixture
    def empty_url(self, new_postgresql: str) -> str:
        return new_postgresql

    async def test_a_database_that_can_only_be_read_is_told(
        self, alice: Person, service: Service, empty_url: str
    ) -> None:
        workspace = await alice.create()
        etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
        name = empty_url.rpartition("/")[2]

        async def set_read_only(state: str) -> None:
            change = f'ALTER DATABASE "{name}" SET default_transaction_read_only = {state}'
            admin = empty_url.replace(name, "postgres")
            await _in_postgresql(admin, change)
            await service.services.database.engine.dispose()

        await set_read_only("on")
        await _is_refused(alice, workspace, etag, "database-read-only")

        await set_read_only("off")
        assert (await alice.get("ready")).status == 200
        assert (await alice.save(workspace, XML.format("kept"), etag)).status == 200

    @pytest.mark.parametrize(
        ("state", "fault"), [("53100", "database-full"), ("XX001", "database-damaged")]
    )
    async def test_what_postgresql_says_of_its_disk_is_told(
        self, alice: Person, service: Service, empty_url: str, state: str, fault: str
    ) -> None:
        """A trigger says it, as a full or broken disk can't be had for the whole server."""
        workspace = await alice.create()
        etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
        fails = "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS"
        says = f"BEGIN RAISE EXCEPTION 'it fails' USING ERRCODE = '{state}'; END"
        await _in_postgresql(empty_url, f"{fails} $$ {says} $$")
        for table in "workspaces", "alembic_version":
            on = f"CREATE TRIGGER fails BEFORE INSERT OR UPDATE ON {table}"
            await _in_postgresql(empty_url, f"{on} EXECUTE FUNCTION fails()")

        _tells(await alice.save(workspace, XML.format("lost?"), etag), fault)
        assert (await alice.get("ready")).json["missing"] == [fault]

    @pytest.mark.parametrize(
        ("statement", "back"),
        [
            ("DROP DATABASE {0} WITH (FORCE)", None),
            ("ALTER DATABASE {0} RENAME TO gone_{0}", "ALTER DATABASE gone_{0} RENAME TO {0}"),
        ],
    )
    async def test_a_database_that_is_dropped_is_told(
        self,
        alice: Person,
        service: Service,
        empty_url: str,
        statement: str,
        back: str | None,
    ) -> None:
        workspace = await alice.create()
        etag = (await alice.get(f"api/workspaces/{workspace}/xml")).etag
        name = empty_url.rpartition("/")[2]
        admin = empty_url.replace(name, "postgres")
        await service.services.database.notices.close()
        await service.services.database.engine.dispose()
        await _in_postgresql(admin, statement.format(name))

        _tells(await alice.save(workspace, XML.format("lost?"), etag), "database-missing")
        assert (await alice.get("ready")).json["missing"] == ["database-missing"]

        await _in_postgresql(admin, back.format(name) if back else f"CREATE DATABASE {name}")
        answer = await alice.save(workspace, XML.format("kept"), etag)
        if back:
            assert answer.status == 200
        else:
            _tells(answer, "database-missing")
