"""Marks that blocks and code make on each other: where something is, and where it went wrong."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import Page, expect

from .conftest import Open
from .editor_page import EditorPage
from .programs import prints

New = Callable[..., dict[str, Any]]

MARKED = "[...(CSS.highlights.get('jigsaw-{kind}') ?? [])].map(String).join('|')"


async def expect_marked(page: Page, code: str, kind: str = "block") -> None:
    """Wait until just this code is marked; "" for none."""
    await page.wait_for_function(f"code => {MARKED.format(kind=kind)} === code", arg=code)


def block(page: EditorPage, id_: str) -> Any:
    return page.page.locator(f".blocklyBlockCanvas [data-id='{id_}'] > .blocklyPath").first


def selected(page: EditorPage) -> Any:
    return page.page.locator(".blocklyBlockCanvas .blocklySelected")


async def test_a_block_under_the_pointer_has_its_code_marked(
    open_as: Open, new_workspace: New
) -> None:
    workspace = new_workspace("alice", prints("one", "two"))
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))

    await block(page, "print1").hover(position={"x": 8, "y": 12})
    await expect_marked(page.page, "print('two')")

    await block(page, "print0").hover(position={"x": 8, "y": 12})
    await expect_marked(page.page, "print('one')")

    await page.code.get_by_role("heading").hover()
    await expect_marked(page.page, "")


async def test_a_click_into_the_code_selects_its_block(open_as: Open, new_workspace: New) -> None:
    workspace = new_workspace("alice", prints(*map(str, range(60))))
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await expect(block(page, "print59")).not_to_be_in_viewport()

    await page.code.get_by_text("'59'").click()

    await expect(selected(page)).to_have_attribute("data-id", "print59")
    await expect(block(page, "print59")).to_be_in_viewport()
    await expect_marked(page.page, "print('59')")


async def test_the_keys_move_through_the_code_and_to_its_block(
    open_as: Open, new_workspace: New
) -> None:
    workspace = new_workspace("alice", prints("one", "two", "three"))
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await expect(page.block).to_be_visible()

    await page.code.get_by_role("group", name="Code").focus()
    await expect(page.code.locator(".code-caret")).to_be_attached()
    await page.page.keyboard.press("ArrowDown")
    await expect_marked(page.page, "print('two')")
    await expect(selected(page)).to_have_attribute("data-id", "print1")
    await page.page.keyboard.press("ArrowDown")
    await expect_marked(page.page, "print('three')")
    await page.page.keyboard.press("Enter")

    focused = page.page.locator("[data-id]:has(> :focus)")
    await expect(focused).to_have_attribute("data-id", "print2")
    await expect_marked(page.page, "print('three')")
    await page.page.keyboard.press("ArrowUp")
    await expect_marked(page.page, "print('two')")


async def test_on_a_phone_code_and_blocks_lead_to_each_other(
    open_as: Open, new_workspace: New
) -> None:
    workspace = new_workspace("alice", prints(*map(str, range(60))))
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}", **phone))
    await expect(page.block).to_be_visible()

    await page.page.get_by_role("tab", name="Code").click()
    await page.code.get_by_text("'59'").click()
    await expect_marked(page.page, "print('59')")
    await page.button("Show the block").click()

    await expect(block(page, "print59")).to_be_in_viewport()
    await expect(selected(page)).to_have_attribute("data-id", "print59")

    await block(page, "print58").click(position={"x": 8, "y": 12})
    await page.page.get_by_role("tab", name="Code").click()
    await expect_marked(page.page, "print('58')")
    await expect(page.code.get_by_text("'58'")).to_be_in_viewport()


async def test_nothing_that_is_marked_is_saved(open_as: Open, new_workspace: New) -> None:
    workspace = new_workspace("alice", prints("one", "two"))
    path = f"w/{workspace['id']}"
    page = EditorPage(await open_as("alice", path))

    await page.code.get_by_text("'two'").click()
    await expect_marked(page.page, "print('two')")

    await page.saved()
    await expect(page.button("Undo")).to_be_disabled()


async def test_in_a_notebooks_frame_code_and_blocks_lead_to_each_other(
    open_as: Open, new_workspace: New
) -> None:
    workspace = new_workspace("alice", prints("one", "two"))
    page = EditorPage(await open_as("alice", f"embed/{workspace['id']}"))

    await block(page, "print1").hover(position={"x": 8, "y": 12})
    await expect_marked(page.page, "print('two')")
    await page.code.get_by_text("'one'").click()
    await expect(selected(page)).to_have_attribute("data-id", "print0")
