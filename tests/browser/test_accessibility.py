"""Every page is usable by everybody: axe finds nothing serious, light or dark, wide or narrow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from .conftest import Open
from .editor_page import RUN_TIMEOUT, EditorPage, axe
from .programs import prints

ROOT = Path(__file__).parents[2]
AXE = ROOT / "jigsaw_service/editor/node_modules/axe-core/axe.min.js"
EXAMPLES = ROOT / "jigsaw_service/editor/src/languages/python/examples"
NARROW = {"width": 390, "height": 800}


async def found(page: Page) -> list[Any]:
    return await axe(page, AXE.read_text())


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, NARROW])
async def test_axe_finds_nothing_serious(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    colours: str,
    viewport: dict[str, int],
) -> None:
    made = new_workspace("alice", prints("hello"))
    page = await open_as("alice", viewport=viewport, color_scheme=colours, bypass_csp=True)
    await page.get_by_role("article").first.wait_for()
    assert await found(page) == []
    await page.get_by_role("button", name="Filters").click()
    await page.get_by_label("My role").wait_for()
    assert await found(page) == []

    await page.get_by_role("button", name="New workspace").click()
    assert await found(page) == []

    await page.goto(page.url + f"w/{made['id']}")
    await EditorPage(page).saved()
    assert await found(page) == []
    await EditorPage(page).button("Share").click()
    await page.get_by_role("dialog").wait_for()
    assert await found(page) == []

    await page.goto(page.url + "-that-is-not-there")
    await page.get_by_role("heading", name="There is nothing here for you").wait_for()
    assert await found(page) == []


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("example", ["rainfall", "spiral"])
async def test_axe_finds_nothing_serious_in_an_example_and_what_it_does(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    language: str,
    example: str,
) -> None:
    made = new_workspace("alice", (EXAMPLES / f"{example}.xml").read_text())
    page = await open_as("alice", f"w/{made['id']}?lang={language}", bypass_csp=True)
    editor = EditorPage(page)
    await expect(editor.block).to_be_visible()
    await page.keyboard.press("Shift+Enter")
    shown = page.locator("run-panel").locator("img, pre").first
    await expect(shown).to_be_visible(timeout=RUN_TIMEOUT)

    assert await found(page) == []


async def test_a_narrow_window_has_tabs_and_keeps_run_in_sight(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    made = new_workspace("alice", prints("hello"))
    page = await open_as("alice", f"w/{made['id']}", viewport=NARROW)
    editor = EditorPage(page)
    await editor.saved()
    await expect(editor.blocks).to_be_visible()

    await page.get_by_role("tab", name="Code").click()

    await expect(editor.code).to_be_visible()
    await expect(editor.blocks).to_be_hidden()
    await expect(editor.button("Run")).to_be_in_viewport()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Output")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize(
    ("language", "direction", "run"), [("de", "ltr", "Ausführen"), ("ar", "rtl", "تشغيل")]
)
async def test_the_page_speaks_other_languages(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    language: str,
    direction: str,
    run: str,
) -> None:
    made = new_workspace("alice", prints("hello"))

    page = await open_as("alice", f"w/{made['id']}?lang={language}")

    await expect(page.get_by_role("button", name=run, exact=True)).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("dir", direction)
    await expect(page.locator("html")).to_have_attribute("lang", language)


async def test_a_program_is_made_and_run_with_the_keyboard_alone(open_as: Open) -> None:
    page = await open_as("alice")
    await page.get_by_role("button", name="New workspace").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.type("By keyboard")
    await page.keyboard.press("Enter")
    editor = EditorPage(page)
    await editor.saved()

    await editor.button("Run").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.type("print")
    await page.keyboard.press("ArrowDown")
    # Into the first block that was found, onto the canvas, and down where it lies.
    for key in "ArrowRight", "Enter", "Enter":
        await page.keyboard.press(key)
    await expect(editor.code.locator("code")).not_to_be_empty()
    await page.keyboard.press("Shift+Enter")

    await editor.finished()
