"""A browser tab in a room, as the room knows it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..identity import User
from ..roles import Role


class Bye(Enum):
    """Why a connection is ended: the close code, its slug, and after how many seconds it may
    come back by itself (None: not at all)."""

    BAD_MESSAGE = (4400, "bad-message", None)
    NOT_SIGNED_IN = (4401, "not-signed-in", None)
    NOT_ALLOWED = (4403, "not-allowed", None)
    NOT_FOUND = (4404, "not-found", None)
    EPOCH_CHANGED = (4409, "epoch-changed", None)
    TOO_FAST = (4429, "too-fast", 5)
    TOO_MANY = (4429, "too-many", 30)
    RESTARTING = (4503, "restarting", 1)

    def __init__(self, code: int, slug: str, retry: int | None) -> None:
        self.code, self.slug, self.retry = code, slug, retry


@dataclass(frozen=True)
class Since:
    """The state that a connection has already."""

    epoch: str
    clock: int


@dataclass(eq=False)
class Connection:
    """One socket. `send` and `end` never wait; once it has ended, both do nothing."""

    user: User
    client: str
    since: Since | None
    send: Callable[[bytes], None]
    """Takes frames, see `wire`."""
    end: Callable[[Bye], None]
    role: Role = Role.VIEWER
    outputs: Any = None
    """What it presents to the room."""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    def as_json(self) -> dict[str, Any]:
        return {"connection": self.id, "user": self.user.name, "role": self.role.word}
