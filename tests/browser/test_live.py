"""Several people in one workspace, each in a browser of their own, on the real Hub."""

import asyncio
import os
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Any

import pytest
from playwright.async_api import Page, expect

from ..hub.conftest import Demo, start_server
from ..hub.people import Person
from ..hub.processes import service_of
from .conftest import Open
from .editor_page import EditorPage

TWO_STACKS = """<xml xmlns="https://developers.google.com/blockly/xml">
<block type="text_print" id="p" x="40" y="40"><value name="TEXT">
<block type="text" id="t"><field name="TEXT">first</field></block></value></block>
<block type="text_print" id="q" x="40" y="140"><value name="TEXT">
<block type="text" id="u"><field name="TEXT">second</field></block></value></block>
</xml>"""

A_MINUTE = 60

New = Callable[..., dict[str, Any]]
Known = Callable[[str], Person]
Meet = Callable[..., Awaitable[list[Any]]]


class Together(EditorPage):
    """An editor in which others work, too."""

    def shape(self, block: str) -> Any:
        return self.page.locator(f'.blocklyBlockCanvas [data-id="{block}"] > .blocklyPath').first

    def text(self, words: str) -> Any:
        return self.page.locator(".blocklyBlockCanvas .blocklyText", has_text=words)

    async def grip(self, block: str) -> tuple[float, float]:
        """Point at which a person takes hold of a block."""
        box = await self.shape(block).bounding_box()
        assert box
        return box["x"] + 10, box["y"] + box["height"] / 2

    async def take(self, block: str) -> tuple[float, float]:
        """Take a block and hold it."""
        x, y = await self.grip(block)
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.mouse.move(x + 30, y + 10, steps=4)
        return x, y

    async def drag(self, block: str, right: float, down: float) -> None:
        x, y = await self.take(block)
        await self.page.mouse.move(x + right, y + down, steps=6)
        await self.page.mouse.up()

    async def delete(self, block: str) -> None:
        x, y = await self.grip(block)
        await self.page.mouse.click(x, y)
        await self.page.keyboard.press("Delete")

    async def write(self, old: str, new: str) -> None:
        """Write into the field that says `old`."""
        await self.text(old).click()
        field = self.page.locator(".blocklyHtmlInput")
        await field.fill(new)
        await field.press("Enter")

    async def place(self, block: str) -> tuple[int, int]:
        box = await self.shape(block).bounding_box()
        assert box
        return round(box["x"]), round(box["y"])


@pytest.fixture
def meet(open_as: Open, new_workspace: New, person: Known) -> Meet:
    """Opens a workspace of alice's, which everybody may edit, as several people at once."""

    async def open_together(*names: str, xml: str = TWO_STACKS, **options: Any) -> list[Any]:
        workspace = new_workspace("alice", xml)
        everybody = {"everyone": True, "role": "editor"}
        shares = f"api/workspaces/{workspace['id']}/shares"
        workspace["share"] = person("alice").call("POST", shares, json=everybody).json()["id"]
        path = f"w/{workspace['id']}"
        pages = [Together(await open_as(name, path, **options)) for name in names]
        for page in pages:
            await page.saved()
            people = page.page.get_by_role("region", name="People").get_by_role("button").first
            await expect(people).to_have_accessible_name(re.compile(rf"^{len(names)} "))
        return [workspace, *pages]

    return open_together


def xml_of(person: Known, workspace: dict[str, Any]) -> str:
    return str(person("alice").call("GET", f"api/workspaces/{workspace['id']}/xml").text)


