"""Cursors: places in a list of workspaces, and how a caller names them."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..errors import BadRequest
from ..storage.tables import Workspace

COLUMNS: dict[str, Any] = {
    "modified": Workspace.modified,
    "created": Workspace.created,
    "name": Workspace.sort_name,
}
# A column's name; with a dash the greatest, or newest, first.
SORTS = frozenset([*COLUMNS, *(f"-{name}" for name in COLUMNS)])


@dataclass(frozen=True)
class Cursor:
    """Right behind a workspace, in a list of that order."""

    sort: str
    value: datetime | str
    id: str

    @classmethod
    def of(cls, workspace: Workspace, sort: str) -> "Cursor":
        return cls(sort, getattr(workspace, COLUMNS[sort.lstrip("-")].key), workspace.id)

    @property
    def encoded(self) -> str:
        text = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        return base64.urlsafe_b64encode(json.dumps([self.sort, text, self.id]).encode()).decode()


def parse_cursor(cursor: str, wanted: str) -> Cursor:
    """The cursor as a caller sends it, in a list of the order `wanted`; else BadRequest."""
    try:
        sort, text, last_id = json.loads(base64.urlsafe_b64decode(cursor))
        fits = sort == wanted and isinstance(text, str) and isinstance(last_id, str)
        value = text if sort.lstrip("-") == "name" else datetime.fromisoformat(text)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRequest(_BAD_CURSOR, field="cursor") from error
    if not fits or "\x00" in f"{text}{last_id}":
        raise BadRequest(_BAD_CURSOR, field="cursor")
    return Cursor(sort, value, last_id)


_BAD_CURSOR = "cursor: use the `next` of the page before, unchanged."
