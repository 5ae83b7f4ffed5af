"""Running code from a workspace on the caller's own kernel, and the last run there."""

import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ... import errors
from ...errors import BadRequest, JigsawError, ServerStopped
from ...jupyter import execute
from ...jupyter.overhearing import overhear
from ...jupyter.reach import Reach
from ...jupyter.runs import KernelRuns, Run, asker_of
from ...jupyter.specs import json_object
from ...runtime.languages import language_named
from ...runtime.roles import Action
from ..responses import LastRunResponse
from ..route import ITEM, JSON, JUPYTER_REFUSALS, OK, SERVER, operation, query, route
from .jupyter import OwnServerHandler

Message = dict[str, Any]


class RunRequest(BaseModel):
    """What to run; without `kernel_id`, on the workspace's own kernel."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: str = Field(max_length=1_000_000)
    kernel_id: str | None = None


@route(f"{ITEM}/execute")
class ExecuteHandler(OwnServerHandler):
    """`api/workspaces/{id}/execute`: newline-delimited JSON, or one document."""

    max_body = 2 * 1024 * 1024

    @operation(
        "Run code on the caller's own kernel.",
        Action.READ,
        {OK: ("application/x-ndjson", JSON)},
        body=RunRequest,
        parameters=(SERVER,),
        refusals=(*JUPYTER_REFUSALS, errors.Conflict, errors.KernelFailed),
    )
    async def post(self, workspace_id: str) -> None:
        run = self.parse_body(RunRequest)
        kernel_id = await self._kernel(workspace_id, run)
        reach = Reach(
            self.services.servers,
            self.services.incidents.specs,
            self.owner,
            f"api/kernels/{kernel_id}",
        )
        runs = self.services.runs.of(self.owner, kernel_id)
        messages = self._counted(execute.execute(reach, run.code, runs, workspace_id))
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
            self.services.metrics.executions.labels(status).inc()
            self.services.metrics.execution_seconds.observe(time.perf_counter() - began)

    async def _kernel(self, workspace_id: str, run: RunRequest) -> str:
        async with self.services.database.read() as db:
            found = await self.find(db, workspace_id)
            language, kernel_name = found.workspace.language, found.workspace.kernel_name
        if run.kernel_id:
            return execute.checked_kernel_id(run.kernel_id)
        return await execute.kernel_for(
            self.services.servers,
            self.services.incidents.specs,
            self.owner,
            workspace_id=workspace_id,
            language=language_named(language).kernel_language,
            kernel_name=kernel_name,
        )


@route(f"{ITEM}/run")
class LastRunHandler(OwnServerHandler):
    """`api/workspaces/{id}/run`: the workspace's kernel and its last run, as it stands.

    Starts nothing. Asked again with `kernel_id`, it costs the caller's server nothing
    while the kernel is listened to anyway.
    """

    @operation(
        "The kernel of the workspace, or the one named, and its last run. Starts nothing.",
        Action.READ,
        {OK: LastRunResponse},
        parameters=(
            query(
                "server",
                {"type": "string", "pattern": r"^(?!\.{1,2}$)[^/]{0,64}$"},
                "One of the caller's own named servers.",
            ),
            query("kernel_id", {"type": "string"}, "A kernel of the caller's own."),
            query("shared", {"type": "string"}, "If not empty: others use the kernel, too."),
            query("of", {"type": "string"}, "The run that is known already …"),
            query("after", {"type": "string"}, "… and the `next` …"),
            query("source", {"type": "string"}, "… and the `source` of that answer."),
            query("complete", {"type": "string"}, "1: all of it is known up to there."),
        ),
        refusals=JUPYTER_REFUSALS,
    )
    async def get(self, workspace_id: str) -> None:
        async with self.services.database.read() as db:
            await self.find(db, workspace_id)
        kernel_id = self.get_query_argument("kernel_id", "")
        kernel = None
        with suppress(ServerStopped):
            kernel = await self._kernel(workspace_id, kernel_id)
        if kernel is None:
            self.answer({"kernel": None, "run": None, "source": self.services.runs.source})
            return
        known = self.services.runs.of(self.owner, kernel["id"])
        own = asker_of(workspace_id)
        # All that runs on the workspace's own kernel is the workspace's.
        run = known.last(own if self.get_query_argument("shared", "") else None)
        told = run and run.told(self._after(run))
        self.answer({"kernel": kernel, "run": told, "source": self.services.runs.source})

    def _after(self, run: Run) -> int:
        """Number of its messages that the caller knows; each process has numbers of its own."""
        try:
            after = max(0, int(self.get_query_argument("after", "0")))
        except ValueError as error:
            raise BadRequest("after: send a number.", field="after") from error
        if self.get_query_argument("of", "") != run.id:
            return 0
        source = self.get_query_argument("source", "")
        if source in ("", self.services.runs.source):
            return after
        knows_all = self.get_query_argument("complete", "") == "1"
        return 0 if run.complete and not knows_all else sys.maxsize

    async def _kernel(self, workspace_id: str, kernel_id: str) -> dict[str, Any] | None:
        """Kernel: its id, its name and whether it is busy; from now on heard, if it is."""
        if kernel_id:
            kernel_id = execute.checked_kernel_id(kernel_id)
            known = self.services.runs.of(self.owner, kernel_id)
            if known.listeners:
                return {"id": kernel_id, "busy": known.busy}
            status, model = await self._ask(f"api/kernels/{kernel_id}")
            found = model if status == HTTPStatus.OK else None
        else:
            found = await self._session_kernel(f"jigsaw/{workspace_id}")
        if not found or not isinstance(found.get("id"), str):
            return None
        known = self.services.runs.of(self.owner, found["id"])
        busy = found.get("execution_state") == "busy"
        if (busy or known.session) and not known.listeners:
            await self._listen(found["id"], known, busy)
        if not busy and not known.busy:
            known.finished_unheard()
        return {"id": found["id"], "busy": busy}

    async def _session_kernel(self, path: str) -> dict[str, Any] | None:
        if await self.services.servers.state(self.owner) != "ready":
            return None
        _, _, content = await self.services.servers.request(self.owner, "GET", "api/sessions")
        for session in json.loads(content):
            if session.get("path") == path:
                kernel: dict[str, Any] | None = session.get("kernel")
                return kernel
        return None

    async def _ask(self, path: str) -> tuple[int, dict[str, Any]]:
        status, _, content = await self.services.servers.request(self.owner, "GET", path)
        return status, json_object(content)

    async def _listen(self, kernel_id: str, known: KernelRuns, busy: bool) -> None:
        """Listen to what has come late, and to the end of what runs there, of any caller."""
        if known.relay:
            await known.relay.poll()
            return
        if busy:
            known.ask_others()
        path = f"api/kernels/{kernel_id}"
        reach = Reach(self.services.servers, self.services.incidents.specs, self.owner, path)
        with suppress(JigsawError):
            await overhear(reach, known, busy=busy)
