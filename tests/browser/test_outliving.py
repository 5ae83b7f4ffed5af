"""A program outlives its page: pages opened later show it running, and can stop it."""

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from ..hub.people import Person
from .conftest import Demo, Open
from .editor_page import RUN_TIMEOUT, EditorPage
from .programs import runs

New = Callable[..., dict[str, Any]]
ENDLESS = runs("print('first light', flush=True)", "while True: pass")
COUNTS = runs(
    "import time",
    "for n in range(1000): print('tick', n, flush=True); time.sleep(0.2)",
)


class Workspace:
    """One workspace of Alice's, and the pages that are opened on it."""

    def __init__(self, open_as: Open, id_: str) -> None:
        self._open_as, self.id = open_as, id_

    async def open(self, **options: Any) -> EditorPage:
        page = EditorPage(await self._open_as("alice", f"w/{self.id}", **options))
        await expect(page.block).to_be_visible()
        return page


@pytest.fixture
def workspace(
    open_as: Open, new_workspace: New, alice_with_server: Person
) -> Callable[[str], Workspace]:
    return lambda xml: Workspace(open_as, new_workspace("alice", xml)["id"])


async def starts(page: EditorPage, text: str) -> None:
    """Run, and wait for `text` of this very run: until it runs, an earlier one's is shown."""
    await page.button("Run").click()
    await expect(page.kernel).to_have_text(re.compile("Kernel: running"), timeout=RUN_TIMEOUT)
    await expect(page.output).to_contain_text(text, timeout=RUN_TIMEOUT)


async def is_running(page: EditorPage) -> None:
    await expect(page.kernel).to_have_text(re.compile("Kernel: running"), timeout=RUN_TIMEOUT)
    await expect(page.button("Stop")).to_be_enabled()
    await expect(page.button("Restart kernel")).to_be_enabled()
    await expect(page.button("Run")).to_be_disabled()


async def stopped(page: EditorPage) -> None:
    await expect(page.output).to_contain_text("Stopped", timeout=RUN_TIMEOUT)
    await page.finished()


async def test_after_a_reload_it_is_shown_as_running_and_can_be_stopped(
    workspace: Callable[[str], Workspace],
) -> None:
    page = await workspace(ENDLESS).open()
    await starts(page, "first light")

    await page.page.reload()

    await is_running(page)
    await expect(page.output).to_contain_text("first light")
    await page.button("Stop").click()
    await stopped(page)
    await expect(page.output).not_to_contain_text("Run your program")


async def test_after_a_reload_the_kernel_can_be_restarted_and_runs_again(
    workspace: Callable[[str], Workspace],
) -> None:
    page = await workspace(ENDLESS).open()
    await starts(page, "first light")
    await page.page.reload()
    await is_running(page)

    await page.button("Restart kernel").click()

    await stopped(page)
    await starts(page, "first light")
    await page.button("Stop").click()
    await stopped(page)


async def test_what_is_printed_while_no_page_is_open_is_there_afterwards(
    workspace: Callable[[str], Workspace],
) -> None:
    place = workspace(
        runs("import time", "for n in range(6): print('tick', n, flush=True); time.sleep(1)")
    )
    page = await place.open()
    await starts(page, "tick 0")
    await page.page.context.close()
    await asyncio.sleep(7)

    page = await place.open()

    await expect(page.output).to_contain_text("tick 5", timeout=RUN_TIMEOUT)
    await expect(page.output).to_contain_text("tick 0")
    await expect(page.output).to_contain_text("Finished after")


async def test_a_second_tab_and_a_second_computer_show_the_same(
    workspace: Callable[[str], Workspace],
) -> None:
    place = workspace(COUNTS)
    first, second = await place.open(), await place.open()
    tab = EditorPage(await first.page.context.new_page())
    await tab.page.goto(first.page.url)
    await expect(tab.kernel).to_have_text(re.compile("Kernel: not started"))

    await starts(first, "tick 3")

    for page in (tab, second):
        await is_running(page)
        await expect(page.output).to_contain_text("tick 0")
        await expect(page.output).to_contain_text("tick 20", timeout=RUN_TIMEOUT)
    await second.button("Stop").click()
    for page in (first, tab, second):
        await stopped(page)


async def test_a_run_while_another_goes_on_is_refused_in_words(
    workspace: Callable[[str], Workspace],
) -> None:
    place = workspace(COUNTS)
    first, second = await place.open(), await place.open()
    await starts(first, "tick 0")
    await is_running(second)

    await second.block.click(position={"x": 8, "y": 8})
    await second.page.keyboard.press("Shift+Enter")

    await expect(second.output.get_by_role("alert")).to_contain_text("runs already")
    await second.output.get_by_role("alert").get_by_role("button", name="Stop").click()
    await stopped(second)
    await stopped(first)


async def test_what_a_script_has_run_is_shown_and_can_be_stopped(
    workspace: Callable[[str], Workspace], alice_with_server: Person
) -> None:
    place = workspace(COUNTS)
    page = await place.open()
    code = "import time\nprint('by script', flush=True)\ntime.sleep(600)"
    execute = partial(
        alice_with_server.call, "POST", f"api/workspaces/{place.id}/execute", json={"code": code}
    )
    executing = asyncio.get_running_loop().run_in_executor(None, execute)

    await is_running(page)
    await expect(page.output).to_contain_text("by script")
    await page.button("Stop").click()

    await stopped(page)
    assert "KeyboardInterrupt" in (await executing).text


