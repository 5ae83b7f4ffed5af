"""Behind a proxy: what is forwarded about a request is hearsay, and answers don't depend on it."""

import pytest

from .conftest import PREFIX, Person, Service

LIES = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Proto": "http",
    "X-Scheme": "http",
    "X-Real-IP": "6.6.6.6",
    "X-Forwarded-For": "6.6.6.6",
    "Forwarded": "for=6.6.6.6;proto=http;host=evil.example",
}
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize("path", ["", "w/abc", "signed-in", "s?sign-in"])
async def test_redirects_are_paths_whatever_is_forwarded(service: Service, path: str) -> None:
    answer = await service.nobody().get(path, headers=LIES)

    assert answer.status == 302
    assert answer.headers["Location"].startswith("/jupyter/hub/api/oauth2/authorize?")
    assert "evil" not in str(answer.headers) and "6.6.6.6" not in str(answer.headers)


@pytest.mark.parametrize(
    "path", ["api/workspaces/abc/live", "api/jupyter/api/kernels/0/channels", "api/user"]
)
async def test_sockets_and_the_api_refuse_and_never_redirect(service: Service, path: str) -> None:
    answer = await service.nobody().get(path)

    answer.is_problem(401, "not-signed-in")


async def test_a_kernels_socket_without_a_sign_in_is_refused(service: Service) -> None:
    answer = await service.nobody().get("api/jupyter/api/kernels/0/channels", headers=UPGRADE)

    answer.is_problem(401, "not-signed-in")


@pytest.mark.parametrize("host", ["hub.example.com", "hub.example.com:8443"])
async def test_a_page_at_the_very_name_and_port_may_open_sockets(alice: Person, host: str) -> None:
    path = "api/jupyter/api/kernels/0/channels"
    ours = {"Host": host, "Origin": f"https://{host}", **UPGRADE}
    theirs = ours | {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}

    refusal = "The page that opens this socket is not ours."
    assert refusal not in (await alice.get(path, headers=ours)).json["detail"]
    assert refusal in (await alice.get(path, headers=theirs)).json["detail"]


async def test_a_link_has_the_public_address_where_the_hub_knows_it(
    service: Service, alice: Person
) -> None:
    object.__setattr__(service.services, "public_origin", "https://hub.example.com")
    workspace = await alice.post("api/workspaces", json={"name": "a", "language": "python"})
    links = f"api/workspaces/{workspace.json['id']}/links"

    made = await alice.post(links, json={"kind": "view"}, headers=LIES)

    assert made.json["url"].startswith(f"https://hub.example.com{PREFIX}s#")


async def test_a_link_has_the_scheme_of_the_browser_where_the_hub_does_not(alice: Person) -> None:
    """The Hub's own proxy adds itself at the end."""
    workspace = await alice.post("api/workspaces", json={"name": "a", "language": "python"})
    links = f"api/workspaces/{workspace.json['id']}/links"
    headers = {"Host": "hub.example.com:8443", "X-Forwarded-Proto": "https,http"}

    made = await alice.post(links, json={"kind": "view"}, headers=headers)

    assert made.json["url"].startswith(f"https://hub.example.com:8443{PREFIX}s#")


async def test_sockets_are_pinged_before_any_proxy_loses_patience(service: Service) -> None:
    """nginx waits for 60 seconds where nobody tells it otherwise, and other proxies for 30."""
    from jigsaw_service.web.socket.websocket import PING_SECONDS

    assert PING_SECONDS < 30
    # The kernel's sockets are tornado's.
    from jigsaw_service.app import web_application

    assert web_application(service.services).settings["websocket_ping_interval"] == PING_SECONDS
