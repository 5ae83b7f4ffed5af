"""Many rows go to the driver as SQLAlchemy itself would write them."""

from datetime import datetime, timedelta, timezone

from sqlalchemy import Connection, bindparam, insert, select, update

from jigsaw_service.runtime.identity import User
from jigsaw_service.storage.bulk import BulkWrite
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Change

NOW = datetime(2026, 3, 29, 1, 30, 0, 250, tzinfo=timezone(timedelta(hours=2)))
PATCH = b'{"blocks":{}}'


def change(maze: str, alice: User, clock: int, patch: bytes | None = PATCH) -> dict[str, object]:
    return {
        "workspace_id": maze,
        "clock": clock,
        "account_id": alice.id,
        "client": None if patch is None else "c" * 32,
        "n": None if patch is None else clock,
        "patch": patch,
        "revision": 1 if patch is None else None,
        "created": NOW,
    }


async def test_rows_are_read_as_they_were_written(
    database: Database, alice: User, maze: str
) -> None:
    rows = [change(maze, alice, 2), change(maze, alice, 3, None)]
    await database.change(lambda db: BulkWrite(insert(Change.__table__)).run(db, rows))

    async with database.read() as db:
        found = await db.scalars(select(Change).order_by(Change.clock))
        read = [{name: getattr(one, name) for name in rows[0]} for one in found]
    assert read == rows


async def test_only_what_is_named_is_changed_and_only_there(
    database: Database, alice: User, maze: str
) -> None:
    later = NOW + timedelta(days=1)
    moved = BulkWrite(
        update(Change.__table__)
        .where(Change.__table__.c.clock == bindparam("at"))
        .values(created=bindparam("to"))
    )

    def work(db: Connection) -> None:
        rows = [change(maze, alice, clock) for clock in (2, 3)]
        BulkWrite(insert(Change.__table__)).run(db, rows)
        moved.run(db, [{"at": 3, "to": later}])
        moved.run(db, [])

    await database.change(work)

    async with database.read() as db:
        found = (await db.scalars(select(Change).order_by(Change.clock))).all()
    assert [(one.created, one.patch) for one in found] == [(NOW, PATCH), (later, PATCH)]
