"""Probe: one request to a set-up that may answer anything, or nothing."""

import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from multidict import CIMultiDictProxy
from yarl import URL

from .proof import HEADER
from .runner import Visit

_MOST = 64 * 1024
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class ProbeReply:
    """Reply to a probe: of its body no more than the beginning."""

    method: str
    url: str
    status: int
    reason: str
    headers: CIMultiDictProxy[str]
    text: str

    @property
    def is_of_hub(self) -> bool:
        """True if the Hub itself answered."""
        return "X-JupyterHub-Version" in self.headers

    @property
    def is_of_hubs_proxy(self) -> bool:
        """True if the Hub's proxy answered instead of what it should have reached."""
        if self.is_of_hub or self.status < 400:
            return False
        # With the Hub's page of errors, with its own, or with the bare words.
        marks = ("<title>JupyterHub</title>", "configurable-http-proxy")
        bare = self.text.strip() in ("Service Unavailable", "Not Found")
        return bare or any(mark in self.text for mark in marks)

    @property
    def leads_to(self) -> str:
        """The whole URL of a redirect; "" where it is none."""
        there = self.headers.get("Location", "")
        return urljoin(self.url, there) if there and 300 <= self.status < 400 else ""

    @property
    def json(self) -> dict[str, Any]:
        """The JSON object that came; empty where something else did."""
        try:
            told = json.loads(self.text)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def __str__(self) -> str:
        said = f"{self.method} {self.url}: {self.status} {self.reason}".strip()
        server = self.headers.get("Server", "")
        told = [f"Server: {server[:_SHOWN]}"] if server else []
        if self.leads_to:
            told.append(f"Location: {self.leads_to[:_SHOWN]}")
        return f"{said} ({', '.join(told)})" if told else said


async def ask(
    visit: Visit,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> ProbeReply:
    """Ask, with our proof, at exactly this URL; follows no redirect."""
    async with visit.http.request(
        method,
        URL(url, encoded=True),
        headers={HEADER: visit.proof, **(headers or {})},
        data=body,
        allow_redirects=False,
        timeout=request_timeout(visit),
    ) as answer:
        beginning = bytearray()
        async for chunk in answer.content.iter_any():
            beginning += chunk
            if len(beginning) >= _MOST:
                break
        text = bytes(beginning[:_MOST]).decode("utf-8", "replace")
        return ProbeReply(method, url, answer.status, answer.reason or "", answer.headers, text)


def request_timeout(visit: Visit) -> ClientTimeout:
    """Timeout of a request: it ends before the check that makes it, which then can say why."""
    return ClientTimeout(total=visit.seconds * 0.8)


def session(connect_to: str = "", *, trusting: ssl.SSLContext | None = None) -> ClientSession:
    """HTTP client without cookies. `connect_to`, HOST:PORT: connect there, whatever the name."""
    resolver = _Instead(connect_to) if connect_to else ThreadedResolver()
    connector = TCPConnector(resolver=resolver, ssl=trusting or True, limit=0, use_dns_cache=False)
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar(), trust_env=False)


class _Instead(AbstractResolver):
    """Resolver that gives one address for every name."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f"{address}: write HOST:PORT.")
        self._host, self._port = host.strip("[]"), int(port)
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(self._host, self._port, family)
        return [ResolveResult(**{**one, "hostname": host}) for one in found]

    async def close(self) -> None:
        pass
