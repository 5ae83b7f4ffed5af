"""`%jigsaw` behind nginx: in every program for notebooks, where each person has a domain, so that
the frame is of another origin than the notebook; and on a named server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Page, expect

from ..browser.editor_page import EditorPage
from ..browser.notebook_page import LOOKS, NotebookPage, write_notebook
from ..browser.programs import prints, runs
from .conftest import HubOf
from .fronts import NAME, Certificate, running_front
from .hubs import Hub
from .visit import Visit, call, visiting

CELLS = ["%load_ext jigsaw_service\nx = 41", "%jigsaw Python -h 400", "print('y is', y)"]
TALL = runs("y = x + 1", *("y = y" for _ in range(20)), "print('from blocks', y)")


@asynccontextmanager
async def behind_nginx(
    hub: Hub, playwright: Any, certificate: Certificate, folder: Path
) -> AsyncIterator[Visit]:
    front = running_front(
        "nginx",
        folder,
        certificate=certificate,
        upstream=hub.port,
        base=hub.base,
        people_have_domains=hub.people_have_domains,
    )
    with front as running:
        async with visiting(playwright, hub, running) as visit:
            yield visit


@pytest.fixture(scope="module")
async def far(
    hub_of: HubOf, playwright: Any, certificate: Certificate, tmp_path_factory: Any
) -> AsyncIterator[Visit]:
    """Hub at which each person has a domain, with bob's server running."""
    folder = tmp_path_factory.mktemp("far") / "server"
    async with behind_nginx(hub_of("with-domains"), playwright, certificate, folder) as visit:
        await server_of(await visit.page("bob"))
        yield visit


@pytest.fixture(scope="module")
async def near(
    hub_of: HubOf, playwright: Any, certificate: Certificate, tmp_path_factory: Any
) -> AsyncIterator[Visit]:
    """Hub at which all share one domain."""
    folder = tmp_path_factory.mktemp("near") / "server"
    async with behind_nginx(hub_of("at-jupyter"), playwright, certificate, folder) as visit:
        yield visit


async def server_of(page: Page, name: str = "") -> None:
    """Start somebody's server, and wait until it is ready."""
    which = f"?{urlencode({'server': name})}" if name else ""
    await call(page, "POST", f"api/server{which}")
    while (await call(page, "GET", f"api/server{which}"))["state"] != "ready":
        await page.wait_for_timeout(300)


async def run_in_a_notebook(
    visit: Visit, page: Page, host: str, look: str, server: str = ""
) -> NotebookPage:
    """A notebook of bob's with `%jigsaw`, whose blocks and cells share their variables."""
    name = f"{look}{server}"
    write_notebook(visit.hub.folder / f"home/bob/{name}.ipynb", *CELLS)
    body = {"name": name, "language": "python", "notebook_name": name, "xml": TALL}
    await call(page, "POST", "api/workspaces", body)
    session = {"path": f"{name}.ipynb", "type": "notebook", "name": name}
    which = f"?{urlencode({'server': server})}" if server else ""
    kernel = {"kernel": {"name": "python3"}}
    await call(page, "POST", f"api/jupyter/api/sessions{which}", session | kernel)
    where = f"user/bob/{server}/" if server else "user/bob/"
    await page.goto(f"https://{host}{visit.hub.base}{where}{LOOKS[look].path}{name}.ipynb?reset")
    notebook = NotebookPage(page, look)
    await notebook.opened()
    await notebook.run(0)
    await notebook.run(1)
    editor = notebook.editor(1)
    await editor.run()
    await expect(editor.output).to_contain_text("from blocks 42")
    await notebook.run(2)
    await expect(notebook.cell(2)).to_contain_text("y is 42")
    return notebook


@pytest.mark.parametrize("look", LOOKS)
async def test_the_frame_of_another_origin_runs_on_the_notebooks_kernel(
    far: Visit, look: str
) -> None:
    notebook = await run_in_a_notebook(far, await far.page("bob"), f"bob.{NAME}", look)

    box = await notebook.frame_in(1).bounding_box()
    assert box and box["height"] > 500


async def test_on_a_named_server_it_runs_on_the_kernel_there(near: Visit) -> None:
    page = await near.page("bob")
    await server_of(page, "second")

    await run_in_a_notebook(near, page, NAME, "lab", "second")

    kernels = await call(await near.page("bob"), "GET", "api/jupyter/api/kernels?server=second")
    assert len(kernels) == 1


async def framed(page: Page, host: str, path: str) -> EditorPage:
    """The editor in a frame of a page at that host: nginx's own, which says nothing of frames."""
    await page.goto(f"https://{host}/none")
    await page.evaluate(
        """(source) => new Promise((loaded) => {
            const frame = document.createElement('iframe');
            frame.addEventListener('load', loaded);
            frame.src = source;
            document.body.append(frame);
        })""",
        path,
    )
    return EditorPage(page.frame_locator("iframe"))  # type: ignore[arg-type]


async def test_only_ones_own_domain_frames_ones_blocks_and_nobody_elses(far: Visit) -> None:
    workspace = await far.workspace("bob", prints("secret"), everybody="editor")
    page = await far.page("bob")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    own = await framed(page, f"bob.{NAME}", f"{far.hub.url}embed/{workspace}")
    await expect(own.block).to_be_visible()
    said.clear()

    for host in f"alice.{NAME}", NAME:
        theirs = await framed(page, host, f"{far.hub.url}embed/{workspace}")
        await expect(theirs.block).to_have_count(0)
        assert any("frame-ancestors" in text for text in said), (host, said)
        said.clear()
    # The Hub's own domain is known, and no place for notebooks.
    assert f"https://alice.{NAME} " in far.hub.found_inside()["notebook-origin-missing"]["says"]
