"""Home, as a person uses it: making, finding, importing, copying and throwing away."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, Route, expect

from .conftest import Open
from .editor_page import EditorPage
from .programs import prints

WORKSPACES = Path(__file__).parents[1] / "workspaces"


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


async def test_a_beginner_starts_with_an_example_in_one_click(
    open_as: Open, person: Callable[[str], Any]
) -> None:
    carol = person("carol")
    for made in carol.call("GET", "api/workspaces?role=owner&limit=100").json()["items"]:
        carol.call("DELETE", f"api/workspaces/{made['id']}").raise_for_status()
    page = await open_as("carol", "?show=mine&q=")

    await page.get_by_role("button", name=re.compile("^Start with ")).first.click()

    await expect(EditorPage(page).saving).to_have_text("Saved")
    await expect(EditorPage(page).code).to_contain_text("print")


async def test_a_new_workspace_is_named_and_has_its_language(open_as: Open) -> None:
    page = await open_as("alice")

    await page.get_by_role("button", name="New workspace").click()
    await page.get_by_label("Name", exact=True).fill("My first sketch")
    await page.get_by_role("radio", name="Processing").check()
    await page.get_by_role("button", name="Create").click()

    await expect(page.get_by_role("heading", name="My first sketch")).to_be_visible()
    await expect(EditorPage(page).saving).to_have_text("Saved")


async def test_what_is_typed_right_after_new_workspace_goes_into_its_dialog(open_as: Open) -> None:
    page = await open_as("alice")
    # Nothing that the service could answer is waited for.
    await page.route("**/api/**", lambda route: route.abort())

    await page.evaluate(
        """() => [...document.querySelectorAll("button")]
            .find((button) => button.textContent.includes("New workspace")).click()"""
    )
    await page.keyboard.type("Typed at once")

    await expect(page.get_by_label("Name", exact=True)).to_have_value("Typed at once")
    await expect(page.get_by_role("radio")).to_have_count(2)


async def test_an_import_goes_on_after_the_network_was_gone(open_as: Open) -> None:
    page = await open_as("alice")
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        await (route.abort("internetdisconnected") if lost <= 2 else route.continue_())

    await page.route(re.compile("/api/imports/[^/]+/(parts/0|finish)$"), lose)
    xml = '<xml><block type="text"><field name="TEXT">a</field></block></xml>'
    await page.locator("input[type=file]").set_input_files(
        {"name": "Cut off.xml", "mimeType": "application/xml", "buffer": xml.encode()}
    )

    await expect(page.get_by_role("heading", name="Cut off")).to_be_visible()
    assert lost == 4


async def test_a_notebook_that_was_edited_since_its_export_offers_blocks_and_code(
    open_as: Open, person: Callable[[str], Any], new_workspace: Callable[..., dict[str, Any]]
) -> None:
    made = new_workspace("alice", prints("then"), name="Edited")
    path = f"api/workspaces/{made['id']}/export?format=ipynb"
    notebook = person("alice").call("GET", path).json()
    notebook["cells"][0]["source"] = "print('now')"
    page = await open_as("alice")

    await page.locator("input[type=file]").set_input_files(
        {"name": "a.ipynb", "mimeType": "", "buffer": json.dumps(notebook).encode()}
    )
    row = page.get_by_role("region", name="Import", exact=True).get_by_role("listitem")
    await expect(row).to_contain_text("was edited after it was exported")
    async with page.expect_download() as downloading:
        await row.get_by_role("button", name="Download the edited code of Edited").click()
    download = await downloading.value
    assert download.suggested_filename == "Edited.py"
    assert (await download.path()).read_text() == "print('now')\n"
    await row.get_by_role("link", name="Open Edited").click()

    await expect(EditorPage(page).code).to_contain_text("print('then')")


async def test_search_finds_by_name_and_stays_in_the_address(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    new_workspace("alice", name="Needle in the hay")
    page = await open_as("alice")

    await page.get_by_role("searchbox").fill("needle")
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page).to_have_url(re.compile(r"\?q=needle$"))
    await page.reload()

    await expect(page.get_by_role("searchbox")).to_have_value("needle")
    await expect(card(page, "Needle in the hay")).to_be_visible()


async def test_several_files_are_imported_at_once_each_with_its_result(
    open_as: Open, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good one.xml", tmp_path / "bad one.xml"
    good.write_text(prints("hello"))
    bad.write_text("<xml>\n<block type='text'</xml>")
    page = await open_as("alice")

    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Import", exact=True).click()
    await (await chooser.value).set_files([good, bad])

    results = page.get_by_role("region", name="Import").get_by_role("listitem")
    await expect(results.nth(0)).to_contain_text("Imported")
    await expect(results.nth(1)).to_contain_text(re.compile(r"Not imported: .*line 2"))
    await expect(card(page, "good one")).to_be_visible()


async def test_what_is_thrown_away_comes_back_until_it_is_deleted_for_good(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    new_workspace("alice", name="Old thing")
    page = await open_as("alice", "?q=Old+thing")

    await card(page, "Old thing").get_by_role("button", name="Move to trash").click()
    await page.get_by_role("button", name="Undo").click()
    await expect(card(page, "Old thing")).to_be_visible()
    await card(page, "Old thing").get_by_role("button", name="Move to trash").click()
    await page.get_by_role("link", name="Trash").click()
    await card(page, "Old thing").get_by_role("button", name="Delete for good").click()
    dialog = page.get_by_role("dialog", name="Delete “Old thing” for good?")
    await dialog.get_by_role("button", name="Delete for good").click()

    await expect(card(page, "Old thing")).to_have_count(0)


async def test_a_workspace_is_renamed_and_copied_from_its_card(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    new_workspace("alice", name="Before")
    page = await open_as("alice")

    await card(page, "Before").get_by_role("button", name="Rename").click()
    await page.get_by_label("New name").fill("After")
    await page.keyboard.press("Enter")
    await card(page, "After").get_by_role("button", name="Make a copy").click()

    await expect(page.get_by_text(re.compile("^Copied as "))).to_be_visible()
    await expect(page.get_by_role("article").filter(has_text="After")).to_have_count(2)


async def test_a_card_shows_a_picture_of_the_blocks(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    new_workspace("alice", prints("hello"), name="Pictured")

    page = await open_as("alice")

    await expect(page.get_by_role("img", name="The blocks of Pictured")).to_be_visible()
