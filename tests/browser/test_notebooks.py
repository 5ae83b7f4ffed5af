"""`%jigsaw` in a notebook on the real Hub: the same blocks, and this very kernel."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from ..hub.conftest import Demo, start_server
from ..hub.people import Person
from .conftest import Open, cookies_of
from .editor_page import RUN_TIMEOUT
from .notebook_page import LOOKS, NotebookPage, write_notebook
from .programs import prints, runs

LOAD = "%load_ext jigsaw_service\nx = 41"
SHARES = runs("y = x + 1", "print('from blocks', y)")

OpenNotebook = Callable[..., Awaitable[NotebookPage]]


def save(someone: Person, name: str, xml: str, language: str = "python") -> str:
    """Put blocks into the workspace that notebooks call `name`; its id."""
    body = {"name": name, "language": language, "notebook_name": name}
    workspace = someone.call("POST", "api/workspaces", json=body).json()["id"]
    etag = someone.call("GET", f"api/workspaces/{workspace}/xml").headers["ETag"]
    someone.call(
        "PUT", f"api/workspaces/{workspace}/xml", content=xml, headers={"If-Match": etag}
    ).raise_for_status()
    return str(workspace)


def made_by_hand(someone: Person, name: str, xml: str) -> str:
    """The same as if they had built it, so that nobody asks who did."""
    body = {"name": name, "language": "python", "notebook_name": name, "xml": xml}
    return str(someone.call("POST", "api/workspaces", json=body).json()["id"])


@pytest.fixture
async def notebook(
    open_as: Open, hub: Demo, person: Callable[[str], Person]
) -> AsyncIterator[OpenNotebook]:
    """Opens a notebook of alice's with these cells."""
    alice = person("alice")
    start_server(alice)

    async def opened(
        name: str, *cells: str, look: str = "lab", kernel: str = "python3", **options: Any
    ) -> NotebookPage:
        write_notebook(hub.folder / f"home/alice/{name}.ipynb", *cells, kernel=kernel)
        # The kernel is there before the page, which would otherwise ask for one.
        session = {"path": f"{name}.ipynb", "type": "notebook", "name": name}
        alice.call(
            "POST", "api/jupyter/api/sessions", json={**session, "kernel": {"name": kernel}}
        ).raise_for_status()
        page = await open_as("alice", "signed-in", troubled=True, **options)
        await page.goto(f"{servers_of(alice)}{LOOKS[look].path}{name}.ipynb?reset")
        notebook = NotebookPage(page, look)
        await notebook.opened()
        return notebook

    yield opened


def servers_of(someone: Person) -> str:
    return someone.url.partition("services/")[0] + f"user/{someone.name}/"


@pytest.mark.parametrize("look", LOOKS)
async def test_run_goes_to_the_notebooks_kernel_and_variables_are_shared_both_ways(
    notebook: OpenNotebook, person: Callable[[str], Person], look: str
) -> None:
    made_by_hand(person("alice"), f"shared {look}", SHARES)
    page = await notebook(
        f"shares-{look}", LOAD, f"%jigsaw Python -w 'shared {look}'", "print('y is', y)", look=look
    )
    await page.run(0)
    await page.run(1)
    editor = page.editor(1)

    await editor.run()
    await expect(editor.output).to_contain_text("from blocks 42")
    await page.run(2)

    await expect(page.cell(2)).to_contain_text("y is 42")
    await page.editor(1).button("Show in the notebook").click()
    await expect(page.cell(1).locator("pre.jigsaw-code")).to_contain_text("y = x + 1")


async def test_a_workspace_is_made_once_and_shown_by_every_cell_that_names_it(
    notebook: OpenNotebook, person: Callable[[str], Person]
) -> None:
    page = await notebook("twice", LOAD, "%jigsaw Python\n", "%jigsaw Python -w twice")
    await page.run(0)
    await page.run(1)
    await expect(page.editor(1).blocks).to_be_visible(timeout=RUN_TIMEOUT)

    save(person("alice"), "twice", prints("the same"))
    await expect(page.editor(1).code).to_contain_text("the same")
    await page.run(2)

    await expect(page.editor(2).code).to_contain_text("the same", timeout=RUN_TIMEOUT)
    found = person("alice").call("GET", "api/workspaces?q=twice").json()["items"]
    # Others may have the word in their blocks.
    assert [one["name"] for one in found if one["name"] == "twice"] == ["twice"]


async def test_a_variable_is_made_and_named_in_the_frame(notebook: OpenNotebook) -> None:
    page = await notebook("names", LOAD, "%jigsaw Python -h 700")
    await page.run(0)
    await page.run(1)
    frame = page.inside(1)

    await frame.get_by_role("treeitem", name="Variables").click(timeout=RUN_TIMEOUT)
    await frame.get_by_text("Create variable").first.click()
    await frame.get_by_role("dialog").get_by_role("textbox").fill("apples")
    await page.page.keyboard.press("Enter")

    await expect(frame.locator(".blocklyFlyout").get_by_text("apples").first).to_be_visible()


async def test_a_frame_that_is_loaded_anew_in_mid_run_has_its_program_in_hand(
    notebook: OpenNotebook, person: Callable[[str], Person]
) -> None:
    endless = runs("print('first light', flush=True)", "while True: pass")
    made_by_hand(person("alice"), "reloaded", endless)
    page = await notebook("reloaded", LOAD, "%jigsaw Python", "print('x is', x)")
    await page.run(0)
    await page.run(1)
    editor = page.editor(1)
    await editor.button("Run").click(timeout=RUN_TIMEOUT)
    await expect(editor.output).to_contain_text("first light", timeout=RUN_TIMEOUT)

    await page.frame_in(1).evaluate("frame => { frame.src = frame.src; }")

    await expect(editor.kernel).to_have_text(re.compile("Kernel: running"), timeout=RUN_TIMEOUT)
    await expect(editor.output).to_contain_text("first light")
    await expect(editor.button("Run")).to_be_disabled()
    await editor.button("Stop").click()
    await expect(editor.output).to_contain_text("Stopped", timeout=RUN_TIMEOUT)
    await page.run(2)
    await expect(page.cell(2)).to_contain_text("x is 41")


