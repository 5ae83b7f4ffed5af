"""Hostile frames and pages around the editor: none of them runs, reads or changes anything."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, Route, expect

from ..hub.conftest import start_server
from ..hub.people import Person
from .conftest import Open
from .editor_page import EditorPage
from .notebook_page import FramedEditor
from .programs import prints

Around = Callable[..., Awaitable[Page]]

# What a page around the frame keeps of what it hears, and how it speaks.
AROUND = """
window.heard = [];
addEventListener('message', (event) => {
  const frame = document.querySelector('#editor');
  if (event.data?.type === 'jigsaw')
    window.heard.push({ ...event.data, mine: event.source === frame.contentWindow });
});
window.say = (message) =>
  document.querySelector('#editor').contentWindow.postMessage(message, '*');
true
"""
EVERYTHING = """
[
  { type: 'jigsaw', action: 'execute', code: 'print(6 * 7)' },
  { type: 'jigsaw', action: 'run' },
  { type: 'jigsaw', action: 'get', id: '1' },
  { type: 'jigsaw', action: 'import', xml: '<xml><block type="text_print"/></xml>' },
  { type: 'jigsaw', action: 'theme', dark: true },
  { type: 'jigsaw', action: 'get' }, { type: 'jigsaw', action: 7 }, 'jigsaw', null, 7,
  { type: 'jigsaw-signed-in', user: 'bob', xsrf: 'x' },
  { type: 'jigsaw', action: 'import', xml: '<xml><block' },
  { type: 'jigsaw', action: 'import', xml: 'x'.repeat(2000000) },
]
"""


@pytest.fixture
async def around(open_as: Open, person: Callable[[str], Person]) -> Around:
    """A page of alice's own origin, as a notebook is, with a frame on `path`."""

    async def opened(path: str) -> Page:
        page = await open_as("alice", "signed-in", troubled=True)
        place = page.url.partition("services/")[0] + "user/alice/any-page"
        await page.route(place, blank)
        await page.goto(place)
        await page.evaluate(AROUND)
        await page.evaluate(
            """(path) => {
              const frame = document.createElement('iframe');
              frame.id = 'editor';
              frame.style = 'width: 1100px; height: 600px';
              frame.src = path;
              document.body.append(frame);
            }""",
            person("alice").url + path,
        )
        return page

    return opened


async def blank(route: Route) -> None:
    await route.fulfill(body="<!doctype html><title>Around</title>", content_type="text/html")


def editor_in(page: Page) -> FramedEditor:
    return FramedEditor(page.frame_locator("#editor"), page)


async def said(page: Page, action: str) -> list[dict[str, Any]]:
    """Messages of that kind from the frame, once there is one."""
    await page.wait_for_function(f"window.heard.some((one) => one.action === '{action}')")
    heard: list[dict[str, Any]] = await page.evaluate("window.heard")
    return [one for one in heard if one["action"] == action]


