"""Schema that this version of the service knows, told without alembic: that takes 11 MB,
and is needed once in a release."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine


def migrations_path() -> Path:
    """The scripts: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def newest() -> str:
    """The revision that the last of the migrations leads to."""
    scripts = (migrations_path() / "versions").glob("[0-9]*.py")
    return max(script.stem.partition("_")[0] for script in scripts)


async def revision(engine: AsyncEngine) -> str:
    """The revision that the database is at; "" without tables."""
    async with engine.connect() as connection:
        try:
            found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        except (OperationalError, ProgrammingError):
            return ""
    return str(found or "")
