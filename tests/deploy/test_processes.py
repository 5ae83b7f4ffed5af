"""Two processes on one PostgreSQL behind nginx, as `deploy/` has it, restarted one by one."""

import asyncio
import re
import shlex
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from ..browser.chromium import LAUNCH
from ..browser.conftest import cookies_of
from ..browser.editor_page import RUN_TIMEOUT, EditorPage
from ..browser.programs import prints, runs
from ..hub.conftest import answers, start_server, until
from ..hub.people import NAVIGATE, Person
from ..hub.test_external import external, start
from .fronts import ROOT, free_port, serving

__all__ = ["external"]


@dataclass
class Processes:
    """Both of them, each on a port of its own, and the address of all."""

    url: str
    folder: Path
    environment: dict[str, str]
    ports: tuple[int, int]

    def __post_init__(self) -> None:
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, port: int) -> None:
        """Start one and wait until it is ready."""
        self.launch(port)
        until(lambda: answers(f"http://127.0.0.1:{port}{self.prefix}ready"))

    def launch(self, port: int) -> None:
        url = f"http://127.0.0.1:{port}"
        # One folder, and so one cookie secret.
        self._running[port] = start(self.folder, self.environment | {"JUPYTERHUB_SERVICE_URL": url})

    @property
    def prefix(self) -> str:
        return self.environment["JUPYTERHUB_SERVICE_PREFIX"]

    def stop(self, port: int) -> None:
        """In order, as an operator does."""
        self._running[port].terminate()
        assert self._running.pop(port).wait(30) == 0

    def restart_one_by_one(self) -> None:
        """By the lines of the page; what systemd does is done here."""
        page = (ROOT / "docs/deployment.md").read_text()
        (lines,) = re.findall(r"```sh\n(.*?)```", page, re.S)
        for theirs, ours in zip(("10111", "10112"), self.ports, strict=True):
            lines = lines.replace(theirs, str(ours))
        for line in lines.splitlines():
            if restarted := re.fullmatch(r"systemctl restart jigsaw-service@(\d+)", line):
                self.stop(int(restarted[1]))
                self.launch(int(restarted[1]))
            else:
                command = line.replace("/jupyter/services/jigsaw/", self.prefix)
                subprocess.run(shlex.split(command), check=True, timeout=70, capture_output=True)
        until(lambda: answers(f"http://127.0.0.1:{self.ports[-1]}{self.prefix}ready"))

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()


@pytest.fixture
def processes(
    external: tuple[str, dict[str, str]], new_postgresql: str, tmp_path: Path
) -> Iterator[Processes]:
    url, environment = external
    (service,) = re.findall(r":(\d+)", environment["JUPYTERHUB_SERVICE_URL"])
    ports = free_port(), free_port()
    site = (ROOT / "deploy/nginx/jigsaw-processes.conf").read_text()
    for theirs, ours in zip(("10110", "10111", "10112"), (service, *ports), strict=True):
        site = site.replace(f"127.0.0.1:{theirs}", f"127.0.0.1:{ours}")
    environment |= {"JIGSAW_DB_URL": new_postgresql}
    found = Processes(url, tmp_path / "service", environment, ports)
    with serving("nginx", tmp_path / "nginx", site, port=int(service)):
        try:
            for port in ports:
                found.start(port)
            yield found
        finally:
            found.end()


def test_a_sign_in_that_one_began_is_finished_by_the_other(processes: Processes) -> None:
    one, other = processes.ports
    alice = Person(processes.url, "alice").sign_in()
    for cookie in list(alice.http.cookies.jar):
        if cookie.name == "service-jigsaw":
            alice.http.cookies.delete(cookie.name, cookie.domain, cookie.path)
    processes.stop(other)
    alice.http.follow_redirects = False
    at_the_hub = alice.http.get(alice.url + "signed-in", headers=NAVIGATE).headers["Location"]
    processes.start(other)
    processes.stop(one)
    alice.http.follow_redirects = True

    page = alice.http.get(httpx.URL(alice.url).join(at_the_hub), headers=NAVIGATE)

    assert (page.status_code, page.url.path[-10:]) == (200, "/signed-in")
    # Nor was it begun anew.
    assert len([one for one in page.history if "oauth2/authorize" in str(one.url)]) == 1
    processes.start(one)
    processes.stop(other)
    assert alice.open().config["user"]["name"] == "alice"


async def test_a_rolling_restart_costs_nobody_a_keystroke_or_a_sign_in(
    processes: Processes, playwright: Any
) -> None:
    alice = await asyncio.to_thread(Person(processes.url, "alice").sign_in)
    body = {"name": "Rolling", "language": "python", "xml": prints("before")}
    workspace = alice.call("POST", "api/workspaces", json=body).json()["id"]
    browser = await playwright.chromium.launch(**LAUNCH)
    try:
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(f"{processes.url}w/{workspace}")
        await page.get_by_label("Username").fill("alice")
        await page.get_by_label("Password").fill("jigsaw")
        await page.get_by_role("button", name="Sign in").click()
        editor = EditorPage(page)
        await expect(editor.block).to_be_visible()
        left: list[str] = []
        page.on("framenavigated", lambda frame: left.append(frame.url))

        restarting = asyncio.create_task(asyncio.to_thread(processes.restart_one_by_one))  # noqa: TID251
        written, refused = 0, []
        while not restarting.done():
            await editor.block.locator(".blocklyField").first.click()
            field = page.locator(".blocklyHtmlInput")
            await field.fill("")
            await page.keyboard.type(f"written {written} in one go", delay=10)
            await expect(field).to_have_value(f"written {written} in one go")
            await page.keyboard.press("Enter")
            written += 1
            made = {"name": f"Made {written}", "language": "python"}
            answer = await asyncio.to_thread(alice.call, "POST", "api/workspaces", json=made)
            if answer.status_code != 201:
                refused.append((answer.status_code, answer.text))
        await restarting

        await editor.saved()
        assert (left, refused) == ([], [])
        await expect(page.get_by_role("alert")).to_have_count(0)
        xml = alice.call("GET", f"api/workspaces/{workspace}/xml").text
        assert f">written {written - 1} in one go<" in xml
        assert written > 3
    finally:
        await browser.close()