async def test_the_notebook_gets_the_blocks_and_sets_the_theme(
    around: Around, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace("alice", prints("mine"))
    page = await around(f"embed/{workspace['id']}")
    assert (await said(page, "ready"))[0]["protocol"] == 1

    await page.evaluate("say({ type: 'jigsaw', action: 'get', id: 'q7' })")
    (answer,) = await said(page, "xml")

    assert (answer["id"], answer["revision"], answer["mine"]) == ("q7", 1, True)
    assert "mine" in answer["xml"]
    assert (await said(page, "size"))[0]["height"] >= 360


async def test_no_message_runs_anything_however_often_it_is_sent(
    around: Around,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
) -> None:
    alice = person("alice")
    start_server(alice)
    workspace = new_workspace("alice", prints("untouched"))
    page = await around(f"embed/{workspace['id']}")
    await said(page, "ready")
    kernels = alice.call("GET", "api/jupyter/api/kernels").json()

    for _ in range(5):
        await page.evaluate(f"{EVERYTHING}.forEach(say)")
    await said(page, "xml")

    editor = editor_in(page)
    offers = page.frame_locator("#editor").get_by_role("note").filter(has_text="MetaKernel")
    await expect(offers).to_have_count(1)
    await expect(editor.code).to_have_text(re.compile("untouched"))
    await expect(editor.output).not_to_contain_text("42")
    heard = await page.evaluate("window.heard.map((one) => one.action)")
    assert "executed" not in heard and "insert" not in heard
    assert len(alice.call("GET", "api/jupyter/api/kernels").json()) == len(kernels)
    xml = alice.call("GET", f"api/workspaces/{workspace['id']}/xml").text
    assert xml == prints("untouched")


async def test_a_frame_beside_it_is_not_heard_and_hears_nothing(
    around: Around, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace("alice", prints("secret"))
    page = await around(f"embed/{workspace['id']}")
    await said(page, "ready")
    before = len(await page.evaluate("window.heard"))

    # One of the same origin, and one in a sandbox, as untrusted output is.
    for sandbox in ("allow-scripts allow-same-origin", "allow-scripts"):
        await page.evaluate(
            f"""(sandbox) => {{
              const evil = document.createElement('iframe');
              evil.sandbox = sandbox;
              evil.srcdoc = `<script>
                let stolen = 0;
                addEventListener('message', () => (stolen += 1));
                {EVERYTHING.replace("`", "")}.forEach((message) => {{
                  parent.frames[0].postMessage(message, '*');
                }});
                setTimeout(() => parent.postMessage({{ evil: true, stolen }}, '*'), 500);
              <` + `/script>`;
              document.body.append(evil);
            }}""",
            sandbox,
        )
    told = await page.evaluate(
        """new Promise((resolve) => {
          const all = [];
          addEventListener('message', (event) => {
            if (event.data?.evil && all.push(event.data.stolen) === 2) resolve(all);
          });
        })"""
    )

    assert told == [0, 0]
    frame = page.frame_locator("#editor")
    await expect(frame.get_by_role("note").filter(has_text="MetaKernel")).to_have_count(0)
    after = await page.evaluate("window.heard")
    assert [one for one in after[before:] if one["mine"]] == []


@pytest.fixture
async def elsewhere() -> AsyncIterator[str]:
    """A page at an origin of its own."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(
            text="<!doctype html><title>Elsewhere</title>", content_type="text/html"
        )

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.mark.parametrize("path", ["embed/{id}", "embed?name=maze&language=python", "signed-in", ""])
async def test_a_page_of_another_origin_cannot_frame_it(
    open_as: Open,
    elsewhere: str,
    new_workspace: Callable[..., dict[str, Any]],
    person: Callable[[str], Person],
    path: str,
) -> None:
    workspace = new_workspace("alice", prints("secret"))
    page = await open_as("alice", "signed-in", troubled=True)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    await page.goto(elsewhere)
    await page.evaluate(AROUND)

    await page.evaluate(
        """(path) => new Promise((loaded) => {
          const frame = document.createElement('iframe');
          frame.id = 'editor';
          frame.addEventListener('load', loaded);
          frame.src = path;
          document.body.append(frame);
        })""",
        person("alice").url + path.format(id=workspace["id"]),
    )
    await page.evaluate(f"{EVERYTHING}.forEach(say)")

    assert any("frame-ancestors" in text for text in refused), refused
    assert await page.evaluate("window.heard") == []
    assert await page.evaluate("document.querySelector('#editor').contentDocument") is None


async def test_outside_a_frame_it_is_an_editor_that_listens_to_nobody(
    open_as: Open, new_workspace: Callable[..., dict[str, Any]]
) -> None:
    workspace = new_workspace("alice", prints("alone"))
    page = await open_as("alice", f"embed/{workspace['id']}")
    await expect(EditorPage(page).block).to_be_visible()

    await page.evaluate(f"{EVERYTHING}.forEach((message) => postMessage(message, '*'))")

    await expect(EditorPage(page).code).to_contain_text("alone")
    await expect(page.get_by_role("note").filter(has_text="MetaKernel")).to_have_count(0)
    for gone in "Share", "Move to trash", "Make a copy":
        await expect(page.get_by_role("button", name=gone)).to_have_count(0)
