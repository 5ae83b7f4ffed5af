"""Looking into kernel messages, as far as a relay must: who asked, what state.

Two framings are in use on a kernel's websocket: JSON text (with binary buffers
in the older binary form), and `v1.kernel.websocket.jupyter.org`, where a message
is a count, offsets (64-bit, little-endian) and the parts channel, header, parent
header, metadata, content, buffers.
Source: https://jupyter-server.readthedocs.io, "WebSocket kernel wire protocols".
"""

import json
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

V1 = "v1.kernel.websocket.jupyter.org"
PROTOCOLS = (V1,)


@dataclass(frozen=True)
class Glance:
    """What a relay needs to know of a message."""

    channel: str
    msg_type: str
    msg_id: str
    parent_id: str
    state: str
    """`execution_state` of a status message, else ""."""


def glance(frame: str | bytes, protocol: str) -> Glance | None:
    """What `frame` is about; None where it can't be read, which is no reason to drop it."""
    try:
        parts = _v1(frame) if protocol == V1 and isinstance(frame, bytes) else _json(frame)
        channel, header, parent, content = parts
        return Glance(
            channel,
            str(header.get("msg_type", "")),
            str(header.get("msg_id", "")),
            str((parent or {}).get("msg_id", "")),
            str(content.get("execution_state", "")) if content else "",
        )
    except (ValueError, KeyError, AttributeError, TypeError, struct.error, IndexError):
        return None


_Parts = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]


def _json(frame: str | bytes) -> _Parts:
    message = json.loads(_json_text(frame))
    header = message["header"]
    content = message.get("content") if header.get("msg_type") == "status" else {}
    return message.get("channel", ""), header, message.get("parent_header"), content


def _json_text(frame: str | bytes) -> str | bytes:
    """The JSON part; a binary frame of the older form begins with a count and offsets."""
    if isinstance(frame, str):
        return frame
    (count,) = struct.unpack_from("!I", frame)
    offsets = struct.unpack_from(f"!{min(count, 2)}I", frame, 4)
    return frame[offsets[0] : offsets[1] if count > 1 else None]


def _v1(frame: bytes) -> _Parts:
    channel, header, parent, _metadata, content = v1_parts(frame)[:5]
    head = json.loads(header)
    body = json.loads(content) if head.get("msg_type") == "status" else {}
    return channel.decode(), head, json.loads(parent), body


def v1_parts(frame: bytes) -> list[bytes]:
    """The parts of a `v1.kernel.websocket.jupyter.org` frame; ValueError where it is none."""
    (count,) = struct.unpack_from("<Q", frame)
    if not 6 <= count <= 10_000:
        raise ValueError("not a v1 frame")
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    return [frame[start:end] for start, end in pairwise(offsets)]