async def test_a_restart_in_the_notebook_is_told_in_the_frame(
    notebook: OpenNotebook, person: Callable[[str], Person]
) -> None:
    endless = runs("print('first light', flush=True)", "while True: pass")
    made_by_hand(person("alice"), "restarts", endless)
    page = await notebook("restarts", LOAD, "%jigsaw Python")
    await page.run(0)
    await page.run(1)
    editor = page.editor(1)
    await editor.button("Run").click(timeout=RUN_TIMEOUT)
    await expect(editor.output).to_contain_text("first light", timeout=RUN_TIMEOUT)

    await page.page.get_by_role("button", name="Restart the kernel", exact=False).first.click()
    await page.page.get_by_role("button", name="Confirm Kernel Restart").click()

    await expect(editor.output).to_contain_text("the kernel was restarted", timeout=RUN_TIMEOUT)
    await editor.finished()


async def test_a_kernel_that_is_gone_is_said_and_no_other_is_taken(
    notebook: OpenNotebook, person: Callable[[str], Person]
) -> None:
    alice = person("alice")
    made_by_hand(alice, "gone", prints("never"))
    page = await notebook("gone", LOAD, "%jigsaw Python")
    await page.run(0)
    await page.run(1)
    await expect(page.editor(1).block).to_be_visible(timeout=RUN_TIMEOUT)
    for kernel in alice.call("GET", "api/jupyter/api/kernels").json():
        alice.call("DELETE", f"api/jupyter/api/kernels/{kernel['id']}")

    await page.editor(1).button("Run").click()

    await expect(page.editor(1).output).to_contain_text("Run the %jigsaw cell again")
    assert alice.call("GET", "api/jupyter/api/kernels").json() == []


async def test_height_and_theme_follow_the_notebook(
    notebook: OpenNotebook, person: Callable[[str], Person]
) -> None:
    made_by_hand(person("alice"), "tall", prints(*("line" for _ in range(20))))
    page = await notebook("tall", LOAD, "%jigsaw Python -h 400", color_scheme="dark")
    await page.run(0)
    await page.run(1)
    await expect(page.editor(1).block).to_be_visible(timeout=RUN_TIMEOUT)

    surface = "getComputedStyle(document.documentElement).getPropertyValue('--surface')"
    frame = await (await page.frame_in(1).element_handle()).content_frame()  # type: ignore[union-attr]
    assert frame
    await frame.wait_for_function(f"{surface}.trim() === '#ffffff' || {surface}.trim() === '#fff'")
    await page.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    await frame.wait_for_function(f"{surface}.trim() === '#1a1f27'")
    box = await page.frame_in(1).bounding_box()
    assert box and box["height"] > 500


@pytest.mark.parametrize("kernel", ["calysto_scheme", "calysto_prolog"])
async def test_in_kernels_of_metakernel_too(
    notebook: OpenNotebook, person: Callable[[str], Person], kernel: str
) -> None:
    made_by_hand(person("alice"), kernel, SHARES)
    page = await notebook(
        kernel, "%python x = 41", "%jigsaw Python -h 600", "%python y + 1000", kernel=kernel
    )
    await page.run(0)
    await page.run(1)
    editor = page.editor(1)

    await editor.run()
    await expect(editor.output).to_contain_text("from blocks 42")
    await page.run(2)

    await expect(page.cell(2)).to_contain_text("1042")
    await expect(editor.saving).to_have_text(re.compile("Saved"))


async def test_what_metakernel_left_is_imported_by_a_click_and_not_changed(
    notebook: OpenNotebook, hub: Demo, person: Callable[[str], Person]
) -> None:
    left = hub.folder / "home/alice/left.xml"
    left.parent.mkdir(parents=True, exist_ok=True)
    xml = prints("from the file").replace("</xml>", '<block type="robot_dance"/></xml>')
    left.write_text(xml)
    page = await notebook("left", LOAD, "%jigsaw Python -h 600")
    await page.run(0)
    await page.run(1)
    editor = page.editor(1)

    offer = page.inside(1).get_by_role("note").filter(has_text="MetaKernel")
    await expect(offer).to_contain_text("2 known and 1 unknown (robot_dance)", timeout=RUN_TIMEOUT)
    await expect(editor.code).not_to_contain_text("from the file")
    await offer.get_by_role("button", name="Import").click()

    await expect(editor.code).to_contain_text("from the file")
    assert left.read_text() == xml
    await editor.button("Run").click()
    await expect(page.inside(1).get_by_role("dialog")).to_contain_text("unknown authors")


async def test_an_ended_sign_in_is_mended_in_the_frame_by_one_click(
    notebook: OpenNotebook, person: Callable[[str], Person]
) -> None:
    made_by_hand(person("alice"), "signed", prints("still here"))
    page = await notebook("signed", LOAD, "%jigsaw Python")
    await page.run(0)
    context = page.page.context
    kept = cookies_of(person("alice"))
    await context.clear_cookies(name=re.compile("service-jigsaw|jupyterhub-hub-login"))
    await page.run(1)
    again = page.inside(1).get_by_role("button", name="Sign in again")
    await expect(again).to_be_visible(timeout=RUN_TIMEOUT)
    await context.add_cookies(kept)

    async with context.expect_page():
        await again.click()

    await expect(page.editor(1).code).to_contain_text("still here", timeout=RUN_TIMEOUT)
