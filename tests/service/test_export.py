"""A workspace as a file: its XML, its code, a notebook that holds both."""

import ast

import nbformat

from .conftest import Person

PRINTS = (
    '<xml xmlns="https://developers.google.com/blockly/xml"><block type="text_print">'
    '<value name="TEXT"><block type="text"><field name="TEXT">{}</field></block></value>'
    "</block></xml>"
)


async def exported(someone: Person, xml: str, form: str, name: str = "Greeting") -> str:
    made = await someone.post(
        "api/workspaces", json={"name": name, "language": "python", "xml": xml}
    )
    answer = await someone.get(f"api/workspaces/{made.json['id']}/export?format={form}")
    assert answer.status == 200
    return answer.body.decode()


async def test_the_source_is_what_the_editor_would_show(alice: Person) -> None:
    source = await exported(alice, PRINTS.format("hi"), "source")

    assert source == "# -*- coding: utf-8 -*-\n# Made from blocks with Jigsaw.\n\nprint('hi')\n"


async def test_a_program_can_neither_declare_an_encoding_nor_leave_its_text(alice: Person) -> None:
    """PEP 263 reads an encoding from the first two lines, which are ours."""
    hostile = "');import os #\u2028coding: utf-7"
    source = await exported(alice, PRINTS.format(hostile), "source", name="coding: utf-7")

    (statement,) = ast.parse(source.encode()).body
    assert isinstance(statement, ast.Expr)


async def test_a_notebook_holds_the_code_and_the_blocks(alice: Person) -> None:
    xml = PRINTS.format("hi")

    notebook = nbformat.reads(await exported(alice, xml, "ipynb"), as_version=4)

    nbformat.validate(notebook)
    assert notebook.cells[0].source == "print('hi')\n"
    assert notebook.metadata["jigsaw"] == {
        "name": "Greeting",
        "language": "python",
        "xml": xml,
        "code": "print('hi')\n",
    }


async def test_a_program_of_many_lines_with_colours_is_written(alice: Person) -> None:
    red = '<block type="colour_picker"><field name="COLOUR">#ff0000</field></block>'
    prints = f'<block type="text_print"><value name="TEXT">{red}</value></block>'

    source = await exported(alice, f"<xml>{prints * 500}</xml>", "source")

    assert source.count("print('#ff0000')") == 500


async def test_forty_thousand_variables_are_no_hindrance(alice: Person) -> None:
    declared = "".join(f'<variable id="i{i}">v{i}</variable>' for i in range(40_000))
    used = '<block type="variables_get"><field name="VAR" id="i7">v7</field></block>'

    source = await exported(alice, f"<xml><variables>{declared}</variables>{used}</xml>", "source")

    assert source.endswith("\nv7\n")


async def test_json_is_exported_and_imported_again(alice: Person) -> None:
    workspace = await alice.create("Maze", xml=PRINTS.format("hi"))

    file = await alice.get(f"api/workspaces/{workspace}/export?format=json")
    begun = await alice.post("api/imports", json={"name": "Again", "language": "python"})
    parts = f"api/imports/{begun.json['id']}"
    await alice.request("PUT", f"{parts}/parts/0", data=file.body)
    made = await alice.post(f"{parts}/finish")

    assert file.headers["Content-Type"].startswith("application/json")
    assert "Maze.json" in file.headers["Content-Disposition"]
    again = made.json["items"][0]
    assert again["name"] == "Again"
    exported = await alice.get(f"api/workspaces/{again['id']}/export?format=json")
    assert exported.json == file.json


async def test_what_other_apps_put_into_a_file_does_not_keep_it_from_being_exported(
    alice: Person,
) -> None:
    inside = '<p:q p:r="1"/><block xmlns="urn:other" type="text"/>'
    program = PRINTS.format("hi").replace("</block></xml>", f"{inside}</block>{inside}</xml>")
    program = program.replace("<xml ", '<xml xmlns:p="urn:p" p:a="1" ')
    prefixed = (
        '<b:xml xmlns:b="urn:blocks"><b:block type="text_print"><b:value name="TEXT">'
        '<b:block type="text"><b:field name="TEXT">hi</b:field></b:block></b:value></b:block>'
        "</b:xml>"
    )

    for xml in program, prefixed:
        assert "print('hi')" in await exported(alice, xml, "source")
