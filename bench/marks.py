"""(m) The source map of a long program, beside stock Blockly's generation; an error's mark."""

import asyncio
from collections.abc import AsyncIterator
from statistics import median
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from tests.browser.chromium import LAUNCH
from tests.browser.editor_page import EditorPage
from tests.browser.programs import runs
from tests.hub.conftest import Demo, start_server
from tests.hub.people import Person

from .page import bare_url, program, serve_bare
from .report import Figure

_LOADS = 5
_ERRORS = 9
_BLOCKS = 2000

_STOCK = """() => {
  const began = performance.now();
  python.pythonGenerator.workspaceToCode(Blockly.common.getMainWorkspace());
  return performance.now() - began;
}"""
_MAPPED = "performance.getEntriesByName('jigsaw: source map').map((entry) => entry.duration)"
# Notes when the kernel's reply came, and when a block was marked.
_WATCH = """
globalThis.bench = { replied: 0, marked: 0 };
globalThis.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', ({ data }) => {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
      if (!bench.replied && text.includes('execute_reply') && text.includes('ZeroDivisionError'))
        bench.replied = performance.now();
    });
  }
};
new MutationObserver(() => {
  if (!bench.marked && document.querySelector('.blocklyBlockCanvas .end-error'))
    bench.marked = performance.now();
}).observe(document, { subtree: true, childList: true, attributeFilter: ['class'] });
"""


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    alice = Person(demo.url, "alice").sign_in()
    await asyncio.to_thread(start_server, alice)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**LAUNCH)
        ours, rivals = await _maps(browser, demo, alice)
        took = await _errors(browser, demo, alice)
        await browser.close()
    what = f"source map of {_BLOCKS} blocks"
    ratio = median(ours) / median(rivals)
    yield Figure(what, f"{median(ours):.0f} ms", f"{median(rivals):.0f} ms", ratio, "≤ 50 ms")
    yield Figure(
        "error, from the reply to its mark", f"{median(took):.0f} ms", "", None, "≤ 100 ms"
    )


async def _open(browser: Browser, demo: Demo, alice: Person, xml: str) -> EditorPage:
    made = {"name": "Marks", "language": "python", "xml": xml}
    workspace = alice.call("POST", "api/workspaces", json=made).json()
    context = await browser.new_context()
    await context.add_init_script(_WATCH)
    jar = alice.http.cookies.jar
    cookies: list[Any] = [
        {"name": c.name, "value": c.value or "", "domain": "127.0.0.1", "path": c.path} for c in jar
    ]
    await context.add_cookies(cookies)
    page = EditorPage(await context.new_page())
    await page.page.goto(f"{demo.url}w/{workspace['id']}")
    await page.code.wait_for()
    return page


async def _maps(browser: Browser, demo: Demo, alice: Person) -> tuple[list[float], list[float]]:
    """Milliseconds of a first map, and of stock Blockly's generation, by turns."""
    xml = program(_BLOCKS)
    server = serve_bare(xml)
    ours, rivals = [], []
    for _ in range(_LOADS):
        page = await _open(browser, demo, alice, xml)
        await page.block.hover()
        await page.page.wait_for_function(f"() => {_MAPPED}.length > 0")
        ours.append((await page.page.evaluate(_MAPPED))[0])
        await page.page.context.close()
        bare = await browser.new_page()
        await bare.goto(bare_url(demo))
        rivals.append(await bare.evaluate(_STOCK))
        await bare.close()
    server.stop()
    await server.close_all_connections()
    return ours, rivals


async def _errors(browser: Browser, demo: Demo, alice: Person) -> list[float]:
    page = await _open(browser, demo, alice, runs("print('begun')", "1 / 0"))
    took = [await _error(page, page.page) for _ in range(_ERRORS + 1)]
    await page.page.context.close()
    # The first run starts the kernel, and fetches what marks.
    return took[1:]


async def _error(editor: EditorPage, page: Page) -> float:
    await editor.button("Run").click()
    await page.wait_for_function("() => bench.replied && bench.marked > bench.replied")
    await editor.finished()
    took: float = await page.evaluate("bench.marked - bench.replied")
    await page.evaluate("bench.replied = bench.marked = 0")
    return took
