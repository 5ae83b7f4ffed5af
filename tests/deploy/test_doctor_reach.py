"""The doctor, from outside: what keeps it from the Hub and the service, and who lies to it."""

import json

import pytest
from aiohttp import web

from jigsaw_service.doctor.probe import session
from jigsaw_service.doctor.proof import Purpose, prove
from jigsaw_service.doctor.public_checks import OUTSIDE
from jigsaw_service.doctor.runner import examine

from .clinic import Clinic, answering, frozen, hubs_proxy, serving
from .conftest import HubOf
from .fronts import NAME, free_port

SERVICE = "/jupyter/services/jigsaw/"
DOWN = "/jupyter/services/down/"
_ONLY_NAME = f"RequestHeader set Host {NAME}"


async def test_a_hub_whose_base_url_is_another_is_found(hub_of: HubOf, clinic: Clinic) -> None:
    at_the_root = hub_of("at-the-root")
    with clinic.front("nginx", upstream=at_the_root.port) as front:
        assert await clinic.names(front.tls) == {"base-url-differs"}


@pytest.mark.parametrize("kind", ["nginx", "apache"])
async def test_a_hub_whose_proxy_is_down_is_found(clinic: Clinic, kind: str) -> None:
    with clinic.front(kind, upstream=free_port()) as front:
        assert await clinic.names(front.tls) == {"hub-proxy-down"}


@pytest.mark.parametrize("kind", ["nginx", "apache"])
async def test_a_hub_that_is_down_behind_its_proxy_is_found(clinic: Clinic, kind: str) -> None:
    with hubs_proxy(free_port()) as port, clinic.front(kind, upstream=port) as front:
        assert await clinic.names(front.tls) == {"hub-down"}


async def test_a_hub_that_never_answers_is_found(clinic: Clinic) -> None:
    with clinic.front("nginx") as front, frozen(clinic.hub):
        assert await clinic.names(front.tls, seconds=2) == {"no-answer"}


async def test_a_service_that_nobody_registered_is_found(clinic: Clinic) -> None:
    with clinic.front("nginx") as front:
        prefix = "/jupyter/services/nobody/"
        assert await clinic.names(front.tls, service_prefix=prefix) == {"service-unknown"}


async def test_a_service_that_is_down_is_found(clinic: Clinic) -> None:
    with hubs_proxy(clinic.hub.port, {DOWN: free_port()}) as port:
        with clinic.front("nginx", upstream=port) as front:
            assert await clinic.names(front.tls, service_prefix=DOWN) == {"service-down"}


async def test_something_else_at_the_services_address_is_found(clinic: Clinic) -> None:
    async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") as other:
        with hubs_proxy(clinic.hub.port, {DOWN: other}) as port:
            with clinic.front("nginx", upstream=port) as front:
                names = await clinic.names(front.tls, service_prefix=DOWN)
    assert names == {"not-the-service"}


async def test_without_the_services_secret_it_says_where_to_run_it(clinic: Clinic) -> None:
    proof = prove(b"another secret", Purpose.PROBES)
    with clinic.front("nginx") as front:
        assert await clinic.names(front.tls, proof=proof) == {"probes-refused"}


@pytest.mark.parametrize("kind", ["nginx", "apache"])
async def test_a_lost_port_is_found(clinic: Clinic, kind: str) -> None:
    """It is lost to those only who use another than 443."""
    lost = {"nginx": {"$http_host": "$host"}, "apache": {"ProxyPreserveHost On": _ONLY_NAME}}
    with clinic.front(kind, faults=lost[kind]) as front:
        url = f"https://{NAME}:{front.tls}/jupyter/"
        assert "host-lost" in await clinic.names(front.tls, public_url=url)


@pytest.mark.parametrize("kind", ["nginx", "apache"])
async def test_urls_that_lead_elsewhere_are_found(clinic: Clinic, kind: str) -> None:
    with clinic.front(kind) as front:
        plain = f"http://{NAME}/jupyter/"
        assert await clinic.names(front.plain, public_url=plain) == {"public-url-moved"}
        assert await clinic.names(front.plain) == {"tls-missing"}
        unknown = "https://hub.example.invalid/jupyter/"
        assert await clinic.names(None, public_url=unknown) == {"name-unknown"}
        assert await clinic.names(free_port()) == {"nobody-listens"}


async def test_a_certificate_that_nobody_trusts_is_found(clinic: Clinic) -> None:
    with clinic.front("nginx") as front:
        async with session(f"127.0.0.1:{front.tls}") as http:
            (found,) = await examine(clinic.visit(http), OUTSIDE)
    assert found.name == "certificate-untrusted"


@pytest.mark.parametrize(
    "url",
    ["", "hub.example.com", "https://", "https://hub:port/", "ftp://hub/", "https://[::/", "\0"],
)
async def test_what_is_no_url_of_a_hub_is_said(clinic: Clinic, url: str) -> None:
    assert await clinic.names(free_port(), public_url=url) == {"public-url-unusable"}


_VERSION = b"X-JupyterHub-Version: 6.1.0\r\n"
LIES = {
    b"": "answer-broken",
    b"SSH-2.0-OpenSSH_9.2p1\r\n": "answer-broken",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{": "answer-broken",
    b"HTTP/1.1 200 OK\r\n\r\n<html>Welcome</html>": "not-a-hub",
    b"HTTP/1.1 200 OK\r\n\r\n[1, 2]": "not-a-hub",
    b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 99999: "not-a-hub",
    b"HTTP/1.1 200 OK\r\n\r\n\xff\xfe\x1b[31m": "not-a-hub",
    b"HTTP/1.1 302 Found\r\nLocation: /jupyter/?a\r\n\r\n": "redirect-loop",
    b"HTTP/1.1 302 Found\r\nLocation: https://[::\r\n\r\n": "answer-broken",
    b"HTTP/1.1 500 Oh\r\n" + _VERSION + b"\r\n": "hub-failing",
    b"HTTP/1.1 200 OK\r\n" + _VERSION + b'\r\n{"version": 6}': "service-unknown",
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: str(lie[:50]))
async def test_whoever_lies_is_found_out(clinic: Clinic, lie: bytes) -> None:
    async with answering(lie) as port:
        url = f"http://127.0.0.1:{port}/jupyter/"
        assert await clinic.names(port, public_url=url) == {LIES[lie]}


async def test_a_server_that_says_yes_to_all_is_found_out(clinic: Clinic) -> None:
    """It knows what the doctor asks for, and has the wrong shapes."""
    yes = {"version": 1, "status": "ok", "headers": [["Host"], 2, None], "policy": {}, "uri": []}
    told = b"HTTP/1.1 200 OK\r\n" + _VERSION + b"\r\n" + json.dumps(yes).encode()
    async with answering(told) as port:
        url = f"http://127.0.0.1:{port}/jupyter/"
        names = await clinic.names(port, public_url=url)
    assert {"socket-refused", "paths-altered", "bodies-limited", "check-failed"} <= names


async def test_a_socket_that_opens_and_carries_nothing_is_found(clinic: Clinic) -> None:
    """As where something on the way looks into what it passes on."""

    async def swallow(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        return socket

    application = web.Application()
    application.router.add_get(f"{SERVICE}_doctor/socket", swallow)
    async with serving(application) as port:
        with hubs_proxy(clinic.hub.port, {f"{SERVICE}_doctor/socket": port}) as proxy:
            with clinic.front("nginx", upstream=proxy) as front:
                names = await clinic.names(front.tls, seconds=10)
    assert names == {"socket-silent"}
