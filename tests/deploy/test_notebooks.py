"""`%jigsaw` where every person has a domain: the frame is of another origin than the notebook."""

from typing import Any

from playwright.async_api import expect

from ..browser.notebook_page import LOOKS, NotebookPage, write_notebook
from ..browser.programs import runs
from .conftest import HubOf
from .fronts import NAME, Certificate, running_front
from .visit import call, visiting


async def test_the_frame_of_another_origin_runs_on_the_notebooks_kernel(
    hub_of: HubOf, playwright: Any, certificate: Certificate, tmp_path: Any
) -> None:
    hub = hub_of("with-domains")
    cells = ["%load_ext jigsaw_service\nx = 41", "%jigsaw Python -h 400", "print('y is', y)"]
    write_notebook(hub.folder / "home/bob/far.ipynb", *cells)
    front = running_front(
        "nginx",
        tmp_path / "server",
        certificate=certificate,
        upstream=hub.port,
        base=hub.base,
        people_have_domains=True,
    )
    with front as running:
        async with visiting(playwright, hub, running) as visit:
            page = await visit.page("bob")
            blocks = runs("y = x + 1", *("y = y" for _ in range(20)), "print('from blocks', y)")
            body = {"name": "far", "language": "python", "notebook_name": "far", "xml": blocks}
            await call(page, "POST", "api/workspaces", body)
            await call(page, "POST", "api/server")
            while (await call(page, "GET", "api/server"))["state"] != "ready":
                await page.wait_for_timeout(300)
            session = {"path": "far.ipynb", "type": "notebook", "name": "far"}
            session |= {"kernel": {"name": "python3"}}  # type: ignore[dict-item]
            await call(page, "POST", "api/jupyter/api/sessions", session)
            look = LOOKS["lab"].path
            await page.goto(f"https://bob.{NAME}{hub.base}user/bob/{look}far.ipynb?reset")
            notebook = NotebookPage(page, "lab")
            await notebook.opened()
            await notebook.run(0)
            await notebook.run(1)
            editor = notebook.editor(1)

            await editor.run()
            await expect(editor.output).to_contain_text("from blocks 42")
            await notebook.run(2)

            await expect(notebook.cell(2)).to_contain_text("y is 42")
            box = await notebook.frame_in(1).bounding_box()
            assert box and box["height"] > 500
