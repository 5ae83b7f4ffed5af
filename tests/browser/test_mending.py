"""Faults between page and Hub are said in a sentence, with a button that mends them."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import Page, Route, expect

from ..hub.people import Person
from .conftest import Open, cookies_of
from .editor_page import RUN_TIMEOUT, EditorPage
from .programs import prints

New = Callable[..., dict[str, Any]]


async def opened(open_as: Open, new_workspace: New, text: str) -> EditorPage:
    workspace = new_workspace("alice", prints(text))
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}", troubled=True))
    await expect(page.block).to_be_visible()
    return page


async def test_an_ended_sign_in_is_said_and_the_work_goes_on_after_renewing_it(
    open_as: Open, new_workspace: New, person: Callable[[str], Person]
) -> None:
    page = await opened(open_as, new_workspace, "before")
    context = page.page.context
    # A connection that is open outlives the cookie; the next one doesn't.
    await context.set_offline(True)
    await context.clear_cookies()

    await page.change("kept")
    await context.set_offline(False)
    renew = page.page.get_by_role("button", name="Sign in again").first
    await expect(renew).to_be_visible()
    await context.add_cookies(cookies_of(person("alice")))
    async with context.expect_page() as popup:
        await renew.click()

    sign_in = await popup.value
    if not sign_in.is_closed():
        await sign_in.wait_for_event("close")
    await page.saved()
    await page.page.reload()
    await expect(page.code).to_contain_text("print('kept')")


async def test_a_lost_network_is_said_and_run_can_be_tried_again(
    open_as: Open, new_workspace: New
) -> None:
    page = await opened(open_as, new_workspace, "through")
    await lose_network(page.page)

    await page.button("Run").click()
    again = page.output.get_by_role("button", name="Try again")
    await expect(again).to_be_visible(timeout=RUN_TIMEOUT)
    await page.page.unroute_all()
    await again.click()

    await expect(page.output).to_contain_text("through", timeout=RUN_TIMEOUT)


async def test_a_workspace_that_is_not_there_has_a_page_of_its_own(open_as: Open) -> None:
    page = await open_as("alice", "w/none-of-that-id", troubled=True)

    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.get_by_role("link").first).to_be_visible()


async def lose_network(page: Page) -> None:
    async def cut(route: Route) -> None:
        await route.abort("internetdisconnected")

    await page.route("**/api/**", cut)
