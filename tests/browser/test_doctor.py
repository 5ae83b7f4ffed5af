"""The doctor's findings where people see them: on an admin's page, and in the kernel picker."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from ..hub.doctor_hub import DoctorHub, doctor_hub
from ..hub.people import Person
from .conftest import Demo, Open, start_server
from .editor_page import RUN_TIMEOUT, EditorPage, axe
from .programs import prints
from .test_accessibility import AXE, NARROW

LAUNCHER = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoctorHub]:
    """Its admin has a kernel that doesn't start; alice has that, too, and one of her own."""
    with doctor_hub(tmp_path_factory.mktemp("sick")) as sick:
        for name in "teacher", "alice":
            sick.add_kernel(name, "gone", ["/gone/python", *LAUNCHER])
        sick.add_kernel("alice", "mine", [sys.executable, *LAUNCHER])
        sick.add_kernel("alice", "brief", ["sh", "-c", "exit 1"])
        yield sick


@pytest.fixture(scope="module")
def hub(sick: DoctorHub) -> Demo:
    return sick.demo


@pytest.fixture(scope="module")
def person(hub: Demo) -> Callable[[str], Person]:
    known: dict[str, Person] = {}

    def signed_in(name: str) -> Person:
        if name not in known:
            known[name] = Person(hub.url, name).sign_in()
            start_server(known[name])
            known[name].call("GET", "api/kernelspecs").raise_for_status()
        return known[name]

    return signed_in


async def test_an_admin_sees_what_is_wrong_and_copies_the_line(open_as: Open) -> None:
    options = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = await open_as("teacher", "doctor", bypass_csp=True, **options)
    await expect(page.get_by_role("status").first).to_contain_text("Looking")
    finding = page.get_by_role("article").filter(has_text="kernel-does-not-start")

    await expect(finding).to_contain_text("/gone/python", timeout=RUN_TIMEOUT)
    await finding.get_by_role("button", name="Copy the line for a shell").click()

    await expect(page.get_by_text("The line is on the clipboard.")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == await finding.locator("pre").inner_text()
    assert await axe(page, AXE.read_text()) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_a_set_up_without_faults_is_said_to_be_well_and_can_be_looked_at_again(
    open_as: Open, colours: str
) -> None:
    answers = [{"findings": [], "not_looked_at": ["The moon."]}]
    page = await open_as(
        "teacher", viewport=NARROW, color_scheme=colours, bypass_csp=True, troubled=True
    )
    asked = []

    async def answer(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            await route.fulfill(status=502, json={"title": "The Hub did not answer"})
        else:
            await route.fulfill(json=answers[0])

    await page.route("**/api/doctor", answer)
    await page.goto(page.url + "doctor")
    await expect(page.get_by_role("alert")).to_contain_text("The Hub did not answer")

    await page.get_by_role("button", name="Look again").press("Enter")

    await expect(page.get_by_role("status").first).to_contain_text("Nothing found")
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(page.get_by_text("The moon.")).to_be_visible()
    assert await axe(page, AXE.read_text()) == []
    assert not await is_wider_than_the_window(page)


async def is_wider_than_the_window(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))


async def test_for_whoever_is_no_admin_there_is_no_such_page(open_as: Open) -> None:
    page = await open_as("alice", "doctor")

    await expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, NARROW])
async def test_the_picker_says_which_kernel_does_not_start_and_which_only_i_have(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
    viewport: dict[str, int],
) -> None:
    person("teacher")
    made = new_workspace("alice", prints("Hello"))
    chosen = {"kernel_name": "gone"}
    person("alice").call("PATCH", f"api/workspaces/{made['id']}", json=chosen).raise_for_status()
    page = await open_as("alice", f"w/{made['id']}", viewport=viewport, bypass_csp=True)
    editor = EditorPage(page)
    picker = page.get_by_label("Kernel of this workspace")

    await editor.button("Run").click()

    trouble = page.get_by_role("alert").filter(has_text="doesn’t start")
    await expect(trouble).to_contain_text("/gone/python", timeout=RUN_TIMEOUT)
    listed = picker.locator("option")
    await expect(listed.filter(has_text="gone (doesn’t start)")).to_have_count(1)
    await expect(listed.filter(has_text="mine (only you have it)")).to_have_count(1)
    await expect(listed.filter(has_text="Python 3 (ipykernel)")).to_have_count(1)

    await picker.select_option("mine")
    note = "Only you have the kernel mine. Others who open this program need it, too."
    await expect(page.locator("#kernel-note")).to_have_text(note)
    await expect(picker).to_have_accessible_description(note)
    await expect(trouble).to_have_count(0)
    assert await axe(page, AXE.read_text()) == []
    await editor.run()
    await expect(editor.output).to_contain_text("Hello")

    await picker.select_option("gone")
    await expect(page.locator("#kernel-note")).to_contain_text("/gone/python")
    await picker.select_option("python3")
    await expect(page.locator("#kernel-note")).to_have_text("")
    await expect(editor.button("Run")).to_be_in_viewport(ratio=1)


async def test_the_picker_says_that_a_kernels_program_ends_at_once(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
) -> None:
    made = new_workspace("alice", prints("Hello"))
    chosen = {"kernel_name": "brief"}
    person("alice").call("PATCH", f"api/workspaces/{made['id']}", json=chosen).raise_for_status()
    editor = EditorPage(page := await open_as("alice", f"w/{made['id']}"))

    await editor.button("Run").click()

    trouble = page.get_by_role("alert").filter(has_text="doesn’t start")
    await expect(trouble).to_contain_text("Its program ends as soon as", timeout=RUN_TIMEOUT)
    picker = page.get_by_label("Kernel of this workspace")
    await expect(picker.locator("option", has_text="brief (doesn’t start)")).to_have_count(1)
    await picker.select_option("python3")
    await editor.run()
    await expect(editor.output).to_contain_text("Hello")

    await picker.select_option("brief")
    await expect(page.locator("#kernel-note")).to_contain_text("Its program ends as soon as")
