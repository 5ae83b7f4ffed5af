"""Running code on a kernel for a caller that has no Jupyter client: scripts and `curl`."""

import json
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

from aiohttp import WSMsgType

from ..errors import BadRequest, Conflict, ServerStopped
from .messages import glance_at
from .overhearing import listen_on
from .reach import Reach
from .runs import KernelRuns, asker_of
from .servers import Owner, Servers
from .specs import KnownSpecs, record_start

_OUTPUTS = {"stream", "display_data", "execute_result", "error"}
Message = dict[str, Any]


async def kernel_for(
    servers: Servers,
    known: KnownSpecs,
    owner: Owner,
    *,
    workspace_id: str,
    language: str,
    kernel_name: str | None,
) -> str:
    """The id of the kernel of this workspace: found by its session's path, or started."""
    name = kernel_name or await _kernel_name(servers, owner, language)
    session = {
        "path": f"jigsaw/{workspace_id}",
        "name": workspace_id,
        "type": "jigsaw",
        "kernel": {"name": name},
    }
    body = json.dumps(session).encode()
    status, _, content = await servers.request(owner, "POST", "api/sessions", body=body)
    record_start(known, owner, body, status, content)
    if status >= 400:
        raise Conflict(f"The kernel {name} could not be started; the log of your server says why.")
    kernel_id: str = json.loads(content)["kernel"]["id"]
    return kernel_id


async def _kernel_name(servers: Servers, owner: Owner, language: str) -> str:
    """The kernel for a language: the server's default where it fits, else the first that does."""
    _, _, content = await servers.request(owner, "GET", "api/kernelspecs")
    found = json.loads(content)
    fitting = [
        name
        for name, spec in found["kernelspecs"].items()
        if spec["spec"].get("language", "").lower() == language
    ]
    if not fitting:
        raise Conflict(f"Your server has no kernel for {language}; ask your Hub's admin for one.")
    default: str = found["default"]
    return default if default in fitting else min(fitting)


async def execute(
    reach: Reach, code: str, runs: KernelRuns | None = None, workspace_id: str = ""
) -> AsyncIterator[Message]:
    """Run `code`; every message it causes, the reply last. `input()` is refused by the kernel.

    `runs` hears of it, where it is a workspace's.
    """
    runs = runs or KernelRuns()
    session = uuid.uuid4().hex
    request = _request(code, session, asker_of(workspace_id))
    query = urlencode({"session_id": session})
    socket = await reach.connect(query=query, protocols=[])
    reply: Message | None = None
    idle = False
    runs.listeners += 1
    runs.relay, runs.session = None, session
    try:
        await socket.send_str(json.dumps(request))
        while not (reply and idle):
            frame = await socket.receive()
            if frame.type is not WSMsgType.TEXT:
                raise ServerStopped("Your server or its kernel stopped while the code ran.")
            await socket.pong()
            message = json.loads(frame.data)
            if seen := glance_at(message):
                runs.receive(seen)
            _stop_if_dead(message)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            # The reply may overtake the last output, so it waits for idle.
            if message["msg_type"] == "execute_reply":
                reply = message
                continue
            idle = idle or message["content"].get("execution_state") == "idle"
            yield message
    finally:
        if reply and idle:
            await listen_on(socket, reach, runs, session)
        else:
            await socket.close()
        runs.listeners -= 1
    yield reply


def _request(code: str, session: str, asker: str) -> Message:
    return {
        "channel": "shell",
        "header": {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "username": asker,
            "session": session,
            "date": datetime.now(timezone.utc).isoformat(),
            "version": "5.3",
        },
        "parent_header": {},
        "metadata": {},
        "content": {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        },
        "buffers": [],
    }


def _stop_if_dead(message: Message) -> None:
    if message["content"].get("execution_state") in ("restarting", "dead"):
        raise ServerStopped("The kernel died while the code ran; run it again.")


async def document(messages: AsyncIterator[Message]) -> dict[str, Any]:
    """Run as one document, with its outputs in nbformat 4 form."""
    import nbformat  # 20 MB that a service which only relays can do without

    outputs: list[dict[str, Any]] = []
    reply: dict[str, Any] = {}
    async for message in messages:
        kind = message["msg_type"]
        if kind in _OUTPUTS:
            _add(outputs, nbformat.v4.output_from_msg(message))
        elif kind == "clear_output":
            outputs.clear()
        elif kind == "execute_reply":
            reply = message["content"]
    return {
        "status": reply["status"],
        "execution_count": reply.get("execution_count"),
        "outputs": outputs,
    }


def _add(outputs: list[dict[str, Any]], output: dict[str, Any]) -> None:
    """Append, joining text that continues the stream before it, as notebooks do."""
    last = outputs[-1] if outputs else {}
    if output["output_type"] == "stream" == last.get("output_type"):
        if last["name"] == output["name"]:
            last["text"] += output["text"]
            return
    outputs.append(output)


def checked_kernel_id(kernel_id: str) -> str:
    """`kernel_id` where it is a UUID; raises BadRequest."""
    try:
        return str(uuid.UUID(kernel_id))
    except ValueError as error:
        raise BadRequest("kernel_id: send the id of one of your kernels.") from error
