"""The command line, as an admin uses it, beside a service that runs."""

import asyncio
import io
import sys
import zipfile
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from jigsaw_service.app import JigsawService
from jigsaw_service.commands.base import Command
from jigsaw_service.storage import accounts, notices
from jigsaw_service.storage.database import Database
from jigsaw_service.web.socket import base

from .conftest import XML, Person, Service
from .tabs import new

PASSWORD = "very-secret"


@dataclass(frozen=True)
class Done:
    """Output of a command, and its exit status."""

    status: int
    out: str
    err: str


class Admin:
    """Somebody at a terminal of the machine."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder

    async def run(self, *arguments: str, answer: str = "") -> Done:
        """In this process, since a new one takes a second to begin; see `apart`."""
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(self._folder)
            patched.setenv("JIGSAW_DB_URL", self._url)
            patched.setattr(sys, "stdin", io.StringIO(answer))
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                status = await asyncio.to_thread(_launch, arguments)
        return Done(status, out.getvalue(), err.getvalue())

    async def apart(self, *arguments: str) -> Done:
        """In a process of its own."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "jigsaw_service",
            *arguments,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            cwd=self._folder,
            env={"JIGSAW_DB_URL": self._url, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        out, err = await process.communicate()
        return Done(process.returncode or 0, out.decode(), err.decode())

    async def does(self, *arguments: str, answer: str = "") -> str:
        """Output of a command that succeeds."""
        done = await self.run(*arguments, answer=answer)
        assert done.status == 0, done
        return done.out

    async def fails(self, *arguments: str, answer: str = "", status: int = 1) -> str:
        """The one sentence of a command that can't."""
        done = await self.run(*arguments, answer=answer)
        assert done.status == status, done
        (line,) = done.err.splitlines()
        return line


def _launch(arguments: tuple[str, ...]) -> int:
    application = JigsawService()
    try:
        application.initialize(list(arguments))
        application.start()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        Command.clear_instance()
        for command in Command.__subclasses__():
            command.clear_instance()
    return 0


@pytest.fixture
def admin(empty_url: str, tmp_path: Path) -> Admin:
    return Admin(empty_url, tmp_path)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the times after which changes are noticed, from seconds and a minute."""
    monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.3)
    monkeypatch.setattr(notices, "_CHECK_SECONDS", 0.1)
    monkeypatch.setattr(accounts, "_REMEMBER_SECONDS", 0.0)


async def test_deleting_says_what_goes_and_asks(admin: Admin, alice: Person) -> None:
    workspace = await alice.create("Maze")
    await alice.post(f"api/workspaces/{workspace}/links", json={"kind": "view"})

    for answer in "", "n\n", "maybe\n":
        assert "Nothing was changed" in await admin.fails("user", "delete", "alice", answer=answer)
    assert (await alice.get(f"api/workspaces/{workspace}")).status == 200
    said = await admin.does("user", "delete", "alice", answer="y\n")

    assert "workspaces (1, in the trash 0)" in said and "links (1)" in said
    assert (await alice.get(f"api/workspaces/{workspace}")).status == 404
    assert (await alice.get("api/workspaces")).json["items"] == []


async def test_open_pages_notice_that_their_workspace_is_gone(
    admin: Admin, alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    shares = f"api/workspaces/{workspace}/shares"
    await alice.post(shares, json={"everyone": True, "role": "editor"})
    async with bob.live(workspace) as tab:
        await admin.does("user", "delete", "alice", "--yes")
        assert await tab.end() == (4404, "not-found")


async def test_who_is_deleted_does_not_go_on_under_the_old_number(
    admin: Admin, alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    shares = f"api/workspaces/{workspace}/shares"
    await alice.post(shares, json={"everyone": True, "role": "editor"})
    async with bob.live(workspace) as tab:
        await tab.edit(new("a"))
        await admin.does("user", "delete", "bob", "--yes")
        assert await tab.end() == (4401, "not-signed-in")
    names = [one["name"] for one in await contributors(alice, workspace)]
    assert "bob" not in names and any(name.startswith("deleted user") for name in names)


async def contributors(person: Person, workspace: str) -> list[dict[str, str]]:
    answer = await person.get(f"api/workspaces/{workspace}/contributors")
    people: list[dict[str, str]] = answer.json["items"]
    return people


async def test_all_can_be_given_to_somebody_who_has_been_here(
    admin: Admin, alice: Person, bob: Person
) -> None:
    workspace = await alice.create()
    give = "user", "delete", "alice", "--yes", "--give-to"
    for nobody in "bob", "alice":
        assert "can't get" in await admin.fails(*give, nobody)
    await bob.get("api/user")

    await admin.does(*give, "bob")

    assert (await bob.get(f"api/workspaces/{workspace}")).json["owner"] == "bob"


async def test_older_accounts_of_a_name_can_be_deleted_without_the_newest(
    admin: Admin, alice: Person, service: Service
) -> None:
    known = service.services.accounts
    await known.recognise("dora", "2026-01-01")
    newest = await known.recognise("dora", "2026-06-01")

    await admin.does("user", "delete", "dora", "--older", "--yes")

    assert await known.recognise("dora", None) == newest
    assert "Nobody" in await admin.fails("user", "delete", "dora", "--older", "--yes")


async def test_a_new_name_takes_everything_along_while_pages_are_open(
    admin: Admin, alice: Person, bob: Person
) -> None:
    workspace = await alice.create("Maze")
    await bob.get("api/user")
    async with alice.live(workspace) as tab:
        assert "joined" in await admin.does("user", "rename", "alice", "bob")
        code, _slug = await tab.end()
    assert code in (4401, 4403)
    async with bob.live(workspace) as tab:
        assert tab.welcome["role"] == "owner"
        assert (await tab.edit(new("a")))["type"] == "patch"


async def test_what_is_exported_is_imported_the_same(
    admin: Admin, alice: Person, bob: Person, tmp_path: Path
) -> None:
    await alice.create("Größe", language="processing", xml=XML.format("é"))
    await bob.create("Maze")

    await admin.does("user", "export", "alice", "alice.zip")
    await admin.does("export", "--user", "alice", "again.zip")
    await admin.does("export", "all.zip")
    await admin.does("import", "--user", "carol", "all.zip")

    names = [zipfile.ZipFile(tmp_path / f).namelist() for f in ("alice.zip", "again.zip")]
    assert names[0] == names[1] == ["processing/Größe.xml", "jigsaw.json"]
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist() == [
        "alice/processing/Größe.xml",
        "bob/python/Maze.xml",
        "jigsaw.json",
    ]


async def test_an_import_is_a_file_of_unknown_authors(
    admin: Admin, service: Service, alice: Person, tmp_path: Path
) -> None:
    (tmp_path / "Maze.xml").write_text(XML.format("a"))

    await admin.does("import", "--user", "alice", "Maze.xml")

    (made,) = (await alice.get("api/workspaces")).json["items"]
    answer = await alice.get(f"api/workspaces/{made['id']}/contributors")
    assert (made["name"], answer.json["files"]) == ("Maze", 1)


async def test_a_bad_file_is_imported_not_at_all(
    admin: Admin, alice: Person, tmp_path: Path
) -> None:
    for name, content in {"a.xml": b"<html/>", "b.zip": b"PK\x03\x04", "c.xml": b""}.items():
        (tmp_path / name).write_bytes(content)
        await admin.fails("import", "--user", "alice", name)
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as zipped:
        zipped.writestr("good.xml", XML.format("a"))
        zipped.writestr("../bad.xml", XML.format("b"))
    await admin.fails("import", "--user", "alice", "d.zip")
    await admin.fails("import", "--user", "alice", "missing.xml")
    await admin.fails("import", "d.zip")

    assert (await alice.get("api/workspaces")).json["items"] == []


async def test_a_service_that_runs_is_backed_up_but_not_migrated_or_restored(
    admin: Admin, service: Service, alice: Person, tmp_path: Path
) -> None:
    await alice.create()

    await admin.does("backup", "backup")

    if (tmp_path / "jigsaw.sqlite").exists():
        assert "Stop it" in await admin.fails("migrate")
    assert "Stop" in await admin.fails("restore", "backup", "--yes")
    assert "already" in await admin.fails("backup", "backup")
    assert "no file" in await admin.fails("restore", "missing", "--yes")


async def test_a_backup_is_restored_after_a_question(
    database: Database, admin: Admin, tmp_path: Path
) -> None:
    await admin.does("backup", "backup")
    await database.close()

    assert "Nothing was changed" in await admin.fails("restore", "backup", answer="n\n")
    said = await admin.does("restore", "backup", answer="y\n")

    assert ("before-restore" in said) == (tmp_path / "jigsaw.sqlite").exists()
    assert "what this version needs" in await admin.does("migrate")


@pytest.mark.parametrize("version", ["0001", "9999"])
async def test_a_database_of_another_version_is_left_alone(
    database: Database, admin: Admin, version: str
) -> None:
    async with database.write() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})

    for command in ("user", "delete", "alice"), ("export", "a.zip"), ("backup", "b"):
        said = await admin.fails(*command)
        assert version in said and ("migrate" in said) == (version == "0001")


async def test_a_database_that_is_not_there_is_not_made(admin: Admin, tmp_path: Path) -> None:
    await admin.fails("user", "export", "alice")
    assert not list(tmp_path.iterdir())


async def test_no_password_is_told(tmp_path: Path) -> None:
    admin = Admin(f"postgresql+asyncpg://nobody:{PASSWORD}@127.0.0.1:1/none", tmp_path)
    for command in ("migrate",), ("backup", "b"), ("user", "rename", "a", "b"):
        assert PASSWORD not in await admin.fails(*command)


@pytest.mark.parametrize(
    "arguments",
    [
        ("usr",),
        ("user",),
        ("user", "rename", "alice"),
        ("backup",),
        ("export",),
        ("migrate", "now"),
    ],
)
async def test_what_is_unclear_is_said_and_nothing_done(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    admin = Admin(f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite", tmp_path)
    await admin.fails(*arguments, status=2)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.py", None, "There is no file of configuration"),
        ("settings.conf", "", "ends in .py or .json"),
        ("fails.py", "1/0", "ZeroDivisionError: division by zero"),
        ("fails.json", "{", "JSONDecodeError"),
        ("wrong.py", "c.JigsawService.trash_days = 'long'", "trash_days"),
    ],
)
@pytest.mark.parametrize("command", [(), ("migrate",)], ids=["service", "command"])
async def test_a_file_of_configuration_that_cannot_be_used_is_said_and_nothing_done(
    tmp_path: Path, command: tuple[str, ...], name: str, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    admin = Admin(f"sqlite+aiosqlite:///{tmp_path}/made.sqlite", tmp_path)

    done = await admin.run(*command, f"--config={name}")

    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err and str(tmp_path / name) in done.err
    assert not (tmp_path / "made.sqlite").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py", "c.JigsawService.db_url = {!r}"),
        ("a.json", '{{"JigsawService": {{"db_url": "{}"}}}}'),
    ],
)
async def test_a_file_of_configuration_is_gone_by(tmp_path: Path, name: str, content: str) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/meant.sqlite"
    (tmp_path / name).write_text(content.format(url))
    admin = Admin(f"sqlite+aiosqlite:///{tmp_path}/other.sqlite", tmp_path)

    assert (await admin.run("migrate", f"--config={name}")).status == 0

    assert (tmp_path / "meant.sqlite").exists()
    assert not (tmp_path / "other.sqlite").exists()


async def test_every_command_says_what_it_is_for(tmp_path: Path) -> None:
    admin = Admin("", tmp_path)
    for command in ("user delete", "user rename", "user export", "export", "import"):
        assert (await admin.does(*command.split(), "--help")).startswith(command)
    said = await admin.does("--help")
    assert "backup" in said and "restore" in said and "migrate" in said


async def test_a_command_that_fails_ends_with_1_and_a_sentence(tmp_path: Path) -> None:
    admin = Admin(f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite", tmp_path)
    done = await admin.apart("backup", "b")
    assert (done.status, done.out) == (1, "")
    assert done.err == f"There is no database at {tmp_path}/jigsaw.sqlite.\n"
