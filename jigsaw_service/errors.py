"""Errors: everything that we tell a caller has gone wrong.

    JigsawError
    ├── BadRequest            400  the request itself cannot be read
    ├── NotSignedIn           401  the Hub knows no such caller
    ├── XsrfFailed            403  the request may come from a foreign page
    ├── NotAllowed            403  you may see this, but not do that
    ├── NotFound              404  no such thing, or none that you may see
    ├── MethodNotAllowed      405  the route exists, the method does not
    ├── ExportInBrowser       406  only the editor makes files of this kind
    ├── InTrash               409  restore the workspace first
    ├── NotInTrash            409  only what is in the trash can go for good
    ├── Conflict              409  the state of things does not allow it
    ├── KernelFailed          409  its program ended at once, or it says nothing
    ├── SpawnOptions          409  the Hub wants to ask before it starts the server
    ├── Gone                  410  it was here once
    ├── WorkspaceChanged      412  somebody saved before you
    ├── TooLarge              413  more bytes than we store
    ├── InvalidWorkspace      422  not a Blockly document we can keep
    ├── InvalidOperations     422  not operations on a workspace
    ├── InvalidImport         422  not a file, or zip, of workspaces
    ├── CodeNotWritten        422  the generator could not write its code
    ├── IfMatchRequired       428  say which state you change
    ├── TooManyRequests       429  slow down, or a quota is used up
    ├── HubUnavailable        502  the Hub or the user's server did not answer
    ├── NotReady              503  starting, migrating, or too busy
    ├── StorageFailed         503  the database is gone, full, damaged or out of reach
    └── ServerStopped         503  the user's own server does not run

Any other exception is a bug, and reaches the caller as a bare 500.
"""

from typing import Any


class JigsawError(Exception):
    """A refusal in words. `members` are the problem's further fields (RFC 9457 §3.2)."""

    status = 500
    slug = "internal-error"
    title = "Something went wrong on our side"

    def __init__(
        self, detail: str = "", *, headers: dict[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = headers or {}
        self.members = members


class BadRequest(JigsawError):
    status, slug, title = 400, "bad-request", "The request cannot be read"


class NotSignedIn(JigsawError):
    status, slug, title = 401, "not-signed-in", "You are not signed in"


class XsrfFailed(JigsawError):
    status, slug, title = 403, "xsrf", "The request does not come from our own page"


class NotAllowed(JigsawError):
    status, slug, title = 403, "not-allowed", "Your role does not allow this"


class NotFound(JigsawError):
    status, slug, title = 404, "not-found", "There is no such thing here"


class MethodNotAllowed(JigsawError):
    status, slug, title = 405, "method-not-allowed", "This address does not know that method"


class ExportInBrowser(JigsawError):
    """Member: `formats`, those that the service itself serves."""

    status, slug, title = 406, "export-in-browser", "The editor makes this, not the service"


class Conflict(JigsawError):
    status, slug, title = 409, "conflict", "The present state does not allow this"


class InTrash(Conflict):
    slug, title = "in-trash", "The workspace is in the trash"


class NotInTrash(Conflict):
    slug, title = "not-in-trash", "The workspace is not in the trash"


class KernelFailed(Conflict):
    """Member: `fault`, `ended` or `silent`."""

    slug, title = "kernel-failed", "The kernel does not start"


class SpawnOptions(Conflict):
    """The Hub wants to ask the person before it starts their server; `url` is its page."""

    slug, title = "spawn-options", "Your Hub asks some questions before it starts your server"


class Gone(JigsawError):
    status, slug, title = 410, "gone", "This is no longer here"


class RevisionThinned(Gone):
    slug, title = "revision-thinned", "This automatic revision was cleared away with age"


class LinkGone(Gone):
    slug, title = "link-gone", "This link can no longer be used"


class WorkspaceChanged(JigsawError):
    """Members: `etag`, `changed_by`, `changed` of what is there now."""

    status, slug, title = 412, "workspace-changed", "Somebody saved before you"


class TooLarge(JigsawError):
    status, slug, title = 413, "too-large", "This is larger than we store"


class InvalidWorkspace(JigsawError):
    """Members: `line` and `column` (both from 1), where known."""

    status, slug, title = 422, "invalid-workspace", "This is not a workspace of blocks"


class InvalidOperations(JigsawError):
    status, slug, title = 422, "invalid-operations", "These operations cannot be carried out"


class InvalidImport(JigsawError):
    """Member: `entry`, the name in the zip, where the fault is in one."""

    status, slug, title = 422, "invalid-import", "This file cannot be imported"


class CodeNotWritten(JigsawError):
    status, slug, title = 422, "code-not-written", "The code of this workspace can't be written"


class IfMatchRequired(JigsawError):
    status, slug, title = 428, "if-match-required", "Say which state you change"


class TooManyRequests(JigsawError):
    status, slug, title = 429, "too-many", "That is more than is allowed"


class HubUnavailable(JigsawError):
    status, slug, title = 502, "hub-unavailable", "The Hub did not answer"


class NotReady(JigsawError):
    status, slug, title = 503, "not-ready", "The service is not ready yet"

    def __init__(self, detail: str = "", **members: Any) -> None:
        super().__init__(detail, headers={"Retry-After": "3"}, **members)


class StorageFailed(NotReady):
    """Member: `fault`, the slug that `ready` tells, `database-full` for example."""

    slug, title = "storage-failed", "The service can't store your work just now"


class ServerSilent(JigsawError):
    status, slug, title = 503, "server-silent", "Your server does not answer"


class ServerStopped(JigsawError):
    status, slug, title = 503, "server-stopped", "Your server is not running"
