"""Searching over HTTP, as the home page and scripts do."""

from urllib.parse import quote

import pytest

from ..search_index import catch_up
from .conftest import XML, Person, Service
from .tabs import new, put


async def names(someone: Person, query: str) -> list[str]:
    answer = await someone.get(f"api/workspaces?{query}")
    assert answer.status == 200, answer
    return [item["name"] for item in answer.json["items"]]


async def test_live_edits_are_found_once_they_are_indexed(service: Service, alice: Person) -> None:
    workspace = await alice.create(xml=XML.format("old"))
    await catch_up(service.services.database)
    async with alice.live(workspace) as tab:
        await tab.edit(put("~1", "brand-new"), new("another"))
    await catch_up(service.services.database)

    assert await names(alice, "q=brand") == ["Maze"]
    assert await names(alice, "q=old") == []
    found = (await alice.get("api/workspaces?q=new")).json["items"]
    assert [item["contains"] for item in found] == [["new"]]


async def test_shares_with_everyone_are_found_until_they_are_taken_back(
    service: Service, alice: Person, bob: Person
) -> None:
    workspace = await alice.create(xml=XML.format("needle"))
    await catch_up(service.services.database)
    shares = f"api/workspaces/{workspace}/shares"
    assert await names(bob, "q=needle") == []

    share = (await alice.post(shares, json={"everyone": True, "role": "viewer"})).json

    assert await names(bob, "q=needle&role=shared&owner=alice&block=text") == ["Maze"]
    await alice.delete(f"{shares}/{share['id']}")
    assert await names(bob, "q=needle") == []


@pytest.mark.parametrize(
    "words",
    ['"', '""', "'", "*", "a*", "OR", "a OR b", "NOT", "(", "a:b", "\\", "%", "'):*", "\x00"],
)
async def test_signs_of_query_languages_are_plain(
    service: Service, alice: Person, words: str
) -> None:
    await alice.create()
    await catch_up(service.services.database)

    assert (await alice.get(f"api/workspaces?q={quote(words)}")).status == 200
