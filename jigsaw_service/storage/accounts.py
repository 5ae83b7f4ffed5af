"""Accounts: a row for each person who was here, found by the Hub's name and creation time."""

import time
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from .database import Database
from .tables import Account, Membership, Share, Transfer

# Stands as `created` of an account that nobody is recognised as any more.
DELETED = "deleted"
# So long may pass until a deletion or a new name, which an admin commands, is noticed.
_REMEMBER_SECONDS = 30.0


class Accounts:
    """Recognises people; remembers them, since every request asks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[str, str | None], tuple[int, float]] = {}
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
        account, until = self._known.get(key, (0, 0.0))
        if until < (now := time.monotonic()):
            account = await self._find_or_add(name, created)
            self._known[key] = account, now + _REMEMBER_SECONDS
        if groups is not None and self._groups.get(account) != groups:
            await self._remember(account, groups)
            self._groups[account] = groups
        return account

    def seen_within(self, seconds: float) -> int:
        """Number of people who were here lately, as far as this process knows."""
        since = time.monotonic() - seconds + _REMEMBER_SECONDS
        return len({account for account, until in self._known.values() if until > since})

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
            found = await find(db, name, created)
        if found and (created is None or found.created == created):
            return found.id
        try:
            async with self._database.write() as db:
                return await _add(db, name, created)
        except IntegrityError:
            # Another request of the same person was first.
            async with self._database.read() as db:
                again = await find(db, name, created)
            if again is None:
                raise
            return again.id


def called(name: str) -> Select[Any]:
    """The accounts of that name, newest first; without those that were deleted."""
    named = select(Account).where(Account.name == name, Account.created != DELETED)
    return named.order_by(Account.id.desc())


async def find(db: AsyncSession, name: str, created: str | None = None) -> Account | None:
    """The account of that time, or one whose time is not known yet; None: the newest."""
    query = called(name)
    if created is not None:
        # The exact one sorts before the unknown, which is "".
        query = query.where(Account.created.in_([created, ""])).order_by(None)
        query = query.order_by(Account.created.desc())
    found: Account | None = await db.scalar(query.limit(1))
    return found


async def _add(db: AsyncSession, name: str, created: str | None) -> int:
    account = await find(db, name, created)
    if account is None:
        account = Account(name=name, created=created or "", first_seen=datetime.now(timezone.utc))
        db.add(account)
        await db.flush()
        await bind(db, account)
    elif created is not None:
        account.created = created
    return account.id


async def bind(db: AsyncSession, account: Account) -> None:
    """Bind what was granted or offered to the name before its first visit to this account."""
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
