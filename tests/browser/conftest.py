"""A real Chromium on the real Hub: people who click and type."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from ..hub.conftest import (
    Demo,
    alice,
    alice_with_server,
    hub,
    person,
    running,
    start_server,
    until,
)
from ..hub.people import Person
from .chromium import LAUNCH

__all__ = ["alice", "alice_with_server", "hub", "person", "running", "start_server", "until"]

Open = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**LAUNCH)
        yield browser
        await browser.close()


@pytest.fixture
async def open_as(browser: Browser, person: Callable[[str], Person]) -> AsyncIterator[Open]:
    """Opens a page of the service as somebody, in a browser of their own.

    What a page says of errors on its console fails the test, unless it is `troubled`.
    """
    contexts = []
    complaints: list[str] = []

    async def open_page(
        name: str, path: str = "", *, troubled: bool = False, **options: Any
    ) -> Page:
        someone = person(name)
        context = await browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}} | options
        )
        contexts.append(context)
        await context.add_cookies(cookies_of(someone))
        page = await context.new_page()
        if not troubled:
            page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
            page.on("console", lambda message: complain(complaints, name, message))
        await page.goto(someone.url + path)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not complaints


def complain(complaints: list[str], name: str, message: Any) -> None:
    """Note what the browser itself has to say: refused by CSP, failed to load, and the like."""
    expected = ("Failed to load resource", "WebSocket connection to")
    if message.type == "error" and not message.text.startswith(expected):
        complaints.append(f"{name}: {message.text}")


def cookies_of(someone: Person) -> list[Any]:
    """The cookies of a person who is signed in, as a browser takes them."""
    return [
        {"name": c.name, "value": c.value or "", "domain": "127.0.0.1", "path": c.path}
        for c in someone.http.cookies.jar
    ]


@pytest.fixture
def new_workspace(person: Callable[[str], Person]) -> Callable[..., dict[str, Any]]:
    """Makes a workspace by the API, so that a test begins where it gets interesting."""

    def make(owner: str, xml: str | None = None, **fields: Any) -> dict[str, Any]:
        wanted = {"name": "Test", "language": "python"} | fields
        if xml is not None:
            wanted["xml"] = xml
        made = person(owner).call("POST", "api/workspaces", json=wanted)
        made.raise_for_status()
        workspace: dict[str, Any] = made.json()
        return workspace

    return make


__all__ += ["Demo"]
