"""Cost of somebody else's edit for a browser that shows 1,000 blocks.

Beside a bare page of Blockly on which the same edit is replayed as an event, which is what
relaying Blockly's own events comes to (and which loses blocks). Time is what the page's
main thread was busy for each edit, less what it is busy while nothing happens.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from playwright.async_api import CDPSession, Page, async_playwright

from tests.browser.chromium import LAUNCH
from tests.browser.conftest import cookies_of
from tests.hub.conftest import Demo
from tests.hub.people import Person

from . import page as opening
from .report import Figure

_BLOCKS = 1000
_EDITS = 100
_PAUSE = 0.05
_FIRST = "b0"
_DRAWN = f"document.querySelectorAll('.blocklyBlockCanvas .blocklyBlock').length >= {_BLOCKS}"

Edit = Callable[[int], Awaitable[None]]


def program() -> str:
    """A thousand blocks in stacks of ten prints with their texts; texts have ids."""
    stacks = []
    for stack in range(_BLOCKS // 20):
        xml = ""
        for row in reversed(range(10)):
            number = stack * 10 + row
            text = f'<block type="text" id="b{number}"><field name="TEXT">{number}</field></block>'
            follows = f"<next>{xml}</next>" if xml else ""
            where = "" if row else f' x="{stack % 10 * 220}" y="{stack // 10 * 420}"'
            xml = (
                f'<block type="text_print" id="p{number}"{where}>'
                f'<value name="TEXT">{text}</value>{follows}</block>'
            )
        stacks.append(xml)
    return f'<xml xmlns="https://developers.google.com/blockly/xml">{"".join(stacks)}</xml>'


async def measure(demo: Demo) -> AsyncIterator[Figure]:
    """Milliseconds of the main thread for each edit."""
    alice, bob = (Person(demo.url, name).sign_in() for name in ("alice", "bob"))
    made = {"name": "Thousand", "language": "python", "xml": program()}
    workspace = alice.call("POST", "api/workspaces", json=made).json()["id"]
    share = {"user": "bob", "role": "editor"}
    alice.call("POST", f"api/workspaces/{workspace}/shares", json=share).raise_for_status()
    server = opening.serve_bare(program())
    async with async_playwright() as playwright, aiohttp.ClientSession() as http:
        browser = await playwright.chromium.launch(**LAUNCH)
        context = await browser.new_context()
        await context.add_cookies(cookies_of(alice))
        page = await _drawn(await context.new_page(), f"{demo.url}w/{workspace}")
        headers = {"Authorization": f"token {bob.token}"}
        url = f"{demo.url}api/workspaces/{workspace}/live"
        async with http.ws_connect(url, headers=headers, max_msg_size=0) as ws:
            hello = {"type": "hello", "protocol": 1, "client": secrets.token_hex(16)}
            await ws.send_json(hello)

            async def edit(number: int) -> None:
                ops = [{"op": "set", "id": _FIRST, "keys": {"f:TEXT": str(number)}}]
                await ws.send_json({"type": "ops", "n": number + 1, "ops": ops})

            ours = await _busy(page, edit)
        assert f">{_EDITS - 1}<" in alice.call("GET", f"api/workspaces/{workspace}/xml").text
        bare = await _drawn(await browser.new_page(), opening.bare_url(demo))

        async def replay(number: int) -> None:
            event = {
                "type": "change",
                "blockId": _FIRST,
                "element": "field",
                "name": "TEXT",
                "newValue": str(number),
            }
            await bare.evaluate(
                f"Blockly.Events.fromJson({json.dumps(event)}, workspace).run(true)"
            )

        rival = await _busy(bare, replay)
        await browser.close()
    server.stop()
    what = f"main thread for a remote edit, {_BLOCKS} blocks"
    yield Figure(what, f"{ours:.1f} ms", f"{rival:.1f} ms", ours / rival, "")


async def _drawn(page: Page, url: str) -> Page:
    await page.goto(url)
    for _ in range(300):
        if await page.evaluate(_DRAWN):
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(3)
    return page


async def _busy(page: Page, edit: Edit) -> float:
    """Milliseconds for one of many edits."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    idle = await _spent(devtools, lambda _number: asyncio.sleep(0))
    return 1000 * max(0.0, await _spent(devtools, edit) - idle) / _EDITS


async def _spent(devtools: CDPSession, act: Edit) -> float:
    before = await _task_seconds(devtools)
    for number in range(_EDITS):
        await act(number)
        await asyncio.sleep(_PAUSE)
    await asyncio.sleep(0.5)
    return await _task_seconds(devtools) - before


async def _task_seconds(devtools: CDPSession) -> float:
    metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))
