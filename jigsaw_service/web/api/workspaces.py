"""`api/workspaces`, their XML, copies and export; `api/languages`."""

import asyncio
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from ... import errors
from ...document import revisions
from ...document.revisions import Document, read_document
from ...document.validation import TYPE
from ...errors import BadRequest, JigsawError
from ...runtime.languages import LANGUAGES
from ...runtime.roles import Action, Role
from ...storage.tables import Workspace
from ...workspaces import export, listing, provenance, store
from ...workspaces.store import Found
from ..access import Caller
from ..base import ApiHandler, PublicApiHandler
from ..conditions import if_match
from ..lists import MAX_NUMBER, MAX_PAGE, list_json
from ..requests import NewCopy, NewWorkspace, WorkspaceChanges
from ..responses import LanguagesResponse, SavedResponse, WorkspaceResponse, WorkspacesResponse
from ..route import (
    CREATED,
    EMPTY,
    FLAG,
    ITEM,
    LIMIT,
    NOT_MODIFIED,
    NUMBER,
    OK,
    READ_REFUSALS,
    WRITE_REFUSALS,
    XML,
    header,
    one_of,
    operation,
    query,
    route,
)

# Roles in a list, by the word for them.
ROLES = {
    "": frozenset(Role),
    **{role.word: frozenset([role]) for role in Role},
    "shared": frozenset([Role.VIEWER, Role.EDITOR]),
}
# Larger ones are checked beside the loop: they would keep everybody waiting.
_SMALL = 64 * 1024


def workspace_json(found: Found) -> dict[str, Any]:
    """A workspace, as its caller may know it."""
    workspace = found.workspace
    return {
        "id": workspace.id,
        "name": workspace.name,
        "language": workspace.language,
        "kernel_name": workspace.kernel_name,
        "owner": found.owner,
        "role": found.role.word,
        "revision": workspace.revision,
        "clock": workspace.clock,
        "created": workspace.created.isoformat(),
        "modified": workspace.modified.isoformat(),
        "modified_by": found.modified_by,
        "trashed": workspace.trashed and workspace.trashed.isoformat(),
        "copied_from": workspace.copied_from,
    }


def languages_json() -> list[dict[str, Any]]:
    """JSON of all languages."""
    return [
        {
            "name": language.name,
            "title": language.title,
            "kernel_language": language.kernel_language,
            "file_extension": language.file_extension,
        }
        for language in LANGUAGES.values()
    ]


@route("api/languages")
class LanguagesHandler(PublicApiHandler):
    """`api/languages`."""

    @operation("The block sets.", Caller.ANYBODY, {OK: LanguagesResponse})
    async def get(self) -> None:
        self.answer(list_json(self, languages_json()))


class WorkspaceHandler(ApiHandler):
    """Base of handlers that answer with a workspace."""

    def answer_new(self, found: Found) -> None:
        """Finish with a workspace that was just made."""
        address = f"{self.services.prefix}api/workspaces/{found.workspace.id}"
        self.set_header("Location", address)
        self.answer(workspace_json(found), HTTPStatus.CREATED)

    async def read(self, xml: bytes) -> Document:
        """Check the XML of a workspace, or raise what is wrong with it."""
        if len(xml) <= _SMALL:
            return read_document(xml, self.services.limits.workspace_bytes)
        return await asyncio.to_thread(read_document, xml, self.services.limits.workspace_bytes)

    def flag_argument(self, name: str) -> bool:
        return self.choice_argument(name, ["true", "false"], "false") == "true"


