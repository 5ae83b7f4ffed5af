"""A store that fails under a page: said in words, work kept in the browser, and brought later."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from ..hub.conftest import Demo, running
from ..hub.people import Person
from .conftest import cookies_of
from .editor_page import EditorPage
from .programs import prints

NOT_STORED = "Saving: the service can’t store your work just now; it is kept in this browser"


@pytest.fixture
def own_hub(tmp_path: Path) -> Demo:
    return Demo(tmp_path)


@pytest.fixture
async def page(own_hub: Demo, browser: Browser) -> AsyncIterator[Page]:
    with running(own_hub) as demo:
        alice = Person(demo.url, "alice").sign_in()
        wanted = {"name": "Test", "language": "python", "xml": prints("before")}
        made = alice.call("POST", "api/workspaces", json=wanted).json()
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        await context.add_cookies(cookies_of(alice))
        page = await context.new_page()
        await page.goto(f"{demo.url}w/{made['id']}")
        await expect(EditorPage(page).block).to_be_visible()
        yield page
        await context.close()


async def test_a_database_that_is_moved_away_is_said_and_its_return_too(
    own_hub: Demo, page: Page
) -> None:
    editor = EditorPage(page)
    file = own_hub.folder / "service/jigsaw.sqlite"
    file.rename(file.with_suffix(".away"))
    said: list[str] = []
    await page.expose_function("hear", lambda text: said.append(text))
    await page.evaluate(
        """() => {
          const tell = () => hear(document.querySelector('[role=status].save-text').textContent);
          new MutationObserver(tell).observe(
            document.body, {childList: true, characterData: true, subtree: true});
        }"""
    )

    await editor.change("kept")
    await expect(editor.saving).to_have_text(NOT_STORED)
    await asyncio.sleep(6)
    after = said[said.index(NOT_STORED) :]
    assert set(after) == {NOT_STORED}, "not by turns with something else"

    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.get_by_role("heading", level=1)).to_have_text(
        "The service can’t store your work just now"
    )
    assert not file.exists(), "none is made in its place"

    file.with_suffix(".away").rename(file)
    await expect(editor.saving).to_have_text("Saved")
    await expect(other.get_by_role("heading", level=1)).to_have_text("Test")
    await expect(EditorPage(other).code).to_contain_text("print('kept')")
