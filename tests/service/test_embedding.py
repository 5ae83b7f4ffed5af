"""The pages for notebooks: who may frame them, and the one workspace of each name."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from .. import fake_hub
from .conftest import Answer, Person, Service


def framers(answer: Answer) -> str:
    """Who may frame what was answered."""
    (found,) = re.findall(r"frame-ancestors ([^;]*)", answer.headers["Content-Security-Policy"])
    return str(found).strip()


def named(name: str, language: str = "python") -> dict[str, str]:
    return {"name": name, "language": language, "notebook_name": name}


async def how_many(person: Person) -> int:
    return len((await person.get("api/workspaces")).json["items"])


async def test_looking_at_the_address_of_a_notebook_makes_nothing(alice: Person) -> None:
    await alice.get("embed?name=maze&language=python")

    assert await how_many(alice) == 0


async def test_two_frames_at_once_make_one_workspace(alice: Person) -> None:
    answers = await asyncio.gather(
        *(alice.post("api/workspaces", json=named("maze")) for _ in range(8))
    )

    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert await how_many(alice) == 1


async def test_each_person_and_each_language_has_its_own(alice: Person, bob: Person) -> None:
    made = [
        await person.post("api/workspaces", json=named("maze", language))
        for person in (alice, bob)
        for language in ("python", "processing")
    ]

    assert [answer.status for answer in made] == [201] * 4
    assert len({answer.json["id"] for answer in made}) == 4


async def test_a_renamed_one_is_still_found_and_one_in_the_trash_is_not_made_again(
    alice: Person,
) -> None:
    made = (await alice.post("api/workspaces", json=named("maze"))).json["id"]
    await alice.patch(f"api/workspaces/{made}", {"name": "Labyrinth"})
    assert (await alice.post("api/workspaces", json=named("maze"))).json["name"] == "Labyrinth"

    await alice.delete(f"api/workspaces/{made}")
    again = await alice.post("api/workspaces", json=named("maze"))

    assert (again.status, again.json["id"]) == (200, made)
    assert again.json["trashed"]


@pytest.mark.parametrize(
    "query",
    [
        "language=python",
        "name=&language=python",
        f"name={'x' * 201}&language=python",
        "name=a%00b&language=python",
        "name=%ff&language=python",
        "name=maze&language=klingon",
        "name=maze",
        "name=maze&language=python&kernel_id=../../x",
        "name=maze&language=python&kernel_id=a%0ab",
        "name=maze&language=python&server=a/b",
        "name=maze&language=python&through=bash",
    ],
)
async def test_an_address_that_makes_no_sense_is_refused(alice: Person, query: str) -> None:
    answer = await alice.get(f"embed?{query}")

    assert answer.status == 400, answer


async def test_only_the_pages_for_notebooks_may_be_framed(alice: Person) -> None:
    workspace = await alice.create()
    for page in f"embed/{workspace}", "embed?name=a&language=python", "signed-in", "embed/none":
        assert framers(await alice.get(page)) == "'self'", page
    for page in "", f"w/{workspace}", "s", "oauth_callback", "api/user":
        assert framers(await alice.get(page)) == "'none'", page


HUB = "https://hub.example.com"
ALICES = "https://alice.hub.example.com"


@pytest.fixture
async def subdomains(service: Service) -> AsyncIterator[Service]:
    """A Hub where everybody's server has a host of its own."""
    service.parts.auth.hub_host = HUB
    fake_hub.servers["alice"] = {"": {"url": f"{ALICES}/jupyter/user/alice/", "ready": True}}
    yield service
    fake_hub.servers.clear()


async def test_with_subdomains_only_ones_own_server_frames(subdomains: Service) -> None:
    alice, bob = subdomains.person("alice"), subdomains.person("bob")
    workspace = await alice.create()
    await alice.post(
        f"api/workspaces/{workspace}/shares", json={"everyone": True, "role": "viewer"}
    )

    for page in f"embed/{workspace}", "embed?name=a&language=python", "signed-in":
        assert framers(await alice.get(page)) == f"'self' {ALICES}", page
        assert framers(await bob.get(page)) == "'self'", page
    assert framers(await alice.get("embed/none")) == f"'self' {ALICES}"


async def test_a_frame_without_a_sign_in_offers_it_to_nobody_else(subdomains: Service) -> None:
    alice = subdomains.person("alice")
    page = await alice.get("embed?name=a&language=python")
    kept = page.headers["Set-Cookie"].partition(";")[0]
    frame = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"}

    known = await subdomains.nobody(**frame, Cookie=kept).get("embed?name=a&language=python")
    forged = await subdomains.nobody(**frame, Cookie=f"{kept}x").get("embed?name=a&language=python")

    assert framers(known) == f"'self' {ALICES}" and known.status != 302
    assert forged.status == 302


async def test_outside_a_frame_a_missing_sign_in_goes_to_the_hub(service: Service) -> None:
    answer = await service.nobody().get("embed?name=a&language=python")

    assert answer.status == 302 and "/hub/api/oauth2/authorize" in answer.headers["Location"]
