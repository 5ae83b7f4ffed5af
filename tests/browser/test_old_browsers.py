"""Browsers that are too old for the page are told so, instead of shown nothing."""

from playwright.async_api import Page, Route, expect

from ..hub.conftest import Demo
from .conftest import Open

TOO_OLD = "This browser is too old for Jigsaw"


async def opened_by_an_old_browser(open_as: Open, hub: Demo, unreadable: str) -> Page:
    """The home page in a browser that cannot read the script whose name begins so."""

    async def garble(route: Route) -> None:
        await route.fulfill(content_type="text/javascript", body="class { #new }")

    page = await open_as("alice", "health", troubled=True)
    await page.route(f"**/assets/{unreadable}-*.js", garble)
    await page.goto(hub.url)
    return page


async def test_one_that_cannot_read_the_first_script_is_told(open_as: Open, hub: Demo) -> None:
    page = await opened_by_an_old_browser(open_as, hub, "main")
    await expect(page.get_by_role("heading", name=TOO_OLD)).to_be_visible()


async def test_one_that_cannot_read_a_later_script_is_told(open_as: Open, hub: Demo) -> None:
    page = await opened_by_an_old_browser(open_as, hub, "home")
    await expect(page.get_by_role("heading", name=TOO_OLD)).to_be_visible()


async def test_one_without_the_methods_is_told(open_as: Open, hub: Demo) -> None:
    page = await open_as("alice", "health")
    await page.add_init_script("delete Array.prototype.at")
    await page.goto(hub.url)
    await expect(page.get_by_role("heading", name=TOO_OLD)).to_be_visible()


async def test_a_current_one_is_told_nothing(open_as: Open) -> None:
    page = await open_as("alice")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.get_by_text(TOO_OLD)).to_have_count(0)
