"""Faults of the store: errors of SQLite and PostgreSQL as what a caller is told."""

import re
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..errors import NotReady, StorageFailed
from .unusable import may_succeed_again


@dataclass(frozen=True)
class _Fault:
    slug: str
    says: str
    sqlite: str
    """A pattern of SQLite's own messages (sqlite3.c, `sqlite3ErrStr`)."""
    postgresql: tuple[str, ...] = ()
    """Beginnings of SQLSTATEs (PostgreSQL, appendix A)."""


_FAULTS = (
    _Fault("database-full", "its disk is full", r"disk is full", ("53100",)),
    _Fault(
        "database-read-only",
        "its database can only be read",
        r"readonly database",
        ("25006", "42501"),
    ),
    _Fault(
        "database-damaged",
        "its database is damaged",
        r"malformed|not a database",
        ("XX001", "XX002"),
    ),
    _Fault("database-disk", "its disk fails", r"disk I/O error", ("58030",)),
    _Fault(
        "database-unreachable",
        "its database can't be reached",
        r"unable to open database",
        ("08", "57P", "53300"),
    ),
    _Fault("database-missing", "its database is gone", r"no such table", ("3D000", "42P01")),
    _Fault("database-replaced", "the file of its database is another now", r"$^"),
)
_SAYS = {fault.slug: fault.says for fault in _FAULTS}
UNREACHABLE = "database-unreachable"
DAMAGED = "database-damaged"


def storage_failed(slug: str) -> StorageFailed | None:
    """The refusal for a fault that `ready` names; None for any other slug."""
    if slug not in _SAYS:
        return None
    return StorageFailed(
        f"The service can't store your work just now: {_SAYS[slug]}. Keep what you have, tell "
        "your Hub's admin, and try again later.",
        fault=slug,
    )


def slug_of(error: BaseException) -> str | None:
    """The fault behind an error of the database; None for one that is no fault of the store."""
    orig = getattr(error, "orig", error)
    state = str(getattr(orig, "sqlstate", None) or "")
    for fault in _FAULTS:
        if state.startswith(fault.postgresql) if state else re.search(fault.sqlite, str(orig)):
            return fault.slug
    if isinstance(error, ConnectionError | InterfaceError):
        return UNREACHABLE
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return UNREACHABLE
    return None


def refusal_of(error: Exception) -> NotReady | None:
    """Refusal that tells a caller of a database error; None for a bug of ours."""
    if slug := slug_of(error):
        return storage_failed(slug)
    if isinstance(error, DBAPIError) and may_succeed_again(error):
        return NotReady("Too much happened at once. Try again in a moment.")
    if isinstance(error, OperationalError | PoolTimeout):
        return NotReady("The database does not answer. Try again in a moment.")
    return None
