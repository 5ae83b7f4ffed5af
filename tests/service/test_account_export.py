"""Everything that somebody owns: taken along from one account, brought to another."""

import io
import zipfile

import pytest

from jigsaw_service.runtime.limits import Limits
from jigsaw_service.workspaces import account_export

from .conftest import XML, Person, Service
from .tabs import put

NAMES = ["Maze", "maze", "Maze", "Maze (2)", "a/b: c", "..", "Été 你好 🎉", "x" * 200, "你" * 150]


@pytest.fixture
def limits() -> Limits:
    return Limits()


async def import_into(someone: Person, data: bytes) -> list[tuple[str, str, bytes]]:
    """Name, language and bytes of each workspace that came of it."""
    begun = (await someone.post("api/imports")).json
    size = begun["part_size"]
    for number in range(0, len(data), size):
        path = f"api/imports/{begun['id']}/parts/{number // size}"
        await someone.request("PUT", path, data=data[number : number + size])
    finished = await someone.post(f"api/imports/{begun['id']}/finish")
    assert finished.status == 200, finished
    return [await _told(someone, one) for one in finished.json["items"]]


async def _told(someone: Person, one: dict[str, str]) -> tuple[str, str, bytes]:
    xml = (await someone.get(f"api/workspaces/{one['id']}/xml")).body
    return one["name"], one["language"], xml


async def test_all_that_is_mine_comes_back_with_its_names_languages_and_bytes(
    alice: Person, bob: Person
) -> None:
    sent = []
    for number, name in enumerate(NAMES):
        xml = f"<xml >\r\n<!-- {number} é --></xml>"
        language = ("python", "processing")[number % 2]
        await alice.create(name, language=language, xml=xml)
        sent.append((name, language, xml.encode()))
    trashed = await alice.create("Thrown away")
    await alice.delete(f"api/workspaces/{trashed}")
    await bob.create("Of bob")

    answer = await alice.get("api/export")

    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="alice ')
    paths = zipfile.ZipFile(io.BytesIO(answer.body)).namelist()
    assert len({path.casefold() for path in paths}) == len(NAMES) + 1
    assert all(len(part.encode()) <= 255 for path in paths for part in path.split("/"))
    assert {path.split("/")[0] for path in paths} == {"python", "processing", "jigsaw.json"}
    assert sorted(await import_into(bob, answer.body)) == sorted(sent)


async def test_what_was_edited_live_is_exported_as_it_is_now(alice: Person) -> None:
    workspace = await alice.create(xml=XML.format("a"))
    async with alice.live(workspace) as tab:
        await tab.edit(put("~1", "b"))

    answer = await alice.get("api/export")

    xml = (await alice.get(f"api/workspaces/{workspace}/xml")).body
    assert zipfile.ZipFile(io.BytesIO(answer.body)).read("python/Maze.xml") == xml


async def test_whoever_owns_nothing_gets_a_zip_without_workspaces(bob: Person) -> None:
    answer = await bob.get("api/export")

    assert zipfile.ZipFile(io.BytesIO(answer.body)).namelist() == ["jigsaw.json"]


async def test_a_workspace_that_goes_while_the_zip_is_made_is_left_out(
    service: Service, alice: Person
) -> None:
    await alice.create("a")
    last = await alice.create("b")

    zipped = b""
    async for piece in account_export.pieces(service.services.database, 1):
        if not zipped:
            await alice.delete(f"api/workspaces/{last}")
        zipped += piece

    names = zipfile.ZipFile(io.BytesIO(zipped)).namelist()
    assert names == ["python/a.xml", "jigsaw.json"]


async def test_a_notebook_brings_the_blocks_back(alice: Person, bob: Person) -> None:
    xml = XML.format("größer")
    workspace = await alice.create("Sizes", language="processing", xml=xml)
    notebook = await alice.get(f"api/workspaces/{workspace}/export?format=ipynb")

    assert await import_into(bob, notebook.body) == [("Sizes", "processing", xml.encode())]
