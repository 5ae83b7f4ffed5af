"""`api/imports`: a file in parts, so that no proxy's limit on bodies does harm."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from ... import errors
from ...errors import BadRequest, NotFound, NotReady, TooLarge
from ...workspaces import imports
from ..access import Caller
from ..base import ApiHandler
from ..lists import list_json
from ..requests import NewImport
from ..responses import ImportedResponse, ImportResponse
from ..route import BYTES, CREATED, EMPTY, OK, operation, route
from .workspaces import workspace_json


@route("api/imports")
class ImportListHandler(ApiHandler):
    """`api/imports`: begin one."""

    @operation(
        "Begin to bring in a file.",
        Caller.SIGNED_IN,
        {CREATED: ImportResponse},
        body=NewImport,
        body_required=False,
        headers={CREATED: ("Location",)},
    )
    async def post(self) -> None:
        wanted = self.parse_body(NewImport) if self.body else NewImport()
        async with self.services.database.write() as db:
            begun = await imports.begin(
                db,
                self.user,
                name=wanted.name,
                language=wanted.language,
                limits=self.services.limits,
            )
        part_size = self.services.limits.import_part_bytes
        self.set_header("Location", f"{self.services.prefix}api/imports/{begun.id}")
        self.answer({"id": begun.id, "part_size": part_size}, HTTPStatus.CREATED)


class ImportHandler(ApiHandler):
    """Base of handlers of one import; what refuses it for good ends it."""

    @asynccontextmanager
    async def ending(self, import_id: str) -> AsyncIterator[None]:
        """End the import where its work fails, unless the same may succeed in a moment."""
        try:
            yield
        except NotReady:
            raise
        except Exception:
            with suppress(NotFound):
                async with self.services.database.write() as db:
                    await imports.end(db, self.user, import_id)
            raise


@route("api/imports/{import_id}")
class ImportItemHandler(ImportHandler):
    """`api/imports/{id}`: give it up."""

    @operation(
        "Give it up; the workspaces it became stay.",
        Caller.SIGNED_IN,
        {EMPTY: None},
        refusals=(errors.NotFound,),
    )
    async def delete(self, import_id: str) -> None:
        async with self.services.database.write() as db:
            await imports.end(db, self.user, import_id)
        self.set_status(HTTPStatus.NO_CONTENT)


@route("api/imports/{import_id}/parts/{number}", number="[0-9]{1,4}")
class ImportPartHandler(ImportHandler):
    """`api/imports/{id}/parts/{n}`: some of its bytes."""

    def initialize(self) -> None:
        super().initialize()
        self.max_body = self.services.limits.import_part_bytes

    @operation(
        "Some of its bytes; parts are numbered from 0.",
        Caller.SIGNED_IN,
        {EMPTY: None},
        body=BYTES,
        refusals=(errors.NotFound, errors.Conflict),
    )
    async def put(self, import_id: str, number: str) -> None:
        if not self.body:
            raise BadRequest("The part is empty.")
        try:
            async with self.services.database.write() as db:
                await imports.put_part(
                    db, self.user, import_id, int(number), self.body, limits=self.services.limits
                )
        except TooLarge:
            async with self.ending(import_id):
                raise
        self.set_status(HTTPStatus.NO_CONTENT)


@route("api/imports/{import_id}/finish")
class ImportFinishHandler(ImportHandler):
    """`api/imports/{id}/finish`: make workspaces of it."""

    @operation(
        "Make workspaces of it.",
        Caller.SIGNED_IN,
        {OK: ImportedResponse},
        refusals=(
            errors.NotFound,
            errors.Conflict,
            errors.InvalidImport,
            errors.InvalidWorkspace,
            errors.TooManyRequests,
        ),
    )
    async def post(self, import_id: str) -> None:
        limits = self.services.limits
        async with self.services.database.read() as db:
            begun, data = await imports.whole(db, self.user, import_id)
        async with self.ending(import_id):
            programs = await asyncio.to_thread(imports.programs, begun, data, limits)
            async with self.services.database.write() as db:
                made = await imports.finish(db, self.user, import_id, programs, limits=limits)
        edited = [
            {"workspace_id": found.workspace.id, "code": program.edited_code}
            for found, program in zip(made, programs, strict=False)
            if program.edited_code is not None
        ]
        recoded = [
            found.workspace.id
            for found, program in zip(made, programs, strict=False)
            if program.was_recoded
        ]
        items = [workspace_json(found) for found in made]
        self.answer({**list_json(self, items), "edited": edited, "recoded": recoded})
