"""Blockly's JSON from outside: what is read, and what is refused in words.

That Blockly itself agrees is tested with it, in `editor/tests/canvas/blocklyJson.test.ts`.
"""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigsaw_service.document.blockly_json import deep
from jigsaw_service.document.blockly_json.reading import read_json, to_xml
from jigsaw_service.document.blockly_json.writing import to_json
from jigsaw_service.document.validation import inspect
from jigsaw_service.document.xml import read_records, write_xml
from jigsaw_service.errors import InvalidImport, InvalidWorkspace


def stack(statements: int) -> bytes:
    block = '{"type":"text_print","next":{"block":' * (statements - 1) + '{"type":"text_print"}'
    ends = "}}" * (statements - 1)
    return f'{{"blocks":{{"languageVersion":0,"blocks":[{block}{ends}]}}}}'.encode()


def test_a_stack_of_a_thousand_statements_is_read_and_written() -> None:
    xml = to_xml(read_json(stack(999)))

    assert inspect(xml).blocks == 999
    assert inspect(to_xml(read_json(to_json(xml).encode()))).blocks == 999


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(JSON, st.booleans())
def test_json_of_any_depth_is_read_as_any_other(value: Any, spaced: bool) -> None:
    text = json.dumps(value, indent=1 if spaced else None)

    assert deep._JsonReader(text).read() == value


@pytest.mark.parametrize("text", ["", "{", '{"a"}', '{"a":1,}', "[1,]", "[1 2]", "{1:2}", "1 2"])
def test_broken_json_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        deep._JsonReader(text).read()


STATE: dict[str, Any] = json.loads(
    to_json(
        b"""<xml><variables><variable id="v">i</variable></variables><comment id="c">a</comment>
    <block type="controls_if" id="a" x="1" y="2" disabled-reasons="A"><mutation else="1"/>
    <comment>b</comment><statement name="DO0"><block type="variables_set" id="b">
    <field name="VAR" id="v">i</field><value name="VALUE"><shadow type="text" id="s"/></value>
    <next><block type="robot.go" id="d"/></next></block></statement></block></xml>"""
    )
)


def spoilt(value: Any, garbage: Any, chance: random.Random) -> Any:
    if not isinstance(value, dict | list) or not value or chance.random() < 0.15:
        return garbage
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    at, inner = chance.choice(items)
    copy: Any = value.copy()
    copy[at] = spoilt(inner, garbage, chance)
    return copy


@settings(max_examples=300)
@given(JSON, st.integers(0, 2**32))
def test_whatever_stands_in_the_json_is_kept_or_refused_in_words(garbage: Any, seed: int) -> None:
    value = spoilt(STATE, garbage, random.Random(seed))
    if not isinstance(value, dict):
        return
    try:
        xml = to_xml(value)
        inspect(xml)
    except (InvalidImport, InvalidWorkspace) as refused:
        assert refused.detail.endswith(".")
        return
    again = to_xml(json.loads(to_json(xml)))
    assert write_xml(read_records(again)) == write_xml(
        read_records(to_xml(json.loads(to_json(again))))
    )


RELEASES = sorted((Path(__file__).parents[1] / "releases").glob("*.json"))


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_what_a_release_of_blockly_saved_is_written_back_identically(release: Path) -> None:
    for name, saved in json.loads(release.read_text()).items():
        if "json" not in saved:
            continue
        xml = to_xml(saved["json"])
        inspect(xml)
        assert json.loads(to_json(xml)) == saved["json"], name


OF_OTHERS = (
    '<xml xmlns="https://developers.google.com/blockly/xml" id="main" xmlns:q="urn:q" q:a="1">'
    '<comment id="c">Note</comment>'
    '<block type="text_print" id="p" glow="red" xmlns:q="urn:q" q:z="&quot;" x="1" y="2">'
    '<field name="A">1</field><value name="TEXT"><shadow type="text" id="s" glow="blue">'
    '<field name="TEXT">x</field><svg xmlns="urn:svg"><b/> hi</svg></shadow></value>'
    '<field name="A">2</field><value name="E" align="left"/><x:y xmlns:x="urn:x">t</x:y></block>'
    '<toolbox><category name="k"><block type="text"/></category></toolbox></xml>'
)


def test_json_carries_what_other_apps_put_into_xml() -> None:
    xml = write_xml(read_records(OF_OTHERS.encode()))

    assert write_xml(read_records(to_xml(json.loads(to_json(xml))))) == xml


PRINT = '<block type="text_print" id="p" x="1" y="2">{}</block>'
NUMBER = '<block type="math_number" id="n">{}</block>'
IN_VALUE = PRINT.format('<value name="TEXT">{}</value>')

