"""Looking into kernel messages without ever failing on one."""

import json
import struct

from hypothesis import given
from hypothesis import strategies as st

from jigsaw_service.jupyter.messages import V1, Glance, glance

STATUS = {
    "channel": "iopub",
    "header": {"msg_type": "status", "msg_id": "m"},
    "parent_header": {"msg_id": "p"},
    "metadata": {},
    "content": {"execution_state": "idle"},
}
SEEN = Glance("iopub", "status", "m", "p", "idle", asked="")


def v1(message: dict[str, object]) -> bytes:
    order = ("header", "parent_header", "metadata", "content")
    parts = [str(message["channel"]).encode(), *(json.dumps(message[k]).encode() for k in order)]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def test_both_framings_tell_the_same() -> None:
    assert glance(json.dumps(STATUS), "") == SEEN
    assert glance(v1(STATUS), V1) == SEEN


def test_the_older_binary_form_with_buffers_is_read_too() -> None:
    text = json.dumps(STATUS).encode()
    frame = struct.pack("!III", 2, 12, 12 + len(text)) + text + b"buffer"

    assert glance(frame, "") == SEEN


def test_a_request_has_no_parent_and_no_state() -> None:
    request = STATUS | {"channel": "shell", "parent_header": None}
    request |= {"header": {"msg_type": "execute_request", "msg_id": "r"}}

    assert glance(json.dumps(request), "") == Glance(
        "shell", "execute_request", "r", "", "", asked=""
    )


@given(st.one_of(st.text(), st.binary()), st.sampled_from(["", V1]))
def test_what_cannot_be_read_is_nothing_and_never_an_error(
    frame: str | bytes, protocol: str
) -> None:
    glance(frame, protocol)


@given(st.binary(max_size=200))
def test_a_damaged_frame_is_no_error_either(tail: bytes) -> None:
    glance(v1(STATUS)[:80] + tail, V1)
    glance(struct.pack("!III", 2, 12, 2**31) + tail, "")
