"""Collecting the copies of a class: in one click, with who is missing, as one zip."""

import zipfile
from collections.abc import Callable
from typing import Any

from playwright.async_api import Locator, Page, expect

from ..hub.people import Person
from .conftest import Open
from .editor_page import EditorPage, axe
from .programs import prints
from .test_accessibility import AXE
from .test_links import make_link

NewWorkspace = Callable[..., dict[str, Any]]
People = Callable[[str], Person]


def hand_out(people: People, origin: dict[str, Any], **allow: bool) -> None:
    """Let these people have copies; `allow`: whether the teacher may look."""
    for name, allow_view in allow.items():
        code = make_link(people("teacher"), origin, "copy").partition("#")[2]
        person = people(name)
        body = {"code": code, "allow_view": allow_view}
        person.call("POST", "api/links/accept", json=body).raise_for_status()


async def share_dialog(page: Page) -> Locator:
    await expect(EditorPage(page).block).to_be_visible()
    await EditorPage(page).button("Share").click()
    return page.get_by_role("dialog").first


async def test_a_click_collects_and_tells_who_is_missing(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    origin = new_workspace("teacher", prints("starter"), name="Maze")
    hand_out(person, origin, alice=True, bob=False, carol=True)
    page = await open_as("teacher", f"w/{origin['id']}")
    dialog = await share_dialog(page)

    await dialog.get_by_role("button", name="Collect", exact=True).click()
    await expect(
        dialog.get_by_role("status").filter(has_text="Collected 2 copies.")
    ).to_be_visible()
    summary = dialog.locator("collection-list .disclosure")
    await expect(summary).to_contain_text("2 copies · 1 missing")
    await summary.click()
    await expect(dialog).to_contain_text("Not collected: bob (doesn’t let you look)")
    assert await axe(page, AXE.read_text()) == []

    async with page.expect_download() as download:
        await dialog.get_by_role("button", name="Download the collection of").click()
    with zipfile.ZipFile(await (await download.value).path()) as archive:
        assert sorted(archive.namelist()) == [
            "contents.csv",
            "python/alice - Maze.xml",
            "python/carol - Maze.xml",
        ]

    await dialog.get_by_role("button", name="Look at the copy of alice").click()
    picture = page.get_by_role("dialog", name="The blocks of alice")
    await expect(picture.get_by_role("img", name="The blocks of alice")).to_be_visible()
    assert await axe(page, AXE.read_text()) == []
    await page.keyboard.press("Escape")
    await expect(picture).to_have_count(0)

    await dialog.get_by_role("button", name="Delete the collection of").click()
    await page.get_by_role("button", name="Delete for good").click()
    await expect(summary).to_have_count(0)


async def test_where_nobody_lets_one_look_there_is_nothing_to_collect(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    origin = new_workspace("teacher", prints("starter"))
    hand_out(person, origin, bob=False)
    dialog = await share_dialog(await open_as("teacher", f"w/{origin['id']}"))

    await expect(dialog.get_by_role("button", name="Collect", exact=True)).to_be_disabled()
    await expect(dialog).to_contain_text("Nobody lets you look")


async def test_a_maker_is_told_that_who_looks_may_collect(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    origin = new_workspace("teacher", prints("starter"))
    page = await open_as("alice", make_link(person("teacher"), origin, "copy"))

    await expect(page.get_by_role("main")).to_contain_text("teacher can then also collect it")
    await page.get_by_role("button", name="Accept").click()
    dialog = await share_dialog(page)
    await expect(dialog).to_contain_text("teacher can then also collect it")
