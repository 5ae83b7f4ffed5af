"""How the editor opens."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from .conftest import Open
from .programs import prints

_NAMED = """() => [...document.querySelectorAll('head link[rel=modulepreload], head script[src]')]
  .map((element) => element.href || element.src)"""
_LOADED = """() => performance.getEntriesByType('resource').map(({ name }) => name)
  .filter((name) => name.endsWith('.js'))"""


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
