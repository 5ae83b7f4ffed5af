"""Dump of PostgreSQL: one state of our tables, in a file that needs none of its programs.

JSON lines, compressed: what the file is, then each table with its rows. It is read into the
schema that it was made of, which is upgraded then; all in one transaction, or nothing.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect, select, text

from . import migrate, schema
from .tables import Table as Ours
from .unusable import DatabaseInUse, DatabaseNewer, DatabaseUnusable

_FORMAT = 1
# Rows; one may be large.
_AT_ONCE = 50
# Tables of who is here at this moment.
_PASSING = ("processes", "visitors")


def write(db: Connection, file: Path) -> None:
    """Write all tables as they are in this transaction, which reads one state."""
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=6) as out:
        _line(out, {"jigsaw_backup": _FORMAT, "revision": schema.newest()})
        for table in _tables(db):
            names = list(table.columns.keys())
            _line(out, {"table": table.name, "columns": names, "next": _next(db, table)})
            rows = db.execution_options(yield_per=_AT_ONCE).execute(select(table))
            for row in rows:
                _line(out, [_plain(value) for value in row])
        _line(out, {"end": True})


def _tables(db: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(db)
    return [
        table
        for table in found.sorted_tables
        if table.name not in _PASSING and table.name != "alembic_version"
    ]


def _line(out: TextIO, value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    return {"json": value} if isinstance(value, (dict, list)) else value


def _value(stored: Any) -> Any:
    if not isinstance(stored, dict):
        return stored
    ((kind, value),) = stored.items()
    return _READ[kind](value)


_READ: dict[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "time": datetime.fromisoformat,
    "json": lambda value: value,
}


def _sequence(db: Connection, table: Table) -> str | None:
    """Sequence that numbers the rows, if any does."""
    (key, *others) = table.primary_key.columns
    if others or not key.autoincrement or not key.server_default:
        return None
    asked = text("SELECT pg_get_serial_sequence(:table, :column)")
    name: str | None = db.scalar(asked, {"table": table.name, "column": key.name})
    return name


def _next(db: Connection, table: Table) -> int | None:
    """No number is given twice, also not that of a row that is gone."""
    sequence = _sequence(db, table)
    if sequence is None:
        return None
    row = db.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
    return int(row.last_value) + bool(row.is_called)


def read(db: Connection, file: Path, *, service: str) -> None:
    """Replace all that is there by what the file holds, with new epochs.

    DatabaseInUse while connections called `service` exist; DatabaseUnusable for another file.
    """
    _require_alone(db, service)
    with _opened(file) as lines:
        head = next(lines, None)
        if not isinstance(head, dict) or head.get("jigsaw_backup") != _FORMAT:
            raise DatabaseUnusable(f"{file} is no backup of a PostgreSQL database.")
        revision = str(head["revision"])
        if revision > schema.newest():
            raise DatabaseNewer(f"{file} was made by a newer version, at revision {revision}.")
        _empty(db)
        command.upgrade(migrate.config(db), revision)
        _fill(db, lines)
    command.upgrade(migrate.config(db), "head")
    db.execute(text(NEW_EPOCHS))


# Pages with a workspace open from before must load it anew.
NEW_EPOCHS = "UPDATE workspaces SET epoch = substr(md5(random()::text || id), 1, 8)"


def _require_alone(db: Connection, service: str) -> None:
    others = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = :service"
    )
    if db.scalar(others, {"service": service}):
        raise DatabaseInUse("The service uses the database. Stop all its processes first.")


@contextmanager
def _opened(file: Path) -> Iterator[Iterator[Any]]:
    """The lines of a backup; DatabaseUnusable where they can't be read."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield map(json.loads, lines)
    except (gzip.BadGzipFile, zlib.error, EOFError, ValueError, KeyError) as error:
        raise DatabaseUnusable(f"{file} is no whole backup: {error}.") from error


def _empty(db: Connection) -> None:
    """Drop our tables; the schema may hold those of others."""
    ours = {*Ours.metadata.tables, "alembic_version"}
    for name in ours.intersection(inspect(db).get_table_names()):
        db.execute(text(f'DROP TABLE "{name}" CASCADE'))
    db.execute(text("DROP FUNCTION IF EXISTS search_vector(text, text)"))


def _fill(db: Connection, lines: Iterator[Any]) -> None:
    found = MetaData()
    found.reflect(db)
    table: Table | None = None
    names: list[str] = []
    rows: list[dict[str, Any]] = []
    ended = False
    for line in lines:
        if isinstance(line, list):
            rows.append(dict(zip(names, map(_value, line), strict=True)))
        if table is not None and rows and (len(rows) >= _AT_ONCE or isinstance(line, dict)):
            db.execute(table.insert(), rows)
            rows = []
        if isinstance(line, dict):
            ended = "end" in line
            if not ended:
                table, names = found.tables[line["table"]], line["columns"]
                _continue_from(db, table, line["next"])
    if not ended:
        raise ValueError("its end is missing")


def _continue_from(db: Connection, table: Table, number: int | None) -> None:
    if number is not None and (sequence := _sequence(db, table)):
        asked = text("SELECT setval(CAST(:sequence AS regclass), :number, false)")
        db.execute(asked, {"sequence": sequence, "number": number})
