"""Connection: a browser tab in a room, as the room knows it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..runtime.identity import User
from ..runtime.protocol import LIVE_CLOSED
from ..runtime.roles import Role


class Bye(Enum):
    """Reason why a connection is closed: its code, its slug, and the seconds after which it may
    come back by itself (None: not at all)."""

    BAD_MESSAGE = ("bad-message", None)
    NOT_SIGNED_IN = ("not-signed-in", None)
    NOT_ALLOWED = ("not-allowed", None)
    NOT_FOUND = ("not-found", None)
    EPOCH_CHANGED = ("epoch-changed", None)
    TOO_FAST = ("too-fast", 5)
    TOO_MANY = ("too-many", 30)
    RESTARTING = ("restarting", 1)
    STORAGE_FAILED = ("storage-failed", 5)

    def __init__(self, slug: str, retry: int | None) -> None:
        self.code, self.slug, self.retry = LIVE_CLOSED[slug], slug, retry


@dataclass(frozen=True)
class Since:
    """The state that a connection has already."""

    epoch: str
    clock: int


@dataclass(frozen=True)
class Person:
    """A connection, here or at another process, as the others in the room see it."""

    connection: str
    user: str
    role: Role
    showing: str | None
    """Stands for `outputs` where they are compared; None: nothing is shown."""
    outputs: Any = field(compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        return {"connection": self.connection, "user": self.user, "role": self.role.word}


# By connection.
People = dict[str, Person]


@dataclass(eq=False, slots=True)
class Connection:
    """Connection by one socket. `send` and `end` never wait; once it has ended, both do nothing."""

    user: User
    client: str
    since: Since | None
    send: Callable[[bytes], None]
    """Takes frames, see `wire`."""
    end: Callable[[Bye], None]
    role: Role = Role.VIEWER
    presence: dict[str, Any] | None = None
    """The last `presence` message about it."""
    outputs: Any = None
    """Outputs that it presents to the room."""
    showing: str | None = None
    """Another for each of these; None: it presents nothing."""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    astray: bool = False
    """True if it comes from another epoch: nothing that it sends is about what is here."""

    def go(self, bye: Bye) -> None:
        """End it; what it still says, or said before it knew, is heard only if it makes sense."""
        self.astray = bye is Bye.EPOCH_CHANGED
        self.end(bye)

    def show(self, outputs: Any) -> None:
        """Present these; None: no more."""
        self.outputs = outputs
        self.showing = None if outputs is None else secrets.token_urlsafe(9)

    def as_person(self) -> Person:
        return Person(self.id, self.user.name, self.role, self.showing, self.outputs)
