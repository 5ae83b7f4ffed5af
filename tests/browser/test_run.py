"""Running blocks on one's own kernel, and everything that can come back."""

import os
import re
import signal
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


async def test_who_looks_elsewhere_sees_that_it_runs_and_hears_that_it_ended(
    editor: Callable[..., Any],
) -> None:
    page = await editor(
        runs("import time; time.sleep(12); print('done')"),
        viewport={"width": 390, "height": 800},
    )

    await page.button("Run").click()
    await page.page.get_by_role("tab", name="Output").click()
    await expect(page.output.get_by_role("timer")).to_have_text(
        re.compile("Running for [0-9]+s"), timeout=RUN_TIMEOUT
    )
    await expect(page.page).to_have_title(re.compile("^▶ Test"))
    await page.page.get_by_role("tab", name="Blocks").click()

    toasts = page.page.locator("#toasts")
    await expect(toasts).to_contain_text("Finished after 1", timeout=RUN_TIMEOUT)
    await expect(page.page).to_have_title(re.compile("^Test"))


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


async def test_text_is_shown_as_a_terminal_shows_it(editor: Callable[..., Any]) -> None:
    page = await editor(
        runs(
            r"print('main 0/2\n\rinner 0/3\x1b[A\rmain 1/2\n\rinner 1/3', flush=True)",
            r"print('\x1b]8;;http://example.org/a?b\x07to the web\x1b]8;;\x07')",
            r"print('\x1b]8;;javascript:alert(1)\x07nowhere\x1b]8;;\x07\x1b[?25l\x1b]0;t\x07')",
        )
    )

    await page.run()

    text = await page.output.locator("pre").inner_text()
    assert text.split() == ["main", "1/2", "inner", "1/3", "to", "the", "web", "nowhere"]
    link = page.output.get_by_role("link", name="to the web")
    await expect(link).to_have_attribute("href", "http://example.org/a?b")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(page.output.get_by_role("link")).to_have_count(1)


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
    await expect(page.output).to_contain_text(re.compile(r"Your name\?\s+Zoë\s+Secret\?\s+Hi"))
    assert "hush-hush" not in await page.page.content()


async def test_stop_is_no_error_and_restart_forgets_the_variables(
    editor: Callable[..., Any],
) -> None:
    page = await editor(
        runs(
            "forgotten = globals().get('forgotten', 0) + 1",
            "print('number', forgotten)",
            "import time; time.sleep(600)",
        )
    )
    await page.button("Run").click()
    await expect(page.output).to_contain_text("number 1", timeout=RUN_TIMEOUT)

    await page.button("Stop").click()
    await expect(page.output).to_contain_text("Stopped after")
    await expect(page.output.get_by_text("KeyboardInterrupt").first).to_be_hidden()
    await page.output.get_by_text("Where it was").click()
    await expect(page.output.get_by_text("KeyboardInterrupt").first).to_be_visible()
    await page.button("Restart kernel").click()
    await expect(page.kernel).to_contain_text("Kernel: ready", timeout=RUN_TIMEOUT)
    await page.button("Run").click()

    await expect(page.output).to_contain_text("number 1", timeout=RUN_TIMEOUT)
    await page.button("Stop").click()


async def test_a_stop_reaches_a_program_that_is_only_about_to_begin(
    editor: Callable[..., Any],
) -> None:
    page = await editor(runs("while True: pass"))
    await page.button("Run").click()
    await expect(page.button("Stop")).to_be_enabled()

    await page.button("Stop").click()

    await expect(page.output).to_contain_text("Stopped", timeout=RUN_TIMEOUT)
    await expect(page.button("Stop")).to_be_disabled()
    await expect(page.button("Run")).to_be_enabled()


async def test_a_run_that_printed_nothing_says_so_to_eyes_and_screen_readers(
    editor: Callable[..., Any],
) -> None:
    page = await editor(runs("n = 1"))

    await page.run()

    said = re.compile("Finished, nothing was printed, after")
    await expect(page.output.locator(".outcome")).to_have_text(said)
    await expect(page.output.locator("[aria-live=polite]")).to_have_text(said)
    await expect(page.output).not_to_contain_text("Run your program")


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("import sys; print('to the end'); sys.exit()", "to the end"),
        ("raise SystemExit(0)", "nothing was printed"),
        ("import sys; sys.exit('no more money')", "no more money"),
    ],
)
async def test_a_program_that_exits_by_itself_ends_well(
    editor: Callable[..., Any], program: str, shown: str
) -> None:
    page = await editor(runs(program))

    await page.run()

    await expect(page.output).to_contain_text(shown)
    await expect(page.output).to_contain_text("Finished")
    await expect(page.output).not_to_contain_text(re.compile("SystemExit|To exit"))


async def test_a_program_that_ends_its_kernel_by_exit_ends_well_and_runs_again(
    editor: Callable[..., Any],
) -> None:
    page = await editor(runs("print('bye')", "exit()"))

    for _ in range(2):
        await page.run()

        await expect(page.output).to_contain_text("bye")
        await expect(page.output).to_contain_text("Finished")
        await expect(page.output.get_by_role("alert")).to_have_count(0)


async def test_what_comes_after_the_end_reaches_the_output(editor: Callable[..., Any]) -> None:
    page = await editor(
        runs(
            "import threading, asyncio",
            "shown = display('waiting', display_id=True)",
            "threading.Timer(2, lambda: shown.update('ready')).start()",
            "threading.Timer(3, lambda: print('late')).start()",
            "threading.Timer(12, lambda: print('very late')).start()",
            "async def task(): await asyncio.sleep(1); print('from a task')",
            "kept = asyncio.get_event_loop().create_task(task())",
            "print('main done')",
        )
    )

    await page.run()

    await expect(page.output).to_contain_text("Finished")
    await expect(page.output).to_contain_text("from a task")
    await expect(page.output).to_contain_text("'ready'")
    await expect(page.output).to_contain_text("late")
    await expect(page.output).to_contain_text("very late")


