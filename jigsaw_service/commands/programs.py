"""`export` and `import`: the zip of `GET api/export`, written and read by an admin."""

from collections.abc import AsyncIterator
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import select
from traitlets import Unicode

from ..app import JigsawService
from ..document.names import make_title
from ..errors import TooLarge
from ..runtime.identity import User
from ..runtime.limits import Limits
from ..runtime.private_file import create_private
from ..storage import accounts
from ..storage.accounts import Accounts
from ..storage.database import Database
from ..storage.tables import Account, Import, Workspace
from ..workspaces import account_export, archive, imports
from ..workspaces.export import file_stem
from .base import Command, CommandError


class Export(Command):
    """export [--user NAME] FILE.zip

    Write all workspaces into a zip, a folder for each owner; or those of one user, as they can
    have it themselves. What is in the trash is left out. For a copy of everything there is,
    history, shares and links too, see backup.
    """

    name = "jigsaw-service export"
    description = __doc__ or ""
    takes = ("FILE.zip",)
    aliases = {**JigsawService.aliases, "user": "Export.user"}  # noqa: RUF012
    user = Unicode(help="Whose workspaces; without it, everybody's.").tag(config=True)

    async def run(self, *arguments: str) -> None:
        await write_zip(self, self.user or None, arguments[0])


async def write_zip(command: Command, name: str | None, file: str | None) -> None:
    """The zip of one person, or of everybody."""
    async with command.database() as database:
        owners = await _owners(database, name)
        if name and not owners:
            raise CommandError(f"Nobody called {name} has been here.")
        today = datetime.now(timezone.utc).date().isoformat()
        path = Path(file or f"{file_stem(name or 'everybody')} {today}.zip")
        pieces = (
            account_export.pieces(database, owners[0][0])
            if name
            else account_export.pieces_of_all(database, owners)
        )
        await _write(path, pieces)
    print(f"Wrote {path}.")


async def _owners(database: Database, name: str | None) -> list[tuple[int, str]]:
    async with database.read() as db:
        if name:
            found = await accounts.find(db, name)
            return [(found.id, found.name)] if found else []
        owning = select(Account.id, Account.name).where(
            Account.id.in_(select(Workspace.owner_id).distinct())
        )
        return [(row.id, row.name) for row in await db.execute(owning.order_by(Account.id))]


async def _write(path: Path, pieces: AsyncIterator[bytes]) -> None:
    with create_private(path) as made, made.open("wb") as file:
        async for piece in pieces:
            file.write(piece)


class ImportFile(Command):
    """import --user NAME FILE

    Make workspaces of a file, for NAME: a zip of an export, XML, or a notebook that was
    exported from here. All that it holds, or nothing. NAME need not have signed in yet.
    """

    name = "jigsaw-service import"
    description = __doc__ or ""
    takes = ("FILE",)
    aliases = {**JigsawService.aliases, "user": "ImportFile.user"}  # noqa: RUF012
    user = Unicode(help="Whose the workspaces will be.").tag(config=True)

    async def run(self, *arguments: str) -> None:
        path, limits = Path(arguments[0]), self._limits()
        if not self.user:
            raise CommandError("Say whose the workspaces will be: --user NAME.")
        programs = _programs_in(path, limits)
        async with self.database() as database:
            account = await Accounts(database).recognise(self.user, None)
            user = User(account, self.user, frozenset())
            async with database.write() as db:
                await imports.make(db, user, programs, limits=limits)
        print(f"Made {len(programs)} workspaces for {self.user}.")
        for program in programs:
            if program.edited_code is not None:
                print(f"{program.name}: its code was edited since the export; the blocks are older")


def _programs_in(path: Path, limits: Limits) -> list[imports.Program]:
    if path.stat().st_size > limits.import_bytes:
        raise TooLarge(f"{path} is larger than import_bytes, {limits.import_bytes} bytes.")
    begun = Import(name=make_title(path.stem, archive.UNNAMED), language=None)
    programs = imports.programs(begun, path.read_bytes(), limits)
    if not programs:
        raise CommandError(f"{path} is empty.")
    return programs
