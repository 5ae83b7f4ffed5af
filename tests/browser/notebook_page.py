"""A notebook as a person meets it, in JupyterLab, Notebook 7 and nbclassic."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import FrameLocator, Locator, Page, expect

from .editor_page import RUN_TIMEOUT, EditorPage

KERNELS = {"python3": "python", "calysto_scheme": "scheme", "calysto_prolog": "prolog"}


@dataclass(frozen=True)
class Look:
    """One of the programs in which people open notebooks."""

    path: str
    cell: str
    output: str


LOOKS = {
    "lab": Look("lab/tree/", ".jp-Notebook .jp-CodeCell", ".jp-OutputArea"),
    "notebook": Look("notebooks/", ".jp-Notebook .jp-CodeCell", ".jp-OutputArea"),
    "nbclassic": Look("nbclassic/notebooks/", "#notebook .code_cell", ".output_area"),
}


_IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle], .kernel_idle_icon"


def write_notebook(path: Path, *cells: str, kernel: str = "python3") -> None:
    """A notebook with these cells, nothing run yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spec = {"name": kernel, "display_name": kernel, "language": KERNELS[kernel]}
    made = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": spec, "language_info": {"name": KERNELS[kernel]}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(cells)
        ],
    }
    path.write_text(json.dumps(made))


class NotebookPage:
    """One notebook in one browser."""

    def __init__(self, page: Page, look: str) -> None:
        self.page, self.look = page, LOOKS[look]

    def cell(self, number: int) -> Locator:
        return self.page.locator(self.look.cell).nth(number)

    async def opened(self) -> None:
        await expect(self.cell(0)).to_be_visible(timeout=RUN_TIMEOUT)
        # A cell that is run before there is a kernel would ask for one.
        kernel = self.page.get_by_text(re.compile("^(Python 3|Calysto)")).filter(visible=True)
        await expect(kernel.first).to_be_visible(timeout=RUN_TIMEOUT)
        await expect(self.page.locator(_IDLE).first).to_be_attached(timeout=RUN_TIMEOUT)

    async def run(self, number: int) -> None:
        """Run a cell, and wait until it has run; pages drop what is run before they are ready."""
        cell = self.cell(number)
        prompt = cell.locator(".jp-InputPrompt, .input_prompt").first
        for _ in range(10):
            await cell.locator(".cm-content, .CodeMirror").first.click(timeout=RUN_TIMEOUT)
            await self.page.keyboard.press("Control+Enter")
            try:
                await expect(prompt).to_have_text(re.compile(r"\[(\d+|\*)\]"), timeout=3000)
                break
            except AssertionError:
                continue
        await expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=RUN_TIMEOUT)

    def frame_in(self, number: int) -> Locator:
        return self.cell(number).locator("iframe").first

    def inside(self, number: int) -> FrameLocator:
        return self.cell(number).frame_locator("iframe").first

    def editor(self, number: int) -> "FramedEditor":
        return FramedEditor(self.inside(number), self.page)


class FramedEditor(EditorPage):
    """The editor in a notebook's frame."""

    def __init__(self, frame: Any, page: Page) -> None:
        super().__init__(frame)
        self.around = page
