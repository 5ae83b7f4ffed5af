"""Allowlist of the relay: the addresses of a Jupyter server that it reaches, and no others.

A path is decoded exactly once and matched segment by segment; what goes
upstream is built from the matched segments, never from what was sent.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")

# Literal segments stand for themselves, patterns for one segment each.
_ADDRESSES: tuple[tuple[tuple[str | re.Pattern[str], ...], frozenset[str]], ...] = tuple(
    (tuple(segments), frozenset(methods))
    for segments, methods in (
        (("api", "status"), {"GET"}),
        (("api", "kernelspecs"), {"GET"}),
        (("api", "kernelspecs", _NAME), {"GET"}),
        (("kernelspecs", _NAME, _NAME), {"GET"}),
        (("api", "kernels"), {"GET", "POST"}),
        (("api", "kernels", _ID), {"GET", "DELETE"}),
        (("api", "kernels", _ID, "interrupt"), {"POST"}),
        (("api", "kernels", _ID, "restart"), {"POST"}),
        (("api", "kernels", _ID, "channels"), {"GET"}),
        (("api", "sessions"), {"GET", "POST"}),
        (("api", "sessions", _ID), {"GET", "PATCH", "DELETE"}),
    )
)
_OURS = {"_xsrf", "token", "server"}


@dataclass(frozen=True)
class Address:
    """A path of the Jupyter server that may be asked, and with which methods."""

    path: str
    methods: frozenset[str]

    @property
    def is_restart(self) -> bool:
        return self.path.endswith("/restart")

    @property
    def is_interrupt(self) -> bool:
        return self.path.endswith("/interrupt")

    @property
    def kernel_id(self) -> str:
        """Kernel id in an address below `api/kernels/{id}`."""
        return self.path.split("/")[2]


def resolve(raw_path: str) -> Address | None:
    """The address that `raw_path` (below `api/jupyter/`, as sent) means; None: out of reach."""
    segments = [unquote(segment) for segment in raw_path.split("/")]
    for expected, methods in _ADDRESSES:
        if len(expected) == len(segments) and all(map(_fits, expected, segments)):
            return Address("/".join(quote(segment, safe="") for segment in segments), methods)
    return None


def _fits(expected: str | re.Pattern[str], segment: str) -> bool:
    if isinstance(expected, str):
        return segment == expected
    return expected.fullmatch(segment) is not None and segment not in (".", "..")


def upstream_query(query: str) -> str:
    """The query without what is meant for us: credentials and the choice of server."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name not in _OURS])
