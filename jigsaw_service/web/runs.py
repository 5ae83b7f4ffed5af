"""Running code from a workspace on the caller's own kernel, for scripts."""

import json

from pydantic import BaseModel, ConfigDict, Field

from .. import workspaces
from ..jupyter import execute
from ..languages import language_named
from ..roles import Action
from .jupyter import OwnServerHandler


class Run(BaseModel):
    """What to run; without `kernel_id`, on the workspace's own kernel."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: str = Field(max_length=1_000_000)
    kernel_id: str | None = None


class Execute(OwnServerHandler):
    """`api/workspaces/{id}/execute`: newline-delimited JSON, or one document."""

    max_body = 2 * 1024 * 1024

    async def post(self, workspace_id: str) -> None:
        run = self.shape(Run)
        kernel_id = await self._kernel(workspace_id, run)
        messages = execute.execute(self.parts.servers, self.owner, kernel_id, run.code)
        if "application/json" in self.request.headers.get("Accept", ""):
            self.answer(await execute.document(messages))
            return
        self.set_header("Content-Type", "application/x-ndjson")
        self.set_header("X-Accel-Buffering", "no")
        async for message in messages:
            self.write(json.dumps(message, ensure_ascii=False) + "\n")
            await self.flush()

    async def _kernel(self, workspace_id: str, run: Run) -> str:
        async with self.parts.database.read() as db:
            found = await workspaces.find(db, self.user, workspace_id, Action.READ)
            language, kernel_name = found.workspace.language, found.workspace.kernel_name
        if run.kernel_id:
            return execute.checked_kernel_id(run.kernel_id)
        return await execute.kernel_for(
            self.parts.servers,
            self.owner,
            workspace_id=workspace_id,
            language=language_named(language).kernel_language,
            kernel_name=kernel_name,
        )
