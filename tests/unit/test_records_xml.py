"""Records from XML and back: everything is kept, and written in one way."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from jigsaw_service.document import validation
from jigsaw_service.document.records import Records, apply
from jigsaw_service.document.validation import inspect
from jigsaw_service.document.xml import read_records, write_xml
from tests.vectors.cases import XML as NASTY

WORKSPACES = Path(__file__).parents[1] / "workspaces"
FILES = sorted(path for path in WORKSPACES.glob("*.xml") if path.name != "blockly_invalid.xml")
DOCUMENTS = {
    **{path.name: path.read_bytes() for path in FILES},
    **{name: xml.encode() for name, xml in NASTY.items()},
}


def written(xml: str) -> str:
    text = write_xml(read_records(xml.encode())).decode()
    return text.removeprefix('<xml xmlns="https://developers.google.com/blockly/xml">')


def contents(xml: bytes) -> Counter[tuple[object, ...]]:
    """Each element but for its id: what it stands in, its name, attributes and text."""
    found: Counter[tuple[object, ...]] = Counter()
    for parent in ElementTree.fromstring(xml).iter():
        for element in parent:
            tag = element.tag.rpartition("}")[2]
            attributes = {key: value for key, value in element.attrib.items() if key != "id"}
            for axis in set(attributes) & {"x", "y"}:
                attributes[axis] = str(round(float(attributes[axis])))
            # No type and an empty one are the same.
            for kind in "type", "variabletype":
                if not attributes.get(kind):
                    attributes.pop(kind, None)
            text = None if len(element) else element.text
            key = (parent.get("type"), parent.get("name"), tag, *sorted(attributes.items()), text)
            found[key] += 1
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_block_field_mutation_comment_and_shadow_of_real_files_is_kept(path: Path) -> None:
    xml = path.read_bytes()
    again = write_xml(read_records(xml))

    assert inspect(again) == inspect(xml)
    assert contents(again) == contents(xml)
    assert ids_in(xml) <= ids_in(again)


def ids_in(xml: bytes) -> set[str]:
    return {element.attrib["id"] for element in ElementTree.fromstring(xml).iterfind(".//*[@id]")}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_validator_keeps_what_is_written(name: str) -> None:
    xml = DOCUMENTS[name]
    records = read_records(xml)

    assert inspect(write_xml(records)).blocks == inspect(xml).blocks <= records.block_count


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_written_says_the_same_and_is_written_the_same_again(name: str) -> None:
    records = read_records(DOCUMENTS[name])
    once = write_xml(records)

    assert read_records(once) == records
    assert write_xml(read_records(once)) == once
    assert len(once) <= records.xml_bytes < 2 * len(once) + 100


def test_a_program_of_a_thousand_statements_is_read_and_written() -> None:
    deepest = (validation.MAX_DEPTH - 1) // 2
    start = '<block type="t"><next>' * (deepest - 1)
    xml = f'<xml>{start}<block type="t"/>{"</next></block>" * (deepest - 1)}</xml>'.encode()

    records = read_records(xml)

    assert len(records.blocks) == deepest
    assert read_records(write_xml(records)) == records


def test_ids_are_given_in_document_order_comments_last() -> None:
    records = read_records(
        b"""<xml><comment/><block type="a"><value name="A"><shadow type="b"/><block type="c"/>
        </value></block><block type="d" id="~3"/><block type="e" id="~3"/></xml>"""
    )

    assert {block_id: record["t"] for block_id, record in records.blocks.items()} == {
        "~1": "a",
        "~4": "c",
        "~3": "d",
        "~5": "e",
        "~6": "#comment",
    }
    assert records.blocks["~1"]["sh:A"] == '<shadow type="b" id="~2"/>'


def test_inputs_are_written_in_the_order_of_the_shape_and_then_by_name() -> None:
    inputs = "".join(f'<value name="{name}"><block type="t"/></value>' for name in "CBAD")
    records = read_records(f'<xml><block type="t" id="a">{inputs}</block></xml>'.encode())
    shape = {"in": [["D", "v"], ["E", "v"], ["B", "v"]], "joints": ""}
    apply(records, {"blocks": {"a": {"s": shape}}})

    names = [element.get("name") for element in ElementTree.fromstring(write_xml(records)).iter()]
    assert [name for name in names if name] == ["D", "B", "A", "C"]


def test_a_variable_is_written_with_its_present_name_wherever_it_is_used() -> None:
    records = read_records(
        b"""<xml><block type="t" id="a"><field name="V" id="v" variabletype="T">i</field></block>
        </xml>"""
    )
    apply(records, {"vars": {"v": {"name": "<k>", "type": "T"}}})

    xml = write_xml(records).decode()
    assert '<variable type="T" id="v">&lt;k&gt;</variable>' in xml
    assert '<field name="V" id="v" variabletype="T">&lt;k&gt;</field>' in xml


def test_a_shadow_of_the_canvas_is_an_ordinary_block_elsewhere() -> None:
    records = read_records(b'<xml><shadow type="t" id="a"/><block type="t" id="b"/></xml>')
    assert "<shadow" in write_xml(records).decode()

    apply(records, {"blocks": {"a": {"at": ["b", "A", "v"]}}})

    assert inspect(write_xml(records)).blocks == 2
    assert "<shadow" not in write_xml(records).decode()


def test_an_empty_workspace_is_one() -> None:
    assert inspect(write_xml(Records())).blocks == 0
    assert written("<xml/>") == "</xml>"


def test_places_are_whole_numbers_and_stay_unknown_where_they_are() -> None:
    assert written('<xml><block type="t" id="a" x="-2.5" y="1.49"/></xml>') == (
        '<block type="t" id="a" x="-2" y="1"/></xml>'
    )
    assert written('<xml><block type="t" id="a"/></xml>') == '<block type="t" id="a"/></xml>'
