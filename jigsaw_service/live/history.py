"""The log as others read it, with the effects of uploads and restores worked out."""

from dataclasses import replace

from sqlalchemy import Connection

from .. import revisions
from ..errors import JigsawError
from . import log
from .difference import difference
from .log import Logged
from .records import Patch
from .xml import read_records


def page(db: Connection, workspace_id: str, first: int, last: int, most: int) -> list[Logged]:
    """The changes from one clock to another, `most` of them."""
    changes = log.between(db, workspace_id, first - 1, last, most)
    return [_whole(db, workspace_id, change) for change in changes]


def _whole(db: Connection, workspace_id: str, change: Logged) -> Logged:
    if change.patch is not None or change.revision is None:
        return change
    return replace(change, patch=_effect(db, workspace_id, change.revision))


def _effect(db: Connection, workspace_id: str, number: int) -> Patch | None:
    """What an upload or a restore changed: what was there before is always a revision too.

    None when one of the two was cleared away with age.
    """
    try:
        before, after = (
            read_records(revisions.xml_of(db, workspace_id, one)) for one in (number - 1, number)
        )
    except JigsawError:
        return None
    return difference(before, after)
