"""Running blocks on one's own kernel, and everything that can come back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from ..hub.conftest import ROOT
from ..hub.people import Person
from .conftest import Open
from .editor_page import RUN_TIMEOUT, EditorPage
from .programs import prints, runs

New = Callable[..., dict[str, Any]]


@pytest.fixture
async def editor(open_as: Open, new_workspace: New) -> Callable[..., Any]:
    """Alice's editor, opened on a program."""

    async def opened(xml: str, name: str = "alice", **options: Any) -> EditorPage:
        workspace = new_workspace(name, xml)
        page = EditorPage(await open_as(name, f"w/{workspace['id']}", **options))
        await expect(page.block).to_be_visible()
        return page

    return opened


async def test_a_stopped_server_is_started_and_the_program_runs(
    editor: Callable[..., Any], person: Callable[[str], Person]
) -> None:
    person("teacher").call("DELETE", "api/server")
    page = await editor(prints("Hello", "from blocks"), "teacher")
    await expect(page.code).to_contain_text("print('Hello')")

    await page.button("Run").click()

    await expect(page.kernel).to_contain_text(re.compile("start", re.I))
    await page.finished()
    await expect(page.output).to_contain_text("Hello\nfrom blocks")


async def test_shift_enter_and_control_enter_run(editor: Callable[..., Any]) -> None:
    page = await editor(runs("n = globals().get('n', 0) + 1", "print('run', n)"))
    await page.block.click(position={"x": 8, "y": 8})

    for number, keys in enumerate(["Shift+Enter", "Control+Enter"], 1):
        await page.page.keyboard.press(keys)
        await expect(page.output).to_contain_text(f"run {number}", timeout=RUN_TIMEOUT)
        await expect(page.page.locator(".blocklyContextMenu")).to_have_count(0)


async def test_text_comes_as_it_is_printed_with_its_colours(editor: Callable[..., Any]) -> None:
    page = await editor(
        runs(
            "import time, sys",
            r"print('\x1b[31mred\x1b[0m <b>bold?</b>', flush=True)",
            "print('oops', file=sys.stderr, flush=True)",
            "time.sleep(6); print('late')",
        )
    )

    await page.button("Run").click()

    await expect(page.output).to_contain_text("red <b>bold?</b>", timeout=RUN_TIMEOUT)
    await expect(page.output).to_contain_text("oops")
    await expect(page.output).not_to_contain_text("late")
    red = page.output.get_by_text("red", exact=True)
    assert await red.evaluate("node => getComputedStyle(node).color") != await page.output.evaluate(
        "node => getComputedStyle(node).color"
    )
    await page.finished()
    await expect(page.output).to_contain_text("late")


async def test_plots_are_images_and_tables_stand_in_a_sandbox(editor: Callable[..., Any]) -> None:
    page = await editor(
        runs(
            "import matplotlib.pyplot as plt, pandas as pd",
            "plt.plot([1, 4, 9]); plt.show()",
            "display(pd.DataFrame({'rain': [1, 2]}))",
        )
    )

    await page.run()

    await expect(page.output.locator("img[src^='data:image/png']")).to_be_visible()
    frame = page.output.locator("iframe")
    assert await frame.get_attribute("sandbox") == "allow-scripts"
    table = page.output.frame_locator("iframe").get_by_role("table")
    await expect(table).to_contain_text("rain")


async def test_an_error_is_shown_and_announced(editor: Callable[..., Any]) -> None:
    page = await editor(runs("1 / 0"))

    await page.run()

    await expect(page.output).to_contain_text("ZeroDivisionError: division by zero")
    await expect(
        page.page.locator("[aria-live], [role=status], [role=alert]")
        .filter(has_text="ZeroDivisionError")
        .first
    ).to_be_attached()


async def test_input_and_getpass_ask_in_the_page(editor: Callable[..., Any]) -> None:
    page = await editor(
        runs(
            "name = input('Your name? ')",
            "from getpass import getpass",
            "secret = getpass('Secret? ')",
            "print('Hi', name, len(secret))",
        )
    )
    await page.button("Run").click()

    asked = page.output.get_by_label("Your name?")
    await expect(asked).to_be_focused(timeout=RUN_TIMEOUT)
    await asked.fill("Zoë")
    await asked.press("Enter")
    hidden = page.output.get_by_label("Secret?")
    await expect(hidden).to_have_attribute("type", "password")
    await hidden.fill("hush-hush")
    await hidden.press("Enter")

    await expect(page.output).to_contain_text("Hi Zoë 9", timeout=RUN_TIMEOUT)
    assert "hush-hush" not in await page.page.content()


async def test_interrupt_stops_a_program_and_restart_forgets_its_variables(
    editor: Callable[..., Any],
) -> None:
    page = await editor(
        runs(
            "forgotten = globals().get('forgotten', 0) + 1",
            "print(forgotten)",
            "import time; time.sleep(600)",
        )
    )
    await page.button("Run").click()
    await expect(page.output).to_contain_text("1", timeout=RUN_TIMEOUT)

    await page.button("Interrupt").click()
    await expect(page.output).to_contain_text("KeyboardInterrupt")
    await page.button("Restart kernel").click()
    await expect(page.kernel).to_contain_text("Kernel: ready", timeout=RUN_TIMEOUT)
    await page.button("Run").click()

    await expect(page.output).to_have_text(re.compile(r"\b1\b"), timeout=RUN_TIMEOUT)
    await page.button("Interrupt").click()


async def test_a_dead_kernel_is_said_and_mended_by_a_button(editor: Callable[..., Any]) -> None:
    page = await editor(runs("print('alive')", "import os; os._exit(1)"), troubled=True)
    await page.button("Run").click()

    mend = page.output.get_by_role("button", name="Restart kernel")
    await expect(mend).to_be_visible(timeout=RUN_TIMEOUT)
    await mend.click()

    await expect(page.kernel).to_contain_text("Kernel: ready", timeout=RUN_TIMEOUT)


async def test_a_culled_server_is_said_and_mended_by_a_button(
    editor: Callable[..., Any], person: Callable[[str], Person]
) -> None:
    page = await editor(prints("back again"), "carol")
    await page.run()
    person("carol").call("DELETE", "api/server")

    await page.button("Run").click()
    mend = page.output.get_by_role("button", name=re.compile("Start my server|Try again|Run"))
    await mend.click(timeout=RUN_TIMEOUT)

    await expect(page.output).to_contain_text("back again", timeout=RUN_TIMEOUT)


async def test_processing_shows_its_code_and_says_what_is_missing(
    open_as: Open, new_workspace: New
) -> None:
    sketch = (ROOT / "tests/workspaces/metakernel_processing1.xml").read_text()
    workspace = new_workspace("alice", sketch, language="processing")
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}"))
    await expect(page.code).to_contain_text("void setup()")

    await page.button("Run").click()

    await expect(page.output).to_contain_text("processing-java", timeout=RUN_TIMEOUT)
