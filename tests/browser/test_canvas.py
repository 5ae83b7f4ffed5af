"""The blocks as they are drawn, and the keys that work upon them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from ..hub.people import Person
from .conftest import Open
from .editor_page import EditorPage
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


async def test_a_canvas_tells_its_stacks_from_the_start_and_has_no_figure_without_a_name(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    blocks = '<block type="text_print"/>' * 2 + '<block type="controls_if"/>'
    workspace = new_workspace("alice", f"<xml>{blocks}</xml>")
    page = await open_as("alice", f"w/{workspace['id']}")
    canvas = page.get_by_role("region", name="Blocks")

    await expect(canvas.get_by_role("figure", name="3 stacks of blocks")).to_be_attached()
    await expect(page.get_by_role("tree", name="Kinds of blocks")).to_be_visible()
    names = await page.evaluate(
        "() => [...document.querySelectorAll('[role=figure]')].map((one) => one.ariaLabel)"
    )
    assert len(names) > 3 and all(names)

    await canvas.locator(".blocklyBlockCanvas .controls_if").click(position={"x": 10, "y": 10})
    await page.keyboard.press("Delete")
    await expect(canvas.get_by_role("figure", name="2 stacks of blocks")).to_be_attached()


async def test_the_lid_of_the_trash_closes_behind_a_block(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace("alice", "<xml><block type='controls_if'/></xml>")
    page = await open_as("alice", f"w/{workspace['id']}")
    lid = page.locator(".blocklyTrashLid")
    bin_ = await page.locator(".blocklyTrash").bounding_box()
    block = await page.locator(".blocklyBlockCanvas .controls_if").bounding_box()
    assert bin_ and block

    await page.mouse.move(block["x"] + 10, block["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(bin_["x"] + 20, bin_["y"] + 40, steps=10)
    await expect(lid).to_have_css("rotate", "45deg")
    await page.mouse.up()
    await page.mouse.move(block["x"], block["y"])

    await expect(page.locator(".blocklyTrashFull")).to_be_attached()
    await expect(lid).to_have_css("rotate", "0deg")


async def retype_format(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], delay: int
) -> tuple[Page, Locator]:
    """A format of two values of which somebody types away one; the page, and where its code is."""
    values = "".join(
        f'<value name="ADD{n}"><block type="math_number"><field name="NUM">{n + 1}</field></block>'
        "</value>"
        for n in range(2)
    )
    text = '<mutation items="2"/><field name="TEXT">{} and {}</field>'
    workspace = new_workspace(
        "alice", f'<xml><block type="python_format">{text}{values}</block></xml>'
    )
    page = await open_as("alice", f"w/{workspace['id']}")
    code = page.get_by_role("region", name="Code")
    await expect(code).to_contain_text("f'{1} and {2}'")

    await page.locator(".python_format > .blocklyField").first.click()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("only {}", delay=delay)
    return page, code


async def expect_untouched(page: Page, code: Locator) -> None:
    await expect(code).to_contain_text("f'{1} and {2}'")
    await expect(code).not_to_contain_text("only")
    await expect(page.get_by_role("button", name="Undo")).to_be_disabled()


async def by_key(page: Page) -> None:
    await page.keyboard.press("Enter")


async def by_click(page: Page) -> None:
    await page.locator(".blocklyMainBackground").click(position={"x": 500, "y": 400})


@pytest.mark.parametrize("delay", [30, 400], ids=["fast", "slowly"])
@pytest.mark.parametrize("leave", [by_key, by_click])
async def test_a_format_that_is_retyped_is_one_undo(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    leave: Callable[[Page], Awaitable[None]],
    delay: int,
) -> None:
    page, code = await retype_format(open_as, new_workspace, delay)
    await leave(page)
    await expect(code).to_contain_text("f'only {1}'")
    # The value that was let go is bumped aside a quarter of a second later.
    await page.wait_for_timeout(600)
    await page.get_by_role("button", name="Undo").click()

    await expect_untouched(page, code)


ENTER_AND_CLICK = """(button) => {
  const enter = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true });
  document.querySelector('.blocklyHtmlInput').dispatchEvent(enter);
  button.click();
}"""


async def test_an_undo_before_blockly_has_told_of_the_last_edit_takes_that_back(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    page, code = await retype_format(open_as, new_workspace, 400)
    await expect(code).to_contain_text("f'only {1}'")
    await page.get_by_role("button", name="Undo").evaluate(ENTER_AND_CLICK)
    # Whatever comes of it late has come.
    await page.wait_for_timeout(600)

    await expect_untouched(page, code)


FOREIGN = (
    '<xml><block type="text_print" glow="red" x="40" y="40"><field name="UNIT">m</field>'
    '<value name="TEXT"><block type="math_number"><field name="NUM">3,14</field></block></value>'
    "<note>by hand</note></block></xml>"
)
PARTS = ("text_print", 'glow="red"', '<field name="UNIT">m<', ">3,14<", "<note>by hand</note>")


async def test_a_copy_keeps_what_another_app_put_into_the_block(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
) -> None:
    workspace = new_workspace("alice", FOREIGN)
    page = await open_as("alice", f"w/{workspace['id']}")
    prints_ = page.locator(".blocklyBlockCanvas .text_print")
    await prints_.click(position={"x": 8, "y": 8})

    await page.keyboard.press("Control+c")
    await page.keyboard.press("Control+v")
    await expect(prints_).to_have_count(2)
    await page.keyboard.press("Control+x")
    await expect(prints_).to_have_count(1)
    await page.keyboard.press("Control+v")
    await expect(prints_).to_have_count(2)

    def kept() -> str:
        return person("alice").call("GET", f"api/workspaces/{workspace['id']}/xml").text

    # Blockly tells of the last one after the next frame; until then, all is saved that is known.
    while any(kept().count(part) != 2 for part in PARTS):
        await asyncio.sleep(0.2)


async def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(*end, steps=10)
    await page.mouse.up()


async def test_a_block_from_the_trash_keeps_what_another_app_put_into_it(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
) -> None:
    workspace = new_workspace("alice", FOREIGN)
    page = await open_as("alice", f"w/{workspace['id']}")
    prints_ = page.locator(".blocklyBlockCanvas .text_print")
    kept_ = page.locator(".blocklyTrashcanFlyout .text_print")
    await prints_.click(position={"x": 8, "y": 8})
    await page.keyboard.press("Delete")
    await expect(prints_).to_have_count(0)

    await page.locator(".blocklyTrashFull").click()
    await expect(kept_).to_be_visible()
    box = await kept_.bounding_box()
    assert box
    await drag(page, (box["x"] + 8, box["y"] + 8), (400, 300))

    def kept() -> str:
        return person("alice").call("GET", f"api/workspaces/{workspace['id']}/xml").text

    while any(kept().count(part) != 1 for part in PARTS):
        await asyncio.sleep(0.2)


async def test_a_copy_of_a_comment_keeps_what_another_app_put_into_it(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
) -> None:
    workspace = new_workspace(
        "alice", '<xml><comment id="c" glow="red" x="40" y="40" w="200" h="100">Hi</comment></xml>'
    )
    page = await open_as("alice", f"w/{workspace['id']}")
    comments = page.locator(".blocklySvg .blocklyComment")
    await comments.locator(".blocklyCommentTopbarBackground").click()
    await page.keyboard.press("Control+c")
    await page.keyboard.press("Control+v")
    await expect(comments).to_have_count(2)

    def kept() -> str:
        return person("alice").call("GET", f"api/workspaces/{workspace['id']}/xml").text

    while kept().count('glow="red"') != 2:
        await asyncio.sleep(0.2)


CUT_AND_PASTE = """() => {
  for (const [key, keyCode] of [['x', 88], ['v', 86]])
    document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key, keyCode, ctrlKey: true, bubbles: true }),
    );
}"""


async def test_a_paste_right_after_a_cut_reaches_the_canvas(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    """On a busy machine, keys come before Blockly has found another block to focus."""
    page = await open_as("alice", f"w/{new_workspace('alice', FOREIGN)['id']}")
    prints_ = page.locator(".blocklyBlockCanvas .text_print")
    await prints_.click(position={"x": 8, "y": 8})
    before = await prints_.get_attribute("data-id")

    await page.evaluate(CUT_AND_PASTE)

    await expect(prints_).to_have_count(1)
    assert await prints_.get_attribute("data-id") != before


ROBOT = (
    '<xml><block type="robot.turn" x="9" y="9"><value name="BY"><block type="math_number"/></value>'
    '<statement name="DO" align="left"><block type="text_print"/></statement></block></xml>'
)


@pytest.mark.parametrize("width", [1280, 390])
async def test_blocks_that_do_not_run_are_told_by_page_and_code_alike(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
    width: int,
) -> None:
    workspace = new_workspace("alice", ROBOT)
    size = {"width": width, "height": 800}
    page = await open_as("alice", f"w/{workspace['id']}", viewport=size)

    notice = page.get_by_role("note").filter(has_text="robot.turn")
    await expect(notice).to_contain_text("2 blocks")
    await expect(notice).to_contain_text("math_number, text_print")
    if width < 500:
        await page.get_by_role("tab", name="Code").click()
    said = "robot.turn (2 inside it do not run: math_number, text_print)"
    await expect(EditorPage(page).code).to_contain_text(said)
    path = f"api/workspaces/{workspace['id']}/export?format=source"
    assert said in person("alice").call("GET", path).text