async def test_what_a_widget_talks_to_its_own_page_about_is_left_alone(
    editor: Callable[..., Any],
) -> None:
    page = await editor(
        runs(
            "from comm import create_comm",
            "closed = globals().get('closed', [])",
            "talk = create_comm(target_name='a widget')",
            "talk.on_close(closed.append)",
            "print('closed', len(closed))",
        )
    )

    await page.run()
    await expect(page.output).to_contain_text("closed 0")
    await page.run()

    await expect(page.output).to_contain_text("closed 0")


async def test_help_and_the_question_mark_show_what_they_tell(editor: Callable[..., Any]) -> None:
    page = await editor(runs("help(abs)", "len?"))

    await page.run()

    await expect(page.output).to_contain_text("Return the absolute value of the argument.")
    await expect(page.output).to_contain_text("Return the number of items in a container.")


async def test_a_killed_server_is_told_the_same_way_before_and_during_a_run(
    editor: Callable[..., Any], person: Callable[[str], Person]
) -> None:
    page = await editor(
        runs("import os; print('in', os.getppid())", "import time; time.sleep(600)"),
        "carol",
        troubled=True,
    )
    await page.button("Run").click()
    await expect(page.output).to_contain_text(re.compile(r"in \d+"), timeout=RUN_TIMEOUT)
    server = int(re.findall(r"in (\d+)", await page.output.inner_text())[0])

    os.kill(server, signal.SIGKILL)

    said = page.output.get_by_role("alert")
    await expect(said).to_contain_text("Your server doesn’t answer", timeout=RUN_TIMEOUT)
    await page.page.reload()
    await expect(page.block).to_be_visible()
    await page.button("Run").click()
    await expect(said).to_contain_text("Your server doesn’t answer", timeout=RUN_TIMEOUT)
    person("carol").call("DELETE", "api/server")


async def test_a_server_that_is_stopped_in_mid_run_is_said_and_mended_by_a_button(
    editor: Callable[..., Any], person: Callable[[str], Person]
) -> None:
    page = await editor(
        runs("import time", "print('tick', time.time(), flush=True)", "time.sleep(600)"),
        "carol",
        troubled=True,
    )
    await page.button("Run").click()
    await expect(page.output).to_contain_text("tick ", timeout=RUN_TIMEOUT)
    before = re.findall(r"tick [\d.]+", await page.output.inner_text())[0]

    person("carol").call("DELETE", "api/server")

    said = page.output.get_by_role("alert")
    await expect(said).to_contain_text("Your server", timeout=RUN_TIMEOUT)
    await expect(page.output).to_contain_text("Lost after")
    await said.get_by_role("button").click()
    await expect(page.output).not_to_contain_text(before)
    await expect(page.output).to_contain_text("tick ", timeout=RUN_TIMEOUT)
    await page.button("Stop").click()
    await expect(page.output).to_contain_text("Stopped", timeout=RUN_TIMEOUT)


async def test_what_is_cleared_late_is_cleared_when_something_comes_in_its_place(
    editor: Callable[..., Any],
) -> None:
    page = await editor(
        runs(
            "import threading",
            "from IPython.display import clear_output",
            "threading.Timer(2, clear_output, [True]).start()",
            "threading.Timer(4, print, ['new']).start()",
            "print('old')",
        )
    )
    await page.run()
    await expect(page.output).to_contain_text("old")

    await expect(page.output).to_contain_text("new")
    await expect(page.output).not_to_contain_text("old")


@pytest.mark.parametrize(
    "killer", ["os._exit(1)", "os.kill(os.getpid(), signal.SIGKILL)", "ctypes.string_at(0)"]
)
async def test_a_kernel_that_dies_is_said_and_comes_back_ready_to_run(
    editor: Callable[..., Any], killer: str
) -> None:
    page = await editor(runs("import ctypes, os, signal", "print('alive', flush=True)", killer))
    said = page.output.get_by_role("alert")

    for _ in range(2):
        await page.button("Run").click()

        await expect(said).to_contain_text("stopped unexpectedly", timeout=RUN_TIMEOUT)
        await expect(page.output).to_contain_text("Lost after")
        await page.finished()
        await expect(said).to_contain_text("was started afresh")


async def test_a_kernel_that_dies_too_often_is_given_up_and_the_next_run_takes_another(
    editor: Callable[..., Any],
) -> None:
    page = await editor(runs("print('alive', flush=True)", "import os; os._exit(1)"))
    said = page.output.get_by_role("alert")

    for _ in range(7):
        await page.button("Run").click()
        await expect(said).to_contain_text("stopped unexpectedly", timeout=RUN_TIMEOUT)
        await expect(page.button("Run")).to_be_enabled()
        await expect(page.kernel).to_contain_text(re.compile("ready|stopped"), timeout=RUN_TIMEOUT)


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


async def test_a_kernel_that_somebody_has_ended_meanwhile_is_started_by_the_next_run(
    editor: Callable[..., Any], person: Callable[[str], Person]
) -> None:
    page = await editor(runs("n = globals().get('n', 0) + 1", "print('number', n)"))
    await page.run()
    alice = person("alice")
    for session in alice.call("GET", "api/jupyter/api/sessions").json():
        alice.call("DELETE", f"api/jupyter/api/sessions/{session['id']}")

    for number in (1, 2):
        await page.run()
        await expect(page.output).to_contain_text(f"number {number}")
        await expect(page.output.get_by_role("alert")).to_have_count(0)
