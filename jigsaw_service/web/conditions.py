"""Conditional requests (RFC 9110 §13): which state a caller builds upon."""

import re

from ..errors import BadRequest, IfMatchRequired

_ENTITY_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*')


def if_match(header: str | None) -> frozenset[str] | None:
    """The strong tags of an `If-Match`, without quotes; None for `*`, any state.

    Weak tags say "about the same", on which nobody can build, so they match nothing.
    """
    if not header or not header.strip():
        raise IfMatchRequired(
            "Send the ETag that you read as If-Match, so that nobody's work is overwritten."
        )
    if header.strip() == "*":
        return None
    tags, at = set(), 0
    while found := _ENTITY_TAG.match(header, at):
        if not found[1]:
            tags.add(found[2])
        at = found.end()
        if at == len(header):
            return frozenset(tags)
        if header[at] != ",":
            break
        at += 1
    raise BadRequest('If-Match: send the ETag as it came, with its quotes: "…".', field="If-Match")
