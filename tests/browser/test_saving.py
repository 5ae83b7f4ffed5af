"""Saved means saved: reload, close, kill, go offline; nothing that was shown as saved is lost."""

import os
import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from ..hub.conftest import Demo
from ..hub.people import Person
from ..hub.processes import service_of
from .conftest import Open, cookies_of
from .editor_page import EditorPage
from .programs import prints

New = Callable[..., dict[str, Any]]


async def opened(open_as: Open, name: str, workspace: dict[str, Any]) -> EditorPage:
    page = EditorPage(await open_as(name, f"w/{workspace['id']}"))
    await expect(page.block).to_be_visible()
    return page


async def test_a_change_is_saved_by_itself_and_there_after_a_reload(
    open_as: Open, new_workspace: New
) -> None:
    page = await opened(open_as, "alice", new_workspace("alice", prints("before")))

    await page.change("after")
    await page.saved()
    await page.page.reload()
    await expect(page.code).to_contain_text("print('after')")


async def test_what_others_upload_is_merged_with_what_i_do(
    open_as: Open, new_workspace: New, person: Callable[[str], Person]
) -> None:
    """L9: an upload is an edit like any other, and mine stays."""
    workspace = new_workspace("alice", prints("start"))
    item = f"api/workspaces/{workspace['id']}"
    alice = person("alice")
    alice.call("POST", f"{item}/shares", json={"user": "bob", "role": "editor"}).raise_for_status()
    page = await opened(open_as, "alice", workspace)
    await page.change("from alice")
    await page.saved()
    bob = person("bob")
    head = bob.call("GET", f"{item}/xml")
    more = head.text.replace(
        "</xml>", '<block type="text_print" id="bobs" x="300" y="300"></block></xml>'
    )
    bob.call(
        "PUT", f"{item}/xml", content=more.encode(), headers={"If-Match": head.headers["ETag"]}
    ).raise_for_status()

    await expect(page.code).to_contain_text("print('')")
    await expect(page.code).to_contain_text("print('from alice')")


async def test_two_people_see_each_other_type(
    open_as: Open, new_workspace: New, person: Callable[[str], Person]
) -> None:
    """L3."""
    workspace = new_workspace("alice", prints("start"))
    person("alice").call(
        "POST",
        f"api/workspaces/{workspace['id']}/shares",
        json={"user": "bob", "role": "editor"},
    ).raise_for_status()
    alices = await opened(open_as, "alice", workspace)
    bobs = await opened(open_as, "bob", workspace)

    await alices.change("hello bob")
    await expect(bobs.code).to_contain_text("print('hello bob')")
    await bobs.change("hello alice")
    await expect(alices.code).to_contain_text("print('hello alice')")

    await alices.saved()
    await bobs.saved()


async def test_undo_takes_back_what_i_did_and_leaves_what_others_did(
    open_as: Open, new_workspace: New, person: Callable[[str], Person]
) -> None:
    """L7."""
    workspace = new_workspace("alice", prints("start"))
    person("alice").call(
        "POST",
        f"api/workspaces/{workspace['id']}/shares",
        json={"user": "bob", "role": "editor"},
    ).raise_for_status()
    alices = await opened(open_as, "alice", workspace)
    bobs = await opened(open_as, "bob", workspace)
    await alices.change("alice was here")
    await expect(bobs.code).to_contain_text("print('alice was here')")

    await expect(bobs.button("Undo")).to_be_disabled()
    await alices.button("Undo").click()

    await expect(bobs.code).to_contain_text("print('start')")


async def test_work_done_offline_is_kept_and_brought_by_the_next_tab(
    browser: Browser, person: Callable[[str], Person], new_workspace: New
) -> None:
    """L6."""
    workspace = new_workspace("alice", prints("online"))
    context = await browser.new_context()
    await edit_offline(context, person("alice"), workspace, "on the train")

    again = await back_online(context, person("alice"), workspace)

    await expect(
        again.page.get_by_text("had not been saved is in this workspace now")
    ).to_be_visible()
    await expect(again.code).to_contain_text("print('on the train')")
    await again.saved()
    await context.close()


async def test_work_left_in_a_browser_is_not_offered_to_another_user_of_it(
    browser: Browser, person: Callable[[str], Person], new_workspace: New
) -> None:
    workspace = new_workspace("alice", prints("shared"))
    person("alice").call(
        "POST", f"api/workspaces/{workspace['id']}/shares", json={"user": "bob", "role": "editor"}
    )
    context = await browser.new_context()
    await edit_offline(context, person("alice"), workspace, "alice's secret")

    await context.clear_cookies()
    bobs = await back_online(context, person("bob"), workspace)

    await expect(bobs.code).to_contain_text("print('shared')")
    await expect(bobs.page.get_by_text("had not been saved")).to_have_count(0)
    await context.close()


async def edit_offline(
    context: BrowserContext, someone: Person, workspace: dict[str, Any], text: str
) -> None:
    """Open the workspace, lose the network, change it, and close the tab."""
    page = await back_online(context, someone, workspace)
    await expect(page.block).to_be_visible()
    await context.set_offline(True)
    await expect(page.saving).to_have_text(re.compile("Offline"))
    await page.change(text)
    await expect(page.saving).to_have_text(re.compile("Offline: your work"))
    await page.page.close(run_before_unload=False)


async def back_online(
    context: BrowserContext, someone: Person, workspace: dict[str, Any]
) -> EditorPage:
    """A new tab on the workspace, with the network there."""
    await context.set_offline(False)
    await context.add_cookies(cookies_of(someone))
    page = EditorPage(await context.new_page())
    await page.page.goto(f"{someone.url}w/{workspace['id']}")
    return page


async def test_a_killed_service_loses_nothing_that_was_shown_as_saved(
    hub: Demo, browser: Browser
) -> None:
    alice = Person(hub.url, "alice").sign_in()
    made = {"name": "Kill", "language": "python", "xml": prints("one")}
    workspace = alice.call("POST", "api/workspaces", json=made).json()
    context = await browser.new_context()
    await context.add_cookies(cookies_of(alice))
    page = EditorPage(await context.new_page())
    await page.page.goto(f"{hub.url}w/{workspace['id']}")
    await expect(page.code).to_contain_text("print('one')")
    await page.change("two")
    await page.saved()

    service = service_of(hub.folder)
    os.kill(service, signal.SIGKILL)
    await page.change("three")

    # The service is started again, and the page sends what it kept.
    await expect(page.saving).to_have_text(re.compile(r"^\s*Saved"))
    stored = alice.call("GET", f"api/workspaces/{workspace['id']}/xml").text
    assert ">three<" in stored
    await context.close()


@pytest.mark.parametrize(("count", "asks"), [(1, 0), (100, 1)])
async def test_few_blocks_come_with_the_page_and_many_are_asked_for(
    open_as: Open, new_workspace: New, hub: Demo, count: int, asks: int
) -> None:
    made = new_workspace("alice", prints(*["é" + "x" * 800] * count))
    # Not from the page of all workspaces, which asks for blocks to show pictures of them.
    page = await open_as("alice", "health")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.goto(f"{hub.url}w/{made['id']}")
    await expect(EditorPage(page).code).to_contain_text("éxxx")
    assert sum(url.endswith("/xml") for url in asked) == asks
