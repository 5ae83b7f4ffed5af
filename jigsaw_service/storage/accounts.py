"""Who has been here: a row for each person, found by the Hub's name and creation time."""

from datetime import datetime, timezone

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from .database import Database
from .tables import Account, Membership, Share, Transfer


class Accounts:
    """Recognises people; remembers them, since every request asks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[str, str | None], int] = {}
        self._groups: dict[int, frozenset[str]] = {}

    async def recognise(
        self, name: str, created: str | None, groups: frozenset[str] | None = None
    ) -> int:
        """The id of this person's account, made when they are first seen.

        `created` is when the Hub made theirs: the same name with another time is
        another person. Where the Hub doesn't tell, the newest of that name is meant.
        The `groups` that they are in now are remembered, for others to find them.
        """
        key = (name, created)
        if key not in self._known:
            self._known[key] = await self._find_or_add(name, created)
        account = self._known[key]
        if groups is not None and self._groups.get(account) != groups:
            await self._remember(account, groups)
            self._groups[account] = groups
        return account

    async def _remember(self, account: int, groups: frozenset[str]) -> None:
        stored = select(Membership.group_name).where(Membership.account_id == account)
        async with self._database.read() as db:
            if set(await db.scalars(stored)) == groups:
                return
        async with self._database.write() as db:
            # Two requests of one person, one after the other.
            await db.execute(select(Account.id).where(Account.id == account).with_for_update())
            await db.execute(delete(Membership).where(Membership.account_id == account))
            if groups:
                rows = [{"account_id": account, "group_name": group} for group in sorted(groups)]
                await db.execute(insert(Membership), rows)

    async def _find_or_add(self, name: str, created: str | None) -> int:
        async with self._database.read() as db:
            found = await _find(db, name, created)
        if found and (created is None or found.created == created):
            return found.id
        try:
            async with self._database.write() as db:
                return await _add(db, name, created)
        except IntegrityError:
            # Another request of the same person was first.
            async with self._database.read() as db:
                again = await _find(db, name, created)
            if again is None:
                raise
            return again.id


async def _find(db: AsyncSession, name: str, created: str | None) -> Account | None:
    """The account of that time, or one whose time is not known yet."""
    query = select(Account).where(Account.name == name).order_by(Account.id.desc())
    if created is not None:
        # The exact one sorts before the unknown, which is "".
        query = query.where(Account.created.in_([created, ""])).order_by(None)
        query = query.order_by(Account.created.desc())
    return await db.scalar(query.limit(1))


async def _add(db: AsyncSession, name: str, created: str | None) -> int:
    account = await _find(db, name, created)
    if account is None:
        account = Account(name=name, created=created or "", first_seen=datetime.now(timezone.utc))
        db.add(account)
        await db.flush()
        await _bind(db, account)
    elif created is not None:
        account.created = created
    return account.id


async def _bind(db: AsyncSession, account: Account) -> None:
    """What was granted or offered to the name before its first visit is now this person's."""
    await db.execute(
        update(Share)
        .where(Share.kind == "user", Share.name == account.name, Share.account_id.is_(None))
        .values(account_id=account.id)
    )
    await db.execute(
        update(Transfer)
        .where(Transfer.name == account.name, Transfer.account_id.is_(None))
        .values(account_id=account.id)
    )
