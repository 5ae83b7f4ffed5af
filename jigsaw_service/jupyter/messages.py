"""Looking into kernel messages, as far as a relay must: who asked, what state.

Two framings are in use on a kernel's websocket: JSON text (with binary buffers
in the older binary form), and `v1.kernel.websocket.jupyter.org`, where a message
is a count, offsets (64-bit, little-endian) and the parts channel, header, parent
header, metadata, content, buffers.
Source: https://jupyter-server.readthedocs.io, "WebSocket kernel wire protocols".
"""

import json
import struct
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

V1 = "v1.kernel.websocket.jupyter.org"
PROTOCOLS = (V1,)


@dataclass(frozen=True)
class Glance:
    """Glance at a message: what a relay needs to know of it."""

    channel: str
    msg_type: str
    msg_id: str
    parent_id: str
    state: str
    """`execution_state` of a status message, else ""."""
    asker: str = ""
    """The user name that the request was sent under, to which this message belongs."""
    asked: str = "execute_request"
    """The type of that request."""
    content: bytes = field(default=b"", compare=False, repr=False)
    """Content, as JSON."""
    header: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    process: str = ""
    """Session of the kernel's process where it has one of its own, in a status message."""


def glance(frame: str | bytes, protocol: str) -> Glance | None:
    """Glance at `frame`; None where it can't be read, which is no reason to drop it."""
    try:
        if protocol == V1 and isinstance(frame, bytes):
            return _seen(*_v1(frame))
        return glance_at(json.loads(_json_text(frame)))
    except _UNREADABLE:
        return None


def glance_at(message: dict[str, Any]) -> Glance | None:
    """The same of a message in JSON form."""
    try:
        content = json.dumps(message.get("content") or {}, ensure_ascii=False).encode()
        parent = message.get("parent_header")
        return _seen(message.get("channel", ""), message["header"], parent, content)
    except _UNREADABLE:
        return None


_UNREADABLE = (ValueError, KeyError, AttributeError, TypeError, struct.error, IndexError)


def _seen(
    channel: str, header: dict[str, Any], parent: dict[str, Any] | None, content: bytes
) -> Glance:
    status = json.loads(content) if header.get("msg_type") == "status" else {}
    asked = parent or {}
    session = str(header.get("session", ""))
    # Some kernels take the session of who asks for theirs.
    is_own = bool(status) and bool(asked) and session != asked.get("session")
    return Glance(
        channel,
        str(header.get("msg_type", "")),
        str(header.get("msg_id", "")),
        str(asked.get("msg_id", "")),
        str(status.get("execution_state", "")),
        str(asked.get("username", "")),
        str(asked.get("msg_type", "")),
        content,
        header,
        session if is_own else "",
    )


def _json_text(frame: str | bytes) -> str | bytes:
    """The JSON part; a binary frame of the older form begins with a count and offsets."""
    if isinstance(frame, str):
        return frame
    (count,) = struct.unpack_from("!I", frame)
    offsets = struct.unpack_from(f"!{min(count, 2)}I", frame, 4)
    return frame[offsets[0] : offsets[1] if count > 1 else None]


def _v1(frame: bytes) -> tuple[str, dict[str, Any], dict[str, Any], bytes]:
    channel, header, parent, _metadata, content = v1_parts(frame)[:5]
    return channel.decode(), json.loads(header), json.loads(parent), content


def v1_parts(frame: bytes) -> list[bytes]:
    """The parts of a `v1.kernel.websocket.jupyter.org` frame; ValueError where it is none."""
    (count,) = struct.unpack_from("<Q", frame)
    if not 6 <= count <= 10_000:
        raise ValueError("not a v1 frame")
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    return [frame[start:end] for start, end in pairwise(offsets)]
