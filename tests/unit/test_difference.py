"""The patch between two states, such as what an upload changes."""

from typing import Any

from jigsaw_service.document.difference import difference
from jigsaw_service.document.records import Records, apply
from jigsaw_service.document.xml import read_records

XML = """<xml><variables><variable id="v">i</variable></variables>
    <block type="t" id="a" x="1" y="2"><mutation items="1"/><field name="V" id="v">i</field>
    <value name="A"><block type="t" id="b"/></value></block></xml>"""
SHAPE = {"in": [["A", "v"]], "joints": "pn"}


def edited(**replacements: str) -> Records:
    xml = XML
    for old, new in replacements.items():
        xml = xml.replace(old, new)
    return read_records(xml.encode())


def shaped() -> Records:
    records = edited()
    apply(records, {"blocks": {"a": {"s": SHAPE}}})
    return records


def changed(old: Records, new: Records) -> dict[str, Any]:
    patch = difference(old, new)
    apply(old, patch)
    for block_id, record in new.blocks.items():
        assert {k: v for k, v in old.blocks[block_id].items() if k != "s"} == record
    assert len(old.blocks) == len(new.blocks)
    assert old.vars == new.vars
    return patch


def test_nothing_changed_is_nothing_said() -> None:
    assert changed(edited(), edited()) == {}


def test_only_what_differs_is_said() -> None:
    assert changed(edited(), edited(**{'x="1"': 'x="5"'})) == {"blocks": {"a": {"at": [5, 2]}}}
    assert changed(edited(), edited(**{">i</variable>": ">j</variable>"})) == {
        "vars": {"v": {"name": "j", "type": ""}}
    }


def test_blocks_and_variables_come_and_go() -> None:
    patch = changed(edited(), read_records(b'<xml><block type="new" id="n"/></xml>'))

    assert patch == {
        "blocks": {"a": None, "b": None, "n": {"t": "new", "at": [None, None]}},
        "vars": {"v": None},
    }


def test_a_shape_outlives_a_state_that_knows_none() -> None:
    old = shaped()

    assert changed(old, edited()) == {}
    assert old.blocks["a"]["s"] == SHAPE


def test_a_shape_ends_with_its_mutation() -> None:
    old = shaped()
    changed(old, edited(**{'items="1"': 'items="2"'}))

    assert "s" not in old.blocks["a"]


def test_a_shape_ends_where_what_hangs_on_the_block_does_not_fit_it() -> None:
    old = shaped()
    changed(old, edited(**{'name="A"': 'name="B"'}))

    assert "s" not in old.blocks["a"]


def test_another_block_under_the_same_id_keeps_nothing_of_the_old() -> None:
    old = shaped()
    changed(old, edited(**{'type="t" id="a"': 'type="u" id="a"'}))

    assert old.blocks["a"]["t"] == "u"
    assert "s" not in old.blocks["a"]
