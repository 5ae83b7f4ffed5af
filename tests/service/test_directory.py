"""Completion in the share dialog: nobody is found by strangers."""

import pytest

from .. import fake_hub
from .conftest import Person, Service


async def found(person: Person, words: str = "") -> list[str]:
    workspaces = (await person.get("api/workspaces?role=owner")).json["items"]
    workspace = workspaces[0]["id"] if workspaces else await person.create()
    answer = await person.get(f"api/workspaces/{workspace}/people?q={words}")
    return [one["name"] for one in answer.json["items"]]


@pytest.fixture
async def everybody(service: Service) -> None:
    for name in fake_hub.PEOPLE:
        await service.person(name).get("api/user")


async def test_those_of_my_groups_who_were_here(alice: Person, bob: Person) -> None:
    assert await found(alice) == []
    await bob.get("api/user")

    assert await found(alice) == ["bob"]
    assert await found(alice, "O") == ["bob"]
    assert await found(alice, "%25") == []


@pytest.mark.usefixtures("everybody")
async def test_those_who_share_a_workspace_with_me(service: Service, alice: Person) -> None:
    carol, teacher = service.person("carol"), service.person("teacher")
    assert await found(carol) == []
    workspace = await teacher.create()
    for share in {"user": "carol"}, {"group": "class-7b"}:
        await teacher.post(f"api/workspaces/{workspace}/shares", json={**share, "role": "viewer"})

    assert await found(carol) == ["alice", "bob", "teacher"]
    assert await found(teacher) == ["alice", "bob", "carol"]
    assert await found(alice) == ["bob", "carol", "teacher"]


@pytest.mark.usefixtures("everybody")
async def test_everyone_makes_nobody_known(service: Service) -> None:
    carol, teacher = service.person("carol"), service.person("teacher")
    workspace = await teacher.create()
    share = {"everyone": True, "role": "viewer"}
    await teacher.post(f"api/workspaces/{workspace}/shares", json=share)

    assert await found(carol) == []
    assert await found(teacher) == []


async def test_whoever_left_the_group_is_found_no_longer(
    service: Service, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = service.services.accounts
    groups = frozenset(["class-7b"])
    await accounts.recognise("dora", "2026-01-01", groups)
    await accounts.recognise("dora", "2026-01-01", groups)
    assert await found(alice) == ["dora"]

    await accounts.recognise("dora", "2026-01-01", frozenset())

    assert await found(alice) == []


async def test_only_the_owner_completes_names(alice: Person, bob: Person) -> None:
    workspace = await alice.create()
    await alice.post(f"api/workspaces/{workspace}/shares", json={"user": "bob", "role": "editor"})

    (await bob.get(f"api/workspaces/{workspace}/people")).is_problem(403, "not-allowed")
    answer = await alice.get(f"api/workspaces/{workspace}/people?q={'x' * 201}")
    answer.is_problem(400, "bad-request")
