"""Small files that broke the service once: each is brought in, kept, written as code and run."""

import asyncio
import sys
from pathlib import Path

import pytest

from .conftest import Answer, Person

CASES = Path(__file__).parents[1] / "cases"
# What each prints; Blockly says the same of its own blocks.
SAYS = {
    "big-integer-rounded.xml": "12345678901234567890\n",
    "blockly-json-workspace.json": "hi\n",
    "call-block-with-name-field-makecode.xml": "hi\n",
    "change-before-set.xml": "1\n",
    "disabled_reasons_percent.xml": "",
    "except-variable-gone-afterwards.xml": "caught\ndivision by zero\n",
    "except-variable-gone-in-finally.xml": "c\ndivision by zero\n",
    "export_colour.xml": "#ff0000\n",
    "export_rope.xml": "".join(f"line number {n}\n" for n in range(24)),
    "expression-generator-second-argument.xml": "13\n",
    "expression-tuple-spreads-in-list.xml": "[(1, 2), 3]\n",
    "expression-with-comment-breaks-program.xml": "5\n",
    "filter-by-variable-called-rows.xml": "2\n",
    "from-import-overwrites-own-function.xml": "mine\n",
    "function-names-differing-by-case.xml": "one\ntwo\n",
    "number-with-decimal-comma-unknown.xml": "3.14\n",
    "output-nested-progress-cursor-up.xml": "main 0/2\n\rinner 0/3\x1b[A\rmain 1/2\n\rinner 1/3\n",
    "output-osc8-link.xml": "\x1b]8;;http://example.org\x07link\x1b]8;;\x07\n",
    "toolbox_inside.xml": "\n",
}
REFUSED = {
    "not_jigsaw.ipynb": "invalid-import",
    "openroberta-block-set.xml": "invalid-import",
    "utf16le_no_bom.xml": "invalid-workspace",
}
FILES = sorted(path.name for path in CASES.iterdir())
KEPT = [name for name in FILES if name not in REFUSED]


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """One kind of database will do."""
    return f"sqlite+aiosqlite:///{tmp_path}/jigsaw.sqlite"


async def bring_in(person: Person, data: bytes, language: str = "python") -> Answer:
    begun = (await person.post("api/imports", json={"name": "Case", "language": language})).json
    path, size = f"api/imports/{begun['id']}", begun["part_size"]
    for number in range(-(-len(data) // size)):
        part = data[number * size : (number + 1) * size]
        await person.request("PUT", f"{path}/parts/{number}", data=part)
    return await person.post(f"{path}/finish")


async def run(code: str) -> tuple[str, str]:
    """Run the code in Python; its output and its errors."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "utf8", "-"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await asyncio.wait_for(process.communicate(code.encode()), 60)
    return said.decode(), complained.decode()


@pytest.mark.parametrize("name", KEPT)
async def test_a_strange_file_is_kept_as_it_came_and_written_as_code(
    alice: Person, name: str
) -> None:
    data = (CASES / name).read_bytes()
    language = "processing" if name.startswith("processing") else "python"

    made = await bring_in(alice, data, language)
    assert made.status == 200, made
    workspace = f"api/workspaces/{made.json['items'][0]['id']}"

    if not name.endswith(".json"):
        assert (await alice.get(f"{workspace}/export?format=xml")).body == data
    code = await alice.get(f"{workspace}/export?format=source")
    assert code.status == 200, code
    assert not set("\u202e\u202a\u2066") & set(code.body.decode()), "nothing turns the code"
    if name in SAYS:
        assert await run(code.body.decode()) == (SAYS[name], "")


@pytest.mark.parametrize(("name", "slug"), REFUSED.items())
async def test_a_file_that_is_none_of_ours_is_refused_in_a_sentence(
    alice: Person, name: str, slug: str
) -> None:
    refused = await bring_in(alice, (CASES / name).read_bytes())

    assert refused.is_problem(422, slug)
    assert refused.json["detail"].endswith(".") and len(refused.json["detail"]) > 30


async def test_very_many_variables_are_written_without_keeping_others_waiting(
    alice: Person, bob: Person
) -> None:
    many = "".join(f'<variable id="i{n}">v{n}</variable>' for n in range(20_000))
    made = await bring_in(alice, f"<xml><variables>{many}</variables></xml>".encode())
    assert made.status == 200, made
    slow = [
        alice.get(f"api/workspaces/{made.json['items'][0]['id']}/export?format=source")
        for _ in range(3)
    ]
    small = await bring_in(bob, (CASES / "export_colour.xml").read_bytes())
    waiting = asyncio.gather(*slow)

    quick = await bob.get(f"api/workspaces/{small.json['items'][0]['id']}/export?format=source")
    assert quick.status == 200
    assert not waiting.done()
    assert [answer.status for answer in await waiting] == [200] * 3
