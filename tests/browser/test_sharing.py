"""Sharing by the dialog: people see what their role allows, and nobody else sees anything."""

import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import expect

from ..hub.people import Person
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


async def test_what_somebody_else_made_runs_only_after_a_look_at_the_code(
    open_as: Open, new_workspace: NewWorkspace, person: Callable[[str], Person]
) -> None:
    made = new_workspace("alice", prints("by alice"))
    share(person("alice"), made, "bob")
    bobs = EditorPage(await open_as("bob", f"w/{made['id']}"))
    dialog = bobs.page.get_by_role("dialog")
    await expect(bobs.block).to_be_visible()

    await bobs.page.keyboard.press("Shift+Enter")
    await expect(dialog).to_contain_text("changes by alice")
    await expect(dialog).to_contain_text("print('by alice')")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(bobs.kernel).to_have_text(re.compile("Kernel: not started"))

    await bobs.button("Run").click()
    await dialog.get_by_role("button", name="Run it").click()
    await bobs.finished()
    await expect(bobs.output).to_contain_text("by alice")
    await bobs.run()
    await expect(dialog).to_have_count(0)

    await bobs.change("other code")
    await expect(bobs.code).to_contain_text("other code")
    await bobs.button("Run").click()
    await expect(dialog).to_contain_text("print('other code')")


async def test_an_owner_is_asked_before_running_what_an_editor_has_just_changed(
    open_as: Open, new_workspace: NewWorkspace, person: Callable[[str], Person]
) -> None:
    made = new_workspace("alice", prints("by alice"))
    share(person("alice"), made, "bob")
    person("bob").call(
        "PUT",
        f"api/workspaces/{made['id']}/xml",
        content=prints("by bob"),
        headers={"If-Match": "*"},
    ).raise_for_status()

    alices = EditorPage(await open_as("alice", f"w/{made['id']}"))
    await expect(alices.block).to_be_visible()
    await alices.button("Run").click()

    await expect(alices.page.get_by_role("dialog")).to_contain_text("changes by bob")


def share(owner: Person, workspace: dict[str, Any], user: str) -> None:
    """Let somebody edit, by the API."""
    path = f"api/workspaces/{workspace['id']}/shares"
    owner.call("POST", path, json={"user": user, "role": "editor"}).raise_for_status()
