"""Wire format: JSON text, as a websocket's frame that many receivers can share."""

import json
import struct
from typing import Any

_TEXT = b"\x81"
_SHORT, _MEDIUM = 126, 1 << 16


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


# Made once: `json.dumps` and `json.loads` make one for each call that differs from their own.
_PLAIN, _ESCAPED = (
    json.JSONEncoder(ensure_ascii=escaped, allow_nan=False, separators=(",", ":"))
    for escaped in (False, True)
)
_DECODER = json.JSONDecoder(parse_constant=_no_number)


def encode(value: Any) -> bytes:
    """`value` as JSON in UTF-8; ValueError if it holds a number that JSON doesn't know."""
    try:
        return _PLAIN.encode(value).encode()
    except UnicodeEncodeError:
        # Half a surrogate pair can be written in JSON, though not in UTF-8.
        return _ESCAPED.encode(value).encode()


def decode(text: str | bytes) -> Any:
    """The JSON value; ValueError or RecursionError for anything else."""
    return _DECODER.decode(text if isinstance(text, str) else text.decode())


def extend(encoded: bytes, member: bytes) -> bytes:
    """An encoded object that isn't empty, with one more member, which is encoded too."""
    return encoded[:-1] + b"," + member + b"}"


def frame(text: bytes) -> bytes:
    """A whole text message of a server (RFC 6455 §5.2)."""
    size = len(text)
    if size < _SHORT:
        return _TEXT + struct.pack("!B", size) + text
    if size < _MEDIUM:
        return _TEXT + struct.pack("!BH", 126, size) + text
    return _TEXT + struct.pack("!BQ", 127, size) + text


def message(type_: str, **members: Any) -> bytes:
    """A message of that type, ready to be written to any number of sockets."""
    return frame(encode({"type": type_, **members}))