@pytest.fixture
async def alice_at(
    processes: Processes, playwright: Any
) -> AsyncIterator[Callable[[int, str], Awaitable[EditorPage]]]:
    """Opens a workspace in a browser that is connected to one of the processes, past nginx."""
    alice = await asyncio.to_thread(Person(processes.url, "alice").sign_in)
    await asyncio.to_thread(start_server, alice)
    browser = await playwright.chromium.launch(**LAUNCH)

    async def opened(process: int, xml: str, workspace: str = "") -> EditorPage:
        if not workspace:
            body = {"name": "Shared", "language": "python", "xml": xml}
            workspace = alice.call("POST", "api/workspaces", json=body).json()["id"]
        context = await browser.new_context()
        await context.add_cookies(cookies_of(alice))
        page = await context.new_page()
        at = f"http://127.0.0.1:{processes.ports[process]}{processes.prefix}"
        await page.goto(f"{at}w/{workspace}")
        editor = EditorPage(page)
        await expect(editor.block).to_be_visible()
        return editor

    yield opened
    await browser.close()


def workspace_of(page: EditorPage) -> str:
    return page.page.url.rpartition("/")[2]


async def test_a_page_at_another_process_shows_a_question_and_answers_it(
    alice_at: Callable[..., Awaitable[EditorPage]],
) -> None:
    program = runs("name = input('Your name? ')", "print('Hi', name)")
    one = await alice_at(0, program)
    other = await alice_at(1, "", workspace_of(one))
    await one.button("Run").click()

    await expect(other.kernel).to_have_text(re.compile("Kernel: running"), timeout=RUN_TIMEOUT)
    late = await alice_at(1, "", workspace_of(one))
    await expect(other.output.get_by_label("Your name?")).to_be_visible()
    await late.output.get_by_label("Your name?").fill("Zoë")
    await late.output.get_by_label("Your name?").press("Enter")

    for page in (one, other, late):
        await expect(page.output).to_contain_text("Hi Zoë", timeout=RUN_TIMEOUT)
        await page.finished()
        await expect(page.output.get_by_label("Your name?")).to_have_count(0)


async def test_a_process_that_starts_in_mid_run_shows_what_is_being_asked(
    processes: Processes, alice_at: Callable[..., Awaitable[EditorPage]]
) -> None:
    processes.stop(processes.ports[1])
    one = await alice_at(0, runs("name = input('Your name? ')", "print('Hi', name)"))
    await one.button("Run").click()
    await expect(one.output.get_by_label("Your name?")).to_be_visible(timeout=RUN_TIMEOUT)
    processes.start(processes.ports[1])

    other = await alice_at(1, "", workspace_of(one))

    await other.output.get_by_label("Your name?").fill("Zoë", timeout=RUN_TIMEOUT)
    await other.output.get_by_label("Your name?").press("Enter")
    await expect(one.output).to_contain_text("Hi Zoë", timeout=RUN_TIMEOUT)


async def test_a_restart_at_one_process_is_told_at_the_other(
    alice_at: Callable[..., Awaitable[EditorPage]],
) -> None:
    one = await alice_at(0, runs("print('first light', flush=True)", "while True: pass"))
    other = await alice_at(1, "", workspace_of(one))
    await one.button("Run").click()
    await expect(one.output).to_contain_text("first light", timeout=RUN_TIMEOUT)
    await expect(other.kernel).to_have_text(re.compile("Kernel: running"), timeout=RUN_TIMEOUT)

    await other.button("Restart kernel").click()

    for page in (one, other):
        await expect(page.output).to_contain_text("the kernel was restarted", timeout=RUN_TIMEOUT)
        await page.finished()


async def test_whichever_process_answers_a_page_shows_each_line_once_and_from_the_first(
    processes: Processes, alice_at: Callable[..., Awaitable[EditorPage]]
) -> None:
    program = runs(
        "import time", "for n in range(30): print('tick', n, flush=True); time.sleep(0.3)"
    )
    one = await alice_at(0, program)
    await one.button("Run").click()
    await expect(one.output).to_contain_text("tick 3", timeout=RUN_TIMEOUT)

    # By way of nginx, each question goes to another process.
    context = one.page.context
    balanced = EditorPage(await context.new_page())
    await balanced.page.goto(f"{processes.url}w/{workspace_of(one)}")

    await expect(balanced.output).to_contain_text("Finished", timeout=RUN_TIMEOUT)
    lines = (await balanced.output.locator("pre").inner_text()).split("\n")
    assert [line for line in lines if line] == [f"tick {n}" for n in range(30)]
