"""The editor page as a person meets it: by the names of its controls."""

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

RUN_TIMEOUT = 90_000

# Behind what Blockly has put there to tell of.
AFTER_A_FRAME = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


class EditorPage:
    """One editor in one browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def blocks(self) -> Locator:
        return self.page.get_by_role("region", name="Blocks", exact=True)

    @property
    def code(self) -> Locator:
        return self.page.get_by_role("region", name="Code")

    @property
    def output(self) -> Locator:
        return self.page.get_by_role("region", name="Output")

    @property
    def kernel(self) -> Locator:
        return self.page.get_by_role("status").filter(has_text=re.compile(r"^\s*Kernel"))

    @property
    def saving(self) -> Locator:
        states = re.compile(r"^\s*(Saved|Saving|Offline|Conflict)")
        return self.page.get_by_role("status").filter(has_text=states)

    @property
    def block(self) -> Locator:
        """The first block on the canvas."""
        return self.page.locator(".blocklyBlockCanvas .blocklyBlock").first

    async def run(self) -> None:
        """Press Run, and wait until all of it is over; the server may have to start first."""
        await self.button("Run").click()
        await self.finished()

    async def finished(self) -> None:
        await expect(self.button("Stop")).to_be_disabled(timeout=RUN_TIMEOUT)
        await expect(self.kernel).to_have_text(re.compile("Kernel: ready"), timeout=RUN_TIMEOUT)

    async def change(self, text: str = "changed") -> None:
        """Edit the first text on the canvas as a person does: click it, type, Enter."""
        await self.page.locator(
            ".blocklyBlockCanvas .blocklyTextInputField, .blocklyBlockCanvas .blocklyField"
        ).first.click()
        field = self.page.locator(".blocklyHtmlInput")
        await field.fill(text)
        await field.press("Enter")

    async def saved(self) -> None:
        """Until all that was done before is saved; Blockly tells of it after the next frame."""
        await self.page.evaluate(AFTER_A_FRAME)
        await expect(self.saving).to_have_text(re.compile(r"^\s*Saved"))


async def axe(page: Page, script: str) -> list[Any]:
    """Serious and critical violations that axe finds on the page."""
    await page.evaluate(script)
    found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]][:5])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
