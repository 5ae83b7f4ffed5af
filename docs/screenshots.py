"""Takes the pictures in docs/pictures from the real thing: `make shots`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import LAUNCH  # noqa: E402
from tests.browser.conftest import cookies_of  # noqa: E402
from tests.browser.editor_page import EditorPage  # noqa: E402
from tests.browser.programs import runs  # noqa: E402
from tests.hub.conftest import Demo, running, start_server  # noqa: E402
from tests.hub.people import Person  # noqa: E402

PICTURES = ROOT / "docs/pictures"
EXAMPLES = ROOT / "jigsaw_service/editor/src/languages/python/examples"
SCREENS = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
PROGRAMS = {
    "Times table": (EXAMPLES / "timesTable.xml").read_text(),
    "Rain in one week": (EXAMPLES / "rainfall.xml").read_text(),
    "Spiral": (EXAMPLES / "spiral.xml").read_text(),
    "A mistake": runs("rain = [3, 0, 12, 7]", "print(rain[7])"),
}


# What becomes of the times table in the second revision.
CHANGES = {
    '<field name="NUM">10</field>': '<field name="NUM">12</field>',
    '<block type="python_comment" id="says" x="24" y="24">': '<block type="text_print" id="asks" '
    'x="24" y="24"><value name="TEXT"><block type="text" id="which"><field name="TEXT">Which?'
    "</field></block></value><next>",
    '<field name="TEXT">Change the number to see another table.</field>\n    <next>': "",
    "{} × {} = {}": "{} times {} is {}",
}


class Photographer:
    """One look of the pages in one size of window."""

    def __init__(self, demo: Demo, page: Page, look: str, friend: Person) -> None:
        self.demo, self.page, self.look, self.friend = demo, page, look, friend
        self.editor = EditorPage(page)

    async def take(self, name: str) -> None:
        await self.page.wait_for_timeout(800)
        await self.page.screenshot(path=PICTURES / f"{name}-{self.look}.png")

    async def open(self, workspace: str) -> None:
        await self.page.goto(f"{self.demo.url}w/{workspace}")
        await expect(self.editor.block).to_be_visible()

    async def together(self, browser: Browser, workspace: str) -> None:
        """Somebody else comes and takes hold of a block."""
        context = await browser.new_context(viewport=SCREENS["wide"])
        await context.add_cookies(cookies_of(self.friend))
        page = await context.new_page()
        await page.goto(f"{self.demo.url}w/{workspace}")
        block = page.locator(".blocklyBlockCanvas .blocklyPath").nth(1)
        await block.click(position={"x": 14, "y": 14})
        await self.take("together")
        await context.close()

    async def everything(self, browser: Browser, ids: dict[str, str]) -> None:
        await self.page.goto(self.demo.url)
        await self.page.wait_for_timeout(3000)
        await self.take("home")
        await self.open(ids["Rain in one week"])
        await self.take("editor")
        await self.together(browser, ids["Rain in one week"])
        await self.page.goto(f"{self.demo.url}w/{ids['Times table']}?revision=1&compare=2")
        await expect(self.page.get_by_role("list", name="Differences")).to_be_visible()
        await self.take("history")
        await self.open(ids["Spiral"])
        await self.editor.run()
        await self.take("run")
        await self.open(ids["A mistake"])
        await self.editor.run()
        await self.take("error")
        await self.editor.button("Share").click()
        await self.take("share")


async def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Demo(Path(folder))) as demo:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**LAUNCH)
            await photograph(browser, demo)
            await browser.close()


async def photograph(browser: Browser, demo: Demo) -> None:
    alice = Person(demo.url, "alice").sign_in()
    bob = Person(demo.url, "bob").sign_in()
    await asyncio.to_thread(start_server, alice)
    ids: dict[str, str] = {}
    for size, viewport in SCREENS.items():
        for colours in ("light", "dark"):
            context = await browser.new_context(viewport=viewport, color_scheme=colours)
            await context.add_cookies(cookies_of(alice))
            page = await context.new_page()
            photographer = Photographer(demo, page, f"{size}-{colours}", bob)
            if not ids:
                await photographer.page.goto(demo.url)
                await photographer.take("empty")
                ids = {name: made(alice, name, xml) for name, xml in PROGRAMS.items()}
                change(bob, ids["Times table"])
            await photographer.everything(browser, ids)
            await context.close()


def made(alice: Person, name: str, xml: str) -> str:
    body = {"name": name, "language": "python", "xml": xml}
    identity: str = alice.call("POST", "api/workspaces", json=body).json()["id"]
    share = {"user": "bob", "role": "editor"}
    alice.call("POST", f"api/workspaces/{identity}/shares", json=share).raise_for_status()
    return identity


def change(someone: Person, workspace: str) -> None:
    xml = PROGRAMS["Times table"]
    for old, new in CHANGES.items():
        xml = xml.replace(old, new)
    path, headers = f"api/workspaces/{workspace}/xml", {"If-Match": "*"}
    someone.call("PUT", path, content=xml.encode(), headers=headers).raise_for_status()


asyncio.run(main())
