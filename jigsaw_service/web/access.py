"""Who may do what, route by route and message by message.

An action has its least role, and its place in the trash, in `runtime/roles.py`. A test walks
every row of both tables for everybody, and fails for a route or a message without one.
"""

from enum import Enum

from ..runtime.roles import IN_TRASH, Action, Role, least_role


class Caller(Enum):
    """Who may, where no workspace's role decides."""

    ANYBODY = "Needs no sign-in."
    SIGNED_IN = "Whoever is signed in, about what is their own."
    CODE = "Whoever is signed in and has the code."
    HUB_ADMIN = "The Hub's admins."
    OPERATOR = "Whom the operator lets: by a token, a scope, or their reach to our secret."
    RECIPIENT = "Whom it is offered to, while it is not in the trash."


_ITEM = "api/workspaces/{workspace_id}"

ROUTES: dict[str, Action | Caller] = {
    "GET ": Caller.SIGNED_IN,
    "GET w/{workspace_id}": Action.READ,
    "GET s": Caller.ANYBODY,
    "GET embed": Caller.SIGNED_IN,
    "GET embed/{workspace_id}": Action.READ,
    "GET signed-in": Caller.SIGNED_IN,
    "GET doctor": Caller.HUB_ADMIN,
    "GET output-frame": Caller.ANYBODY,
    "GET oauth_callback": Caller.ANYBODY,
    "GET static/(.*)": Caller.ANYBODY,
    "GET health": Caller.ANYBODY,
    "GET ready": Caller.ANYBODY,
    "GET metrics": Caller.OPERATOR,
    "GET _doctor/headers": Caller.OPERATOR,
    "GET _doctor/inside": Caller.OPERATOR,
    "GET _doctor/echo/(.*)": Caller.OPERATOR,
    "GET _doctor/events": Caller.OPERATOR,
    "POST _doctor/upload": Caller.OPERATOR,
    "GET _doctor/socket": Caller.OPERATOR,
    "GET api/openapi.json": Caller.ANYBODY,
    "GET api/user": Caller.SIGNED_IN,
    "GET api/languages": Caller.ANYBODY,
    "GET api/workspaces": Caller.SIGNED_IN,
    "POST api/workspaces": Caller.SIGNED_IN,
    f"GET {_ITEM}": Action.READ,
    f"PATCH {_ITEM}": Action.EDIT,
    f"DELETE {_ITEM}": Action.TRASH,
    f"DELETE {_ITEM}?permanent=true": Action.DELETE,
    f"POST {_ITEM}/restore": Action.RESTORE,
    f"GET {_ITEM}/xml": Action.READ,
    f"PUT {_ITEM}/xml": Action.EDIT,
    f"POST {_ITEM}/copy": Action.COPY,
    f"GET {_ITEM}/export": Action.READ,
    f"GET {_ITEM}/revisions": Action.READ,
    f"PATCH {_ITEM}/revisions/{{number}}": Action.EDIT,
    f"POST {_ITEM}/revisions/{{number}}/restore": Action.EDIT,
    f"GET {_ITEM}/history": Action.READ,
    f"GET {_ITEM}/contributors": Action.READ,
    f"GET {_ITEM}/live": Action.JOIN,
    f"GET {_ITEM}/shares": Action.READ,
    f"POST {_ITEM}/shares": Action.SHARE,
    f"PATCH {_ITEM}/shares/{{share_id}}": Action.SHARE,
    f"DELETE {_ITEM}/shares/{{share_id}}": Action.SHARE,
    f"DELETE {_ITEM}/shares/{{share_id}} (one's own)": Action.LEAVE,
    f"GET {_ITEM}/links": Action.REVIEW,
    f"POST {_ITEM}/links": Action.SHARE,
    f"DELETE {_ITEM}/links/{{link_id}}": Action.SHARE,
    f"GET {_ITEM}/copies": Action.REVIEW,
    f"GET {_ITEM}/collections": Action.REVIEW,
    f"POST {_ITEM}/collections": Action.COLLECT,
    f"GET {_ITEM}/collections/{{collection_id}}": Action.REVIEW,
    f"DELETE {_ITEM}/collections/{{collection_id}}": Action.COLLECT,
    f"GET {_ITEM}/collections/{{collection_id}}/entries/{{entry_id}}": Action.REVIEW,
    f"GET {_ITEM}/origin": Action.READ,
    f"PATCH {_ITEM}/origin": Action.SHARE,
    f"GET {_ITEM}/transfer": Action.REVIEW,
    f"POST {_ITEM}/transfer": Action.TRANSFER,
    f"DELETE {_ITEM}/transfer": Action.TRANSFER,
    f"GET {_ITEM}/people": Action.REVIEW,
    f"GET {_ITEM}/events": Action.REVIEW,
    f"POST {_ITEM}/execute": Action.READ,
    f"GET {_ITEM}/run": Action.READ,
    "POST api/links/preview": Caller.CODE,
    "POST api/links/accept": Caller.CODE,
    "GET api/transfers": Caller.SIGNED_IN,
    "POST api/transfers/{transfer_id}/accept": Caller.RECIPIENT,
    "POST api/transfers/{transfer_id}/decline": Caller.RECIPIENT,
    "GET api/export": Caller.SIGNED_IN,
    "POST api/imports": Caller.SIGNED_IN,
    "DELETE api/imports/{import_id}": Caller.SIGNED_IN,
    "PUT api/imports/{import_id}/parts/{number}": Caller.SIGNED_IN,
    "POST api/imports/{import_id}/finish": Caller.SIGNED_IN,
    "GET api/server": Caller.SIGNED_IN,
    "POST api/server": Caller.SIGNED_IN,
    "DELETE api/server": Caller.SIGNED_IN,
    "GET api/server/progress": Caller.SIGNED_IN,
    "GET api/kernelspecs": Caller.SIGNED_IN,
    "GET api/doctor": Caller.HUB_ADMIN,
}
"""By method and address; what follows the address tells one use of it from another."""

RELAY = Caller.SIGNED_IN
"""Every address below `api/jupyter/`: the caller's own server."""

MESSAGES: dict[str, Action] = {
    "hello": Action.JOIN,
    "ops": Action.EDIT,
    "presence": Action.JOIN,
    "show": Action.EDIT,
    "label": Action.EDIT,
}
"""By the type of what a browser sends on the live socket."""


def in_words(path: str, method: str) -> str:
    """Who may do that, for those who read `openapi.json`."""
    route = f"{method.upper()} {path}"
    told = [
        f"{row.removeprefix(route)} {_told(who)}".strip()
        for row, who in ROUTES.items()
        if row == route or row.startswith((f"{route}?", f"{route} ("))
    ]
    return " ".join(told or [RELAY.value])


def _told(who: Action | Caller) -> str:
    if isinstance(who, Caller):
        return who.value
    role = least_role(who)
    words = "The owner." if role is Role.OWNER else f"From the role of {role.word}."
    return f"{words} Also in the trash." if who in IN_TRASH and role is Role.OWNER else words
