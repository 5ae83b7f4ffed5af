"""The live socket from outside: what several people in one workspace see of each other."""

import asyncio
from typing import Any

import pytest

from jigsaw_service.live.xml import read_records

from .conftest import XML, Person
from .tabs import Tab, new, put


async def share(owner: Person, workspace: str, role: str, **to: Any) -> int:
    body = {**(to or {"user": "bob"}), "role": role}
    return int((await owner.post(f"api/workspaces/{workspace}/shares", json=body)).json["id"])


@pytest.fixture
async def shared(alice: Person) -> str:
    """A workspace of alice's that bob may edit; one block, `~1`, that holds `a`."""
    workspace = await alice.create(xml=XML.format("a"))
    await share(alice, workspace, "editor")
    return workspace


async def xml_of(person: Person, workspace: str) -> bytes:
    return (await person.get(f"api/workspaces/{workspace}/xml")).body


async def agree(person: Person, workspace: str, *tabs: Tab) -> None:
    """L3: every tab and `GET xml` show the same."""
    clock = (await person.get(f"api/workspaces/{workspace}")).json["clock"]
    served = read_records(await xml_of(person, workspace))
    for tab in tabs:
        await tab.reach(clock)
        assert tab.records == served


async def test_who_opens_a_workspace_is_welcomed_with_all_of_it(alice: Person, shared: str) -> None:
    async with alice.live(shared) as tab:
        assert tab.welcome["role"] == "owner"
        assert (tab.welcome["clock"], tab.welcome["last_n"]) == (1, 0)
        assert tab.welcome["people"] == [
            {"connection": tab.welcome["connection"], "user": "alice", "role": "owner"}
        ]
        assert tab.text("~1") == "a"


async def test_an_edit_is_acknowledged_to_its_author_and_seen_by_the_other(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers, bob.live(shared) as his:
        answer = await hers.edit(put("~1", "b"))
        seen = await his.hear("patch")

        assert answer == seen
        assert (answer["clock"], answer["author"], answer["n"]) == (2, "alice", 1)
        assert answer["patch"] == {"blocks": {"~1": {"f:TEXT": "b"}}}
        assert (await alice.get(f"api/workspaces/{shared}")).json["modified_by"] == "alice"
        await agree(alice, shared, hers, his)


async def test_l1_many_at_once_are_numbered_without_gaps_and_agree(
    alice: Person, bob: Person, shared: str
) -> None:
    people = [alice, bob, alice, bob]

    async def work(tab: Tab, name: str) -> None:
        await tab.edit(new(name))
        for text in range(24):
            await tab.send(put(name, str(text)), put("~1", f"{name} {text}"))
        await tab.answer(tab.n)

    tabs = [await person.live(shared).__aenter__() for person in people]
    await asyncio.gather(*(work(tab, f"block {i}") for i, tab in enumerate(tabs)))

    await agree(alice, shared, *tabs)
    assert {tab.clock for tab in tabs} == {1 + 4 * 25}
    for tab in tabs:
        await tab.socket.close()


async def test_a_batch_that_is_sent_again_is_applied_once(alice: Person, shared: str) -> None:
    async with alice.live(shared) as tab:
        first = await tab.edit(put("~1", "b"))
        await tab.edit(put("~1", "c"))
        again = await tab.edit(put("~1", "b"), n=1)

        assert again == first
        assert tab.text("~1") == "c"
    async with alice.live(shared, like=tab) as back:
        assert back.welcome["last_n"] == 2
        assert await back.edit(put("~1", "b"), n=1) == first
        await agree(alice, shared, back)


async def test_who_comes_back_is_told_what_was_missed(
    alice: Person, bob: Person, shared: str
) -> None:
    async with alice.live(shared) as hers:
        async with bob.live(shared) as his:
            pass
        await hers.edit(put("~1", "b"))
        await hers.edit(put("~1", "c"))

        async with bob.live(shared, like=his) as back:
            assert [message["clock"] for message in back.welcome["patches"]] == [2, 3]
            assert "records" not in back.welcome
            await agree(alice, shared, hers, back)
