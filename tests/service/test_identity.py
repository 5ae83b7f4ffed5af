"""Identity of the caller: the Hub is asked once, without keeping anybody else waiting."""

import asyncio

from .. import fake_hub
from .conftest import Service


async def test_a_slow_hub_keeps_only_those_waiting_who_asked(service: Service) -> None:
    fake_hub.answering.clear()
    people = ["alice", "bob", "carol", "teacher"]
    waiting = asyncio.gather(*(service.person(name).get("api/user") for name in people))
    try:
        assert (await service.nobody().get("health")).status == 200
        assert not waiting.done()
    finally:
        fake_hub.answering.set()

    assert [answer.json["name"] for answer in await waiting] == people


async def test_a_name_that_was_made_again_on_the_hub_is_a_stranger(service: Service) -> None:
    alice = await service.services.accounts.recognise("alice", "2026-01-01T00:00:00Z")

    again = await service.services.accounts.recognise("alice", "2026-05-05T00:00:00Z")

    assert again != alice
    assert await service.services.accounts.recognise("alice", "2026-01-01T00:00:00Z") == alice


async def test_a_token_in_the_address_is_no_sign_in(service: Service) -> None:
    (await service.nobody().get("api/user?token=alice")).is_problem(401, "not-signed-in")


async def test_a_stranger_gets_nothing_but_the_way_to_sign_in(service: Service) -> None:
    (await service.person("mallory").get("api/user")).is_problem(401, "not-signed-in")
    page = await service.nobody().get("w/abc")
    assert page.status == 302


async def test_a_token_made_before_the_hub_allowed_more_is_renewed_once(service: Service) -> None:
    fake_hub.narrow.add("carol")
    carol = service.browser("carol")
    try:
        first = await carol.get("w/none", headers={"Sec-Fetch-Mode": "navigate"})
        cookie = carol.cookie + "; jigsaw-sign-in-renewed=1"
        headers = {"Sec-Fetch-Mode": "navigate", "Cookie": cookie}
        second = await carol.get("w/none", headers=headers)
    finally:
        fake_hub.narrow.clear()

    assert first.status == 302
    assert "/hub/api/oauth2/authorize" in first.headers["Location"]
    assert second.status == 404
