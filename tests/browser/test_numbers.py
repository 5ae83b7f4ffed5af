"""Numbers typed into a block are the numbers meant; and what is exported is what the page shows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from ..hub.people import Person
from .conftest import Open

GOLDEN = Path(__file__).parents[2] / "jigsaw_service/editor/tests/languages/python/golden"
SEVEN = (
    '<xml><block type="text_print" x="40" y="40"><value name="TEXT"><block type="math_number">'
    '<field name="NUM">7</field></block></value></block></xml>'
)


async def typed(page: Page, text: str) -> None:
    number = page.locator(".blocklyBlockCanvas .blocklyNumberField")
    await number.first.click(force=True)
    field = page.locator(".blocklyHtmlInput")
    await field.fill("")
    await field.press_sequentially(text)
    await field.press("Enter")


@pytest.mark.parametrize(
    ("locale", "text", "meant"),
    [
        ("en", "3,14", "3.14"),
        ("de", "3,14", "3.14"),
        ("de", "1.234,5", "1234.5"),
        ("ar", "٣٫١٤", "3.14"),
        ("en", "12345678901234567890", "12345678901234567890"),
    ],
)
async def test_a_number_is_read_by_the_language_of_the_page(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], locale: str, text: str, meant: str
) -> None:
    workspace = new_workspace("alice", SEVEN)
    page = await open_as("alice", f"w/{workspace['id']}?lang={locale}")

    await typed(page, text)

    await expect(page.get_by_text(f"print({meant})")).to_be_visible()


async def test_what_could_be_two_numbers_is_refused_in_words_that_are_read_out(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    page = await open_as("alice", f"w/{new_workspace('alice', SEVEN)['id']}?lang=en")

    await typed(page, "1,234")

    await expect(page.locator(".blocklyToast")).to_contain_text("“1,234” isn’t a clear number")
    await expect(page.locator("#blocklyAriaAnnounce")).to_contain_text("so 7 stays")
    await expect(page.get_by_text("print(7)")).to_be_visible()


@pytest.mark.parametrize("name", ["texts", "functions", "colours"])
async def test_what_is_exported_is_what_the_page_shows(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
    name: str,
) -> None:
    workspace = new_workspace("alice", (GOLDEN / f"{name}.xml").read_text())
    path = f"api/workspaces/{workspace['id']}/export?format=source"
    exported = person("alice").call("GET", path).text.split("\n\n", 1)[1]

    page = await open_as("alice", f"w/{workspace['id']}?lang=en")

    code = page.get_by_role("region", name="Code").locator("code, pre").first
    await expect(code).to_have_text(exported.strip())
