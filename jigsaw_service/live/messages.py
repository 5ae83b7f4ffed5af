"""Messages of the log to a room; docs/live.md lists all messages."""

import json
from typing import Any

from ..document import wire
from ..document.log import Logged
from ..document.records import Patch
from ..errors import JigsawError


def patch_json(change: Logged, patch: Patch) -> dict[str, Any]:
    """JSON of a committed effect."""
    return {**_origin(change), "patch": patch}


def patch_message(change: Logged, patch: bytes) -> bytes:
    """The same as a message, with the patch as `wire` wrote it, which takes longest."""
    return wire.frame(wire.extend(wire.encode(_origin(change)), b'"patch":' + patch))


def _origin(change: Logged) -> dict[str, Any]:
    return {
        "type": "patch",
        "clock": change.clock,
        "author": change.author,
        "client": change.client,
        "n": change.n,
    }


def revision_message(number: int, label: str | None) -> bytes:
    return wire.message("revision", number=number, label=label)


def revision_notice(number: int, label: str | None) -> str:
    """The same, as `notices` carry it to every process."""
    return json.dumps({"type": "revision", "number": number, "label": label})


def refused_message(n: int | None, refusal: JigsawError) -> bytes:
    """`n` is of the batch; None for anything else that was asked for."""
    return wire.message("refused", n=n, slug=refusal.slug, detail=str(refusal))
