"""(c) From the request to a usable editor, beside a bare page that only injects Blockly.

Both come through the Hub's proxy: the bare page is a service of the same Hub.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from statistics import median

from playwright.async_api import Browser, Page, async_playwright
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from tests.browser.chromium import LAUNCH
from tests.hub.conftest import ROOT, Demo
from tests.hub.people import Person

from .ports import free_port
from .report import Figure

BARE_PORT = free_port()
# What makes the Hub's proxy lead to the bare page.
HUB_CONFIG = f"""
c.JupyterHub.services.append({{"name": "bare", "url": "http://127.0.0.1:{BARE_PORT}"}})
"""

_LOADS = 15
# A new window costs the browser a lot of work by itself; that isn't the page's.
_SETTLE_SECONDS = 1.5
_BLOCKS = 100
_BLOCKLY = ROOT / "jigsaw_service/editor/node_modules/blockly"
_FILES = ["blockly_compressed.js", "blocks_compressed.js", "python_compressed.js", "msg/en.js"]
_DRAWN = f"document.querySelectorAll('.blocklyBlockCanvas .blocklyBlock').length >= {_BLOCKS}"
# What a page must have beside its blocks to be of use; the bare one has nothing of the kind.
_RUNNABLE = "document.querySelector('.run-bar .run')?.disabled === false"

_BARE = """<!doctype html><meta charset="utf-8"><title>Bare</title>
<style>html, body, #blocks {{ height: 100%; margin: 0 }}</style><div id="blocks"></div>{scripts}
<script>
const workspace = Blockly.inject('blocks', {{ media: 'media/', renderer: 'zelos',
  toolbox: {{ kind: 'flyoutToolbox', contents: [] }} }});
Blockly.Xml.domToWorkspace(Blockly.utils.xml.textToDom({xml}), workspace);
</script>"""


def program(blocks: int = _BLOCKS) -> str:
    """A program of so many blocks, in stacks of ten prints with their texts."""
    line = '<block type="text_print"><value name="TEXT"><shadow type="text">{text}</shadow></value>'
    stacks = []
    for stack in range(blocks // 20):
        xml = ""
        for number in reversed(range(10)):
            text = f'<field name="TEXT">{stack}.{number}</field>'
            follows = f"<next>{xml}</next>" if xml else ""
            xml = f"{line.format(text=text)}{follows}</block>"
        stacks.append(xml.replace("<block ", f'<block x="{stack * 200}" y="20" ', 1))
    return f'<xml xmlns="https://developers.google.com/blockly/xml">{"".join(stacks)}</xml>'


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    """Median of loads with an empty cache each, ours and the bare page by turns."""
    alice = Person(demo.url, "alice").sign_in()
    made = {"name": "Hundred", "language": "python", "xml": program()}
    workspace = alice.call("POST", "api/workspaces", json=made).json()
    server = serve_bare(program())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**LAUNCH)
        ours, rivals, sizes = [], [], []
        for _ in range(_LOADS):
            took, size = await _load(browser, f"{demo.url}w/{workspace['id']}", alice)
            ours.append(took)
            sizes.append(size)
            rivals.append((await _load(browser, bare_url(demo)))[0])
        await browser.close()
    server.stop()
    await server.close_all_connections()
    ratio = median(ours) / median(rivals)
    what = f"request to usable editor, {_BLOCKS} blocks"
    yield Figure(what, f"{median(ours):.0f} ms", f"{median(rivals):.0f} ms", ratio, "≤ 1.30")
    yield Figure("bytes over the wire for it", f"{max(sizes) / 1000:.0f} kB", "", None, "≤ 320 kB")


async def _load(browser: Browser, url: str, someone: Person | None = None) -> tuple[float, int]:
    """Milliseconds from the request until the page is of use and a frame painted; bytes."""
    usable = f"{_DRAWN} && {_RUNNABLE}" if someone else _DRAWN
    context = await browser.new_context()
    if someone:
        await context.add_cookies(
            [
                {"name": c.name, "value": c.value or "", "domain": "127.0.0.1", "path": c.path}
                for c in someone.http.cookies.jar
            ]
        )
    page = await context.new_page()
    transferred = await _count_bytes(page)
    await asyncio.sleep(_SETTLE_SECONDS)
    await page.goto(url, wait_until="commit")
    took: float = await page.evaluate(
        f"""() => new Promise((done) => {{
          const look = () => {usable}
            ? setTimeout(() => done(performance.now()))
            : requestAnimationFrame(look);
          requestAnimationFrame(look);
        }})"""
    )
    total = sum(transferred)
    await context.close()
    return took, total


async def _count_bytes(page: Page) -> list[int]:
    transferred: list[int] = []
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda e: transferred.append(e["encodedDataLength"]))
    return transferred


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


class _BarePage(RequestHandler):
    """The page, and Blockly's own files, compressed as a careful server would."""

    def initialize(self, xml: str) -> None:
        self._xml = xml

    def get(self, path: str) -> None:
        if path == "favicon.ico":
            self.send_error(404)
        elif path:
            self.set_header("Content-Encoding", "gzip")
            kind = "text/javascript" if path.endswith(".js") else "application/octet-stream"
            self.set_header("Content-Type", kind)
            self.finish(_compressed(_BLOCKLY / path))
        else:
            scripts = "".join(f'<script src="{name}"></script>' for name in _FILES)
            self.finish(_BARE.format(scripts=scripts, xml=json.dumps(self._xml)))


def _quiet(_handler: RequestHandler) -> None:
    """No line per request between the figures."""


def serve_bare(xml: str) -> HTTPServer:
    """The rival, where the Hub expects it."""
    server = HTTPServer(
        Application([(r".*/bare/(.*)", _BarePage, {"xml": xml})], log_function=_quiet)
    )
    server.listen(BARE_PORT, "127.0.0.1")
    return server


def bare_url(demo: Demo) -> str:
    """URL of the bare page behind the Hub's proxy."""
    return f"{demo.url.partition('services/')[0]}services/bare/"