async def until_all(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(600):
        if await condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come true")


async def test_l3_what_one_does_everybody_sees(meet: Meet, person: Known) -> None:
    workspace, alice, bob, carol = await meet("alice", "bob", "carol")
    await alice.write("first", "changed by alice")
    await bob.drag("q", 120, 60)
    for page in (alice, bob, carol):
        await expect(page.text("changed by alice")).to_be_visible()
        await page.saved()
    await until_all(lambda: same([alice, bob, carol], "q"))
    assert "changed by alice" in xml_of(person, workspace)
    for page in (alice, bob, carol):
        await expect(page.code).to_contain_text("changed by alice")


async def same(pages: list[Together], block: str) -> bool:
    """True if a block stands at the same place for all, but for rounding."""
    places = [await page.place(block) for page in pages]
    return all(abs(a - b) < 3 for one in places for a, b in zip(one, places[0], strict=True))


async def test_two_drag_at_once_and_both_blocks_end_where_they_were_put(meet: Meet) -> None:
    _, alice, bob = await meet("alice", "bob")
    ax, ay = await alice.take("p")
    bx, by = await bob.take("q")
    await alice.page.mouse.move(ax + 150, ay + 200, steps=5)
    await bob.page.mouse.move(bx + 200, by - 60, steps=5)
    await bob.page.mouse.up()
    await bob.saved()
    await alice.page.mouse.up()
    for page in (alice, bob):
        await page.saved()
    await until_all(lambda: same([alice, bob], "p"))
    await until_all(lambda: same([alice, bob], "q"))


async def test_the_same_block_dragged_by_two_is_there_once(meet: Meet, person: Known) -> None:
    workspace, alice, bob = await meet("alice", "bob")
    ax, ay = await alice.take("p")
    bx, by = await bob.take("p")
    await bob.page.mouse.move(bx + 200, by + 150, steps=5)
    await bob.page.mouse.up()
    await alice.page.mouse.move(ax + 60, ay + 220, steps=5)
    await alice.page.mouse.up()
    for page in (alice, bob):
        await page.saved()
    await until_all(lambda: same([alice, bob], "p"))
    for page in (alice, bob):
        await expect(page.page.locator('.blocklyBlockCanvas [data-id="p"]')).to_have_count(1)
    assert xml_of(person, workspace).count('id="p"') == 1


async def test_what_is_typed_into_a_block_that_somebody_deletes_harms_nothing(meet: Meet) -> None:
    _, alice, bob = await meet("alice", "bob")
    await alice.text("first").click()
    await alice.page.locator(".blocklyHtmlInput").fill("half a sen")
    await bob.delete("p")
    await bob.saved()
    await asyncio.sleep(0.5)
    await alice.page.keyboard.type("tence")
    await alice.page.keyboard.press("Enter")
    for page in (alice, bob):
        await page.saved()
        await expect(page.page.locator('.blocklyBlockCanvas [data-id="q"]')).to_have_count(1)
    counts = [
        await page.page.locator('.blocklyBlockCanvas [data-id="p"]').count()
        for page in (alice, bob)
    ]
    assert counts == [0, 0]


async def test_l7_undo_takes_back_ones_own_last_change_only(meet: Meet) -> None:
    _, alice, bob = await meet("alice", "bob")
    await alice.write("first", "mine")
    await expect(bob.text("mine")).to_be_visible()
    await bob.write("second", "theirs")
    await expect(alice.text("theirs")).to_be_visible()
    await alice.button("Undo").click()
    for page in (alice, bob):
        await expect(page.text("first")).to_be_visible()
        await expect(page.text("theirs")).to_be_visible()
    await alice.button("Redo").click()
    await expect(bob.text("mine")).to_be_visible()


@asynccontextmanager
async def offline(page: Page) -> AsyncIterator[None]:
    """Without a network, as the operating system tells it."""
    await page.context.set_offline(True)
    yield
    await page.context.set_offline(False)


async def test_l6_work_done_offline_joins_what_the_others_did_meanwhile(meet: Meet) -> None:
    _, alice, bob = await meet("alice", "bob")
    async with offline(alice.page):
        await expect(alice.saving).to_have_text(re.compile("^\\s*Offline"))
        await alice.write("first", "on the train")
        await bob.write("second", "at home")
        await bob.saved()
        await asyncio.sleep(A_MINUTE)
    await alice.saved()
    for page in (alice, bob):
        await expect(page.text("on the train")).to_be_visible()
        await expect(page.text("at home")).to_be_visible()


async def test_l6_what_could_not_be_kept_of_work_done_offline_is_said_and_can_be_had(
    meet: Meet,
) -> None:
    _, alice, bob = await meet("alice", "bob")
    async with offline(alice.page):
        await alice.write("first", "in vain")
        await bob.delete("p")
        await bob.saved()
    dropped = alice.page.get_by_text(re.compile("could not be kept"))
    await expect(dropped).to_be_visible()
    await expect(alice.text("in vain")).to_have_count(0)
    async with alice.page.expect_download() as download:
        await alice.button("Download it").click()
    path = await (await download.value).path()
    assert "in vain" in path.read_text()


async def test_l6_work_done_offline_is_set_aside_where_the_role_is_gone(
    meet: Meet, person: Known
) -> None:
    workspace, alice, bob = await meet("alice", "bob")
    shares = f"api/workspaces/{workspace['id']}/shares/{workspace['share']}"
    async with offline(bob.page):
        await bob.write("second", "too late")
        person("alice").call("PATCH", shares, json={"role": "viewer"}).raise_for_status()
    await expect(bob.text("second")).to_be_visible()
    await expect(alice.text("too late")).to_have_count(0)
    async with bob.page.expect_download() as download:
        await bob.button("Download it").click()
    path = await (await download.value).path()
    assert "too late" in path.read_text()
    assert "too late" not in xml_of(person, workspace)


async def test_l5_who_loses_the_right_to_edit_goes_on_looking(meet: Meet, person: Known) -> None:
    workspace, alice, bob = await meet("alice", "bob")
    shares = f"api/workspaces/{workspace['id']}/shares/{workspace['share']}"
    person("alice").call("PATCH", shares, json={"role": "viewer"}).raise_for_status()
    await expect(bob.page.locator(".blocklyToolbox")).to_be_hidden()
    await alice.write("first", "still seen")
    await expect(bob.text("still seen")).to_be_visible()
    person("alice").call("DELETE", shares).raise_for_status()
    notice = bob.page.get_by_text(re.compile("no longer|not shared|any more"))
    await expect(notice.first).to_be_visible()


async def test_people_see_where_the_others_are_and_follow_them(meet: Meet) -> None:
    _, alice, bob = await meet("alice", "bob")
    await bob.page.mouse.click(*await bob.grip("q"))
    marker = alice.page.locator(".presence-frame", has_text="bob")
    await expect(marker).to_be_visible()
    await alice.page.get_by_role("button", name="2 people are here").click()
    await expect(alice.page.get_by_role("list").filter(has_text="bob")).to_contain_text("second")
    await alice.button("Follow bob").click()
    await expect(alice.page.get_by_text("You follow bob.")).to_be_visible()
    await alice.button("Stop following").click()
    await expect(alice.page.get_by_text("You follow bob.")).to_be_hidden()
    await bob.page.close()
    await expect(marker).to_have_count(0)


async def test_what_somebody_shows_everybody_sees_until_it_ends(meet: Meet, person: Known) -> None:
    await asyncio.to_thread(start_server, person("alice"))
    _, alice, bob = await meet("alice", "bob")
    await alice.run()
    await expect(bob.output).not_to_contain_text("second")
    await alice.button("Show to everyone here").click()
    shown = bob.page.get_by_role("region", name="alice shows")
    await expect(shown).to_contain_text("first")
    await expect(shown).to_contain_text("second")
    await alice.button("Stop showing").click()
    await expect(shown).to_be_hidden()


async def test_a_laptop_that_slept_catches_up(meet: Meet) -> None:
    _, alice, bob = await meet("alice", "bob")
    devtools = await alice.page.context.new_cdp_session(alice.page)
    await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    async with offline(alice.page):
        await bob.write("second", "while you slept")
        await bob.saved()
    await devtools.send("Page.setWebLifecycleState", {"state": "active"})
    await expect(alice.text("while you slept")).to_be_visible()
    await alice.write("first", "awake")
    await expect(bob.text("awake")).to_be_visible()


async def test_l2_two_go_on_where_they_were_when_the_service_is_killed_in_mid_edit(
    hub: Demo, meet: Meet, person: Known
) -> None:
    workspace, alice, bob = await meet("alice", "bob", troubled=True)
    await alice.write("first", "before")
    await alice.saved()
    service = service_of(hub.folder)
    os.kill(service, signal.SIGKILL)
    await alice.write("before", "after")
    await bob.write("second", "meanwhile")
    for page in (alice, bob):
        await expect(page.saving).to_have_text(re.compile("^\\s*Saved"))
    for page in (alice, bob):
        await expect(page.text("after")).to_be_visible()
        await expect(page.text("meanwhile")).to_be_visible()
    assert "after" in xml_of(person, workspace) and "meanwhile" in xml_of(person, workspace)


async def test_a_field_that_is_open_is_left_in_peace_and_what_is_written_last_stays(
    meet: Meet,
) -> None:
    _, alice, bob = await meet("alice", "bob")
    await alice.text("first").click()
    field = alice.page.locator(".blocklyHtmlInput")
    await field.fill("mine, half")
    await bob.write("second", "elsewhere")
    await expect(alice.text("elsewhere")).to_be_visible()
    await expect(field).to_have_value("mine, half")
    await field.fill("mine, done")
    await field.press("Enter")
    for page in (alice, bob):
        await expect(page.text("mine, done")).to_be_visible()


async def test_an_open_mutator_outlives_what_others_do_and_is_obeyed(meet: Meet) -> None:
    condition = (
        '<block type="controls_if" id="i" x="40" y="240">'
        '<statement name="DO0"><block type="text_print" id="d"/></statement></block></xml>'
    )
    _, alice, bob = await meet("alice", "bob", xml=TWO_STACKS.replace("</xml>", condition))
    await alice.page.locator('[data-id="i"] .blocklyMutatorIcon').first.click()
    bubble = alice.page.locator(".blocklyMutatorBubble, .blocklyMiniWorkspaceBubble").first
    await expect(bubble).to_be_visible()
    await bob.write("second", "elsewhere")
    await bob.delete("d")
    await expect(alice.text("elsewhere")).to_be_visible()
    await expect(bubble).to_be_visible()
    await alice.page.locator('[data-id="i"] .blocklyMutatorIcon').first.click()
    await expect(bubble).to_have_count(0)
    for page in (alice, bob):
        await expect(page.page.locator('.blocklyBlockCanvas [data-id="d"]')).to_have_count(0)
        await page.saved()


async def test_l6_after_the_database_was_restored_everything_is_loaded_anew_and_nothing_merged(
    hub: Demo, meet: Meet, person: Known
) -> None:
    workspace, alice = await meet("alice", troubled=True)
    async with offline(alice.page):
        await alice.write("first", "of another past")
        with closing(sqlite3.connect(hub.folder / "service/jigsaw.sqlite")) as database, database:
            database.execute(
                "UPDATE workspaces SET epoch = 'restored' WHERE id = ?", (workspace["id"],)
            )
    await expect(alice.text("first")).to_be_visible()
    await expect(alice.page.get_by_text(re.compile("of another past"))).to_have_count(0)
    await expect(
        alice.page.get_by_role("button", name=re.compile("copy|Download"))
    ).not_to_have_count(0)
    assert "of another past" not in xml_of(person, workspace)
