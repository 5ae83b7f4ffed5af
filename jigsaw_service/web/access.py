"""Access: who may, where no workspace's role decides; and message by message of the live socket.

Each route says who may on its handler (`route.py`). An action has its least role, and its place in
the trash, in `roles.py`. A test walks every route and message for everybody.
"""

from enum import Enum

from ..runtime.roles import IN_TRASH, Action, Role, least_role


class Caller(Enum):
    """Callers an operation is open to, where no workspace's role decides."""

    ANYBODY = "Needs no sign-in."
    SIGNED_IN = "Whoever is signed in, about what is their own."
    CODE = "Whoever is signed in and has the code."
    HUB_ADMIN = "The Hub's admins."
    OPERATOR = "Whom the operator lets: by a token, a scope, or their reach to our secret."
    RECIPIENT = "Whom it is offered to, while it is not in the trash."


# By the type of what a browser sends on the live socket.
MESSAGES: dict[str, Action] = {
    "hello": Action.JOIN,
    "ops": Action.EDIT,
    "presence": Action.JOIN,
    "show": Action.EDIT,
    "label": Action.EDIT,
}


def in_words(who: Action | Caller) -> str:
    """Text in `openapi.json` on who may call an operation."""
    if isinstance(who, Caller):
        return who.value
    role = least_role(who)
    words = "The owner." if role is Role.OWNER else f"From the role of {role.word}."
    return f"{words} Also in the trash." if who in IN_TRASH and role is Role.OWNER else words
