"""What the service tells a room of the log; docs/live.md lists all messages."""

import json
from typing import Any

from ..errors import JigsawError
from . import wire
from .log import Logged
from .records import Patch


def patch_json(change: Logged, patch: Patch) -> dict[str, Any]:
    """A committed effect."""
    return {
        "type": "patch",
        "clock": change.clock,
        "author": change.author,
        "client": change.client,
        "n": change.n,
        "patch": patch,
    }


def patch_message(change: Logged, patch: Patch) -> bytes:
    return wire.frame(wire.encode(patch_json(change, patch)))


def revision_message(number: int, label: str | None) -> bytes:
    return wire.message("revision", number=number, label=label)


def revision_notice(number: int, label: str | None) -> str:
    """The same, as `notices` carry it to every process."""
    return json.dumps({"type": "revision", "number": number, "label": label})


def refused_message(n: int | None, refusal: JigsawError) -> bytes:
    """`n` is of the batch; None for anything else that was asked for."""
    return wire.message("refused", n=n, slug=refusal.slug, detail=str(refusal))
