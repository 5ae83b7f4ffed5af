"""Rename an account here as it was renamed on the Hub.

Where nobody of the new name has been here, the account gets it. Where somebody has, they are
the same person, and their account takes in the old one: a running service knows its number.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..errors import NotFound
from ..storage import accounts
from ..storage.database import also_about
from ..storage.tables import Account, Share, Transfer, Workspace
from . import merge


@dataclass(frozen=True)
class Renamed:
    """Result of a renaming."""

    account: Account | None
    """Account that has everything now; None: only roles and offers of one that never signed in."""
    joined: int
    """Number of accounts it has taken in."""


async def rename(db: AsyncSession, old: str, new: str) -> Renamed:
    """Give `new` all of `old`; with one name twice, join the older accounts to the newest."""
    bearers = list(await db.scalars(accounts.called(old)))
    if old == new:
        return await _join_all(db, new, bearers)
    target, source = await accounts.find(db, new), bearers[0] if bearers else None
    if source and target:
        await merge.join(db, source, target)
    elif source:
        await _call(db, source, new)
    owner = target or source
    if owner is None:
        await _rename_waiting(db, old, new)
        return Renamed(None, 0)
    waited = [await _claim(db, owner, name) for name in (old, new)]
    if source is None and not any(waited):
        raise NotFound(_NOBODY.format(old))
    return Renamed(owner, int(bool(source and target)))


_NOBODY = "Nobody called {} has been here, and nothing waits for them."


async def _join_all(db: AsyncSession, name: str, bearers: list[Account]) -> Renamed:
    if not bearers:
        raise NotFound(_NOBODY.format(name))
    newest, *older = bearers
    for one in older:
        await merge.join(db, one, newest)
    return Renamed(newest, len(older))


async def _call(db: AsyncSession, account: Account, name: str) -> None:
    """Give the account a name that nobody here has.

    When the Hub made theirs becomes unknown, and the next person by that name is recognised:
    the Hub keeps that time with a new name, but not where the one was deleted and the other made.
    """
    await merge.lock_about(db, [account.id])
    account.name, account.created = name, ""
    owned = update(Workspace).where(Workspace.owner_id == account.id)
    # The names of owners are among the words that are searched.
    await db.execute(owned.values(indexed_clock=0))
    await db.flush()


async def _claim(db: AsyncSession, account: Account, name: str) -> bool:
    """Give the account the roles and offers that wait for `name`; True if there were any."""
    shares, offers = await _waiting(db, name)
    mine = select(Share).where(Share.account_id == account.id)
    held = {share.workspace_id: share for share in await db.scalars(mine)}
    for share in shares:
        if kept := held.get(share.workspace_id):
            kept.role = max(kept.role, share.role)
            await db.delete(share)
        else:
            share.account_id = account.id
    for offer in offers:
        offer.account_id = account.id
    await db.flush()
    await merge.tidy(db, account)
    return bool(shares or offers)


async def _waiting(db: AsyncSession, name: str) -> tuple[list[Share], list[Transfer]]:
    """Roles and offers that wait for somebody's first visit."""
    shares = select(Share).where(
        Share.kind == "user", Share.name == name, Share.account_id.is_(None)
    )
    offers = select(Transfer).where(Transfer.name == name, Transfer.account_id.is_(None))
    found = list(await db.scalars(shares))
    also_about(db, [share.workspace_id for share in found])
    return found, list(await db.scalars(offers))


async def _rename_waiting(db: AsyncSession, old: str, new: str) -> None:
    """Rename what waits for `old`, as nobody of either name has been here."""
    shares, offers = await _waiting(db, old)
    if not shares and not offers:
        raise NotFound(_NOBODY.format(old))
    there = {share.workspace_id: share for share in (await _waiting(db, new))[0]}
    for share in shares:
        if kept := there.get(share.workspace_id):
            kept.role = max(kept.role, share.role)
            await db.execute(delete(Share).where(Share.id == share.id))
        else:
            share.name = new
    for offer in offers:
        offer.name = new
