"""Files made in the browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
