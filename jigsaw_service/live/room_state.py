"""Room state: what a room knows of its workspace, and who is in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..document import wire
from ..document.difference import difference
from ..document.log import Logged
from ..document.records import Records, apply
from ..runtime.limits import Limits
from .connection import Connection
from .messages import patch_message


@dataclass(frozen=True)
class Followed:
    """A change that came into the records; what everybody is to hear of it, and the way back."""

    frame: bytes
    undo: Callable[[], Any]


@dataclass(eq=False)
class RoomState:
    """State of a room, read where its edits are committed and where the database is looked at."""

    id: str
    limits: Limits
    connections: set[Connection] = field(default_factory=set)
    records: Records = field(default_factory=Records)
    epoch: str = ""
    clock: int = 0
    """0 until the records are read."""
    revision: int = 0
    """The last one that everybody here has heard of."""
    snapshot: int = 0
    """The clock of the last snapshot that is known here."""
    last_n: dict[tuple[int, str], int] = field(default_factory=dict)
    """Number of the last batch, by account and client."""

    def follow(self, change: Logged, content: Records | None) -> Followed:
        """Bring the records, and nothing else, up to a change of the log."""
        before = self.records
        if content is None:
            patch = change.patch or {}
            undo: Callable[[], Any] = partial(apply, before, apply(before, patch))
        else:
            patch = difference(before, content)
            self.records = content
            undo = partial(setattr, self, "records", before)
        return Followed(patch_message(change, wire.encode(patch)), undo)
