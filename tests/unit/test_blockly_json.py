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
