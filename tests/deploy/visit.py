"""People with browsers on a Hub behind nginx or Apache, at the address that everybody knows."""

import json
import os
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, WebSocket, expect

from ..browser.chromium import LAUNCH
from ..browser.editor_page import EditorPage
from ..browser.programs import prints
from .fronts import NAME, Front
from .hubs import Hub

_CALL = """async ([method, path, body]) => {
    const { prefix, xsrf } = JSON.parse(document.getElementById('page-config').textContent);
    const answer = await fetch(prefix + path, {
        method, body, headers: { 'X-XSRFToken': xsrf, 'Content-Type': 'application/json' },
    });
    if (!answer.ok) throw new Error(answer.status + ' ' + (await answer.text()));
    return answer.status === 204 ? null : answer.json();
}"""


Watch = Callable[[WebSocket], None]


@dataclass
class Visit:
    """A browser that finds the public name, and those below it, at one front."""

    hub: Hub
    front: Front
    browser: Browser
    people: dict[str, BrowserContext] = field(default_factory=dict)

    async def page(self, name: str, path: str = "", watch: Watch | None = None) -> Page:
        """A page of the service for somebody, who signs in at the Hub the first time."""
        known = name in self.people
        if not known:
            # The certificate is signed by itself; that it is the right one is tested elsewhere.
            self.people[name] = await self.browser.new_context(ignore_https_errors=True)
        page = await self.people[name].new_page()
        if watch:
            page.on("websocket", watch)
        await page.goto(self.hub.url + path)
        if not known:
            await page.get_by_label("Username").fill(name)
            await page.get_by_label("Password").fill("jigsaw")
            await page.get_by_role("button", name="Sign in").click()
            await page.wait_for_url(self.hub.url + path)
        return page

    async def workspace(self, owner: str, xml: str, *, everybody: str = "") -> str:
        """The id of a new one; `everybody` on the Hub gets a role."""
        page = await self.page(owner)
        wanted = {"name": "Test", "language": "python", "xml": xml}
        made = await call(page, "POST", "api/workspaces", wanted)
        workspace_id: str = made["id"]
        if everybody:
            share = {"everyone": True, "role": everybody}
            await call(page, "POST", f"api/workspaces/{workspace_id}/shares", share)
        await page.close()
        return workspace_id

    async def editor(self, name: str, workspace_id: str, watch: Watch | None = None) -> EditorPage:
        """`watch` is called with every socket that the page opens."""
        editor = EditorPage(await self.page(name, f"w/{workspace_id}", watch))
        await expect(editor.block).to_be_visible()
        return editor


async def call(page: Page, method: str, path: str, body: Any = None) -> Any:
    """Call the API as the page itself does."""
    text = None if body is None else json.dumps(body)
    return await page.evaluate(_CALL, [method, path, text])


async def import_file(page: Page, path: Path) -> Locator:
    """Bring a file in as a person does; returns what is told of it."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Import", exact=True).click()
    await (await chooser.value).set_files([path])
    return page.get_by_role("region", name="Import").get_by_role("listitem")


def large_zip(folder: Path) -> Path:
    """5 MB of workspaces."""
    path = folder / "large.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for number in range(8):
            texts = [os.urandom(32_000).hex() for _ in range(10)]
            file.writestr(f"large {number}.xml", prints(*texts))
    assert path.stat().st_size > 5_000_000
    return path


@asynccontextmanager
async def visiting(playwright: Any, hub: Hub, front: Front) -> AsyncIterator[Visit]:
    """A browser of its own, whose only resolver is this table."""
    names = [NAME, f"*.{NAME}"]
    table = ", ".join(
        f"MAP {name}:{port} 127.0.0.1:{there}"
        for name in names
        for port, there in ((443, front.tls), (80, front.plain))
    )
    arguments = [*LAUNCH["args"], f"--host-resolver-rules={table}"]
    browser = await playwright.chromium.launch(**LAUNCH | {"args": arguments})
    try:
        yield Visit(hub, front, browser)
    finally:
        await browser.close()
