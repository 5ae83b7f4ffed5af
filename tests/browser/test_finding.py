"""Finding workspaces on the home page, and taking all of them along."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from .conftest import Open
from .programs import prints
from .test_home import card


async def indexed(someone: Any, words: str) -> None:
    """Wait until the service has the words, as it has a few seconds after an edit."""
    for _ in range(100):
        if (await asyncio.to_thread(someone.call, "GET", f"api/workspaces?q={words}")).json()[
            "items"
        ]:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{words} was not indexed")


async def test_words_inside_the_blocks_are_found_and_told(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], person: Callable[[str], Any]
) -> None:
    new_workspace("alice", prints("Dampfschifffahrt"), name="Danube")
    await indexed(person("alice"), "dampfschiff")
    page = await open_as("alice")

    await page.get_by_role("searchbox").fill("DAMPF")

    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(card(page, "Danube")).to_contain_text("contains: dampfschifffahrt")


async def test_filters_stand_in_the_address_for_reload_back_and_colleagues(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], person: Callable[[str], Any]
) -> None:
    made = new_workspace("bob", prints("quokka"), name="Quokka")
    share = {"user": "carol", "role": "viewer"}
    person("bob").call("POST", f"api/workspaces/{made['id']}/shares", json=share)
    new_workspace("carol", name="Quokka too", language="processing")
    await indexed(person("bob"), "quokka&block=text_print")
    page = await open_as("carol", "?q=quokka")
    await expect(page.get_by_role("article")).to_have_count(2)

    await page.get_by_role("button", name="Filters").click()
    await page.get_by_label("My role").select_option("Can view")
    await expect(page.get_by_role("article")).to_have_count(1)
    await page.get_by_label("Owner", exact=True).fill("bob")
    await page.get_by_label("With a block of type").fill("text_print")
    await page.get_by_label("Order").select_option("By name")
    for told in ("role=viewer", "owner=bob", "block=text_print", "sort=name"):
        await expect(page).to_have_url(re.compile(told))
    await page.reload()

    await expect(page.get_by_role("button", name="3 filters")).to_be_visible()
    await expect(page.get_by_label("Owner", exact=True)).to_have_value("bob")
    await expect(card(page, "Quokka")).to_be_visible()
    await page.get_by_label("Language").select_option("Processing")
    await expect(page.get_by_text("No workspace matches.")).to_be_visible()
    await page.go_back()
    await expect(card(page, "Quokka")).to_be_visible()


async def names_shown(page: Page) -> list[str]:
    return [
        text.strip() for text in await page.get_by_role("article").locator("h2").all_text_contents()
    ]


async def test_all_that_is_mine_is_exported_and_imported_by_another(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    for name in "Twin", "Twin", "A/B: zebra":
        new_workspace("bob", prints(name), name=name)
    page = await open_as("bob")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Export all of mine").click()
    zipped = tmp_path / "all.zip"
    await (await download.value).save_as(zipped)

    other = await open_as("carol", "?show=mine&sort=name")
    async with other.expect_file_chooser() as chooser:
        await other.get_by_role("button", name="Import", exact=True).click()
    await (await chooser.value).set_files(zipped)

    results = other.get_by_role("region", name="Import")
    await expect(results.get_by_role("link", name="Open Twin")).to_have_count(2)
    await expect(card(other, "A/B: zebra")).to_be_visible()
    assert (await names_shown(other)).count("Twin") == 2


async def test_a_notebook_dropped_on_home_brings_its_blocks_back(
    open_as: Open,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Any],
    tmp_path: Path,
) -> None:
    made = new_workspace("alice", prints("hello"), name="From a notebook")
    path = f"api/workspaces/{made['id']}/export?format=ipynb"
    notebook = tmp_path / "renamed.ipynb"
    notebook.write_bytes(person("alice").call("GET", path).content)
    page = await open_as("carol")

    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Import", exact=True).click()
    await (await chooser.value).set_files(notebook)

    await expect(page.get_by_role("heading", name="From a notebook")).to_be_visible()