OWN_SPELLINGS = {
    "an attribute of a field": PRINT.format('<field name="A" glow="red">a</field>'),
    "a qualified one": PRINT.format('<field name="A" xml:space="preserve"> a</field>'),
    "one in a namespace": PRINT.format('<field name="A" xmlns:q="urn:q" q:z="1">a</field>'),
    "one of a number": NUMBER.format('<field name="NUM" unit="m">3</field>'),
    "the old name of a field": PRINT.format('<title name="A" glow="2">a</title>'),
    "an empty type of a variable": (
        '<variables><variable id="v" type="" islocal="true">i</variable></variables>'
        '<block type="variables_get" id="g"><field name="VAR" id="v" variabletype="">i</field>'
        "</block>"
    ),
    "a number's zeros": NUMBER.format('<field name="NUM">3.10</field>'),
    "a number's exponent": NUMBER.format('<field name="NUM">1e5</field>'),
    "JSON's spaces": (
        '<block type="robot" id="n"><field name="T" json="true">[1,  2]</field></block>'
    ),
    "an attribute of an input": IN_VALUE.replace('"TEXT"', '"TEXT" align="left"').format(
        '<block type="text" id="t"/>'
    ),
    "an element beside a block": IN_VALUE.format(
        '<block type="text" id="t"/><x:y xmlns:x="urn:x">t</x:y>'
    ),
    "an input that sounds like another": (
        '<block type="robot" id="r"><statement name="FOO"><block type="a.b" id="q"/></statement>'
        '<value name="STACK"><block type="robot.c" id="s"/></value></block>'
    ),
    "a comment's attributes": PRINT.format(
        '<comment glow="1" pinned="yes" h="8a" xmlns:q="urn:q" q:z="1">hi</comment>'
    ),
    "an attribute of data": PRINT.format('<data glow="1">hi</data>'),
    "a note's attributes": '<comment id="c" glow="1" minimized="true" x="1" y="2">a</comment>',
    "what may be done": '<block type="a" id="t" collapsed="false" movable="yes" disabled="true"/>',
    "a shadow's parts": IN_VALUE.format(
        '<shadow type="text" id="s"><field name="A" glow="b">x</field><comment>y</comment></shadow>'
    ),
    "a shadow on the canvas": '<shadow type="text" id="t" x="3" y="4"/>',
}


@pytest.mark.parametrize("inside", OWN_SPELLINGS.values(), ids=OWN_SPELLINGS.keys())
def test_json_carries_how_blocklys_own_elements_were_spelled(inside: str) -> None:
    xml = write_xml(read_records(f"<xml>{inside}</xml>".encode()))

    assert inside in xml.decode()
    assert write_xml(read_records(to_xml(json.loads(to_json(xml))))) == xml


def test_what_was_changed_in_the_json_keeps_what_the_json_says_nothing_of() -> None:
    inside = (
        '<variables><variable id="v" glow="1">i</variable></variables>'
        '<comment id="c" glow="2">a</comment>'
        '<block type="math_number" id="n" collapsed="false"><field name="NUM" glow="3">3.10</field>'
        '<comment glow="4" pinned="false">b</comment><data glow="5">c</data></block>'
    )
    state = json.loads(to_json(f"<xml>{inside}</xml>".encode()))
    (block,) = state["blocks"]["blocks"]

    state["variables"][0]["name"] = "j"
    state["workspaceComments"][0]["text"] = "A"
    block["fields"]["NUM"] = 4
    block["icons"]["comment"]["text"] = "B"
    block["data"] = "C"
    block["collapsed"] = True
    changed = write_xml(read_records(to_xml(state))).decode()

    for said in (
        '<variable id="v" glow="1">j<',
        'glow="2">A<',
        '<field name="NUM" glow="3">4<',
        '<comment pinned="false" glow="4">B<',
        '<data glow="5">C<',
        'collapsed="true"',
    ):
        assert said in changed


@pytest.mark.parametrize(
    "text", ["", "<own>", "<a/>", "<own/><own/>", "</xml><xml>", 1, "<own>x</own>"]
)
def test_json_in_which_our_other_key_holds_nothing_of_ours_is_read_all_the_same(text: Any) -> None:
    block = {"type": "text", "id": "a", "fields": {"TEXT": "b"}, "jigsaw:own": text}
    note = {"id": "c", "text": "d", "jigsaw:own": text}
    state = {"blocks": {"blocks": [block]}, "workspaceComments": [note], "jigsaw:own": text}

    assert inspect(to_xml(state)).blocks == 1


def test_json_of_what_blockly_itself_says_has_no_key_of_ours() -> None:
    xml = (
        '<xml><block type="controls_if" id="a" x="1" y="2"><comment pinned="false" '
        'h="80" w="160">b</comment><value name="IF0"><block type="logic_boolean" id="b">'
        '<field name="BOOL">TRUE</field></block></value><statement name="DO0">'
        '<block type="text_print" id="c"/></statement></block></xml>'
    )

    assert "jigsaw:" not in to_json(xml.encode())


@pytest.mark.parametrize("text", ["", "<kept>", "<a/>", "<kept/><kept/>", "</xml><xml>", 1])
def test_json_in_which_our_key_holds_nothing_of_ours_is_read_all_the_same(text: Any) -> None:
    block = {"type": "text", "id": "a", "jigsaw:xml": text}

    assert inspect(to_xml({"blocks": {"blocks": [block]}, "jigsaw:xml": text})).blocks == 1


SHAREABLE: dict[str, Any] = {
    "blocks": {
        "languageVersion": 0,
        "blocks": [
            {
                "type": "procedures_defreturn",
                "id": "a",
                "extraState": {"procedureId": "p", "colour": "red"},
                "fields": {"NAME": "go"},
            }
        ],
    },
    "variables": [{"name": "x", "id": "v"}],
    "procedures": [{"id": "p", "name": "go", "parameters": [{"id": "q", "name": "x"}]}],
}


def test_a_shareable_function_has_the_parameters_that_stand_beside_the_blocks() -> None:
    xml = to_xml(SHAREABLE).decode()

    assert '<mutation><arg name="x" varid="v"/></mutation>' in xml
    assert json.loads(to_json(xml.encode())) == SHAREABLE


def test_a_function_that_was_changed_says_its_parameters_itself() -> None:
    xml = to_xml(SHAREABLE).decode().replace('<arg name="x" varid="v"/>', "")

    (block,) = json.loads(to_json(xml.encode()))["blocks"]["blocks"]

    assert block["extraState"] == {"colour": "red"}
