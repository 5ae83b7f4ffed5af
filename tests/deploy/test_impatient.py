"""Through nginx and Apache that hold answers back, take little and soon cut what is quiet.

That is how most are set up: without the lines of `deploy/` on buffers, sizes and time.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import WebSocket, expect

from ..browser.editor_page import RUN_TIMEOUT
from ..browser.programs import prints
from .conftest import HubOf
from .fronts import Certificate, running_front
from .visit import Visit, import_file, large_zip, visiting

# Whose servers do not run yet.
PEOPLE = {"nginx": ("bob", "alice"), "apache": ("teacher", "carol")}


@pytest.fixture(scope="module", params=[("nginx", 20), ("apache", 20)], ids=str)
async def visit(
    request: pytest.FixtureRequest,
    hub_of: HubOf,
    playwright: Any,
    certificate: Certificate,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Visit]:
    hub = hub_of("at-jupyter")
    folder = tmp_path_factory.mktemp("impatient") / "server"
    kind, patience = request.param
    front = running_front(
        kind, folder, certificate=certificate, upstream=hub.port, patience=patience
    )
    with front as running:
        async with visiting(playwright, hub, running) as visit:
            yield visit


async def test_a_large_file_is_imported_in_parts(visit: Visit, tmp_path: Path) -> None:
    someone, _ = PEOPLE[visit.front.kind]

    results = await import_file(await visit.page(someone), large_zip(tmp_path))

    await expect(results).to_contain_text("Open large 7")


async def test_a_server_is_seen_to_start(visit: Visit) -> None:
    someone, _ = PEOPLE[visit.front.kind]
    editor = await visit.editor(someone, await visit.workspace(someone, prints("Hello")))
    events = editor.page.locator(".start-progress .quiet")

    await editor.button("Run").click()

    await expect(events).to_have_text(re.compile("requested|Spawning"), timeout=RUN_TIMEOUT)
    await editor.finished()


@pytest.mark.parametrize("visit", [("nginx", 5)], indirect=True, ids=str)
async def test_a_socket_that_was_cut_comes_back_and_nothing_is_lost(visit: Visit) -> None:
    one, other = PEOPLE[visit.front.kind]
    workspace = await visit.workspace(one, prints("before"), everybody="editor")
    cut = asyncio.Event()

    def watch(socket: WebSocket) -> None:
        socket.on("close", lambda _socket: cut.set())

    ours = await visit.editor(one, workspace, watch=watch)
    theirs = await visit.editor(other, workspace)
    await asyncio.wait_for(cut.wait(), 120)

    await ours.change("after")
    await expect(theirs.code).to_contain_text("after")
    await theirs.change("once more")
    await expect(ours.code).to_contain_text("once more")
    await ours.saved()
