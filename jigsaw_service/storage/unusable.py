"""Unusable databases, for which `ready` says why, and we try again; and errors that pass."""

from sqlalchemy.exc import DBAPIError

# PostgreSQL's class of faults that a second try may not meet: deadlocks and the like.
_ROLLED_BACK = "40"


class DatabaseUnusable(Exception):
    """Error: the database can't be reached or upgraded. `slug` is what `ready` tells."""

    slug = "database-unreachable"

    def __init__(self, message: str, slug: str = "") -> None:
        super().__init__(message)
        self.slug = slug or type(self).slug


class DatabaseInUse(DatabaseUnusable):
    """A second process wants the same SQLite file."""

    slug = "database-in-use"


class DatabaseOlder(DatabaseUnusable):
    """The database has to be upgraded first."""

    slug = "database-older"


class DatabaseNewer(DatabaseUnusable):
    """A newer version of the service has upgraded the database; nothing of it was touched."""

    slug = "database-newer"


def may_succeed_again(error: DBAPIError) -> bool:
    """True if PostgreSQL undid a transaction for the sake of others."""
    return str(getattr(error.orig, "sqlstate", "")).startswith(_ROLLED_BACK)
