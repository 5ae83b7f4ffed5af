"""Opening the editor: scripts are fetched together, are small, and nothing overlaps."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from .conftest import Open
from .programs import prints

# The bar that finds blocks and the run panel are fetched once the page has nothing else to do.
_NAMED = """() => [...document.querySelectorAll('head link[rel=modulepreload], head script[src]')]
  .map((element) => element.href || element.src)
  .filter((name) => !/\\/(find|runPanel)-/.test(name))"""
_LOADED = """() => performance.getEntriesByType('resource').map(({ name }) => name)
  .filter((name) => name.endsWith('.js') && !/\\/(find|runPanel)-/.test(name))"""

_OVERLAP = """() => {
  const [tools, status] = ['.canvas-tools', '.kernel-status'].map((name) =>
    document.querySelector(name).getBoundingClientRect());
  return tools.left < status.right && status.left < tools.right
    && tools.top < status.bottom && status.top < tools.bottom;
}"""


@pytest.mark.parametrize("locale", ["en", "de", "ar"])
@pytest.mark.parametrize("language", ["python", "processing"])
async def test_all_scripts_are_asked_for_together(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], language: str, locale: str
) -> None:
    workspace = new_workspace("alice", prints("hello"), language=language)

    page = await open_as("alice", f"w/{workspace['id']}?lang={locale}")
    await expect(page.locator(".blocklyBlockCanvas .text_print")).to_have_count(1)

    named = set(await page.evaluate(_NAMED))
    assert set(await page.evaluate(_LOADED)) == named


async def test_scripts_hold_no_letter_that_would_double_their_size_in_the_browser(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace("alice", prints("hello"))

    page = await open_as("alice", f"w/{workspace['id']}")
    built = [script for script in await page.evaluate(_NAMED) if "/assets/" in script]
    assert built
    for script in built:
        assert (await (await page.request.get(script)).body()).isascii(), script


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("locale", ["en", "ar"])
async def test_nothing_reaches_beyond_the_window_or_over_its_neighbour(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], locale: str, width: int
) -> None:
    workspace = new_workspace("alice", prints("hello"))

    size = {"width": width, "height": 800}
    page = await open_as("alice", f"w/{workspace['id']}?lang={locale}", viewport=size)
    await expect(page.locator(".blocklyBlockCanvas .text_print")).to_have_count(1)

    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert not await page.evaluate(_OVERLAP)