@route("api/workspaces")
class WorkspaceListHandler(WorkspaceHandler):
    """`api/workspaces`: those I see; a new one."""

    def initialize(self) -> None:
        super().initialize()
        # As JSON, every quote of the XML is two characters.
        self.max_body = 2 * self.services.limits.workspace_bytes + self.max_body

    @operation(
        "The workspaces that the caller sees.",
        Caller.SIGNED_IN,
        {OK: WorkspacesResponse},
        parameters=(
            query(
                "q",
                {"type": "string", "maxLength": 200},
                "Words, all of which are in the name, the owner's name or the blocks.",
            ),
            query("owner", {"type": "string", "maxLength": 255}, "The owner's name, whole."),
            query("role", one_of(["viewer", "editor", "owner", "shared"]), "Mine."),
            query(
                "block",
                {"type": "string", "pattern": "^[A-Za-z0-9_.:$-]{0,128}$"},
                "A type of which it has a block.",
            ),
            query("language", one_of(LANGUAGES), "Of this one only."),
            query("trash", FLAG, "What is in the trash, instead."),
            query("sort", one_of(sorted(listing.SORTS)), "- turns it round."),
            LIMIT,
            query("cursor", {"type": "string"}, "From the `next` of the page before."),
        ),
    )
    async def get(self) -> None:
        wanted = self._wanted()
        async with self.services.database.read() as db:
            page = await listing.page(db, self.user, wanted)
        items = [{**workspace_json(one), "contains": one.contains} for one in page.items]
        self.answer(list_json(self, items, page.cursor))

    def _wanted(self) -> listing.Wanted:
        return listing.Wanted(
            words=self.words_argument("q"),
            owner=self.words_argument("owner", most=255),
            roles=ROLES[self.choice_argument("role", ROLES) or ""],
            language=self.choice_argument("language", LANGUAGES),
            block=self._block_argument(),
            trash=self.flag_argument("trash"),
            sort=self.choice_argument("sort", listing.SORTS) or "-modified",
            limit=self.int_argument("limit", 50, low=1, high=MAX_PAGE),
            cursor=self.get_query_argument("cursor", None),
        )

    def _block_argument(self) -> str | None:
        block_type = self.get_query_argument("block", "")
        if block_type and not TYPE.fullmatch(block_type):
            raise BadRequest("block: send the type of a block, such as math_number.", field="block")
        return block_type or None

    @operation(
        "Make a workspace, or find that of a notebook.",
        Caller.SIGNED_IN,
        {CREATED: WorkspaceResponse, OK: WorkspaceResponse},
        body=NewWorkspace,
        refusals=(errors.InvalidWorkspace, errors.TooManyRequests),
        headers={CREATED: ("Location",)},
    )
    async def post(self) -> None:
        wanted = self.parse_body(NewWorkspace)
        document = revisions.EMPTY
        if wanted.xml is not None:
            document = await self.read(wanted.xml.encode())
        async with self.services.database.write() as db:
            known = wanted.notebook_name and await store.of_notebook(
                db, self.user, wanted.language, wanted.notebook_name, lock=True
            )
            found = known or await store.create(
                db,
                self.user,
                name=wanted.name,
                language=wanted.language,
                limits=self.services.limits,
                document=document,
                files=int(wanted.file),
                notebook_name=wanted.notebook_name,
            )
        if known:
            self.answer(workspace_json(known))
            return
        self.answer_new(found)


@route(ITEM)
class WorkspaceItemHandler(WorkspaceHandler):
    """`api/workspaces/{id}`: one; rename it; move it to the trash, or delete it for good."""

    @operation("One workspace.", Action.READ, {OK: WorkspaceResponse}, refusals=READ_REFUSALS)
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
        self.answer(workspace_json(found))

    @operation(
        "Rename it, or choose its kernel.",
        Action.EDIT,
        {OK: WorkspaceResponse},
        body=WorkspaceChanges,
        refusals=WRITE_REFUSALS,
    )
    async def patch(self, workspace_id: str) -> None:
        wanted = self.parse_body(WorkspaceChanges)
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, lock=True)
            if "name" in wanted.model_fields_set:
                store.rename(found.workspace, wanted.name)
            if "kernel_name" in wanted.model_fields_set:
                found.workspace.kernel_name = wanted.kernel_name
                await provenance.chose_kernel(db, workspace_id, self.user.id)
        self.answer(workspace_json(found))

    @operation(
        "Move it to the trash, or delete it from there for good.",
        Action.TRASH,
        {EMPTY: None},
        parameters=(query("permanent", FLAG, "For good."),),
        refusals=(*READ_REFUSALS, errors.NotAllowed, errors.NotInTrash),
        uses={"?permanent=true": Action.DELETE},
    )
    async def delete(self, workspace_id: str) -> None:
        permanent = self.flag_argument("permanent")
        use = "?permanent=true" if permanent else ""
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, use=use, lock=True)
            if permanent:
                await store.delete(db, found.workspace, by=self.user)
            else:
                store.trash(db, found.workspace, by=self.user)
        self.set_status(HTTPStatus.NO_CONTENT)


@route(f"{ITEM}/restore")
class WorkspaceRestoreHandler(WorkspaceHandler):
    """`api/workspaces/{id}/restore`: out of the trash."""

    @operation(
        "Take it out of the trash.",
        Action.RESTORE,
        {OK: WorkspaceResponse},
        refusals=(*READ_REFUSALS, errors.NotAllowed, errors.NotInTrash),
    )
    async def post(self, workspace_id: str) -> None:
        async with self.services.database.write(about=workspace_id) as db:
            found = await self.find(db, workspace_id, lock=True)
            store.restore(db, found.workspace, by=self.user)
        self.answer(workspace_json(found))


