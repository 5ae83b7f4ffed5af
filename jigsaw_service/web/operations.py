"""Every operation of the API in words and shapes: the source of `openapi.json`.

Addresses are those of `routes.py`, and a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from .. import errors
from ..errors import JigsawError
from ..runtime.languages import LANGUAGES
from ..workspaces import export, listing
from . import answers
from . import schema as shapes
from .api import runs
from .api.workspaces import MAX_NUMBER, MAX_PAGE

JSON, XML, BYTES = "application/json", "application/xml", "application/octet-stream"


Shapes = type[BaseModel] | str | tuple[type[BaseModel] | str, ...]


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    summary: str
    answers: dict[HTTPStatus, Shapes | None]
    """By status: a shape, media types, or nothing."""
    body: type[BaseModel] | str | None = None
    body_required: bool = True
    parameters: tuple[dict[str, Any], ...] = ()
    refusals: tuple[type[JigsawError], ...] = ()
    """Besides those that every operation has."""
    headers: dict[HTTPStatus, tuple[str, ...]] = field(default_factory=dict)
    signed_in: bool = True


def _query(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": about}


def _header(name: str, about: str, *, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string", "minLength": int(required)}
    return {
        "name": name,
        "in": "header",
        "schema": schema,
        "description": about,
        "required": required,
    }


def _one_of(words: Iterable[str]) -> dict[str, Any]:
    """Nothing at all is as good as leaving it out."""
    return {"type": "string", "enum": [*words, ""]}


_FLAG = _one_of(["true", "false"])
_LIMIT = _query("limit", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE}, "Items in a page.")
_NUMBER = {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER}
_CLOCK = {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER}
_SERVER = _query(
    "server", {"type": "string", "pattern": "^[a-z0-9-]{0,64}$"}, "One of the named servers."
)
_OK, _CREATED, _EMPTY = HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
_READ = (errors.NotFound,)
_WRITE = (errors.NotFound, errors.NotAllowed, errors.InTrash)
_OWN = (errors.NotFound, errors.NotAllowed)
_LINK = (errors.NotFound, errors.LinkGone, errors.TooManyRequests)
_BLOCKS = (errors.InvalidWorkspace,)
_HUB = (errors.HubUnavailable,)
_JUPYTER = (
    errors.HubUnavailable,
    errors.ServerSilent,
    errors.ServerStopped,
    errors.NotFound,
)
_ITEM = "api/workspaces/{workspace_id}"

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("health", "get"): Operation(
        "Whether the process answers.", {_OK: answers.Health}, signed_in=False
    ),
    ("ready", "get"): Operation(
        "Whether the service can serve.",
        {_OK: answers.Ready, HTTPStatus.SERVICE_UNAVAILABLE: answers.Ready},
        signed_in=False,
    ),
    ("metrics", "get"): Operation(
        "What the process has counted, for Prometheus; 404 for all whom the operator doesn't let.",
        {_OK: "text/plain"},
        refusals=(errors.NotFound, *_HUB),
        signed_in=False,
    ),
    ("api/openapi.json", "get"): Operation("This document.", {_OK: JSON}, signed_in=False),
    ("api/user", "get"): Operation("Who the caller is.", {_OK: answers.CurrentUser}),
    ("api/languages", "get"): Operation(
        "The block sets.", {_OK: answers.Languages}, signed_in=False
    ),
    ("api/workspaces", "get"): Operation(
        "The workspaces that the caller sees.",
        {_OK: answers.Workspaces},
        parameters=(
            _query(
                "q",
                {"type": "string", "maxLength": 200},
                "Words, all of which are in the name, the owner's name or the blocks.",
            ),
            _query("owner", {"type": "string", "maxLength": 255}, "The owner's name, whole."),
            _query("role", _one_of(["viewer", "editor", "owner", "shared"]), "Mine."),
            _query(
                "block",
                {"type": "string", "pattern": "^[A-Za-z0-9_.:$-]{0,128}$"},
                "A type of which it has a block.",
            ),
            _query("language", _one_of(LANGUAGES), "Of this one only."),
            _query("trash", _FLAG, "What is in the trash, instead."),
            _query("sort", _one_of(sorted(listing.SORTS)), "- turns it round."),
            _LIMIT,
            _query("cursor", {"type": "string"}, "From the `next` of the page before."),
        ),
    ),
    ("api/workspaces", "post"): Operation(
        "Make a workspace, or find that of a notebook.",
        {_CREATED: answers.Workspace, _OK: answers.Workspace},
        body=shapes.NewWorkspace,
        refusals=(*_BLOCKS, errors.TooManyRequests),
        headers={_CREATED: ("Location",)},
    ),
    (_ITEM, "get"): Operation("One workspace.", {_OK: answers.Workspace}, refusals=_READ),
    (_ITEM, "patch"): Operation(
        "Rename it, or choose its kernel.",
        {_OK: answers.Workspace},
        body=shapes.WorkspaceChanges,
        refusals=_WRITE,
    ),
    (_ITEM, "delete"): Operation(
        "Move it to the trash, or delete it from there for good.",
        {_EMPTY: None},
        parameters=(_query("permanent", _FLAG, "For good."),),
        refusals=(*_READ, errors.NotAllowed, errors.NotInTrash),
    ),
    (f"{_ITEM}/restore", "post"): Operation(
        "Take it out of the trash.",
        {_OK: answers.Workspace},
        refusals=(*_READ, errors.NotAllowed, errors.NotInTrash),
    ),
    (f"{_ITEM}/xml", "get"): Operation(
        "Its blocks; byte for byte as they came, while nothing was changed since.",
        {_OK: XML, HTTPStatus.NOT_MODIFIED: None},
        parameters=(
            _query("revision", _NUMBER, "An old revision, instead of the head."),
            _header("If-None-Match", "The ETag of the state that the caller has."),
        ),
        refusals=(*_READ, errors.RevisionThinned),
        headers={_OK: ("ETag", "Content-Disposition")},
    ),
    (f"{_ITEM}/xml", "put"): Operation(
        "Put other blocks in their place, as a new revision.",
        {_OK: answers.Saved},
        body=XML,
        parameters=(_header("If-Match", "The ETag of the state that was changed.", required=True),),
        refusals=(*_WRITE, *_BLOCKS, errors.IfMatchRequired, errors.WorkspaceChanged),
        headers={_OK: ("ETag",)},
    ),
    (f"{_ITEM}/copy", "post"): Operation(
        "Make a copy of one's own.",
        {_CREATED: answers.Workspace},
        body=shapes.NewCopy,
        body_required=False,
        refusals=(*_WRITE, errors.TooManyRequests, errors.RevisionThinned),
        headers={_CREATED: ("Location",)},
    ),
    (f"{_ITEM}/export", "get"): Operation(
        "The workspace as a file.",
        {
            _OK: (XML, "application/json", "text/plain", "application/x-ipynb+json"),
            HTTPStatus.NOT_MODIFIED: None,
        },
        parameters=(
            _query("format", _one_of(export.FORMATS), "Kind of file."),
            _query("revision", _NUMBER, "An old revision, instead of the head."),
        ),
        refusals=(*_READ, errors.ExportInBrowser, errors.CodeNotWritten),
        headers={_OK: ("ETag", "Content-Disposition")},
    ),
    (f"{_ITEM}/revisions", "get"): Operation(
        "The history, newest first.",
        {_OK: answers.Revisions},
        parameters=(_LIMIT, _query("cursor", _NUMBER, "From the `next` of the page before.")),
        refusals=_READ,
    ),
    (f"{_ITEM}/revisions/{{number}}", "patch"): Operation(
        "Label a revision.",
        {_OK: answers.Revision},
        body=shapes.RevisionChanges,
        refusals=(*_WRITE, errors.RevisionThinned),
    ),
    (f"{_ITEM}/revisions/{{number}}/restore", "post"): Operation(
        "Make its content the head again, as a new revision.",
        {_OK: answers.Revision},
        refusals=(*_WRITE, errors.RevisionThinned),
        headers={_OK: ("ETag",)},
    ),
    (f"{_ITEM}/history", "get"): Operation(
        "The changes one by one, oldest first, as far back as they are kept.",
        {_OK: answers.Changes},
        parameters=(
            _query("from", _CLOCK, "The clock of the first."),
            _query("to", _CLOCK, "The clock of the last."),
            _LIMIT,
            _query("cursor", _CLOCK, "From the `next` of the page before."),
        ),
        refusals=_READ,
    ),
    (f"{_ITEM}/contributors", "get"): Operation(
        "Everybody who had a hand in what it holds, before it was copied, too.",
        {_OK: answers.Contributors},
        refusals=_READ,
    ),
    (f"{_ITEM}/live", "get"): Operation(
        "The live socket, a websocket; docs/live.md lists its messages.",
        {HTTPStatus.SWITCHING_PROTOCOLS: None},
        refusals=(errors.NotAllowed,),
    ),
    (f"{_ITEM}/shares", "get"): Operation(
        "Who has access, besides the owner.", {_OK: answers.Shares}, refusals=_READ
    ),
    (f"{_ITEM}/shares", "post"): Operation(
        "Give access; again changes the role.",
        {_OK: answers.Share, _CREATED: answers.Share},
        body=shapes.NewShare,
        refusals=(*_WRITE, errors.Conflict),
    ),
    (f"{_ITEM}/shares/{{share_id}}", "patch"): Operation(
        "Change the role.", {_OK: answers.Share}, body=shapes.ShareChanges, refusals=_WRITE
    ),
    (f"{_ITEM}/shares/{{share_id}}", "delete"): Operation(
        "Take access back, or leave.", {_EMPTY: None}, refusals=_WRITE
    ),
    (f"{_ITEM}/links", "get"): Operation(
        "The share links that were not revoked.", {_OK: answers.Links}, refusals=_OWN
    ),
    (f"{_ITEM}/links", "post"): Operation(
        "Make a share link; its address is told this once.",
        {_CREATED: answers.MadeLink},
        body=shapes.NewLink,
        refusals=(*_WRITE, errors.TooManyRequests),
    ),
    (f"{_ITEM}/links/{{link_id}}", "delete"): Operation(
        "Revoke it: nobody accepts it any more. What it gave stays.",
        {_EMPTY: None},
        refusals=_WRITE,
    ),
    ("api/links/preview", "post"): Operation(
        "What a share link gives; changes nothing.",
        {_OK: answers.LinkPreview},
        body=shapes.LinkCode,
        refusals=_LINK,
    ),
    ("api/links/accept", "post"): Operation(
        "Take what a share link gives: a role, or a copy. Again changes nothing.",
        {_OK: answers.AcceptedLink},
        body=shapes.AcceptLink,
        refusals=_LINK,
    ),
    (f"{_ITEM}/copies", "get"): Operation(
        "The copies that were made by its `copy` links, oldest first.",
        {_OK: answers.Copies},
        parameters=(_LIMIT, _query("cursor", _CLOCK, "From the `next` of the page before.")),
        refusals=_OWN,
    ),
    (f"{_ITEM}/collections", "get"): Operation(
        "What the caller has collected of its copies, newest first.",
        {_OK: answers.Collections},
        refusals=_OWN,
    ),
    (f"{_ITEM}/collections", "post"): Operation(
        "Keep what all copies are now whose makers let the caller look; nothing changes in them.",
        {_CREATED: answers.CollectionDetails},
        refusals=(*_WRITE, errors.Conflict, errors.TooManyRequests),
        headers={_CREATED: ("Location",)},
    ),
    (f"{_ITEM}/collections/{{collection_id}}", "get"): Operation(
        "Whose copies it holds, and whose not; with `Accept: application/zip`, the copies.",
        {_OK: (answers.CollectionDetails, "application/zip")},
        refusals=_OWN,
    ),
    (f"{_ITEM}/collections/{{collection_id}}", "delete"): Operation(
        "Delete it for good; the copies stay.", {_EMPTY: None}, refusals=_WRITE
    ),
    (f"{_ITEM}/collections/{{collection_id}}/entries/{{entry_id}}", "get"): Operation(
        "The blocks of one copy, as they were.",
        {_OK: XML, HTTPStatus.NOT_MODIFIED: None},
        refusals=_OWN,
        headers={_OK: ("ETag", "Content-Disposition")},
    ),
    (f"{_ITEM}/origin", "get"): Operation(
        "Of a copy that was made by a link: whose it was. Else 404.",
        {_OK: answers.Origin},
        refusals=_READ,
    ),
    (f"{_ITEM}/origin", "patch"): Operation(
        "Let the origin's owner look at the copy, or no longer.",
        {_OK: answers.Origin},
        body=shapes.OriginChanges,
        refusals=_WRITE,
    ),
    (f"{_ITEM}/transfer", "get"): Operation(
        "To whom it is offered; 404: to nobody.", {_OK: answers.Transfer}, refusals=_OWN
    ),
    (f"{_ITEM}/transfer", "post"): Operation(
        "Offer it to somebody, and to nobody else. When they accept, the owner becomes an editor.",
        {_OK: answers.Transfer, _CREATED: answers.Transfer},
        body=shapes.NewTransfer,
        refusals=(*_WRITE, errors.Conflict),
    ),
    (f"{_ITEM}/transfer", "delete"): Operation(
        "Take the offer back.", {_EMPTY: None}, refusals=_WRITE
    ),
    ("api/transfers", "get"): Operation(
        "The workspaces that are offered to the caller.", {_OK: answers.Transfers}
    ),
    ("api/transfers/{transfer_id}/accept", "post"): Operation(
        "Become the owner.",
        {_OK: answers.Workspace},
        refusals=(errors.NotFound, errors.TooManyRequests),
    ),
    ("api/transfers/{transfer_id}/decline", "post"): Operation(
        "Say no.", {_EMPTY: None}, refusals=_READ
    ),
    (f"{_ITEM}/people", "get"): Operation(
        "People to share it with: who was here and is in a group or a workspace of the caller's.",
        {_OK: answers.KnownPeople},
        parameters=(_query("q", {"type": "string", "maxLength": 200}, "Something in the name."),),
        refusals=_OWN,
    ),
    (f"{_ITEM}/events", "get"): Operation(
        "What was done about it, newest first; also of one that was the caller's and is deleted.",
        {_OK: answers.Events},
        parameters=(_LIMIT, _query("cursor", _NUMBER, "From the `next` of the page before.")),
        refusals=_OWN,
    ),
    ("api/export", "get"): Operation(
        "Everything the caller owns, but what is in the trash, as a zip that can be imported.",
        {_OK: ("application/zip",)},
        headers={_OK: ("Content-Disposition",)},
    ),
    ("api/imports", "post"): Operation(
        "Begin to bring in a file.",
        {_CREATED: answers.Import},
        body=shapes.NewImport,
        body_required=False,
        headers={_CREATED: ("Location",)},
    ),
    ("api/imports/{import_id}", "delete"): Operation(
        "Give it up; the workspaces it became stay.",
        {_EMPTY: None},
        refusals=(errors.NotFound,),
    ),
    ("api/imports/{import_id}/parts/{number}", "put"): Operation(
        "Some of its bytes; parts are numbered from 0.",
        {_EMPTY: None},
        body=BYTES,
        refusals=(errors.NotFound, errors.Conflict),
    ),
    ("api/imports/{import_id}/finish", "post"): Operation(
        "Make workspaces of it.",
        {_OK: answers.Imported},
        refusals=(
            errors.NotFound,
            errors.Conflict,
            errors.InvalidImport,
            errors.InvalidWorkspace,
            errors.TooManyRequests,
        ),
    ),
    ("api/server", "get"): Operation(
        "The state of the caller's own server.",
        {_OK: answers.ServerState},
        parameters=(_SERVER,),
        refusals=_HUB,
    ),
    ("api/server", "post"): Operation(
        "Start it.",
        {_OK: answers.ServerState, HTTPStatus.ACCEPTED: answers.ServerState},
        parameters=(_SERVER,),
        refusals=(*_HUB, errors.SpawnOptions),
    ),
    ("api/server", "delete"): Operation(
        "Stop it.", {_OK: answers.ServerState}, parameters=(_SERVER,), refusals=_HUB
    ),
    ("api/server/progress", "get"): Operation(
        "How the start goes on.",
        {_OK: "text/event-stream"},
        parameters=(_SERVER,),
        refusals=_HUB,
    ),
    ("api/kernelspecs", "get"): Operation(
        "The kernels on the caller's server, and what is known against each.",
        {_OK: answers.KernelSpecs},
        parameters=(_SERVER,),
        refusals=_JUPYTER,
    ),
    ("api/doctor", "get"): Operation(
        "What is wrong with the set-up; may take a minute.",
        {_OK: answers.Diagnosis},
        refusals=(errors.NotFound,),
    ),
    (f"{_ITEM}/execute", "post"): Operation(
        "Run code on the caller's own kernel.",
        {_OK: ("application/x-ndjson", JSON)},
        body=runs.Run,
        parameters=(_SERVER,),
        refusals=(*_JUPYTER, errors.Conflict, errors.KernelFailed),
    ),
    (f"{_ITEM}/run", "get"): Operation(
        "The kernel of the workspace, or the one named, and its last run. Starts nothing.",
        {_OK: answers.LastRun},
        parameters=(
            _query(
                "server",
                {"type": "string", "pattern": r"^(?!\.{1,2}$)[^/]{0,64}$"},
                "One of the caller's own named servers.",
            ),
            _query("kernel_id", {"type": "string"}, "A kernel of the caller's own."),
            _query("shared", {"type": "string"}, "If not empty: others use the kernel, too."),
            _query("of", {"type": "string"}, "The run that is known already …"),
            _query("after", {"type": "string"}, "… and the `next` …"),
            _query("source", {"type": "string"}, "… and the `source` of that answer."),
            _query("complete", {"type": "string"}, "1: all of it is known up to there."),
        ),
        refusals=_JUPYTER,
    ),
    **{
        (f"api/jupyter/{address}", method): Operation(
            "Relayed to the caller's own Jupyter server, as it is.",
            {_OK: JSON},
            body=JSON if method in ("post", "patch") else None,
            body_required=False,
            parameters=(_SERVER,),
            refusals=_JUPYTER,
        )
        for address, methods in {
            "api/status": ["get"],
            "api/kernelspecs": ["get"],
            "api/kernelspecs/{name}": ["get"],
            "kernelspecs/{name}/{file}": ["get"],
            "api/kernels": ["get", "post"],
            "api/kernels/{kernel_id}": ["get", "delete"],
            "api/kernels/{kernel_id}/interrupt": ["post"],
            "api/kernels/{kernel_id}/restart": ["post"],
            "api/kernels/{kernel_id}/channels": ["get"],
            "api/sessions": ["get", "post"],
            "api/sessions/{session_id}": ["get", "patch", "delete"],
        }.items()
        for method in methods
    },
}
