"""Databases full of other people's workspaces.

Some hundred programs, made of those in `tests/workspaces` and of words as people use them (few
often, most hardly ever), stand in them again and again; owners have thirty workspaces each, shared
as classes do.
"""

import random
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from sqlalchemy import Insert, insert, select, text

from jigsaw_service.document.revisions import Document, read_document
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import (
    Account,
    Content,
    Revision,
    RevisionAuthor,
    SearchText,
    Share,
    Workspace,
)
from jigsaw_service.workspaces.search.contents import block_words
from jigsaw_service.workspaces.search.words import endings_in, in_one
from tests.hub.conftest import ROOT

# A word that everybody uses, and one in so few workspaces, however many there are:
COMMON, RARE = "print", "needle"
# More than a page, so that answers are of the same length.
FEW = 30
# How many are the caller's own, shared with them by name and by group, and with everyone.
OWN, NAMED, GROUPED, OPEN = 30, 15, 15, 60
_EACH = 30
_PROGRAMS = 300
_AT_ONCE = 2000
_NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class _Program:
    document: Document
    words: str


async def fill(database: Database, count: int, *, all_open: bool) -> None:
    """Put `count` workspaces there, for `alice` of the group `class-7b` among others.

    With `all_open`, everyone sees all of them.
    """
    chance = random.Random(4)
    programs = list(_programs(chance))
    owners = ["alice", *(f"person-{number}" for number in range(count // _EACH))]
    first = datetime(2025, 1, 1, tzinfo=timezone.utc)
    await _put(
        database,
        insert(Account),
        ({"name": name, "created": _created(name), "first_seen": first} for name in owners),
    )
    rows = _Rows(chance, programs, len(owners), count, all_open=all_open)
    for table, of in rows.tables.items():
        await _put(database, insert(table), (row for n in range(count) for row in of(n)))
    if database.engine.dialect.name == "postgresql":
        # As its autovacuum does within a minute.
        async with database.write() as db:
            await db.execute(text("ANALYZE"))


def _created(name: str) -> str:
    """Creation time that the fake Hub tells of those who sign in."""
    return "2026-01-01T00:00:00.000000Z" if name == "alice" else ""


class _Rows:
    """The rows of workspace number n, table by table. alice is account 1."""

    def __init__(
        self,
        chance: random.Random,
        programs: list[_Program],
        owners: int,
        count: int,
        *,
        all_open: bool,
    ) -> None:
        self._programs, self._all_open = programs, all_open
        self._ids = [secrets.token_hex(6) for _ in range(count)]
        # alice's are anywhere among the others, in number and in time.
        order = chance.sample(range(count), count)
        self._place = dict(zip(order, range(count), strict=True))
        self._owners = [
            1 if place < OWN else chance.randint(2, owners)
            for place in (self._place[n] for n in range(count))
        ]
        minutes = chance.sample(range(10 * count), count)
        self._times = [_NOW - timedelta(minutes=m) for m in minutes]
        self.tables: dict[Any, Any] = {
            Content: self._content,
            Workspace: self._workspace,
            Revision: self._revision,
            RevisionAuthor: self._author,
            Share: self._shares,
            SearchText: self._search,
        }

    def _program(self, n: int) -> _Program:
        return self._programs[n % len(self._programs)]

    def _name(self, n: int) -> str:
        return f"{_NAMES[n % len(_NAMES)]} {n % 97}"

    def _content(self, n: int) -> Iterator[dict[str, Any]]:
        document = self._program(n).document
        size, blocks = len(document.xml), document.blocks
        yield {"id": n + 1, "xml": document.packed, "size": size, "blocks": blocks}

    def _workspace(self, n: int) -> Iterator[dict[str, Any]]:
        name = self._name(n)
        yield {
            "id": self._ids[n],
            "owner_id": self._owners[n],
            "name": name,
            "sort_name": name.casefold(),
            "language": "processing" if n % 5 == 0 else "python",
            "epoch": "e",
            "clock": 1,
            "head_id": n + 1,
            "head_clock": 1,
            "head_sha256": self._program(n).document.sha256,
            "revision": 1,
            "created": self._times[n],
            "modified": self._times[n],
            "modified_by": self._owners[n],
            "for_everyone": self._is_open(n),
            "indexed_clock": 1,
        }

    def _revision(self, n: int) -> Iterator[dict[str, Any]]:
        yield {
            "workspace_id": self._ids[n],
            "number": 1,
            "clock": 1,
            "content_id": n + 1,
            "kind": "creation",
            "created": self._times[n],
        }

    def _author(self, n: int) -> Iterator[dict[str, Any]]:
        yield {"workspace_id": self._ids[n], "number": 1, "account_id": self._owners[n]}

    def _is_open(self, n: int) -> bool:
        shared = OWN + NAMED + GROUPED
        return self._all_open or shared <= self._place[n] < shared + OPEN

    def _shares(self, n: int) -> Iterator[dict[str, Any]]:
        place = self._place[n]
        if OWN <= place < OWN + NAMED:
            yield self._share(n, "user", "alice", 1)
        elif OWN + NAMED <= place < OWN + NAMED + GROUPED:
            yield self._share(n, "group", "class-7b", None)
        elif not self._is_open(n) and n % 3 == 0:
            # Others share with one another, and with groups that alice isn't in.
            yield self._share(n, "group", f"class-{n % 500}", None)
        if self._is_open(n):
            yield self._share(n, "everyone", "", None)

    def _share(self, n: int, kind: str, name: str, account: int | None) -> dict[str, Any]:
        return {
            "workspace_id": self._ids[n],
            "kind": kind,
            "name": name,
            "account_id": account,
            "role": 1,
            "created": self._times[n],
            "created_by": self._owners[n],
        }

    def _search(self, n: int) -> Iterator[dict[str, Any]]:
        words = self._program(n).words
        if n % (len(self._ids) // FEW) == 0:
            words = f"{words} {RARE}"
        yield {
            "workspace_id": self._ids[n],
            "name_words": in_one(endings_in(self._name(n))),
            "block_words": words,
        }


async def _put(database: Database, into: Insert, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, _AT_ONCE)):
        async with database.write() as db:
            await (await db.connection()).execute(into, some)


_NAMES = ["Maze", "Spiral", "Times table", "Rainfall", "Bouncing ball", "Quiz", "My program"]
_WORDS = [
    f"{a}{b}{c}" for a in ("ka", "mo", "ri", "te") for b in "lnrst" for c in ("o", "im", "us")
]


def _programs(chance: random.Random) -> Iterator[_Program]:
    """The same sample comes with many words; how long they are stays as it was."""
    samples = [
        path.read_text()
        for path in sorted((ROOT / "tests/workspaces").glob("*.xml"))
        if path.stat().st_size < 20_000 and "invalid" not in path.name
    ]
    for number in range(_PROGRAMS):
        words = [COMMON, *chance.choices(_WORDS, k=12), f"own{number}"]
        said = f'<block type="text"><field name="TEXT">{" ".join(words)}</field></block></xml>'
        xml = re.sub(r"</xml>\s*$", said, samples[number % len(samples)]).encode()
        yield _Program(read_document(xml), block_words(xml))


async def some_of(database: Database, owner: int, most: int) -> list[str]:
    """Ids of somebody's workspaces."""
    async with database.read() as db:
        own = select(Workspace.id).where(Workspace.owner_id == owner).limit(most)
        return list(await db.scalars(own))
