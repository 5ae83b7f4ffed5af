"""`migrate`, `backup`, `restore`: the database as a whole."""

import logging
from pathlib import Path

from traitlets import Bool

from ..storage import backup
from ..storage.database import Database
from .base import Command, CommandError, confirm


class Migrate(Command):
    """migrate

    Upgrade the database to what this version needs. The service does so by itself when it
    starts; this does it while it is stopped. An SQLite file is copied before, beside itself;
    of PostgreSQL, make a backup yourself.
    """

    name = "jigsaw-service migrate"
    description = __doc__ or ""

    async def run(self, *_arguments: str) -> None:
        if not backup.is_sqlite(self.db_url):
            print("The backup before this is yours: jigsaw-service backup, or pg_dump.")
        database = Database(self.db_url, synchronous=self.synchronous)
        try:
            await database.open()
            await database.migrate()
        finally:
            await database.close()
        print("The database is what this version needs.")


class Backup(Command):
    """backup FILE

    Write all there is into a new file, as it is at one moment; the service may run. Of SQLite,
    the file is a database by itself. It holds everybody's programs: keep it safe.
    """

    name = "jigsaw-service backup"
    description = __doc__ or ""
    takes = ("FILE",)

    async def run(self, *arguments: str) -> None:
        file = Path(arguments[0])
        async with self.database():
            await backup.write(self.db_url, file)
        print(f"Wrote {file}.")


class Restore(Command):
    """restore FILE [--yes]

    Put a backup in the place of all there is, while the service is stopped. A backup of SQLite
    is restored into SQLite, one of PostgreSQL into PostgreSQL; one of an older version is
    upgraded. Pages that were open before load everything anew; what they had not sent yet is
    offered to its author as a copy, and merged into nothing.
    """

    name = "jigsaw-service restore"
    description = __doc__ or ""
    takes = ("FILE",)
    flags = {"yes": ({"Restore": {"yes": True}}, "Don't ask.")}  # noqa: RUF012
    yes = Bool(help="Don't ask.").tag(config=True)

    async def run(self, *arguments: str) -> None:
        file = Path(arguments[0])
        _require(file)
        if not self.yes:
            confirm(f"Put {file} in the place of all there is?")
        logging.getLogger("jigsaw_service").setLevel(logging.WARNING)
        kept = await backup.restore(self.db_url, file)
        print(f"Restored {file}." + (f" What there was before is kept as {kept}." if kept else ""))


def _require(file: Path) -> None:
    if not file.is_file():
        raise CommandError(f"There is no file {file}.")
