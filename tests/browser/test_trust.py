"""Nobody runs what others had a hand in unasked: in a room, after a copy, from a file."""

import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import Locator, Page, expect

from ..hub.people import Person
from .conftest import Open
from .editor_page import EditorPage, axe
from .programs import prints, runs
from .test_accessibility import AXE
from .test_sharing import share

NewWorkspace = Callable[..., dict[str, Any]]
People = Callable[[str], Person]
SITTING = re.compile("Don’t ask again")


def question(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Run what others have changed?")


def chip(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="without asking")


async def opened(open_as: Open, name: str, workspace: dict[str, Any]) -> EditorPage:
    editor = EditorPage(await open_as(name, f"w/{workspace['id']}"))
    await expect(editor.block).to_be_visible()
    await editor.saved()
    return editor


async def test_an_agreement_for_the_sitting_names_people_and_ends_with_somebody_else(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    made = new_workspace("alice", prints("by alice"))
    share(person("alice"), made, "bob")
    share(person("alice"), made, "carol")
    alices = await opened(open_as, "alice", made)
    bobs = await opened(open_as, "bob", made)
    await bobs.change("by bob")
    await expect(alices.code).to_contain_text("by bob")

    await alices.button("Run").click()
    await expect(question(alices.page)).to_contain_text("changes by bob.")
    await expect(question(alices.page)).to_contain_text("print('by bob')")
    assert await axe(alices.page, AXE.read_text()) == []
    await question(alices.page).get_by_label(SITTING).check()
    await alices.button("Run it").click()
    await alices.finished()
    await expect(alices.output).to_contain_text("by bob")
    await expect(chip(alices.page)).to_contain_text("changes by bob")

    await bobs.change("again by bob")
    await expect(alices.code).to_contain_text("again by bob")
    await alices.run()
    await expect(alices.output).to_contain_text("again by bob")

    carols = await opened(open_as, "carol", made)
    await expect(chip(alices.page)).to_be_visible()
    await carols.change("by carol")
    await expect(alices.code).to_contain_text("by carol")
    await expect(chip(alices.page)).to_have_count(0)
    await alices.button("Run").click()
    await expect(question(alices.page)).to_contain_text("changes by bob and carol")


async def test_an_agreement_for_the_sitting_ends_by_its_button_and_with_the_page(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    made = new_workspace("bob", prints("by bob"))
    share(person("bob"), made, "alice")
    alices = await opened(open_as, "alice", made)
    for text, end in ("one", alices.button("Ask again").click), ("two", alices.page.reload):
        await alices.change(text)
        await expect(alices.code).to_contain_text(text)
        await alices.button("Run").click()
        await question(alices.page).get_by_label(SITTING).check()
        await alices.button("Run it").click()
        await alices.finished()
        await expect(chip(alices.page)).to_be_visible()
        await end()
        await expect(alices.block).to_be_visible()
        await expect(chip(alices.page)).to_have_count(0)

    await alices.change("three")
    await expect(alices.code).to_contain_text("three")
    await alices.button("Run").click()
    await expect(question(alices.page)).to_be_visible()


async def test_a_copy_and_a_nudge_make_nobodys_code_mine(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    made = new_workspace("alice", prints("by alice"))
    share(person("alice"), made, "bob")
    share(person("alice"), made, "carol")
    bobs = await opened(open_as, "bob", made)
    await bobs.change("by bob")
    await expect(bobs.code).to_contain_text("by bob")
    await bobs.saved()
    carol = person("carol")
    copy = carol.call("POST", f"api/workspaces/{made['id']}/copy").json()
    again = carol.call("POST", f"api/workspaces/{copy['id']}/copy").json()

    carols = await opened(open_as, "carol", again)
    await carols.change("by carol")
    await expect(carols.code).to_contain_text("by carol")
    await carols.button("Run").click()

    await expect(question(carols.page)).to_contain_text("changes by alice and bob.")


async def test_a_file_is_asked_about_and_shows_what_it_hides(open_as: Open) -> None:
    page = await open_as("alice")
    hidden = runs("x = 1 # a\u200bb").encode()
    await page.set_input_files(
        "#files", {"name": "hidden.xml", "mimeType": "text/xml", "buffer": hidden}
    )
    editor = EditorPage(page)
    await expect(editor.block).to_be_visible()

    await editor.button("Run").click()

    await expect(question(page)).to_contain_text("changes by unknown authors of a file")
    assert await question(page).locator(".invisible").all_text_contents() == ["ZWSP"]


async def test_nothing_runs_while_the_service_cannot_say_whose_it_is(
    open_as: Open, new_workspace: NewWorkspace
) -> None:
    made = new_workspace("alice", prints("by alice"))
    alices = await opened(open_as, "alice", made)
    await alices.page.route("**/contributors", lambda route: route.abort())

    await alices.button("Run").click()

    await expect(alices.output.get_by_role("alert")).to_contain_text("Nothing was run")
    await alices.page.unroute("**/contributors")
    await alices.output.get_by_role("button", name="Try again").click()
    await alices.finished()
    await expect(alices.output).to_contain_text("by alice")
