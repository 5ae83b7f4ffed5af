"""Marks that blocks and code make on each other: where something is, and where it went wrong."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import Page, expect

from ..hub.conftest import ROOT
from .conftest import Open
from .editor_page import RUN_TIMEOUT, EditorPage, axe
from .programs import prints, runs

AXE = ROOT / "jigsaw_service/editor/node_modules/axe-core/axe.min.js"
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


DIVIDES = """<xml xmlns="https://developers.google.com/blockly/xml">
<block type="variables_set" id="set" x="40" y="40"><field name="VAR">n</field>
<value name="VALUE"><block type="math_number" id="zero"><field name="NUM">0</field></block></value>
<next><block type="text_print" id="print"><value name="TEXT">
<block type="procedures_callreturn" id="call"><mutation name="share"/></block>
</value></block></next></block>
<block type="procedures_defreturn" id="share" x="40" y="300"><field name="NAME">share</field>
<value name="RETURN"><block type="math_arithmetic" id="divide"><field name="OP">DIVIDE</field>
<value name="A"><block type="math_number" id="ten"><field name="NUM">10</field></block></value>
<value name="B"><block type="variables_get" id="n"><field name="VAR">n</field></block></value>
</block></value></block></xml>"""
"""Sets a number, and divides by it in a function."""


def marked(page: EditorPage, kind: str) -> Any:
    return page.page.locator(f".blocklyBlockCanvas .end-{kind}")


def note(page: EditorPage, name: str = "Error at this block") -> Any:
    return page.page.get_by_role("note", name=name)


async def test_an_error_is_told_at_its_block(open_as: Open, new_workspace: New) -> None:
    workspace = new_workspace("alice", DIVIDES)
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await page.run()

    await expect(marked(page, "error")).to_have_attribute("data-id", "divide")
    await expect(marked(page, "caller")).to_have_attribute("data-id", "call")
    await expect(note(page)).to_contain_text("This divides by zero")
    await expect(note(page)).to_contain_text("ZeroDivisionError: division by zero")
    await expect_marked(page.page, "10 / n", "error")
    await expect_marked(page.page, "share()", "caller")
    await expect(page.output).to_contain_text("This divides by zero")
    await expect(page.output.get_by_text("Traceback")).to_be_hidden()
    announced = page.output.locator("[aria-live=polite]")
    await expect(announced).to_contain_text("In the block: 10 ÷ n")


async def test_the_mark_goes_when_its_block_is_changed(open_as: Open, new_workspace: New) -> None:
    workspace = new_workspace("alice", DIVIDES)
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await page.run()
    await expect(marked(page, "error")).to_be_attached()

    await page.page.locator("[data-id=zero] .blocklyTextInputField, [data-id=zero]").first.click()
    await page.page.locator(".blocklyHtmlInput").fill("5")
    await page.page.keyboard.press("Enter")
    await expect(page.code).to_contain_text("n = 5")
    await expect(marked(page, "error")).to_be_attached()

    await page.page.locator("[data-id=ten]").first.click()
    await page.page.locator(".blocklyHtmlInput").fill("20")
    await page.page.keyboard.press("Enter")
    await expect(marked(page, "error")).to_have_count(0)
    await expect(note(page)).to_have_count(0)
    await expect_marked(page.page, "", "error")

    await page.run()
    await expect(page.output).to_contain_text("4.0")
    await expect(page.page.locator("[class*=end-]")).to_have_count(0)


async def test_a_mark_is_in_no_workspace(open_as: Open, new_workspace: New) -> None:
    folded = DIVIDES.replace('id="share"', 'id="share" collapsed="true"', 1)
    workspace = new_workspace("alice", folded)
    path = f"w/{workspace['id']}"
    page = EditorPage(await open_as("alice", path))
    other = EditorPage(await open_as("alice", path))
    await page.run()

    await expect(block(page, "divide")).to_be_in_viewport()
    await page.saved()
    await expect(page.button("Undo")).to_be_disabled()
    await expect(other.page.locator(".blocklyCollapsed [data-id=divide]")).to_be_attached()
    await page.button("Close this note").click()
    await expect(page.page.locator(".blocklyCollapsed [data-id=divide]")).to_be_attached()

    await page.page.reload()
    await expect(page.output).to_contain_text("ZeroDivisionError")
    await expect(page.page.locator("[class*=end-]")).to_have_count(0)


async def test_an_error_is_found_by_keyboard(open_as: Open, new_workspace: New) -> None:
    workspace = new_workspace("alice", DIVIDES)
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await page.run()

    await page.button("Show the block").focus()
    await page.page.keyboard.press("Enter")

    await expect(page.page.locator("[data-id]:has(> :focus)")).to_have_attribute(
        "data-id", "divide"
    )
    assert await axe(page.page, AXE.read_text()) == []


async def test_on_a_phone_the_output_leads_to_the_block(open_as: Open, new_workspace: New) -> None:
    workspace = new_workspace("alice", DIVIDES)
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}", **phone))
    await page.run()
    await expect(page.output).to_contain_text("This divides by zero")

    await page.button("Show the block").click()

    await expect(block(page, "divide")).to_be_in_viewport()
    await expect(note(page)).to_be_in_viewport(ratio=1)


async def test_a_stopped_program_tells_where_it_was(open_as: Open, new_workspace: New) -> None:
    lines = runs("import time", "print('asleep', flush=True)", "time.sleep(600)")
    workspace = new_workspace("alice", lines)
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await page.button("Run").click()
    await expect(page.output).to_contain_text("asleep", timeout=RUN_TIMEOUT)

    await page.button("Stop").click()
    await page.finished()

    await expect(marked(page, "stopped")).to_have_attribute("data-id", "line2")
    await expect(note(page, "Stopped at this block")).to_contain_text("stopped here")
    await expect(marked(page, "error")).to_have_count(0)
