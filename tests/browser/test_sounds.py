"""The canvas makes no sound, and gets ready for none, before somebody does something."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import expect

from .conftest import Open
from .editor_page import EditorPage
from .programs import prints

_SOUNDS = """() => performance.getEntriesByType('resource')
  .filter(({ name }) => name.endsWith('.mp3')).length"""


async def test_sounds_are_fetched_at_the_first_gesture(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace("alice", prints("heard"))
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await expect(page.block).to_be_visible()
    await expect(page.code).to_contain_text("heard")
    assert await page.page.evaluate(_SOUNDS) == 0

    async with page.page.expect_response(lambda answer: answer.url.endswith("/delete.mp3")):
        await page.block.click()
