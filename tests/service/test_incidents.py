"""Incidents that the service notices by the way, for the doctor."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from .. import fake_hub
from .conftest import Service

HUB, ALICES = "https://hub.example.com", "https://alice.hub.example.com"
EMBED = "embed?name=a&language=python"


@pytest.fixture
async def subdomains(service: Service) -> AsyncIterator[Service]:
    """Each person has a domain, and alice's server runs."""
    service.services.auth.hub_host = HUB
    fake_hub.servers["alice"] = {"": {"ready": True, "url": f"{ALICES}/user/alice/"}}
    yield service
    fake_hub.servers.clear()


async def test_a_page_elsewhere_that_frames_the_editor_is_heard_of(subdomains: Service) -> None:
    alice = subdomains.person("alice")
    for origin in ALICES, HUB, "https://lab.example.com":
        for kind in "iframe", "document":
            headers = {"Referer": f"{origin}/lab/a?b", "Sec-Fetch-Dest": kind}
            await alice.get(EMBED, headers=headers)

    assert list(subdomains.services.incidents.framers) == ["https://lab.example.com"]


async def test_only_the_newest_of_many_such_pages_are_kept(subdomains: Service) -> None:
    alice = subdomains.person("alice")
    for number in range(30):
        headers = {"Referer": f"https://lab{number}.example.com/", "Sec-Fetch-Dest": "iframe"}
        await alice.get(EMBED, headers=headers)

    framers = list(subdomains.services.incidents.framers)
    assert framers == [f"https://lab{number}.example.com" for number in range(10, 30)]


async def test_a_sign_in_that_the_hub_refuses_is_heard_of(service: Service) -> None:
    said = {"error": "invalid_scope", "error_description": "fly:servers"}
    state = service.services.auth.generate_state(next_url="/")

    await service.nobody().get(f"oauth_callback?{urlencode({**said, 'state': state})}")

    assert service.services.incidents.sign_ins == {"invalid_scope": "fly:servers"}


async def test_whoever_invents_such_a_refusal_is_not_heard(service: Service) -> None:
    for state in "", "invented":
        query = urlencode({"error": "invalid_scope", "state": state})
        await service.nobody().get(f"oauth_callback?{query}")

    assert service.services.incidents.sign_ins == {}
