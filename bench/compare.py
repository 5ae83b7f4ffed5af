"""(h) The longest frame while two revisions of 1,000 blocks are compared, beside plain Blockly.

The rival does less: it opens the same two documents one after the other on a bare page.
"""

import re
from collections.abc import AsyncIterator
from statistics import median

from playwright.async_api import Browser, Page, async_playwright

from tests.browser.chromium import LAUNCH
from tests.browser.conftest import cookies_of
from tests.hub.conftest import Demo
from tests.hub.people import Person

from .page import bare_url, serve_bare
from .report import Figure

_TIMES = 5
_STACKS, _HIGH = 25, 20

_WATCH = """() => {
  window.frames_ = [];
  let last = performance.now();
  const look = (now) => { frames_.push(now - last); last = now; requestAnimationFrame(look); };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(look); });
}"""
_LONGEST = "() => Math.max(...frames_)"
_PLAIN = """async (both) => {
  for (const xml of both) {
    workspace.clear();
    Blockly.Xml.domToWorkspace(Blockly.utils.xml.textToDom(xml), workspace);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
}"""


def program(*, later: bool) -> str:
    """A thousand blocks in stacks; in every stack of the later one something has changed."""
    stacks = []
    for stack in range(_STACKS):
        xml = ""
        for row in reversed(range(_HIGH)):
            if later and row == 3:
                continue
            text = "changed" if later and row == 7 else f"{stack}.{row}"
            number = row + 50 if later and row == 12 else row
            value = f'<block type="text" id="t{stack}.{number}"><field name="TEXT">{text}</field>'
            below = f"<next>{xml}</next>" if xml else ""
            xml = (
                f'<block type="text_print" id="p{stack}.{number}">'
                f'<value name="TEXT">{value}</block></value>{below}</block>'
            )
        moved = 40 if later and stack % 5 == 0 else 0
        place = f'x="{stack % 5 * 300}" y="{stack // 5 * 900 + moved}"'
        stacks.append(xml.replace("<block ", f"<block {place} ", 1))
    return f'<xml xmlns="https://developers.google.com/blockly/xml">{"".join(stacks)}</xml>'


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    """Median of the longest frames, ours and the bare page's by turns."""
    alice = Person(demo.url, "alice").sign_in()
    both = [program(later=False), program(later=True)]
    made = {"name": "Thousand", "language": "python", "xml": both[0]}
    workspace = alice.call("POST", "api/workspaces", json=made).json()["id"]
    alice.call(
        "PUT", f"api/workspaces/{workspace}/xml", content=both[1], headers={"If-Match": "*"}
    ).raise_for_status()
    server = serve_bare(both[0])
    ours, took, rivals = [], [], []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**LAUNCH)
        for _ in range(_TIMES):
            longest, whole = await _ours(browser, f"{demo.url}w/{workspace}", alice)
            ours.append(longest)
            took.append(whole)
            rivals.append(await _plain(browser, bare_url(demo), both))
        await browser.close()
    server.stop()
    what = f"comparing two revisions of {_STACKS * _HIGH * 2} blocks"
    yield Figure(
        f"longest frame, {what}",
        f"{median(ours):.0f} ms",
        f"{median(rivals):.0f} ms",
        median(ours) / median(rivals),
        "≤ 100 ms",
    )
    yield Figure(f"{what}, in all", f"{median(took):.0f} ms", "", None, "")


async def _ours(browser: Browser, url: str, alice: Person) -> tuple[float, float]:
    """Milliseconds of the longest frame, and until all is marked and told."""
    page = await _page(browser, alice)
    await page.goto(url)
    await page.locator(".blocklyBlockCanvas .blocklyBlock").nth(_STACKS * _HIGH).wait_for()
    await page.get_by_role("button", name="History", exact=True).click()
    await page.get_by_role("button", name=re.compile(r"^Revision 2\b")).click()
    compare = page.get_by_role("button", name="Compare with the one before")
    await page.locator("history-stage .blocklyBlock").nth(_STACKS * _HIGH).wait_for()
    await page.wait_for_timeout(1000)
    await page.evaluate(_WATCH)
    await page.evaluate("performance.mark('begun')")
    await compare.click()
    await page.locator(".differences li").first.wait_for()
    took = await page.evaluate(
        "performance.now() - performance.getEntriesByName('begun')[0].startTime"
    )
    await page.wait_for_timeout(500)
    longest: float = await page.evaluate(_LONGEST)
    await page.context.close()
    return longest, took


async def _plain(browser: Browser, url: str, both: list[str]) -> float:
    page = await _page(browser)
    await page.goto(url)
    await page.wait_for_timeout(1000)
    await page.evaluate(_WATCH)
    await page.evaluate(_PLAIN, both)
    longest: float = await page.evaluate(_LONGEST)
    await page.context.close()
    return longest


async def _page(browser: Browser, person: Person | None = None) -> Page:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    if person:
        await context.add_cookies(cookies_of(person))
    return await context.new_page()
