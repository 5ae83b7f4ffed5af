"""The history beside the blocks: compare, play, restore, name and copy what was there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from ..hub.people import Person
from .conftest import Open
from .editor_page import EditorPage, axe
from .test_accessibility import AXE

NewWorkspace = Callable[..., dict[str, Any]]
People = Callable[[str], Person]

_XMLNS = 'xmlns="https://developers.google.com/blockly/xml"'


def program(*texts: str, at: int = 40) -> str:
    """A stack of prints, whose ids are their places, beside a stray block at `at`."""
    xml = ""
    for number, text in reversed(list(enumerate(texts))):
        value = f'<block type="text" id="t{number}"><field name="TEXT">{text}</field></block>'
        below = f"<next>{xml}</next>" if xml else ""
        place = ' x="40" y="40"' if number == 0 else ""
        xml = (
            f'<block type="text_print" id="p{number}"{place}>'
            f'<value name="TEXT">{value}</value>{below}</block>'
        )
    stray = f'<block type="logic_null" id="n" x="{at}" y="300"></block>'
    return f"<xml {_XMLNS}>{xml}{stray}</xml>"


def save(person: Person, workspace: dict[str, Any], xml: str) -> None:
    path = f"api/workspaces/{workspace['id']}/xml"
    person.call("PUT", path, content=xml, headers={"If-Match": "*"}).raise_for_status()


def share(owner: Person, workspace: dict[str, Any], user: str, role: str) -> None:
    path = f"api/workspaces/{workspace['id']}/shares"
    owner.call("POST", path, json={"user": user, "role": role}).raise_for_status()


class History:
    """The panel and the stage, by the names of their controls."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.get_by_role("region", name="History", exact=True)
        self.stage = page.locator("history-stage")

    async def open(self) -> "History":
        await EditorPage(self.page).button("History").click()
        await expect(self.panel.get_by_role("listitem").first).to_be_visible()
        return self

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.panel.get_by_role("button", name=name)

    def revision(self, number: int) -> Locator:
        return self.panel.get_by_role("button", name=re.compile(rf"^Revision {number}\b"))

    @property
    def differences(self) -> Locator:
        return self.panel.get_by_role("list", name="Differences").get_by_role("listitem")

    def marked(self, kind: str) -> Locator:
        """Blocks that are marked so."""
        return self.stage.locator(f".blocklyBlock.diff-marked.diff-{kind}")


@pytest.fixture
def changed(new_workspace: NewWorkspace, person: People) -> dict[str, Any]:
    """Alice's, of two revisions: in the second a text changed, a print went, a block moved."""
    made = new_workspace("alice", program("one", "two", "three"), name="Changing")
    share(person("alice"), made, "bob", "editor")
    second = program("one", "two", "three", at=200)
    second = second.replace(">three<", ">tre<")
    gone = re.search(r"<next>(<block type=\"text_print\" id=\"p1\">.*?)<next>", second)
    assert gone
    second = second.replace(gone[1] + "<next>", "", 1).replace("</next></block>", "", 1)
    save(person("bob"), made, second)
    return made


async def test_two_revisions_are_compared_as_blocks_in_words_and_as_code(
    open_as: Open, changed: dict[str, Any]
) -> None:
    page = await open_as("alice", f"w/{changed['id']}")
    history = await History(page).open()

    await history.revision(2).click()
    await history.button("Compare with the one before").click()

    await expect(history.differences).to_have_count(3)
    told = [" ".join(text.split()) for text in await history.differences.all_inner_texts()]
    assert told[0].startswith("Removed print “ two ”"), told
    assert told[1].startswith("Changed “ tre ”"), told
    assert "“three” became “tre”" in told[1]
    assert re.fullmatch(r"Moved \S+ to another place on the canvas", told[2]), told
    await expect(history.marked("removed")).to_have_count(2)
    await expect(history.marked("changed")).to_have_count(1)
    await expect(history.marked("moved")).to_have_count(1)
    await expect(page).to_have_url(re.compile(r"\?revision=1&compare=2$"))

    await history.button("Next difference").click()
    await history.button("Next difference").press("Enter")
    pointed = history.panel.locator("[aria-current=true]")
    await expect(pointed).to_contain_text("Changed")
    await expect(history.stage.locator(".looked-at")).to_have_count(1)
    await expect(history.stage.locator(".looked-at")).to_be_in_viewport()

    await history.button("As code").click()
    lines = history.stage.get_by_role("group", name="Lines that differ")
    await expect(lines).to_contain_text("print('tre')")
    await expect(lines.locator(".line-removed")).to_have_count(2)
    await expect(lines.locator(".line-added")).to_have_count(1)


