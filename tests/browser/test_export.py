"""Files made in the browser."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from playwright.async_api import expect

from .conftest import Open
from .editor_page import EditorPage
from .programs import prints


async def test_exported_code_begins_as_the_api_has_it(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], person: Callable[[str], Any]
) -> None:
    made = new_workspace("alice", prints("größer"), name="Sizes")
    page = EditorPage(await open_as("alice", f"w/{made['id']}"))
    await expect(page.block).to_be_visible()

    await page.button("Export").click()
    async with page.page.expect_download() as download:
        await page.button("Code").click()

    file = await download.value
    assert file.suggested_filename == "Sizes.py"
    path = f"api/workspaces/{made['id']}/export?format=source"
    assert Path(await file.path()).read_text() == person("alice").call("GET", path).text


async def test_exported_json_is_what_blockly_loads_and_brings_the_blocks_back(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], person: Callable[[str], Any]
) -> None:
    made = new_workspace("alice", prints("größer"), name="Sizes")
    page = EditorPage(await open_as("alice", f"w/{made['id']}"))
    await page.change("kleiner")

    await page.button("Export").click()
    async with page.page.expect_download() as download:
        await page.button("Blocks (Blockly’s JSON)").click()

    file = await download.value
    assert file.suggested_filename == "Sizes.json"
    saved = json.loads(Path(await file.path()).read_text())
    (block,) = saved["blocks"]["blocks"]
    assert block["type"] == "text_print" and "kleiner" in json.dumps(block)
    path = f"api/workspaces/{made['id']}/export?format=json"
    assert saved == person("alice").call("GET", path).json()


async def test_a_notebook_from_the_editor_brings_its_blocks_back(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Any],
    tmp_path: Path,
) -> None:
    made = new_workspace("alice", prints("größer"), name="Sizes: all")
    page = EditorPage(await open_as("alice", f"w/{made['id']}"))
    await expect(page.block).to_be_visible()

    await page.button("Export").click()
    async with page.page.expect_download() as download:
        await page.button("Notebook (code and blocks)").click()
    notebook = tmp_path / "any.ipynb"
    await (await download.value).save_as(notebook)
    nbformat.validate(nbformat.reads(notebook.read_text(), as_version=4))
    home = await open_as("bob")
    async with home.expect_file_chooser() as chooser:
        await home.get_by_role("button", name="Import", exact=True).click()
    await (await chooser.value).set_files(notebook)

    await expect(home.get_by_role("heading", name="Sizes: all")).to_be_visible()
    await expect(EditorPage(home).code).to_contain_text("print('größer')")
