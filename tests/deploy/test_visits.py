"""The whole job through nginx and Apache, as `deploy/` has them, by browsers on a real Hub."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from ..browser.editor_page import RUN_TIMEOUT
from ..browser.programs import prints
from .conftest import HUBS, HubOf
from .fronts import Certificate, running_front
from .hubs import Hub
from .visit import Visit, import_file, large_zip, visiting

# Two of them for each front, so that one Hub serves both, and everybody's server starts anew.
PEOPLE = {"nginx": ("alice", "bob"), "apache": ("carol", "teacher")}


@pytest.fixture(scope="session", params=list(HUBS))
def hub(request: pytest.FixtureRequest, hub_of: HubOf) -> Hub:
    return hub_of(request.param)


@pytest.fixture(scope="module", params=["nginx", "apache"])
async def visit(
    request: pytest.FixtureRequest,
    hub: Hub,
    playwright: Any,
    certificate: Certificate,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Visit]:
    front = running_front(
        request.param,
        tmp_path_factory.mktemp("front") / "server",
        certificate=certificate,
        upstream=hub.port,
        base=hub.base,
        people_have_domains=hub.people_have_domains,
    )
    with front as running:
        async with visiting(playwright, hub, running) as visit:
            yield visit


async def test_people_sign_in_and_their_cookies_stay_on_tls(visit: Visit) -> None:
    someone, _ = PEOPLE[visit.front.kind]
    page = await visit.page(someone)

    await expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible()
    cookies = {cookie["name"]: cookie for cookie in await page.context.cookies()}
    assert cookies["service-jigsaw"]["secure"]
    assert cookies["jupyterhub-session-id"]["secure"]


async def test_without_tls_people_are_led_to_it(visit: Visit) -> None:
    someone, _ = PEOPLE[visit.front.kind]
    page = await visit.page(someone)

    await page.goto(visit.hub.url.replace("https:", "http:"))

    assert page.url == visit.hub.url


async def test_a_server_is_seen_to_start_and_the_program_runs(visit: Visit) -> None:
    someone, _ = PEOPLE[visit.front.kind]
    editor = await visit.editor(someone, await visit.workspace(someone, prints("Hello")))
    events = editor.page.locator(".start-progress .quiet")

    await editor.button("Run").click()

    # A proxy that holds events back shows none before the server runs.
    await expect(events).to_have_text(re.compile("requested|Spawning"), timeout=RUN_TIMEOUT)
    await editor.finished()
    await expect(editor.output).to_contain_text("Hello")


async def test_two_people_edit_live(visit: Visit) -> None:
    one, other = PEOPLE[visit.front.kind]
    workspace = await visit.workspace(one, prints("before"), everybody="editor")
    theirs = await visit.editor(other, workspace)
    ours = await visit.editor(one, workspace)

    await ours.change("after")
    await expect(theirs.code).to_contain_text("after")
    await theirs.change("once more")
    await expect(ours.code).to_contain_text("once more")
    await ours.saved()


async def test_many_workspaces_are_imported_at_once(visit: Visit, tmp_path: Path) -> None:
    someone, _ = PEOPLE[visit.front.kind]

    results = await import_file(await visit.page(someone), large_zip(tmp_path))

    await expect(results).to_contain_text("Open large 7")
