"""Running code from a workspace on the caller's own kernel, for scripts."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .. import workspaces
from ..jupyter import execute
from ..jupyter.reach import Reach
from ..languages import language_named
from ..roles import Action
from .jupyter import OwnServerHandler

Message = dict[str, Any]


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
        servers, known = self.parts.servers, self.parts.heard.specs
        reach = Reach(servers, known, self.owner, f"api/kernels/{kernel_id}")
        messages = self._counted(execute.execute(reach, run.code))
        if "application/json" in self.request.headers.get("Accept", ""):
            self.answer(await execute.document(messages))
            return
        self.set_header("Content-Type", "application/x-ndjson")
        self.set_header("X-Accel-Buffering", "no")
        async for message in messages:
            self.write(json.dumps(message, ensure_ascii=False) + "\n")
            await self.flush()

    async def _counted(self, messages: AsyncIterator[Message]) -> AsyncIterator[Message]:
        """The same messages, and how the run ended."""
        began, status = time.perf_counter(), "broken-off"
        try:
            async for message in messages:
                if message["header"]["msg_type"] == "execute_reply":
                    told = message["content"].get("status")
                    status = told if told in ("ok", "error") else "aborted"
                yield message
        finally:
            self.parts.metrics.executions.labels(status).inc()
            self.parts.metrics.execution_seconds.observe(time.perf_counter() - began)

    async def _kernel(self, workspace_id: str, run: Run) -> str:
        async with self.parts.database.read() as db:
            found = await workspaces.find(db, self.user, workspace_id, Action.READ)
            language, kernel_name = found.workspace.language, found.workspace.kernel_name
        if run.kernel_id:
            return execute.checked_kernel_id(run.kernel_id)
        return await execute.kernel_for(
            self.parts.servers,
            self.parts.heard.specs,
            self.owner,
            workspace_id=workspace_id,
            language=language_named(language).kernel_language,
            kernel_name=kernel_name,
        )
