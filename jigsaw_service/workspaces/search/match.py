"""Conditions by which workspaces match words, and the ids of all that have them.

The full-text index serves only those who see very many workspaces. For those who see few,
these few are looked through, which takes the same time however many others there are.
"""

import json
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    String,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ...storage.tables import Account, SearchText, Workspace
from .words import Word, type_word

# Beginnings of one letter are as good as none.
_SHORTEST = 2

_SQLITE = text(
    "SELECT workspace_id FROM search_texts WHERE id IN "
    "(SELECT rowid FROM search_index WHERE search_index MATCH :match LIMIT :most)"
)
_POSTGRESQL = text(
    "SELECT workspace_id FROM search_texts "
    "WHERE search_vector(name_words, block_words) @@ CAST(:match AS tsquery) LIMIT :most"
)


def has_word(db: AsyncSession, word: Word) -> ColumnElement[bool]:
    """Condition that a workspace, joined with its text and its owner's account, has `word`.

    The names are looked at as they stand: a new one is found before it is indexed.
    """
    indexed = [_text_has(db, f" {begin}") for begin in word.begins]
    return or_(
        and_(*indexed),
        Workspace.sort_name.contains(word.plain, autoescape=True),
        func.lower(Account.name).contains(word.plain, autoescape=True),
    )


def has_type(db: AsyncSession, block_type: str) -> ColumnElement[bool]:
    """Condition that a workspace has a block of that very type."""
    return _text_has(db, f" {type_word(block_type)} ")


def _text_has(db: AsyncSession, part: str) -> ColumnElement[bool]:
    words = " " + SearchText.name_words + " " + SearchText.block_words + " "
    position = func.instr if _is_sqlite(db) else func.strpos
    return func.coalesce(position(words, part), 0) > 0


def _is_sqlite(db: AsyncSession) -> bool:
    return db.get_bind().dialect.name == "sqlite"


async def candidates(
    db: AsyncSession, words: Sequence[Word], block_type: str | None, *, most: int
) -> list[str] | None:
    """The ids of all workspaces that may match; None where they are more than `most`.

    More are not worth collecting: a walk through all finds some of them soon. All of them
    do match, if `finds_all`.
    """
    begins = [begin for word in words for begin in word.begins if len(begin) >= _SHORTEST]
    if not (begins or block_type):
        return None
    if _is_sqlite(db):
        match, query = _fts5(begins, block_type), _SQLITE
    else:
        # Conditions that the planner takes for common it would rather compute, text by text.
        await db.execute(text("SET LOCAL enable_seqscan = off"))
        match, query = _tsquery(begins, block_type), _POSTGRESQL
    found: list[Any] = list(await db.scalars(query, {"match": match, "most": most + 1}))
    return None if len(found) > most else found


def finds_all(words: Sequence[Word]) -> bool:
    """True if the full-text index goes by each of these words."""
    return all(len(begin) >= _SHORTEST for word in words for begin in word.begins)


def is_one_of(db: AsyncSession, column: Any, ids: Sequence[str]) -> ColumnElement[bool]:
    """Condition `column IN ids` by one parameter: hundreds take longer to write than to find."""
    if _is_sqlite(db):
        each = func.json_each(json.dumps(ids)).table_valued("value")
        return cast(ColumnElement[bool], column.in_(select(each.c.value)))
    return cast(ColumnElement[bool], column == any_(bindparam("few", ids, type_=ARRAY(String))))


# Between the quotes there are letters and digits, or a checked block type.
def _fts5(begins: Sequence[str], block_type: str | None) -> str:
    parts = [f'"{begin}" *' for begin in begins]
    return " ".join(parts + ([f'"{type_word(block_type)}"'] if block_type else []))


def _tsquery(begins: Sequence[str], block_type: str | None) -> str:
    parts = [f"'{begin}':*" for begin in begins]
    return " & ".join(parts + ([f"'{type_word(block_type)}'"] if block_type else []))