async def test_an_address_leads_to_a_comparison(open_as: Open, changed: dict[str, Any]) -> None:
    page = await open_as("alice", f"w/{changed['id']}?revision=1&compare=now")
    history = History(page)

    await expect(history.differences).to_have_count(3)
    await history.panel.get_by_label("Later").select_option("1")
    await expect(history.panel.get_by_text("There is no difference.").last).to_be_visible()


async def test_what_is_not_there_is_said_with_a_way_back(
    open_as: Open, changed: dict[str, Any]
) -> None:
    page = await open_as("alice", f"w/{changed['id']}?revision=9")
    await expect(page.get_by_role("alert")).to_contain_text("The workspace has no revision 9.")
    await page.get_by_role("link", name="Back to now").click()
    await expect(EditorPage(page).block).to_be_visible()

    await page.goto(page.url + "?revision=1&compare=9")
    history = History(page)
    await expect(history.panel.get_by_role("alert")).to_contain_text("no revision 9")
    await history.panel.get_by_label("Later").select_option("now")
    await expect(history.differences).to_have_count(3)
    await expect(history.panel.get_by_role("alert")).to_have_count(0)


async def test_escape_closes_the_history_and_the_focus_returns(
    open_as: Open, changed: dict[str, Any]
) -> None:
    page = await open_as("alice", f"w/{changed['id']}")
    await expect(EditorPage(page).block).to_be_visible()
    opener = EditorPage(page).button("History")
    await opener.focus()
    await page.keyboard.press("Enter")
    history = History(page)
    await expect(history.panel.get_by_role("heading", name="History")).to_be_focused()
    await expect(history.panel.get_by_role("listitem").first).to_be_visible()

    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(history.stage).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(history.stage).to_have_count(0)
    await page.keyboard.press("Escape")

    await expect(history.panel).to_have_count(0)
    await expect(opener).to_be_focused()
    await expect(page).to_have_url(re.compile(rf"w/{changed['id']}$"))


async def test_a_restore_makes_a_new_revision_and_can_be_undone(
    open_as: Open, changed: dict[str, Any]
) -> None:
    page = await open_as("alice", f"w/{changed['id']}")
    editor, history = EditorPage(page), await History(page).open()

    await history.revision(1).click()
    await history.button("Restore revision 1").click()
    await expect(page.get_by_text("Revision 1 is back, as revision 3.")).to_be_visible()
    await expect(history.revision(3)).to_contain_text("restored")
    await page.locator("#toasts").get_by_role("button", name="Undo").click()

    await expect(history.revision(4)).to_contain_text("Current")
    await history.button("Close the history").click()
    await expect(editor.code).to_contain_text("print('tre')")


@pytest.mark.parametrize("width", [1280, 390])
async def test_what_is_now_differs_from_the_last_revision_once_the_blocks_have_changed(
    open_as: Open, new_workspace: NewWorkspace, width: int
) -> None:
    workspace = new_workspace("alice", program("one"))
    size = {"width": width, "height": 800}
    page = await open_as("alice", f"w/{workspace['id']}", viewport=size)
    history = await History(page).open()
    await expect(history.panel.get_by_text("Current")).to_be_visible()
    await expect(history.panel.locator(".history-now")).to_have_count(0)
    await history.button("Close the history").click()

    await EditorPage(page).change("two")
    await EditorPage(page).saved()
    await history.open()

    await expect(history.panel.locator(".history-now")).to_contain_text("Now")
    await expect(history.panel.get_by_text("Current")).to_have_count(0)
    await history.revision(1).click()
    await history.button("Compare with now").click()
    await expect(history.stage).to_contain_text("two")
    await page.keyboard.press("Escape")
    await expect(history.stage).to_have_count(0)
    await history.revision(1).click()
    await history.button("Restore revision 1").click()
    await expect(page.get_by_text("Revision 1 is back")).to_be_visible()
    await history.button("Close the history").click()
    await expect(page.locator(".blocklyBlockCanvas .text_print")).to_contain_text("one")


