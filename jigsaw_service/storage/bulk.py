"""Bulk writes: statements on many rows at once, past what SQLAlchemy does for each of them.

It looks at every value of every row; under load that takes longer than SQLite takes to write it.
So this is done once for each kind of database, and the driver gets the rows as they are.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import UpdateBase

# SQL of a driver, and what it wants to know: names in order, and how their values are written.
_Plan = tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]


class BulkWrite:
    """Bulk write: one statement, made by SQLAlchemy, whose parameters all have names."""

    def __init__(self, statement: UpdateBase) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def run(self, db: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each of the rows, if there are any."""
        sql, values = self._plans.get(db.dialect.name) or self._plan(db.dialect)
        written = [
            tuple([write(row[name]) if write else row[name] for name, write in values])
            for row in rows
        ]
        if written:
            db.exec_driver_sql(sql, written)

    def _plan(self, dialect: Dialect) -> _Plan:
        compiled = self._statement.compile(dialect=dialect)
        values: list[tuple[str, Callable[[Any], Any] | None]] = []
        for name in compiled.positiontup or ():
            kind = compiled.binds[name].type.dialect_impl(dialect)
            values.append((name, kind.bind_processor(dialect)))
        plan = self._plans[dialect.name] = str(compiled), values
        return plan
