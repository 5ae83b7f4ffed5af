"""The blocks as they are drawn, and the keys that work upon them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from .conftest import Open
from .programs import prints

_TEXTS = (
    "iiiiiiiiiiiiiiiiiiii",
    "WWWWWWWWWWWWWWWWWWWW",
    "with  two spaces, twice",
    "Grüße aus Köln, 42 mal",
    "مرحبا بالعالم أجمع",
    "longer than what is shown of it, as fields shorten what has more than fifty characters",
)
_MARGINS = """() => [...document.querySelectorAll('.blocklyBlockCanvas .text .blocklyFieldText')]
  .filter((text) => text.textContent.length > 8)
  .map((text) => text.closest('.blocklyBlock').querySelector('.blocklyPath').getBBox().width
    - text.getComputedTextLength())"""


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_blocks_are_as_wide_as_their_texts(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], language: str
) -> None:
    workspace = new_workspace("alice", prints(*_TEXTS))

    page = await open_as("alice", f"w/{workspace['id']}?lang={language}")
    await expect(page.locator(".blocklyBlockCanvas .text_print")).to_have_count(len(_TEXTS))

    margins = await page.evaluate(_MARGINS)
    assert len(margins) == len(_TEXTS)
    assert max(margins) - min(margins) < 2


async def test_control_f_finds_blocks_also_while_a_text_is_typed(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace("alice", prints("one", "two"))
    page = await open_as("alice", f"w/{workspace['id']}")
    await page.locator(".blocklyBlockCanvas .text .blocklyField").first.click()
    await page.locator(".blocklyHtmlInput").fill("changed")

    await page.keyboard.press("Control+f")

    await expect(page.get_by_role("textbox", name="Find in blocks")).to_be_focused()
    await expect(page.locator(".blocklyHtmlInput")).to_have_count(0)
    await expect(page.get_by_role("region", name="Code")).to_contain_text("changed")