async def test_a_revision_is_named_and_the_name_taken_away(
    open_as: Open, changed: dict[str, Any]
) -> None:
    page = await open_as("alice", f"w/{changed['id']}")
    history = await History(page).open()

    await history.revision(1).click()
    await history.button("Name it").click()
    await page.keyboard.type("The starter")
    await page.keyboard.press("Enter")
    named = history.button(re.compile("^The starter"))
    await expect(named).to_contain_text("Revision 1")

    await history.button("Take the name away").click()
    await expect(history.revision(1)).to_be_visible()


async def test_a_viewer_looks_compares_plays_and_copies_and_nothing_else(
    open_as: Open, changed: dict[str, Any], person: People
) -> None:
    share(person("alice"), changed, "carol", "viewer")
    page = await open_as("carol", f"w/{changed['id']}")
    history = await History(page).open()

    await history.revision(1).click()
    await expect(history.stage.locator(".blocklyBlock").first).to_be_visible()
    for refused in "Restore revision 1", "Name it":
        await expect(history.button(refused)).to_have_count(0)
    await history.button("Make a copy of revision 1").click()

    await expect(page).not_to_have_url(re.compile(changed["id"]))
    await expect(EditorPage(page).code).to_contain_text("print('three')")
    await expect(EditorPage(page).code).to_contain_text("print('two')")


async def test_the_history_is_played_and_the_workspace_stays_as_it_is(
    open_as: Open, changed: dict[str, Any]
) -> None:
    page = await open_as("alice", f"w/{changed['id']}")
    editor = EditorPage(page)
    await editor.change("uno")
    await editor.saved()
    await editor.change("eins")
    await editor.saved()
    history = await History(page).open()

    await history.button("Play it all").click()
    slider = history.stage.get_by_role("slider", name="Moment")
    await expect(slider).to_have_attribute("max", "3")
    await expect(history.stage).to_contain_text("two")
    await slider.focus()
    for expected in "bob", "alice":
        await page.keyboard.press("ArrowRight")
        await expect(slider).to_have_attribute("aria-valuetext", re.compile(expected))
    await expect(history.stage.locator(".stage-host")).to_contain_text("uno")
    await slider.press("Home")
    await expect(history.stage.locator(".stage-host")).to_contain_text("three")
    await history.stage.get_by_role("button", name="Play", exact=True).click()
    await expect(history.stage.locator(".stage-host")).to_contain_text("eins")
    await expect(slider).to_have_value("3")

    await page.keyboard.press("Escape")
    await expect(editor.saving).to_have_text(re.compile(r"^\s*Saved"))
    await history.button("Close the history").click()
    await expect(editor.code).to_contain_text("print('eins')")


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (390, "dark")])
async def test_axe_finds_nothing_serious_in_the_history(
    open_as: Open, changed: dict[str, Any], width: int, colours: str
) -> None:
    page = await open_as(
        "alice",
        f"w/{changed['id']}",
        viewport={"width": width, "height": 844},
        color_scheme=colours,
    )
    history = await History(page).open()
    script = AXE.read_text()
    assert await axe(page, script) == []
    await history.revision(1).click()
    await history.button("Compare with now").click()
    await expect(history.differences).to_have_count(3)
    assert await axe(page, script) == []
    await history.button("All revisions").click()
    await history.button("Play it all").click()
    await expect(history.stage.get_by_role("slider")).to_be_visible()
    assert await axe(page, script) == []


@pytest.mark.parametrize("locale", ["en", "ar"])
async def test_marks_lie_on_their_blocks_whichever_way_one_writes(
    open_as: Open, changed: dict[str, Any], locale: str
) -> None:
    page = await open_as("alice", f"w/{changed['id']}?revision=1&compare=2", locale=locale)
    outlines = page.locator("history-stage .diff-marked > .diff-outline")
    await expect(outlines).to_have_count(4)

    for outline in await outlines.all():
        block = outline.locator("xpath=../*[contains(@class, 'blocklyPath')]")
        mark, shape = await outline.bounding_box(), await block.bounding_box()
        assert mark
        assert shape
        assert abs(mark["x"] - shape["x"]) < 5
        assert abs(mark["width"] - shape["width"]) < 9
