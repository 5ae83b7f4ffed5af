"""Sharing by the dialog: people see what their role allows, and nobody else sees anything."""

import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import expect

from .conftest import Open
from .editor_page import EditorPage
from .programs import prints

NewWorkspace = Callable[..., dict[str, Any]]


async def test_a_viewer_looks_and_copies_but_does_not_change(
    open_as: Open, new_workspace: NewWorkspace
) -> None:
    made = new_workspace("alice", prints("hello"), name="For bob")
    page = await open_as("alice", f"w/{made['id']}")

    await EditorPage(page).button("Share").click()
    await page.get_by_label("User name").fill("bob")
    await page.get_by_role("button", name="Give access").click()
    await expect(page.get_by_label("Role of bob")).to_have_value("viewer")

    bobs = await open_as("bob", f"w/{made['id']}")
    await expect(bobs.get_by_text("You can look at this workspace and run it")).to_be_visible()
    await expect(EditorPage(bobs).button("Rename")).to_have_count(0)
    await bobs.get_by_role("note").get_by_role("button", name="Make a copy").click()
    await expect(bobs.get_by_role("heading", level=1)).to_contain_text("For bob")
    await expect(bobs).not_to_have_url(re.compile(made["id"]))


async def test_everybody_on_the_hub_may_edit_until_that_is_taken_back(
    open_as: Open, new_workspace: NewWorkspace
) -> None:
    made = new_workspace("alice", prints("hello"))
    page = await open_as("alice", f"w/{made['id']}")
    await EditorPage(page).button("Share").click()
    general = page.get_by_label("General access")

    await general.select_option("editor")
    await expect(general).to_have_value("editor")
    carols = await open_as("carol", f"w/{made['id']}")
    await EditorPage(carols).change("by carol")
    await EditorPage(carols).saved()

    async with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await general.select_option("")
    await carols.reload()
    await expect(
        carols.get_by_role("heading", name="There is nothing here for you")
    ).to_be_visible()


async def test_a_refused_share_is_said_in_words(open_as: Open, new_workspace: NewWorkspace) -> None:
    made = new_workspace("alice")
    page = await open_as("alice", f"w/{made['id']}")

    await EditorPage(page).button("Share").click()
    await page.get_by_label("User name").fill("alice")
    await page.get_by_role("button", name="Give access").click()

    await expect(page.get_by_role("dialog").get_by_role("alert")).not_to_be_empty()
