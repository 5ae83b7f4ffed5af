"""History: the log as others read it, with the effects of uploads and restores worked out."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ..errors import JigsawError
from . import log, revisions, wire
from .difference import difference
from .log import Logged
from .records import Patch
from .xml import read_records

_FEW = 20
# Bytes in a page; the last few changes may go beyond.
_ENOUGH = 2 * 1024 * 1024


@dataclass(frozen=True)
class Replaced:
    """The XML before and after an upload or a restore."""

    before: bytes
    after: bytes


@dataclass(frozen=True)
class HistoryPage:
    """Page of changes, and the clock at which the next page begins, if there is one."""

    changes: list[tuple[Logged, Replaced | None]]
    next: int | None

    def whole(self) -> list[Logged]:
        """The changes with all effects. Takes its time: not for the event loop."""
        return [
            change._replace(patch=_effect(replaced)) if replaced else change
            for change, replaced in self.changes
        ]


def page(db: Connection, workspace_id: str, first: int, last: int, most: int) -> HistoryPage:
    """The changes from one clock to another: at most so many, and not too much at once."""
    found: list[tuple[Logged, Replaced | None]] = []
    size, after = 0, first - 1
    while len(found) < most and size < _ENOUGH:
        few = log.between(db, workspace_id, after, last, min(_FEW, most - len(found)))
        if not few:
            return HistoryPage(found, None)
        for change in few:
            replaced = _replaced(db, workspace_id, change)
            found.append((change, replaced))
            size += len(wire.encode(change.patch))
            size += len(replaced.before) + len(replaced.after) if replaced else 0
        after = found[-1][0].clock
    further = log.between(db, workspace_id, after, last, 1)
    return HistoryPage(found, further[0].clock if further else None)


def _replaced(db: Connection, workspace_id: str, change: Logged) -> Replaced | None:
    """Documents before and after an upload or a restore: what was before is always a revision too.

    None for a live change, or when one of the two was cleared away with age.
    """
    if change.patch is not None or change.revision is None:
        return None
    numbers = change.revision - 1, change.revision
    try:
        return Replaced(*(revisions.xml_of(db, workspace_id, number) for number in numbers))
    except JigsawError:
        return None


def _effect(replaced: Replaced) -> Patch:
    return difference(read_records(replaced.before), read_records(replaced.after))
