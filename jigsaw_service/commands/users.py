"""`user delete`, `user rename`, `user export`: what has become of somebody on the Hub."""

from traitlets import Bool, Unicode

from ..accounts import deletion, rename
from ..accounts.deletion import Belongings
from ..app import JigsawService
from ..storage import accounts
from ..storage.tables import Account
from .base import Command, CommandError, Group, confirm
from .programs import write_zip


class UserDelete(Command):
    """user delete NAME [--give-to OTHER] [--yes]

    Delete somebody who is gone from the Hub. Says what goes, and asks. Their workspaces are
    deleted for good, or given to OTHER. In workspaces of others their work stays, as that of
    a deleted user. A Hub user who gets the name later is a stranger.
    """

    name = "jigsaw-service user delete"
    description = __doc__ or ""
    takes = ("NAME",)
    aliases = {**JigsawService.aliases, "give-to": "UserDelete.give_to"}  # noqa: RUF012
    flags = {  # noqa: RUF012
        "yes": ({"UserDelete": {"yes": True}}, "Don't ask."),
        "older": (
            {"UserDelete": {"older": True}},
            "Delete those who had the name before the one who has it now.",
        ),
    }

    give_to = Unicode(help="Who gets the workspaces; they must have signed in here.").tag(
        config=True
    )
    yes = Bool(help="Don't ask.").tag(config=True)
    older = Bool(help="Delete those who had the name before the one who has it now.").tag(
        config=True
    )

    async def run(self, *arguments: str) -> None:
        (name,) = arguments
        async with self.database() as database:
            async with database.read() as db:
                bearers = list(await db.scalars(accounts.called(name)))
                doomed: list[Account | None] = [*(bearers[1:] if self.older else bearers[:1])]
                if not bearers and not self.older:
                    doomed = [None]
                heir = await accounts.find(db, self.give_to) if self.give_to else None
                found = [await deletion.belongings(db, one, name) for one in doomed]
            if self.give_to and (heir is None or heir in doomed):
                raise CommandError(f"{self.give_to} can't get the workspaces: see --help.")
            if not found or (found == [Belongings()] and not bearers):
                raise CommandError(f"Nobody called {name} has been here.")
            for one, what in zip(doomed, found, strict=True):
                print(_in_words(name, one, what, heir))
            if not self.yes:
                confirm(f"Delete {name}?")
            for one in doomed:
                if one is not None:
                    await deletion.leave(database, one, heir=heir)
                else:
                    async with database.write() as db:
                        await deletion.forget_name(db, name, "deleted user")
        print(f"Deleted {name}.")


def _in_words(name: str, account: Account | None, what: Belongings, heir: Account | None) -> str:
    if account is None:
        return (
            f"{name} never signed in here. What waits for them goes: "
            f"roles ({what.roles}) and offers ({what.offers})."
        )
    owned = f"workspaces ({what.workspaces}, in the trash {what.trashed})"
    lines = [f"{name}, here since {account.first_seen:%Y-%m-%d}."]
    if heir:
        lines.append(f"  Given to {heir.name}: {owned}, with history, shares and links.")
    else:
        lines += [
            f"  Deleted for good: {owned}, with their history, shares ({what.shared}) and links "
            f"({what.links}).",
            f"  Copies that others made of these ({what.copied}) stay theirs.",
        ]
    lines += [
        f"  Ended: roles on workspaces of others ({what.roles}), offers ({what.offers}), "
        f"agreements to look at a copy ({what.agreements}).",
        "  Kept: their work in workspaces of others, as that of a deleted user.",
    ]
    return "\n".join(lines)


class UserRename(Command):
    """user rename OLD NEW

    Somebody is called NEW on the Hub now: what was OLD's is NEW's. Where NEW has signed in
    here already, both are one from now on. With the same name twice, what an older account of
    that name has (it was deleted on the Hub, and made again) becomes that of the newest.
    """

    name = "jigsaw-service user rename"
    description = __doc__ or ""
    takes = ("OLD", "NEW")

    async def run(self, *arguments: str) -> None:
        old, new = arguments
        if not new or len(new) > 255:
            raise CommandError("A name has 1 to 255 letters.")
        async with self.database() as database, database.write() as db:
            done = await rename.rename(db, old, new)
        if done.account is None:
            print(f"What waits for {old} waits for {new} now.")
        elif old == new:
            print(f"{done.joined} older accounts of {new} have joined the newest.")
        elif done.joined:
            since = f"{done.account.first_seen:%Y-%m-%d}"
            print(f"What was {old}'s has joined what {new} has, who has been here since {since}.")
        else:
            print(f"What was {old}'s is {new}'s.")


class UserExport(Command):
    """user export NAME [FILE.zip]

    Write all that somebody owns into a zip, as they can have it themselves: for them to take
    along, or to be imported on another Hub. What is in the trash is left out.
    """

    name = "jigsaw-service user export"
    description = __doc__ or ""
    takes = ("NAME", "[FILE.zip]")

    async def run(self, *arguments: str) -> None:
        await write_zip(self, arguments[0], arguments[1] if arguments[1:] else None)


class UserCommands(Group):
    """user delete|rename|export

    Tell the service what has become of somebody on the Hub, or get their workspaces.
    """

    name = "jigsaw-service user"
    description = __doc__ or ""
    subcommands = {  # noqa: RUF012
        "delete": (UserDelete, "Delete somebody who is gone from the Hub."),
        "rename": (UserRename, "Somebody has another name on the Hub."),
        "export": (UserExport, "Write all that somebody owns into a zip."),
    }
