"""Imports by REST: nobody is locked out by files that were refused or given up."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from jigsaw_service.workspaces import imports

from .conftest import XML, Answer, Person

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


async def begin(person: Person, **said: Any) -> str:
    return str((await person.post("api/imports", json=said)).json["id"])


async def put(person: Person, begun: str, data: str | bytes, number: int = 0) -> Answer:
    return await person.request("PUT", f"api/imports/{begun}/parts/{number}", data=data)


async def finish(person: Person, begun: str) -> Answer:
    return await person.post(f"api/imports/{begun}/finish")


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (NOTEBOOK, "invalid-import"),
        (b'{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}', "invalid-import"),
        (b"no workspace", "invalid-workspace"),
        (b"PK\x03\x04 and no more", "invalid-import"),
        (b"\x00" * 100, "invalid-workspace"),
    ],
)
async def test_any_number_of_refused_files_leaves_the_way_free(
    alice: Person, data: bytes, slug: str
) -> None:
    for _ in range(12):
        begun = await begin(alice)
        assert (await put(alice, begun, data)).status == 204
        assert (await finish(alice, begun)).is_problem(422, slug)
        assert (await finish(alice, begun)).is_problem(404, "not-found")

    begun = await begin(alice, name="Maze")
    await put(alice, begun, XML.format("a"))
    assert (await finish(alice, begun)).json["items"][0]["name"] == "Maze"


async def test_an_import_that_fails_by_a_fault_of_ours_is_over_too(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await begin(alice)
    await put(alice, begun, XML.format("a"))
    monkeypatch.setattr(imports, "programs", lambda *_: 1 / 0)

    assert (await finish(alice, begun)).status == 500
    assert (await finish(alice, begun)).is_problem(404, "not-found")


async def test_an_import_that_is_too_large_is_over(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await begin(alice)
    await put(alice, begun, b"x" * 400)

    async def full(*_: object, **__: object) -> None:
        raise imports.TooLarge("Too large.", limit=1)

    with monkeypatch.context() as patched:
        patched.setattr(imports, "put_part", full)
        assert (await put(alice, begun, b"y", 1)).is_problem(413, "too-large")
    assert (await put(alice, begun, b"y", 1)).is_problem(404, "not-found")


DECLARED = '<?xml version="1.0" encoding="UTF-16" standalone="yes"?>\n'
GREETING = (
    '<xml xmlns="https://developers.google.com/blockly/xml"><block type="text" id="ü"/></xml>'
)
AS_JSON = '{"blocks": {"languageVersion": 0, "blocks": [{"type": "text", "id": "ü"}]}}'


def marked(text: str, encoding: str) -> bytes:
    return ("\ufeff" + text).encode(encoding)


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()


HELD = {"name": "Greeting", "language": "python", "xml": GREETING, "code": ""}
AS_NOTEBOOK = json.dumps({"cells": [], "metadata": {"jigsaw": HELD}}, ensure_ascii=False)


async def expect_recoded(person: Person, data: bytes) -> None:
    begun = await begin(person)
    await put(person, begun, data)
    made = (await finish(person, begun)).json
    (workspace,) = made["items"]
    kept = (await person.get(f"api/workspaces/{workspace['id']}/xml")).body.decode()
    assert made["recoded"] == [workspace["id"]]
    assert 'id="ü"' in kept and "UTF-16" not in kept and not kept.startswith("\ufeff")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [GREETING, DECLARED + GREETING, AS_JSON, AS_NOTEBOOK])
async def test_a_file_whose_mark_says_utf16_becomes_utf8_and_is_told(
    alice: Person, encoding: str, text: str
) -> None:
    await expect_recoded(alice, marked(text, encoding))


@pytest.mark.parametrize(("name", "text"), [("a.xml", GREETING), ("a.ipynb", AS_NOTEBOOK)])
async def test_so_does_one_in_a_zip(alice: Person, name: str, text: str) -> None:
    await expect_recoded(alice, zipped(name, marked(text, "utf-16-le")))


async def test_a_file_in_utf8_is_told_as_nothing_else(alice: Person) -> None:
    begun = await begin(alice)
    await put(alice, begun, "\ufeff" + GREETING)
    assert (await finish(alice, begun)).json["recoded"] == []


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe<\x00x", b"\xfe\xff\xd8\x00", b"\xff\xfe\x00\x00<\x00\x00", b"\xff\xfe\x00\xdcab"],
)
async def test_a_damaged_file_in_utf16_is_refused_in_words(alice: Person, data: bytes) -> None:
    begun = await begin(alice)
    await put(alice, begun, data)
    refused = await finish(alice, begun)
    assert refused.status == 422 and refused.json["detail"].endswith(".")


async def test_a_part_that_is_missing_can_still_be_sent(alice: Person) -> None:
    begun = await begin(alice)
    whole = XML.format("a")
    await put(alice, begun, whole[10:], 1)
    refused = await finish(alice, begun)
    assert refused.is_problem(409, "conflict") and refused.json["missing"] == [0]

    await put(alice, begun, whole[:10], 0)
    assert (await finish(alice, begun)).status == 200


def exported(*cells: dict[str, Any], code: object = "print('hi')\n") -> bytes:
    """A notebook as an export makes it, with these cells by now."""
    held = {"name": "Greeting", "language": "python", "xml": XML.format("hi"), "code": code}
    return json.dumps({"cells": cells, "metadata": {"jigsaw": held}}).encode()


def code_cell(source: object) -> dict[str, Any]:
    return {"cell_type": "code", "source": source}


NOTE = {"cell_type": "markdown", "source": "# Mine"}


@pytest.mark.parametrize(
    ("cells", "edited"),
    [
        ([code_cell("print('hi')\n")], None),
        ([code_cell("print('hi')")], None),
        ([code_cell(["print(", "'hi')", "\n"]), NOTE], None),
        ([code_cell("print('hi')"), code_cell("")], None),
        ([code_cell("print('ho')")], "print('ho')\n"),
        ([code_cell(["if 1:\n", "    print()\n"])], "if 1:\n    print()\n"),
        ([code_cell("print('hi')"), NOTE, code_cell("more()")], "print('hi')\n\nmore()\n"),
        ([code_cell("")], "\n"),
        ([], "\n"),
        ([code_cell(None), "x", {"cell_type": "code"}, code_cell([1, "a"])], "a\n"),
    ],
)
async def test_code_that_was_edited_since_the_export_is_told_beside_the_blocks(
    alice: Person, cells: list[Any], edited: str | None
) -> None:
    begun = await begin(alice)
    await put(alice, begun, exported(*cells))
    told = (await finish(alice, begun)).json

    (made,) = told["items"]
    assert made["name"] == "Greeting"
    expected = [] if edited is None else [{"workspace_id": made["id"], "code": edited}]
    assert told["edited"] == expected
    assert (await finish(alice, begun)).json["items"][0]["id"] == made["id"]


@pytest.mark.parametrize("code", [None, 3, ["print('hi')"]])
async def test_an_export_that_did_not_tell_its_code_is_not_called_edited(
    alice: Person, code: object
) -> None:
    begun = await begin(alice)
    await put(alice, begun, exported(code_cell("a"), code=code))

    assert (await finish(alice, begun)).json["edited"] == []


async def test_edited_code_is_told_of_notebooks_in_a_zip(alice: Person) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("a.ipynb", exported(code_cell("print('hi')")))
        made.writestr("b.ipynb", exported(code_cell("b()")))
        made.writestr("c.xml", XML.format("c"))
    begun = await begin(alice)
    await put(alice, begun, packed.getvalue())
    told = (await finish(alice, begun)).json

    assert told["edited"] == [{"workspace_id": told["items"][1]["id"], "code": "b()\n"}]


async def test_an_import_can_be_given_up_once(alice: Person, bob: Person) -> None:
    begun = await begin(alice)
    await put(alice, begun, XML.format("a"))

    assert (await bob.delete(f"api/imports/{begun}")).is_problem(404, "not-found")
    assert (await alice.delete(f"api/imports/{begun}")).status == 204
    assert (await alice.delete(f"api/imports/{begun}")).is_problem(404, "not-found")
    assert (await finish(alice, begun)).is_problem(404, "not-found")


async def test_what_an_import_became_outlives_it(alice: Person) -> None:
    begun = await begin(alice, name="Maze")
    await put(alice, begun, XML.format("a"))
    (made,) = (await finish(alice, begun)).json["items"]

    assert (await alice.delete(f"api/imports/{begun}")).status == 204
    assert (await alice.get(f"api/workspaces/{made['id']}")).status == 200


@pytest.mark.parametrize("name", ["\u200b", "\u2800 \u3164", "\ufe0f", " ", "\u0301"])
async def test_a_name_in_which_nothing_is_seen_is_refused(alice: Person, name: str) -> None:
    workspace = await alice.create()
    for answer in (
        await alice.post("api/workspaces", json={"name": name, "language": "python"}),
        await alice.patch(f"api/workspaces/{workspace}", {"name": name}),
        await alice.post(f"api/workspaces/{workspace}/copy", json={"name": name}),
        await alice.patch(f"api/workspaces/{workspace}/revisions/1", {"label": name}),
    ):
        assert answer.is_problem(400, "bad-request")
        assert "can be seen" in answer.json["detail"]


@pytest.mark.parametrize("kernel", ["", " ", "../python3", "a b", "python3\n", "é", "k" * 201])
async def test_a_kernel_is_called_as_jupyter_allows(alice: Person, kernel: str) -> None:
    workspace = await alice.create()

    refused = await alice.patch(f"api/workspaces/{workspace}", {"kernel_name": kernel})
    assert refused.is_problem(400, "bad-request")
    for name in "python3", "xpython-raw", "Calysto_Scheme.2", None:
        changed = await alice.patch(f"api/workspaces/{workspace}", {"kernel_name": name})
        assert changed.json["kernel_name"] == name