async def test_a_question_can_be_answered_after_a_reload(
    workspace: Callable[[str], Workspace],
) -> None:
    page = await workspace(runs("name = input('Your name? ')", "print('Hi', name)")).open()
    await page.button("Run").click()
    await expect(page.output.get_by_label("Your name?")).to_be_visible(timeout=RUN_TIMEOUT)

    await page.page.reload()
    asked = page.output.get_by_label("Your name?")
    await asked.fill("Zoë", timeout=RUN_TIMEOUT)
    await asked.press("Enter")

    await expect(page.output).to_contain_text("Hi Zoë", timeout=RUN_TIMEOUT)
    await expect(page.output).to_contain_text("Finished")


async def test_a_question_is_asked_on_all_pages_until_one_answers(
    workspace: Callable[[str], Workspace],
) -> None:
    place = workspace(runs("name = input('Your name? ')", "import time; time.sleep(600)"))
    first, second = await place.open(), await place.open()
    await first.button("Run").click()
    for page in (first, second):
        await expect(page.output.get_by_label("Your name?")).to_be_visible(timeout=RUN_TIMEOUT)

    await second.output.get_by_label("Your name?").fill("Zoë")
    await second.output.get_by_label("Your name?").press("Enter")

    for page in (second, first):
        await expect(page.output.get_by_label("Your name?")).to_have_count(0)
        await is_running(page)
    await second.button("Stop").click()
    await stopped(first)


async def test_a_restart_on_another_page_is_told_as_that_and_the_next_run_works(
    workspace: Callable[[str], Workspace],
) -> None:
    place = workspace(ENDLESS)
    first, second = await place.open(), await place.open()
    await starts(first, "first light")
    await is_running(second)

    await second.button("Restart kernel").click()

    for page in (first, second):
        await expect(page.output).to_contain_text("the kernel was restarted", timeout=RUN_TIMEOUT)
        await page.finished()
        await expect(page.output.get_by_role("alert")).to_have_count(0)
    await starts(first, "first light")
    await first.button("Stop").click()
    await stopped(first)


async def test_a_restart_that_the_service_knows_nothing_of_is_told_as_that(
    workspace: Callable[[str], Workspace], hub: Demo, alice_with_server: Person
) -> None:
    page = await workspace(ENDLESS).open()
    await starts(page, "first light")
    service = alice_with_server.url
    own_server = service[: service.index("/services/")] + "/user/alice/api/"
    allowed = {"Authorization": f"token {alice_with_server.token}"}
    kernels = httpx.get(own_server + "kernels", headers=allowed).json()

    for kernel in kernels:
        if kernel["execution_state"] == "busy":
            restart = f"{own_server}kernels/{kernel['id']}/restart"
            httpx.post(restart, headers=allowed, timeout=60).raise_for_status()

    await expect(page.output).to_contain_text("the kernel was restarted", timeout=RUN_TIMEOUT)
    await page.finished()
    await starts(page, "first light")
    await page.button("Stop").click()
    await stopped(page)


async def test_a_program_whose_kernel_somebody_ends_is_stopped_on_all_pages_and_runs_again(
    workspace: Callable[[str], Workspace], alice_with_server: Person
) -> None:
    place = workspace(ENDLESS)
    first, second = await place.open(), await place.open()
    await starts(first, "first light")
    await is_running(second)
    sessions = alice_with_server.call("GET", "api/jupyter/api/sessions").json()
    (session,) = [one for one in sessions if one["path"] == f"jigsaw/{place.id}"]

    alice_with_server.call("DELETE", f"api/jupyter/api/sessions/{session['id']}")

    # The server interrupts the kernel before it ends it; whether that is heard is chance.
    told = re.compile("Stopped after|Lost after")
    for page in (first, second):
        await expect(page.output).to_contain_text(told, timeout=RUN_TIMEOUT)
        await expect(page.button("Run")).to_be_enabled()
    await starts(second, "first light")
    await second.button("Stop").click()
    await stopped(second)


async def test_what_comes_after_the_end_reaches_pages_that_only_watch_and_that_come_later(
    workspace: Callable[[str], Workspace],
) -> None:
    place = workspace(
        runs(
            "import threading",
            "threading.Timer(15, lambda: print('very late')).start()",
            "print('main done')",
        )
    )
    first, second = await place.open(), await place.open()
    await first.run()
    for page in (first, second):
        await expect(page.output).to_contain_text("main done", timeout=RUN_TIMEOUT)
    await asyncio.sleep(12)
    await first.page.context.close()

    third = await place.open()

    for page in (second, third):
        await expect(page.output).to_contain_text("very late", timeout=RUN_TIMEOUT)


async def test_opening_a_page_starts_no_server(
    open_as: Open, new_workspace: New, person: Callable[[str], Person]
) -> None:
    person("teacher").call("DELETE", "api/server")
    page = EditorPage(await open_as("teacher", f"w/{new_workspace('teacher', ENDLESS)['id']}"))
    await expect(page.block).to_be_visible()
    await expect(page.kernel).to_have_text(re.compile("Kernel: not started"))
    await asyncio.sleep(2)

    assert person("teacher").call("GET", "api/server").json()["state"] == "stopped"
