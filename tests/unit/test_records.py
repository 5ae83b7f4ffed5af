"""Records: how a patch changes them, and what is counted along the way."""

import json

import pytest

from jigsaw_service.document.records import Patch, Records, apply
from tests.vectors.invariants import state_of

START: Patch = {
    "blocks": {
        "a": {"t": "t", "at": [1, 2], "m": "<mutation/>", "s": {"in": [], "joints": "n"}},
        "b": {"t": "t", "at": ["a"], "f:V": {"var": "v"}, "sh:A": '<shadow type="t" id="s"/>'},
        "c": {"t": "procedures_defreturn", "at": ["b", "A", "v"], "f:NAME": "x"},
        "note": {"t": "#comment", "at": [0, 0]},
    },
    "vars": {"v": {"name": "i", "type": ""}},
}


def start() -> Records:
    return Records.from_json(json.loads(json.dumps(START)))


def test_json_is_read_as_it_was_written() -> None:
    assert json.loads(json.dumps(start().to_json())) == START
    assert Records() == Records.from_json({})


def test_a_patch_makes_changes_and_deletes() -> None:
    records = start()
    apply(
        records,
        {
            "blocks": {"n": {"t": "t", "at": ["b"]}, "a": {"at": [5, 5], "d": "x"}, "note": None},
            "vars": {"v": None, "w": {"name": "j", "type": ""}},
        },
    )

    assert records.blocks["n"] == {"t": "t", "at": ["b"]}
    assert records.blocks["a"]["at"] == [5, 5]
    assert records.blocks["a"]["d"] == "x"
    assert "note" not in records.blocks
    assert set(records.vars) == {"w"}


def test_null_takes_a_key_away() -> None:
    records = start()
    apply(records, {"blocks": {"a": {"m": None, "d": None}}})

    assert set(records.blocks["a"]) == {"t", "at"}


def test_a_mutation_without_a_shape_takes_the_shape_away() -> None:
    records = start()
    apply(records, {"blocks": {"a": {"m": "<mutation a='1'/>"}}})

    assert "s" not in records.blocks["a"]


PATCHES: list[Patch] = [
    {},
    {"blocks": {"a": {"m": "<mutation a='1'/>"}}},
    {"blocks": {"a": {"m": None, "s": {"in": [["A", "v"]], "joints": "p"}}}},
    {"blocks": {"a": {"s": None}, "b": {"sh:A": None, "f:V": "text"}}},
    {"blocks": {"c": {"at": ["a"]}, "b": {"at": ["c"]}}},
    {"blocks": {"b": {"at": ["a", "X", "s"]}, "n": {"t": "t", "at": ["a"], "tag": "shadow"}}},
    {"blocks": {"b": None, "c": {"at": [0, None]}, "no": None}},
    {"blocks": {"a": None, "b": None, "c": None, "note": None}, "vars": {"v": None}},
    {"vars": {"v": {"name": "a longer name", "type": "T", "attrs": [["a", '"']]}, "no": None}},
    {"blocks": {"c": {"t": "other"}, "a": {"t": "procedures_defnoreturn"}}},
]


@pytest.mark.parametrize("patch", PATCHES)
def test_the_inverse_restores_everything_exactly(patch: Patch) -> None:
    records = start()

    apply(records, json.loads(json.dumps(apply(records, patch))))

    assert state_of(records) == state_of(start())


def test_what_is_put_back_stands_where_it_stood() -> None:
    records = start()
    before = json.dumps(records.to_json())

    apply(records, apply(records, {"blocks": {"a": {"m": None}, "b": None}, "vars": {"v": None}}))

    assert json.dumps(records.to_json()) == before


@pytest.mark.parametrize("patch", PATCHES)
def test_what_is_counted_on_the_way_is_what_is_counted_at_once(patch: Patch) -> None:
    records = start()

    apply(records, patch)

    assert state_of(records) == state_of(Records.from_json(records.to_json()))


def test_the_children_of_a_block_are_known_by_their_place() -> None:
    records = start()
    assert records.children_of("b") == {"in A": "c"}

    apply(records, {"blocks": {"c": {"at": ["b"]}}})

    assert records.children_of("b") == {"next": "c"}
    assert records.children_of("nobody") == {}


def test_a_place_may_change_hands_in_either_order() -> None:
    for ids in ["b", "n"], ["n", "b"]:
        records = start()
        moves = {"b": {"at": [0, 0]}, "n": {"t": "t", "at": ["a"]}}
        apply(records, {"blocks": {block_id: moves[block_id] for block_id in ids}})

        assert records.children_of("a") == {"next": "n"}


def test_blocks_are_counted_with_their_shadows_and_without_comments() -> None:
    assert start().block_count == 4
