"""Which workspaces somebody sees, page by page.

The list starts from what is the caller's own or granted to them, so the time it
takes does not grow with what others own.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from .errors import BadRequest
from .identity import User
from .roles import Role
from .storage.tables import Account, LinkCopy, Share, Workspace
from .workspaces import GRANTED, MODIFIED_BY, SHOWN, Found, parameters, sort_name

_COLUMNS = {
    "modified": Workspace.modified,
    "created": Workspace.created,
    "name": Workspace.sort_name,
}
SORTS = frozenset([*_COLUMNS, *(f"-{name}" for name in _COLUMNS)])
"""A column's name; with a dash the greatest, or newest, first."""


@dataclass(frozen=True)
class Wanted:
    """What a list should hold, in which order, and where it goes on."""

    words: str = ""
    """Something in the name, in any case."""
    role: Role | None = None
    language: str | None = None
    trash: bool = False
    """What is in the trash, instead of what isn't."""
    sort: str = "-modified"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True)
class Page:
    """Some workspaces, and the cursor of those after them, if there are any."""

    items: list[Found]
    cursor: str | None


async def page(db: AsyncSession, user: User, wanted: Wanted) -> Page:
    """The workspaces that `user` sees; BadRequest for a cursor that isn't ours."""
    column, down = _COLUMNS[wanted.sort.lstrip("-")], wanted.sort.startswith("-")
    seen = _seen(user)
    query: Select[Any] = (
        select(Workspace, Account.name, MODIFIED_BY, seen.c.role)
        .join(seen, seen.c.id == Workspace.id)
        .join(Account, Account.id == Workspace.owner_id)
        .where(*_conditions(user, wanted, seen))
        .order_by(*(c.desc() if down else c.asc() for c in (column, Workspace.id)))
        .limit(wanted.limit + 1)
    )
    if wanted.cursor is not None:
        query = query.where(_after(column, down, *_read_cursor(wanted)))
    rows = (await db.execute(query, parameters(user))).all()
    found = [Found(one, owner, editor, Role(role)) for one, owner, editor, role in rows]
    more = len(found) > wanted.limit
    found = found[: wanted.limit]
    return Page(found, _cursor(wanted, found[-1].workspace) if more else None)


def _seen(user: User) -> Subquery:
    """Id and role of every workspace in which `user` has one."""
    own = select(Workspace.id, literal(int(Role.OWNER)).label("role")).where(
        Workspace.owner_id == user.id
    )
    granted = select(Share.workspace_id, Share.role).where(GRANTED)
    shown = select(LinkCopy.workspace_id, literal(int(Role.VIEWER))).where(SHOWN)
    all_roles = union_all(own, granted, shown).subquery()
    return (
        select(all_roles.c.id, func.max(all_roles.c.role).label("role"))
        .group_by(all_roles.c.id)
        .subquery()
    )


def _conditions(user: User, wanted: Wanted, seen: Subquery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Workspace.trashed.is_(None)]
    if wanted.trash:
        conditions = [Workspace.trashed.is_not(None), Workspace.owner_id == user.id]
    if wanted.role:
        conditions.append(seen.c.role == int(wanted.role))
    if wanted.language:
        conditions.append(Workspace.language == wanted.language)
    if wanted.words:
        conditions.append(Workspace.sort_name.contains(sort_name(wanted.words), autoescape=True))
    return conditions


def _after(column: Any, down: bool, value: Any, last_id: str) -> ColumnElement[bool]:
    beyond = column < value if down else column > value
    further = Workspace.id < last_id if down else Workspace.id > last_id
    return or_(beyond, and_(column == value, further))


def _cursor(wanted: Wanted, last: Workspace) -> str:
    value = getattr(last, _COLUMNS[wanted.sort.lstrip("-")].key)
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([wanted.sort, text, last.id]).encode()).decode()


def _read_cursor(wanted: Wanted) -> tuple[datetime | str, str]:
    """The value and id after which the list goes on."""
    try:
        sort, text, last_id = json.loads(base64.urlsafe_b64decode(wanted.cursor or ""))
        fits = sort == wanted.sort and isinstance(text, str) and isinstance(last_id, str)
        value = text if sort.lstrip("-") == "name" else datetime.fromisoformat(text)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRequest(_BAD_CURSOR, field="cursor") from error
    if not fits or "\x00" in f"{text}{last_id}":
        raise BadRequest(_BAD_CURSOR, field="cursor")
    return value, last_id


_BAD_CURSOR = "cursor: use the `next` of the page before, unchanged."
