"""Share links, copies and transfers in a real browser: nothing is accepted without a click."""

import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import Browser, Page, expect

from ..hub.people import Person
from .conftest import Open
from .editor_page import EditorPage, axe
from .programs import prints
from .test_accessibility import AXE

NewWorkspace = Callable[..., dict[str, Any]]
People = Callable[[str], Person]


def make_link(owner: Person, workspace: dict[str, Any], kind: str) -> str:
    """The address of a new link, by the API."""
    answer = owner.call("POST", f"api/workspaces/{workspace['id']}/links", json={"kind": kind})
    answer.raise_for_status()
    return f"s#{answer.json()['url'].partition('#')[2]}"


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


async def test_a_visitor_signs_in_lands_on_the_link_again_and_accepts(
    browser: Browser, new_workspace: NewWorkspace, person: People
) -> None:
    made = new_workspace("alice", prints("hello"), name="Maze")
    link = make_link(person("alice"), made, "edit")
    code = link.partition("#")[2]
    context = await browser.new_context()
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    answer = await page.goto(person("carol").url + link)
    assert answer and answer.headers["referrer-policy"] == "no-referrer"

    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_label("Username").fill("carol")
    await page.get_by_label("Password").fill("jigsaw")
    await page.get_by_role("button", name=re.compile("sign in", re.I)).click()

    await expect(heading(page)).to_have_text("alice invites you to change “Maze”")
    assert person("carol").call("GET", f"api/workspaces/{made['id']}").status_code == 404
    await page.get_by_role("button", name="Accept").click()
    editor = EditorPage(page)
    await editor.change("by carol")
    await editor.saved()
    assert not [one for one in asked if code in one]
    await context.close()


async def test_a_link_that_is_gone_or_cut_off_says_so(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    made = new_workspace("alice")
    link = make_link(person("alice"), made, "view")
    links = f"api/workspaces/{made['id']}/links"
    (listed,) = person("alice").call("GET", links).json()["items"]
    person("alice").call("DELETE", f"{links}/{listed['id']}").raise_for_status()

    page = await open_as("carol", link)
    await expect(heading(page)).to_have_text("This link can no longer be used")
    page = await open_as("carol", "s")
    await expect(page.get_by_role("alert")).to_contain_text("incomplete")
    page = await open_as("carol", "s#nothing")
    await expect(page.get_by_role("alert")).to_contain_text("no such link")


async def test_a_starter_is_handed_out_and_the_owner_looks_at_what_is_shown(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    made = new_workspace("teacher", prints("hello"), name="Starter")
    link = make_link(person("teacher"), made, "copy")
    bobs = await open_as("bob", link)
    await expect(bobs.get_by_text("will see that you have a copy")).to_be_visible()
    await bobs.get_by_label("Let teacher look at my copy").check()
    await bobs.get_by_role("button", name="Accept").click()
    await expect(heading(bobs)).to_contain_text("Starter")
    await expect(bobs).not_to_have_url(re.compile(made["id"]))
    person("carol").call("GET", "api/user").raise_for_status()
    carols = await open_as("carol", link)
    await carols.get_by_role("button", name="Accept").click()
    await expect(heading(carols)).to_contain_text("Starter")

    page = await open_as("teacher", f"w/{made['id']}")
    await EditorPage(page).button("Share").click()
    copies = page.locator("copy-list").get_by_role("listitem")
    await expect(copies).to_have_count(2)
    await expect(copies.filter(has_text="carol")).to_contain_text("Private")
    await page.get_by_role("link", name="Open the copy of bob").click()
    await expect(page.get_by_text("You can look at this workspace and run it")).to_be_visible()

    await EditorPage(bobs).button("Share").click()
    await bobs.get_by_label("Let teacher look at my copy").uncheck()
    await expect(page.get_by_text("You no longer have access")).to_be_visible()


async def test_a_link_is_made_copied_shown_as_a_square_and_revoked(
    open_as: Open, new_workspace: NewWorkspace
) -> None:
    made = new_workspace("alice", prints("hello"))
    page = await open_as("alice", f"w/{made['id']}", bypass_csp=True)
    await EditorPage(page).button("Share").click()
    await page.get_by_label("Who opens the link").select_option("copy")
    await expect(page.get_by_text("gets a copy of their own")).to_be_visible()
    await page.get_by_label("Ends").select_option("In a week")
    await page.get_by_label("How many people").fill("30")
    await page.get_by_role("button", name="Make a link").click()

    await expect(page.get_by_label("New link, shown only now")).to_have_value(re.compile("/s#"))
    await expect(page.locator("link-list li")).to_contain_text("for 30 people")
    assert await axe(page, AXE.read_text()) == []
    await page.get_by_role("button", name="QR code").click()
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert await axe(page, AXE.read_text()) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=re.compile("Revoke the link")).click()
    await expect(page.locator("link-list li")).to_have_count(0)
    await page.get_by_text("What was done").click()
    await expect(page.locator("sharing-record li")).to_have_count(2)
    await expect(page.locator("sharing-record li").first).to_contain_text("alice revoked the link")
    assert await axe(page, AXE.read_text()) == []


async def test_names_and_groups_are_completed(
    open_as: Open, new_workspace: NewWorkspace, person: People
) -> None:
    person("bob").call("GET", "api/user").raise_for_status()
    made = new_workspace("alice")
    page = await open_as("alice", f"w/{made['id']}")
    await EditorPage(page).button("Share").click()
    who = page.get_by_label("User name")
    names = page.locator("#known-people option")
    await expect(names.and_(page.locator("[value=bob]"))).to_have_count(1)
    await expect(names.and_(page.locator("[value=class-7b]"))).to_have_count(1)

    for name in "class-7b", "zoe":
        await who.fill(name)
        await page.get_by_role("button", name="Give access").click()
        await expect(page.get_by_label(re.compile(f"Role of .*{name}"))).to_have_value("viewer")
    await expect(page.get_by_text("Has never been here")).to_be_visible()
    shares = person("alice").call("GET", f"api/workspaces/{made['id']}/shares").json()["items"]
    assert [(one["group"], one["user"]) for one in shares] == [("class-7b", None), (None, "zoe")]


async def test_a_workspace_is_given_away(open_as: Open, new_workspace: NewWorkspace) -> None:
    made = new_workspace("alice", name="For bob to keep")
    page = await open_as("alice", f"w/{made['id']}")
    await EditorPage(page).button("Share").click()
    await page.get_by_text("Give this workspace away").click()
    await page.get_by_label("New owner").fill("bob")
    await page.get_by_role("button", name="Offer it").click()
    await expect(page.get_by_text("Offered to bob")).to_be_visible()

    bobs = await open_as("bob", bypass_csp=True)
    offer = bobs.get_by_role("group", name="For bob to keep")
    await expect(offer).to_contain_text("alice wants to give you")
    assert await axe(bobs, AXE.read_text()) == []
    await offer.get_by_role("button", name="Accept").click()

    await expect(bobs.get_by_text("For bob to keep is yours now.")).to_be_visible()
    await expect(offer).to_have_count(0)
    await bobs.get_by_role("link", name="My workspaces").click()
    await expect(bobs.get_by_role("article").filter(has_text="For bob to keep")).to_be_visible()
