"""Permissions: the table of roles and actions."""

from enum import Enum, IntEnum


class Role(IntEnum):
    """Role of a person on a workspace; a higher one may do all that a lower one may."""

    VIEWER = 1
    EDITOR = 2
    OWNER = 3

    @property
    def word(self) -> str:
        """Name of the role, as people and JSON have it."""
        return self.name.lower()


class Action(Enum):
    """Action on a workspace; the value completes “You may not …”."""

    READ = "open it"
    JOIN = "work on it together with others"
    COPY = "copy it"
    EDIT = "change it"
    LEAVE = "leave it"
    SHARE = "share it"
    REVIEW = "see its links and its record"
    COLLECT = "collect its copies"
    TRANSFER = "give it to somebody else"
    TRASH = "move it to the trash"
    RESTORE = "take it out of the trash"
    DELETE = "delete it for good"


_LEAST = {
    Action.READ: Role.VIEWER,
    Action.JOIN: Role.VIEWER,
    Action.COPY: Role.VIEWER,
    Action.EDIT: Role.EDITOR,
    Action.LEAVE: Role.VIEWER,
    Action.SHARE: Role.OWNER,
    Action.REVIEW: Role.OWNER,
    Action.COLLECT: Role.OWNER,
    Action.TRANSFER: Role.OWNER,
    Action.TRASH: Role.OWNER,
    Action.RESTORE: Role.OWNER,
    Action.DELETE: Role.OWNER,
}

# Actions of the owner on a workspace in the trash; nobody else even sees it.
IN_TRASH = frozenset([Action.READ, Action.REVIEW, Action.TRASH, Action.RESTORE, Action.DELETE])


def least_role(action: Action) -> Role:
    return _LEAST[action]


def may(role: Role, action: Action) -> bool:
    return role >= _LEAST[action]
