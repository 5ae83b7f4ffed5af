"""Base of all commands: the service's configuration, its database, and exit codes.

They end with 0; with 1 and one sentence when it can't be done; with 2 when it isn't clear
what is meant. A command may run beside the service, unless it says otherwise.
"""

import asyncio
import logging
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..app import JigsawService
from ..errors import JigsawError
from ..storage.database import Database, DatabaseUnusable

FAILED, UNCLEAR = 1, 2


class CommandError(Exception):
    """Error of a command that can't be done; the message says why."""


class Command(JigsawService):
    """A command with its own options besides those of the service."""

    subcommands = {}  # noqa: RUF012 - traitlets' own form
    # Its arguments, in order; one in [brackets] may be left out.
    takes: tuple[str, ...] = ()

    def start(self) -> None:
        logging.basicConfig(format="%(message)s", level=logging.WARNING)
        logging.getLogger("jigsaw_service").setLevel(logging.INFO)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        arguments = self._arguments()
        try:
            asyncio.run(self.run(*arguments))
        except (CommandError, DatabaseUnusable, OSError) as error:
            fail(str(error))
        except JigsawError as error:
            fail(error.detail or error.title)
        except (SQLAlchemyError, sqlite3.Error) as error:
            told = error.orig if isinstance(error, DBAPIError) else error
            fail(f"The database refuses, {type(told).__name__}: {told}")
        except KeyboardInterrupt:
            fail("Stopped.")

    def exit(self, exit_status: int | str | None = 0) -> None:
        """Called by traitlets, for options it can't read among others: exit with UNCLEAR or 0."""
        super().exit(UNCLEAR if exit_status else 0)

    def _arguments(self) -> list[str]:
        least = sum(not one.startswith("[") for one in self.takes)
        if not least <= len(self.extra_args) <= len(self.takes):
            wanted = " ".join(self.takes) or "no arguments"
            fail(f"{self.name} takes {wanted}; {self.name} --help says more.", UNCLEAR)
        return list(self.extra_args)

    async def run(self, *arguments: str) -> None:
        """Run the command."""
        raise NotImplementedError

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The service's database, beside the service, or raise DatabaseUnusable."""
        database = Database(self.db_url, synchronous=self.synchronous, alone=False)
        try:
            await database.open()
            await database.require_newest()
            yield database
        finally:
            await database.close()


class Group(Command):
    """A command that only has commands of its own."""

    def start(self) -> None:
        if self.subapp is None:
            self._unknown()
        self.subapp.start()

    def _unknown(self) -> NoReturn:
        fail(f"{self.name} takes one of: {', '.join(self.subcommands)}.", UNCLEAR)


def fail(message: str, status: int = FAILED) -> NoReturn:
    """End with a sentence, on one line."""
    print(" ".join(message.split()), file=sys.stderr)
    sys.exit(status)


def confirm(question: str) -> None:
    """Ask for a yes at the terminal; CommandError for anything else."""
    print(question, end=" [y/N] ", flush=True)
    if not sys.stdin.isatty():
        print()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CommandError("Nothing was changed. Say y, or add --yes.")
