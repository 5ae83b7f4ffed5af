"""Rules of nginx and Apache in `deploy/`, tried on requests on their way to the Hub."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from aiohttp import ClientResponse, ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver
from yarl import URL

from .fronts import NAME, Certificate, Front, free_port, running_front
from .mirror import Mirror, running_mirror


class ByName(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[Any]:
        here = {"hostname": host, "host": "127.0.0.1", "port": port, "family": family}
        return [here | {"proto": 0, "flags": socket.AI_NUMERICHOST}]

    async def close(self) -> None:
        pass


@dataclass
class Way:
    """A way to the mirror, through one front."""

    front: Front
    mirror: Mirror
    http: ClientSession

    def url(self, path: str) -> URL:
        """`path` with every byte as it stands."""
        return URL(f"https://{NAME}:{self.front.tls}{path}", encoded=True)

    async def get(self, path: str, **headers: str) -> dict[str, Any]:
        async with self.http.get(self.url(path), headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            told: dict[str, Any] = await answer.json()
            return told

    async def answer(self, url: URL) -> ClientResponse:
        async with self.http.get(url, allow_redirects=False) as answer:
            return answer


@pytest.fixture(scope="module", params=["nginx", "apache"])
async def way(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    certificate: Certificate,
) -> AsyncIterator[Way]:
    folder: Path = tmp_path_factory.mktemp(request.param) / "server"
    mirror, port = Mirror(), free_port()
    front = running_front(request.param, folder, certificate=certificate, upstream=port)
    connector = TCPConnector(resolver=ByName(), ssl=certificate.trusted())
    http = ClientSession(connector=connector, timeout=ClientTimeout(total=30))
    async with running_mirror(mirror, port), http:
        with front as running:
            yield Way(running, mirror, http)


LIES = {
    "X-Real-IP": "6.6.6.6",
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Proto": "http",
    "X-Scheme": "http",
    "Forwarded": "for=6.6.6.6;proto=http;host=evil.example",
}


async def test_the_hub_is_told_scheme_name_and_port_as_people_see_them(way: Way) -> None:
    headers = (await way.get("/jupyter/hub/home"))["headers"]

    assert headers["Host"] == f"{NAME}:{way.front.tls}"
    assert headers["X-Scheme"] == headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Real-IP"] == "127.0.0.1"


async def test_what_a_client_claims_about_itself_goes_no_further(way: Way) -> None:
    honest = (await way.get("/jupyter/"))["headers"]
    lying = (await way.get("/jupyter/", **LIES))["headers"]

    assert lying == honest
    assert "6.6.6.6" not in str(lying) and "evil" not in str(lying)


@pytest.mark.parametrize(
    "path",
    [
        "/jupyter/user/a%2Fb",
        "/jupyter/user/ann%2Bt@example.org/lab",
        "/jupyter/user/ann+t%40example.org/lab",
        "/jupyter/user/zo%C3%AB%20b%25c/lab",
        "/jupyter/files/a%26b//c%3Fd%3D?e=%2F+%20f",
    ],
)
async def test_names_arrive_as_they_were_sent(way: Way, path: str) -> None:
    assert (await way.get(path))["path"] == path

    async with way.http.ws_connect(way.url(path)) as socket:
        assert (await socket.receive_json())["path"] == path


async def test_a_socket_carries_messages_both_ways(way: Way) -> None:
    async with way.http.ws_connect(way.url("/jupyter/live")) as socket:
        await socket.receive_json()
        await socket.send_str("hello")
        assert await socket.receive_str() == "hello"


@pytest.mark.parametrize("path", ["/foo/jupyter/live", "/jupyterx/live"])
async def test_nothing_beside_the_hub_reaches_it(way: Way, path: str) -> None:
    assert (await way.answer(way.url(path))).status in (403, 404)
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    async with way.http.get(way.url(path), headers=headers) as answer:
        assert answer.status in (403, 404)


async def test_only_websockets_are_upgraded(way: Way) -> None:
    told = await way.get("/jupyter/", Upgrade="h2c", Connection="Upgrade, HTTP2-Settings")

    assert told["headers"].get("Upgrade") != "h2c"
    assert "Upgrade" not in told["headers"].get("Connection", "")


async def test_events_arrive_one_by_one(way: Way) -> None:
    way.mirror.seen.clear()
    async with way.http.get(way.url("/jupyter/hub/stream")) as answer:
        assert await answer.content.readuntil(b"\n\n") == b"data: first\n\n"
        way.mirror.seen.set()
        assert await answer.content.readuntil(b"\n\n") == b"data: second\n\n"


async def test_a_large_notebook_is_saved_whole(way: Way) -> None:
    body = b"x" * (30 * 1024 * 1024)
    async with way.http.put(way.url("/jupyter/user/alice/api/contents/a"), data=body) as answer:
        assert (await answer.json())["received"] == len(body)


async def test_the_address_without_its_slash_leads_to_the_hub(way: Way) -> None:
    answer = await way.answer(way.url("/jupyter?next=a"))

    assert answer.status == 308
    there = urljoin(str(answer.url), answer.headers["Location"])
    assert there == str(way.url("/jupyter/?next=a"))


async def test_people_without_tls_are_sent_to_the_address_with_it(way: Way) -> None:
    url = URL(f"http://{NAME}:{way.front.plain}/jupyter/user/alice/lab?c=%20", encoded=True)
    answer = await way.answer(url)

    assert answer.status == 308
    assert answer.headers["Location"] == f"https://{NAME}/jupyter/user/alice/lab?c=%20"
    assert "max-age" in (await way.answer(way.url("/"))).headers["Strict-Transport-Security"]


async def test_browsers_are_offered_http_2(way: Way) -> None:
    def negotiated() -> str | None:
        context = way.front.certificate.trusted()
        context.set_alpn_protocols(["h2", "http/1.1"])
        with socket.create_connection(("127.0.0.1", way.front.tls)) as plain:
            with context.wrap_socket(plain, server_hostname=NAME) as tls:
                return tls.selected_alpn_protocol()

    assert await asyncio.to_thread(negotiated) == "h2"
