"""Untrusted output: it may do what it likes, in a frame that can do nothing."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import expect

from .conftest import Open
from .editor_page import EditorPage
from .programs import runs

ATTACK = """<b id=shown>shown</b><script>
const results = [];
const attempt = (what) => {
  try { results.push(String(what())); } catch (e) { results.push(e.name); }
};
attempt(() => parent.document);
attempt(() => document.cookie);
attempt(() => localStorage);
fetch("URL").then(() => results.push("fetched"), () => results.push("blocked"))
  .then(() => { document.getElementById("shown").textContent = results.join(); });
</script>"""


async def test_a_script_in_an_output_reaches_neither_the_page_nor_the_network(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]], hub: Any
) -> None:
    attack = ATTACK.replace("URL", hub.url + "health").replace("\n", " ")
    lines = ["from IPython.display import display, HTML", f"display(HTML({attack!r}))"]
    workspace = new_workspace("alice", runs(*lines))
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}", troubled=True))

    await page.run()

    shown = page.output.frame_locator("iframe").locator("#shown")
    await expect(shown).to_have_text("SecurityError,SecurityError,SecurityError,blocked")


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    "<script>top.pwned = 1</script></svg>"
)


async def test_svg_markdown_and_script_outputs_stay_in_the_frame_too(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace(
        "alice",
        runs(
            "from IPython.display import display, SVG, Javascript, Markdown",
            f"display(SVG({SVG!r}))",
            "display(Javascript('top.pwned = 1'), Markdown('# Title'))",
        ),
    )
    page = EditorPage(await open_as("alice", f"w/{workspace['id']}", troubled=True))

    await page.run()

    await expect(page.output.locator("iframe").first).to_be_attached()
    assert await page.output.locator("svg script, h1").count() == 0
    assert await page.page.evaluate("window.pwned") is None