@route(f"{ITEM}/copy")
class WorkspaceCopyHandler(WorkspaceHandler):
    """`api/workspaces/{id}/copy`: a workspace of my own with the same blocks."""

    @operation(
        "Make a copy of one's own.",
        Action.COPY,
        {CREATED: WorkspaceResponse},
        body=NewCopy,
        body_required=False,
        refusals=(*WRITE_REFUSALS, errors.TooManyRequests, errors.RevisionThinned),
        headers={CREATED: ("Location",)},
    )
    async def post(self, workspace_id: str) -> None:
        wanted = self.parse_body(NewCopy) if self.body else NewCopy()
        async with self.services.database.write() as db:
            origin = await self.find(db, workspace_id, lock=True)
            found = await store.copy(
                db,
                self.user,
                origin.workspace,
                name=wanted.name,
                number=wanted.revision,
                limits=self.services.limits,
            )
        self.answer_new(found)


class FileHandler(WorkspaceHandler):
    """Base of handlers that answer with a file to keep, never to be shown as a page."""

    _etag = ""

    def compute_etag(self) -> str | None:
        """Tornado sends it, and answers 304 to callers that have this state."""
        return self._etag or None

    async def asked(self, workspace_id: str) -> tuple[Workspace, Document, int]:
        """The head, or the revision that is asked for, and the clock of it."""
        number = None
        if "revision" in self.request.query_arguments:
            number = self.int_argument("revision", 1, low=1, high=MAX_NUMBER)
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            workspace = found.workspace
            if number is None:
                return workspace, await revisions.head(db, workspace), workspace.clock
            mark = await revisions.find(db, workspace, number)
            return workspace, mark.document, mark.revision.clock

    def answer_file(self, file: export.File, etag: str) -> None:
        self._etag = f'"{etag}"'
        self.set_header("Content-Type", file.media_type)
        self.set_header("Content-Disposition", attachment(file.name))
        self.set_header("Cache-Control", "private, no-cache")
        self.finish(file.data)


def attachment(name: str) -> str:
    """RFC 6266: a plain name for all, the true one for those who read UTF-8."""
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@route(f"{ITEM}/xml")
class WorkspaceXmlHandler(FileHandler):
    """`api/workspaces/{id}/xml`: its blocks; save others on top of a state that I name."""

    def initialize(self) -> None:
        super().initialize()
        self.max_body = self.services.limits.workspace_bytes

    @operation(
        "Its blocks; byte for byte as they came, while nothing was changed since.",
        Action.READ,
        {OK: XML, NOT_MODIFIED: None},
        parameters=(
            query("revision", NUMBER, "An old revision, instead of the head."),
            header("If-None-Match", "The ETag of the state that the caller has."),
        ),
        refusals=(*READ_REFUSALS, errors.RevisionThinned),
        headers={OK: ("ETag", "Content-Disposition")},
    )
    async def get(self, workspace_id: str) -> None:
        workspace, document, clock = await self.asked(workspace_id)
        file = export.xml_file(workspace.name, document.xml)
        self.answer_file(file, revisions.etag(workspace, clock))

    @operation(
        "Put other blocks in their place, as a new revision.",
        Action.EDIT,
        {OK: SavedResponse},
        body=XML,
        parameters=(header("If-Match", "The ETag of the state that was changed.", required=True),),
        refusals=(
            *WRITE_REFUSALS,
            errors.InvalidWorkspace,
            errors.IfMatchRequired,
            errors.WorkspaceChanged,
        ),
        headers={OK: ("ETag",)},
    )
    async def put(self, workspace_id: str) -> None:
        try:
            on_top_of = if_match(self.request.headers.get("If-Match"))
            document = await self.read(self.body)
        except JigsawError:
            # First of all, refuse callers who may not save here at all.
            async with self.services.database.read() as db:
                await self.find(db, workspace_id)
            raise
        saved = await self.services.database.change(
            lambda db: store.save(db, self.user, workspace_id, document, on_top_of=on_top_of),
            about=workspace_id,
        )
        self.set_header("ETag", f'"{revisions.etag(saved)}"')
        self.answer({"revision": saved.revision, "clock": saved.clock})


@route(f"{ITEM}/export")
class WorkspaceExportHandler(FileHandler):
    """`api/workspaces/{id}/export`: the workspace as a file."""

    @operation(
        "The workspace as a file.",
        Action.READ,
        {
            OK: (XML, "application/json", "text/plain", "application/x-ipynb+json"),
            NOT_MODIFIED: None,
        },
        parameters=(
            query("format", one_of(export.FORMATS), "Kind of file."),
            query("revision", NUMBER, "An old revision, instead of the head."),
        ),
        refusals=(*READ_REFUSALS, errors.ExportInBrowser, errors.CodeNotWritten),
        headers={OK: ("ETag", "Content-Disposition")},
    )
    async def get(self, workspace_id: str) -> None:
        form = self.choice_argument("format", export.FORMATS) or "xml"
        workspace, document, clock = await self.asked(workspace_id)
        file = await export.as_file(self.user.name, workspace, document.xml, form)
        self.answer_file(file, revisions.etag(workspace, clock))
