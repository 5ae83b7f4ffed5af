"""The pages for notebooks: who may frame them, and the one workspace of each name."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from jigsaw_service.routes import API, PAGES, PROBES
from jigsaw_service.web.assets import StaticFilesHandler
from jigsaw_service.web.socket.base import SocketHandler

from .. import fake_hub
from .conftest import Answer, Person, Service


def framers(answer: Answer) -> str:
    """Origins that may frame the answer."""
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


# Its own sandbox, and framed by our own pages alone.
_FRAMES_OF_OUR_OWN = {"output-frame"}
_FOR_NOTEBOOKS = ("embed", "signed-in")


def addresses(workspace: str) -> list[str]:
    """One of each page and each part of the API, and some that are none."""
    examples = [
        re.sub(
            r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)",
            lambda group: workspace if group[1] == "workspace_id" else "1",
            route.pattern,
        )
        for route in PAGES + API + PROBES
        if route.handler is not StaticFilesHandler and not issubclass(route.handler, SocketHandler)
    ]
    known = [one.replace("\\", "").replace(".*", "x").replace("(x)", "x") for one in examples]
    return [*known, "embed?name=a&language=python", "embed/none", "w/none", "none", "api/none"]


async def test_only_the_pages_for_notebooks_may_be_framed(service: Service) -> None:
    alice = service.person("alice")
    workspace = await alice.create()
    # For all callers alike: a redirect or a refusal is framed by nobody else either.
    navigation = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"}
    callers = alice, service.person("bob"), service.nobody(), service.nobody(**navigation)
    walked = addresses(workspace)
    assert len(walked) > 50

    for page in walked:
        framed = page.startswith(_FOR_NOTEBOOKS) or page in _FRAMES_OF_OUR_OWN
        for caller in callers:
            answer = await caller.get(page)
            assert framers(answer) == ("'self'" if framed else "'none'"), (page, answer)


HUB = "https://hub.example.com"
ALICES = "https://alice.hub.example.com"


@pytest.fixture
async def subdomains(service: Service) -> AsyncIterator[Service]:
    """A Hub where everybody's server has a host of its own."""
    service.services.auth.hub_host = HUB
    fake_hub.servers["alice"] = {"": {"url": f"{ALICES}/jupyter/user/alice/", "ready": True}}
    yield service
    fake_hub.servers.clear()


async def test_with_subdomains_only_ones_own_server_frames(subdomains: Service) -> None:
    alice, bob = subdomains.person("alice"), subdomains.person("bob")
    workspace = await alice.create()
    await alice.post(
        f"api/workspaces/{workspace}/shares", json={"everyone": True, "role": "viewer"}
    )

    for page in addresses(workspace):
        hers, his = framers(await alice.get(page)), framers(await bob.get(page))
        if page.startswith(_FOR_NOTEBOOKS):
            assert (hers, his) == (f"'self' {ALICES}", "'self'"), page
        else:
            assert {hers, his} == {"'self'" if page in _FRAMES_OF_OUR_OWN else "'none'"}, page


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
