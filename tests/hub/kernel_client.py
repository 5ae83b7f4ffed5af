"""A kernel's websocket as any Jupyter client speaks it, in both framings."""

import json
import struct
import uuid
from typing import Any

import aiohttp

from jigsaw_service.jupyter.messages import V1, v1_parts

from .people import Person

Message = dict[str, Any]


class KernelClient:
    """One socket to one kernel through the relay."""

    def __init__(self, someone: Person, kernel_id: str, *, protocol: str = "") -> None:
        self.someone = someone
        self.protocol = protocol
        self.credentials = self.cookies()
        self.session_id = uuid.uuid4().hex
        self.url = (
            f"{someone.url}api/jupyter/api/kernels/{kernel_id}/channels"
            f"?session_id={self.session_id}&_xsrf={someone.config['xsrf']}"
        )

    async def __aenter__(self) -> "KernelClient":
        self.http = aiohttp.ClientSession(headers=self.credentials)
        self.socket = await self.http.ws_connect(
            self.url, protocols=[self.protocol] if self.protocol else [], max_msg_size=0
        )
        return self

    def cookies(self) -> dict[str, str]:
        """The service's own; cookies of other paths bear the same names."""
        jar = self.someone.http.cookies.jar
        return {"Cookie": "; ".join(f"{c.name}={c.value}" for c in jar if "/hub/" not in c.path)}

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    async def execute(self, code: str) -> list[Message]:
        """Run code; every message it causes until it is idle and replied to."""
        request = await self.send(code)
        messages: list[Message] = []
        while not _finished(messages):
            message = await self.receive()
            if message["parent_header"].get("msg_id") == request:
                messages.append(message)
        return messages

    async def send(self, code: str) -> str:
        """Send an execute request without waiting; returns its id."""
        request = uuid.uuid4().hex
        header = {
            "msg_id": request,
            "msg_type": "execute_request",
            "username": "",
            "session": self.session_id,
            "date": "2026-01-01T00:00:00Z",
            "version": "5.3",
        }
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        if self.protocol == V1:
            await self.socket.send_bytes(_v1_frame("shell", header, content))
        else:
            await self.socket.send_json(
                {
                    "channel": "shell",
                    "header": header,
                    "parent_header": {},
                    "metadata": {},
                    "content": content,
                }
            )
        return request

    async def receive(self) -> Message:
        frame = await self.socket.receive(timeout=120)
        if frame.type is aiohttp.WSMsgType.BINARY:
            channel, header, parent, metadata, content = v1_parts(frame.data)[:5]
            return {
                "channel": channel.decode(),
                "header": (head := json.loads(header)),
                "msg_type": head["msg_type"],
                "parent_header": json.loads(parent),
                "metadata": json.loads(metadata),
                "content": json.loads(content),
            }
        assert frame.type is aiohttp.WSMsgType.TEXT, (frame.type, frame.data, frame.extra)
        message: Message = json.loads(frame.data)
        return message


def _finished(messages: list[Message]) -> bool:
    replied = any(message["msg_type"] == "execute_reply" for message in messages)
    idle = any(message["content"].get("execution_state") == "idle" for message in messages)
    return replied and idle


def _v1_frame(channel: str, header: Message, content: Message) -> bytes:
    parts = [channel.encode(), *(json.dumps(part).encode() for part in (header, {}, {}, content))]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def stdout(messages: list[Message]) -> str:
    """Text that a run printed."""
    return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream")
