"""The log as others read it, with the effects of uploads and restores worked out."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from .. import revisions
from ..errors import JigsawError
from . import log, wire
from .difference import difference
from .log import Logged
from .records import Patch
from .xml import read_records

_FEW = 20
_ENOUGH = 2 * 1024 * 1024
"""Bytes in a page; the last few changes may go beyond."""


@dataclass(frozen=True)
class Page:
    """Some changes, and the clock at which the next page begins, if there is one."""

    changes: list[Logged]
    next: int | None


def page(db: Connection, workspace_id: str, first: int, last: int, most: int) -> Page:
    """The changes from one clock to another: at most so many, and not too much at once."""
    found: list[Logged] = []
    size, after = 0, first - 1
    while len(found) < most and size < _ENOUGH:
        few = log.between(db, workspace_id, after, last, min(_FEW, most - len(found)))
        if not few:
            return Page(found, None)
        found += (_whole(db, workspace_id, change) for change in few)
        size += sum(len(wire.encode(change.patch)) for change in found[-len(few) :])
        after = found[-1].clock
    further = log.between(db, workspace_id, after, last, 1)
    return Page(found, further[0].clock if further else None)


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
