"""Lists of workspaces that somebody sees, page by page, and those among them they search for.

The time it takes does not grow with what others own:

    S1  What is one's own, or granted to oneself or one's groups, is looked through.
    S2  What everyone sees is walked through in the order of the list, in an index of just
        these, until the page is full. Where that isn't soon, the full-text index may tell that
        few have the words; then these are looked at.
    S3  A walk ends after some steps. Then the page is short, and `cursor` says where to go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ..runtime.identity import User
from ..runtime.roles import Role
from ..storage.tables import Account, LinkCopy, SearchText, Share, Workspace
from .cursors import COLUMNS, SORTS, Cursor, parse_cursor
from .search import match
from .search.words import Word, is_type_word, query_words
from .store import MODIFIED_BY, SHARED, SHOWN, Found, parameters, sort_name

__all__ = ["SORTS", "ListedWorkspace", "ListingPage", "Wanted", "page"]


@dataclass(frozen=True)
class Bounds:
    """Bounds on the cost of a list."""

    candidates: int = 1000
    """Number of workspaces with the words that are looked at (S2)."""
    first_steps: int = 60
    """Number a walk looks at before the full-text index is asked (S2)."""
    steps: int = 2500
    """Number more it looks at before it ends (S3)."""


@dataclass(frozen=True)
class Wanted:
    """Query for a list: its filters, its order, and where it goes on."""

    words: str = ""
    """Words in the name, the owner's name, or the blocks; see `search/words.py`."""
    owner: str = ""
    """The name of the owner, whole."""
    roles: frozenset[Role] = frozenset(Role)
    language: str | None = None
    block: str | None = None
    """A type of which it has a block."""
    trash: bool = False
    """Trash: what is in it, instead of what isn't."""
    sort: str = "-modified"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True)
class ListedWorkspace(Found):
    """A workspace in a list."""

    contains: tuple[str, ...] = ()
    """Words inside its blocks that the search has found, and that no name has."""


@dataclass(frozen=True)
class ListingPage:
    """Page of workspaces, and the cursor of those after them, if there are any."""

    items: list[ListedWorkspace]
    cursor: str | None


_USUAL = Bounds()
# If the first steps of a walk find fewer, the full-text index is worth asking.
_RARE = 2
# Factor of the steps that would do, if a walk went on as it began.
_SPARE = 1.5


async def page(
    db: AsyncSession, user: User, wanted: Wanted, bounds: Bounds = _USUAL
) -> ListingPage:
    """The workspaces that `user` sees; BadRequest for a cursor that isn't ours."""
    search = _Search(db, user, wanted, bounds)
    if search.only_own:
        return await search.page(search.own())
    return await search.page_with_open()


class _Search:
    """Search: one list for one person."""

    def __init__(self, db: AsyncSession, user: User, wanted: Wanted, bounds: Bounds) -> None:
        self._db, self._user, self._wanted, self._bounds = db, user, wanted, bounds
        self._column, self._down = COLUMNS[wanted.sort.lstrip("-")], wanted.sort.startswith("-")
        self._after = (
            parse_cursor(wanted.cursor, wanted.sort) if wanted.cursor is not None else None
        )
        self._words = query_words(wanted.words)
        self.only_own = wanted.trash or wanted.roles == {Role.OWNER}

    def own(self) -> list[Select[Any]]:
        """The ids of what is one's own, and of what is granted to oneself (S1)."""
        own = select(Workspace.id).where(Workspace.owner_id == self._user.id).correlate(None)
        if self.only_own:
            return [own]
        groups = sorted(self._user.groups)
        return [
            own,
            select(Share.workspace_id).where(Share.account_id == self._user.id),
            select(Share.workspace_id).where(Share.kind == "group", Share.name.in_(groups)),
            select(LinkCopy.workspace_id).where(SHOWN),
        ]

    async def page(
        self,
        ids: list[Select[Any]],
        *further: ColumnElement[bool],
        end: Cursor | None = None,
    ) -> ListingPage:
        """Page of the workspaces of these ids; `end`: where the list stops, though it may go on."""
        limit = self._wanted.limit
        some = (
            select(Workspace.id)
            .join(Account, Account.id == Workspace.owner_id)
            .outerjoin(SearchText, SearchText.workspace_id == Workspace.id)
            .where(Workspace.id.in_(union_all(*ids)), *further)
            .where(*self._conditions(), *self._words_in())
            .order_by(*self._order)
            .limit(limit + 1)
            .subquery()
        )
        # Only these few are told in full.
        query = (
            select(Workspace, Account.name, MODIFIED_BY, self._role, SearchText.block_words)
            .join(some, some.c.id == Workspace.id)
            .join(Account, Account.id == Workspace.owner_id)
            .outerjoin(SearchText, SearchText.workspace_id == Workspace.id)
            .where(self._role.is_not(None))
            .order_by(*self._order)
        )
        rows = (await self._db.execute(query, parameters(self._user))).all()
        items = [self._listed(*row) for row in rows[:limit]]
        if len(rows) > limit:
            end = Cursor.of(items[-1].workspace, self._wanted.sort)
        return ListingPage(items, end.encoded if end else None)

    async def page_with_open(self) -> ListingPage:
        """Page of these, and of what everyone sees."""
        if self._wanted.owner:
            named = select(Account.id).where(Account.name == self._wanted.owner)
            return await self._page_of(Workspace.owner_id.in_(named))
        first = self._bounds.first_steps
        if (self._wanted.language or self._wanted.block) and not self._words:
            # Many have that, though not most: one look will do more often.
            first *= 3
        walked, end = await self._walk([], self._after, 0, first)
        if end and len(walked) < _RARE:
            few = await match.candidates(
                self._db, self._words, self._wanted.block, most=self._bounds.candidates
            )
            if few is not None:
                these = match.is_one_of(self._db, Workspace.id, few)
                return await self._page_of(these, first=match.finds_all(self._words))
        if end:
            walked, end = await self._walk(walked, end, first, self._bounds.steps)
        bound = [not_(self._beyond(end))] if end else []
        return await self._page_of(Workspace.id.in_(walked), *bound, end=end)

    async def _page_of(
        self,
        some: ColumnElement[bool],
        *further: ColumnElement[bool],
        first: bool = False,
        end: Cursor | None = None,
    ) -> ListingPage:
        """Page of `some` that everyone sees, and of all others that one sees.

        With `first`, all of `some` have the words, so the first of them fill a page.
        """
        open_ones = select(Workspace.id).where(some, _IS_OPEN)
        if first:
            open_ones = open_ones.where(*self._conditions()).order_by(*self._order)
            open_ones = select(open_ones.limit(self._wanted.limit + 1).subquery().c.id)
        ids = [*self.own(), open_ones.correlate(None)]
        return await self.page(ids, *further, end=end)

    async def _walk(
        self, found: list[str], cursor: Cursor | None, seen: int, most: int
    ) -> tuple[list[str], Cursor | None]:
        """Find more that everyone sees and that match; where it ends, if not at the end.

        `found` are of the `seen` before `cursor`; at most `most` more are looked at.
        """
        until = seen + most
        while seen < until:
            steps = min(self._steps(len(found), seen) if seen else most, until - seen)
            rows = await self._look_at(cursor, steps)
            found = found + [row[0] for row in rows if row[2]]
            if len(rows) < steps or len(found) > self._wanted.limit:
                return found[: self._wanted.limit + 1], None
            cursor = Cursor(self._wanted.sort, rows[-1][1], rows[-1][0])
            seen += steps
        return found, cursor

    def _steps(self, found: int, seen: int) -> int:
        """Number to look at next, to fill the page: three times as many, or fewer if they do."""
        missing = self._wanted.limit + 1 - found
        enough = round(_SPARE * missing * seen / found) if found else 3 * seen
        return max(self._bounds.first_steps, min(enough, 3 * seen))

    async def _look_at(self, cursor: Cursor | None, steps: int) -> Sequence[Any]:
        """Id, place and whether it matches, of the next that everyone sees."""
        matches: ColumnElement[bool] = true()
        for condition in reversed([*self._conditions(after=False), *self._words_in()]):
            # Unlike `AND`, this looks at no text where a cheaper condition has decided.
            matches = case((condition, matches), else_=false())
        query = (
            select(Workspace.id, self._column, matches)
            .join(Account, Account.id == Workspace.owner_id)
            .outerjoin(SearchText, SearchText.workspace_id == Workspace.id)
            .where(_OPEN, self._beyond(cursor) if cursor else true())
            .order_by(*self._order)
            .limit(steps)
        )
        return (await self._db.execute(query, parameters(self._user))).all()

    @property
    def _order(self) -> list[Any]:
        return [c.desc() if self._down else c.asc() for c in (self._column, Workspace.id)]

    @property
    def _role(self) -> ColumnElement[Any]:
        if self.only_own:
            return literal(int(Role.OWNER))
        return func.coalesce(case((Workspace.owner_id == self._user.id, int(Role.OWNER))), SHARED)

    def _conditions(self, *, after: bool = True) -> list[ColumnElement[bool]]:
        wanted = self._wanted
        conditions: list[ColumnElement[bool]] = [Workspace.trashed.is_(None)]
        if wanted.trash:
            conditions = [Workspace.trashed.is_not(None), Workspace.owner_id == self._user.id]
        if wanted.roles != frozenset(Role):
            conditions.append(self._role.in_([int(role) for role in wanted.roles]))
        if wanted.language:
            conditions.append(Workspace.language == wanted.language)
        if wanted.owner:
            conditions.append(Account.name == wanted.owner)
        if wanted.words.strip() and not self._words:
            # Signs alone are found in names.
            sought = sort_name(wanted.words.strip())
            conditions.append(Workspace.sort_name.contains(sought, autoescape=True))
        if after and self._after:
            conditions.append(self._beyond(self._after))
        return conditions

    def _words_in(self) -> list[ColumnElement[bool]]:
        """Conditions that it has the words and the block."""
        has_block = [match.has_type(self._db, self._wanted.block)] if self._wanted.block else []
        return has_block + [match.has_word(self._db, word) for word in self._words]

    def _beyond(self, cursor: Cursor) -> ColumnElement[bool]:
        further = self._column < cursor.value if self._down else self._column > cursor.value
        later = Workspace.id < cursor.id if self._down else Workspace.id > cursor.id
        return or_(further, and_(self._column == cursor.value, later))

    def _listed(
        self, one: Workspace, owner: str, editor: str, role: int, words: str | None
    ) -> ListedWorkspace:
        return ListedWorkspace(
            one, owner, editor, Role(role), _contains(self._words, one, owner, words)
        )


# As the partial indexes have it, to the letter.
_OPEN: ColumnElement[bool] = literal_column("workspaces.for_everyone = true")
# The same for single ones, so that no database goes through those indexes to find them.
_IS_OPEN: ColumnElement[bool] = func.coalesce(Workspace.for_everyone, false()).is_(True)


def _contains(
    words: list[Word], workspace: Workspace, owner: str, block_words: str | None
) -> tuple[str, ...]:
    """Words inside the blocks: for each that no name holds, the first that begins with it."""
    found = []
    for word in words:
        named = word.plain in workspace.sort_name or word.plain in owner.casefold()
        if named or not block_words:
            continue
        begin = word.begins[0]
        if len(word.begins) > 1:
            found.append(word.plain)
            continue
        fits = (one for one in block_words.split(" ") if one.startswith(begin))
        found += [one for one in fits if not is_type_word(one)][:1]
    return tuple(found)
