"""Operations: the form they have, and the limits of their result."""

import json
from typing import Any

import pytest

from jigsaw_service.document import operations
from jigsaw_service.document.operations import check_result, read_batch
from jigsaw_service.document.records import Records, apply
from jigsaw_service.document.reducer import reduce
from jigsaw_service.document.validation import MAX_BLOCKS, MAX_DEPTH, inspect
from jigsaw_service.document.xml import read_records, write_xml
from jigsaw_service.errors import InvalidOperations, InvalidWorkspace, TooLarge
from jigsaw_service.runtime.limits import Limits

LIMITS = Limits()
SHADOW = '<shadow type="math_number" id="s"><field name="NUM">1</field></shadow>'


def read(op: Any) -> Any:
    [operation] = read_batch([op], LIMITS)
    return operation


def put(**keys: Any) -> dict[str, Any]:
    return {"op": "set", "id": "a", "keys": keys}


def new(**record: Any) -> dict[str, Any]:
    return {"op": "new", "id": "a", "record": {"t": "t", "at": [0, 0], **record}}


@pytest.mark.parametrize(
    "op",
    [
        new(),
        new(at=[None, None], m="<mutation/>", s={"in": [["A", "v"], ["", "s"]], "joints": "opn"}),
        new(at=["p"], tag="shadow", sn=SHADOW, x='<field name="F">2</field><value name="A"/>'),
        new(at=["p", "A", "v"], **{"sh:A": SHADOW, "ss:B": SHADOW, "f:": "no name"}),
        new(c='<comment pinned="true">Why\n\tso</comment>', d="a\nb\tc", **{"a:é": "1"}),
        {"op": "new", "id": "c", "record": {"t": "#comment", "at": [1, 2], "d": "x", "a:w": "9"}},
        put(m=None, s=None, c=None, d="", **{"f:F": "é😀", "a:collapsed": None, "sh:A": None}),
        put(**{"f:V": {"var": "v", "name": "i", "type": ""}}),
        put(**{"f:V": {"var": "v", "tag": "title", "attrs": [["hue", "1"]]}}),
        put(**{"f:F": {"text": "", "attrs": [["id", ""]]}}),
        put(**{"f:F": {"text": " ", "n": '<n xml:space="preserve"/>'}}),
        put(**{"f:V": {"var": "v", "attrs": [["variabletype", ""]]}}),
        put(),
        {"op": "mv", "id": "a", "at": [-5, 1000000]},
        {"op": "mv", "id": "__proto__", "at": ["b", "DO", "s"]},
        {"op": "del", "ids": []},
        {"op": "del", "ids": ["a", "b"]},
        {"op": "var", "id": "v", "name": "i"},
        {"op": "var", "id": "v", "name": "", "type": "Number"},
        {"op": "vdel", "id": "v"},
    ],
)
def test_honest_operations_are_read_as_they_are(op: Any) -> None:
    assert read(json.loads(json.dumps(op))) == op


@pytest.mark.parametrize(
    ("op", "where"),
    [
        (None, "ops[0]:"),
        ({"op": "drop", "id": "a"}, "ops[0]:"),
        ({"op": []}, "ops[0]:"),
        ({"op": "mv", "id": "a"}, "ops[0]: “mv” needs “at”"),
        ({"op": "vdel", "id": "a", "ids": []}, "ops[0].ids: “vdel” knows no such thing"),
        ({"op": "vdel", "id": ""}, "ops[0].id: an id is"),
        ({"op": "vdel", "id": "x" * 65}, "ops[0].id: an id is"),
        ({"op": "vdel", "id": "a\r"}, "ops[0].id: an id is"),
        ({"op": "vdel", "id": "\ud800"}, "ops[0].id: an id is"),
        ({"op": "vdel", "id": 1}, "ops[0].id: an id is"),
        ({"op": "del", "ids": "abc"}, "ops[0].ids: a list"),
        ({"op": "del", "ids": ["a"] * (MAX_BLOCKS + 1)}, "ops[0].ids: a list of at most 5000"),
        ({"op": "del", "ids": [["a"]]}, "ops[0].ids: an id is"),
        ({"op": "var", "id": "v", "name": None}, "ops[0].name: a text is needed"),
        ({"op": "var", "id": "v", "name": "a\x00"}, "ops[0].name: a text holds a control"),
        ({"op": "set", "id": "a", "keys": []}, "ops[0].keys: an object"),
        (put(t="other"), "ops[0].keys.t:"),
        (put(at=[1, 1]), "ops[0].keys.at:"),
        (put(tag="shadow"), "ops[0].keys.tag:"),
        (put(tag=None), "ops[0].keys.tag:"),
        (put(z=None), "ops[0].keys.z:"),
        (put(**{"z:a": "1"}), "ops[0].keys.z:a:"),
        (put(f="1"), "ops[0].keys.f:"),
        (new(t=""), "ops[0].record.t:"),
        (new(t="a\nb"), "ops[0].record.t:"),
        (new(t="#xml"), "ops[0].record.t:"),
        ({"op": "del", "ids": ["#xml"]}, "ops[0].ids:"),
        ({"op": "mv", "id": "a", "at": ["#xml"]}, "ops[0].at:"),
        (new(t="#other"), "ops[0].record.t:"),
        (new(t=None), "ops[0].record.t:"),
        (new(tag="block"), "ops[0].record.tag:"),
        (new(t="#comment", c="<comment/>"), "ops[0].record.c:"),
        ({"op": "new", "id": "a", "record": {"t": "t"}}, "ops[0].record.at:"),
        (put(d="x" * 65537), "ops[0].keys.d: a text has more than 65536"),
        (put(d="a\rb"), "ops[0].keys.d: a text holds a control"),
        (put(d="\ufffe"), "ops[0].keys.d: a text holds a control"),
        (put(d=5), "ops[0].keys.d: a text is needed"),
        (put(**{"f:" + "x" * 129: "1"}), "ops[0].keys.f:xxx"),
        (put(**{"f:F": True}), "ops[0].keys.f:F:"),
        (put(**{"f:F": {}}), "ops[0].keys.f:F:"),
        (put(**{"f:F": {"var": "v", "text": "i"}}), "ops[0].keys.f:F:"),
        (put(**{"f:F": {"text": "i", "name": "i"}}), "ops[0].keys.f:F.name:"),
        (put(**{"f:F": {"text": "i", "tag": "script"}}), "ops[0].keys.f:F.tag:"),
        (put(**{"f:F": {"text": "i", "attrs": [["id", "v"]]}}), "ops[0].keys.f:F.attrs:"),
        (
            put(**{"f:F": {"text": "i", "attrs": [["a", "1"], ["a", "2"]]}}),
            "ops[0].keys.f:F.attrs:",
        ),
        (put(**{"f:V": {"var": "v", "attrs": [["variabletype", "T"]]}}), "ops[0].keys.f:V.attrs:"),
        (put(**{"f:V": {"var": "v", "attrs": [["id", ""]]}}), "ops[0].keys.f:V.attrs:"),
        (put(**{"f:F": {"text": "i", "n": '<n a="1"/>'}}), "ops[0].keys.f:F.n:"),
        (put(**{"f:F": {"text": "i", "n": "<n/><n/>"}}), "ops[0].keys.f:F.n:"),
        (put(**{"f:F": {"text": "i", "attrs": []}}), "ops[0].keys.f:F.attrs:"),
        (put(**{"f:F": {"text": "i", "attrs": {}}}), "ops[0].keys.f:F.attrs:"),
    ],
)
def test_others_are_refused_and_it_is_said_where(op: Any, where: str) -> None:
    with pytest.raises(InvalidOperations) as refused:
        read(op)

    assert refused.value.detail.startswith(where)
    assert refused.value.detail.endswith(".")


@pytest.mark.parametrize(
    "name", ["type", "id", "x", "y", "xmlns", "a b", 'a="1" b', "", "1", "a:b"]
)
def test_an_attribute_cant_be_one_of_ours_or_none_at_all(name: str) -> None:
    with pytest.raises(InvalidOperations):
        read(put(**{f"a:{name}": "1"}))


@pytest.mark.parametrize(
    "at",
    [
        None,
        [],
        "ab",
        [1],
        [1, 2, 3],
        [1, "a"],
        ["a", 1],
        ["a", "b"],
        ["a", "b", "x"],
        ["a", "b", "v", "s"],
        [True, 0],
        [float("nan"), 0],
        [0, float("inf")],
        [1e7, 0],
        [10**400, 0],
        ["", "A", "v"],
        ["a", "x" * 129, "v"],
    ],
)
def test_a_place_is_on_the_canvas_or_at_a_block(at: Any) -> None:
    with pytest.raises(InvalidOperations, match=r"^ops\[0\]\.at: "):
        read({"op": "mv", "id": "a", "at": at})


def test_coordinates_become_whole_numbers() -> None:
    at = read({"op": "mv", "id": "a", "at": [1.5, -1.5]})["at"]

    assert at == [2, -1]
    assert all(isinstance(axis, int) for axis in at)


@pytest.mark.parametrize(
    "shape",
    [
        "opn",
        {},
        {"in": []},
        {"in": [], "joints": "opn", "more": 1},
        {"in": [], "joints": "np"},
        {"in": [], "joints": "oo"},
        {"in": [["A", "x"]], "joints": ""},
        {"in": [["A"]], "joints": ""},
        {"in": [["A", "v"], ["A", "s"]], "joints": ""},
        {"in": [["A\r", "v"]], "joints": ""},
        {"in": [[str(i), "v"] for i in range(1001)], "joints": ""},
    ],
)
def test_a_shape_has_inputs_of_different_names_and_joints(shape: Any) -> None:
    with pytest.raises(InvalidOperations, match=r"^ops\[0\]\.keys\.s"):
        read(put(s=shape))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("m", ""),
        ("m", "text"),
        ("m", "<mutation>"),
        ("m", "<mutation/><mutation/>"),
        ("m", "<field/>"),
        ("m", '</block><block type="t"><mutation/>'),
        ("m", '<mutation/></block><block type="t">'),
        ("m", '</block></xml><xml><block type="t"><mutation/>'),
        ("m", '<mutation items="501"/>'),
        ("m", '<mutation items="-1"/>'),
        ("m", "<mutation>" + "<arg/>" * 201 + "</mutation>"),
        ("m", "<mutation a='&#13;'/>"),
        ("m", "<mutation>a\rb</mutation>"),
        ("m", "<mutation a='\ud800'/>"),
        ("m", "<?php?><mutation/>"),
        ("m", "<!DOCTYPE a><mutation/>"),
        ("m", 5),
        ("c", "<data/>"),
        ("n", "<n/><n/>"),
        ("n", '<n a="1"/>'),
        ("n", '<n xmlns:p="urn:p" p:a="1">text</n>'),
        ("n", '<n p:a="1"/>'),
        ("m", '<mutation xmlns="urn:other"/>'),
        ("sh:A", '<block type="t"/>'),
        ("sh:A", "<shadow/>"),
        ("sh:A", SHADOW + SHADOW),
        ("sh:A", SHADOW + '<block type="t"/>'),
        ("ss:A", '<shadow type="t"><script/></shadow>'),
        ("sn", '</value><value><shadow type="t"/>'),
        ("sn", '<shadow xmlns="urn:other" type="t"/>'),
        ("x", ""),
        ("x", "<next/>"),
        ("x", "text"),
        ("x", '<block type="t"/>'),
        ("x", '<field name="F"/></block><block type="u">'),
    ],
)
def test_elements_are_of_the_right_name_and_such_as_the_validator_keeps(
    key: str, text: Any
) -> None:
    with pytest.raises(InvalidOperations) as refused:
        read(put(**{key: text}))

    assert refused.value.detail.startswith(f"ops[0].keys.{key}: ")
    assert refused.value.detail.endswith(".")


def test_elements_are_kept_as_the_one_serialisation_has_them() -> None:
    text = "<mutation  a='1'>\n  <arg name='\"'></arg>\n</mutation>"

    assert read(put(m=text))["keys"]["m"] == '<mutation a="1"><arg name="&quot;"/></mutation>'


@pytest.mark.parametrize("value", [None, {}, "ops", 5])
def test_a_batch_is_a_list(value: Any) -> None:
    with pytest.raises(InvalidOperations, match="a list of operations"):
        read_batch(value, LIMITS)


def test_a_batch_is_not_endless() -> None:
    ops = [{"op": "vdel", "id": "a"}] * (operations.MAX_OPERATIONS + 1)

    with pytest.raises(InvalidOperations, match="at most 5000"):
        read_batch(ops, LIMITS)
    assert len(read_batch(ops[1:], LIMITS)) == operations.MAX_OPERATIONS


def test_the_place_of_a_fault_is_counted_from_the_first_operation() -> None:
    good = {"op": "vdel", "id": "a"}

    with pytest.raises(InvalidOperations, match=r"^ops\[2\]\.id: "):
        read_batch([good, good, {"op": "vdel", "id": ""}], LIMITS)


def result(records: Records, *ops: dict[str, Any], max_bytes: int = LIMITS.workspace_bytes) -> None:
    """Carry the operations out; what is refused is taken back."""
    patch = reduce(records, read_batch(list(ops), LIMITS))
    inverse = apply(records, patch)
    try:
        check_result(records, patch, max_bytes)
    except (InvalidWorkspace, TooLarge):
        apply(records, inverse)
        raise
    inspect(write_xml(records), max_bytes)


def blocks(number: int) -> Records:
    return read_records(b"<xml>" + b'<block type="t"/>' * number + b"</xml>")


def chain(length: int) -> Records:
    parts = {str(i): {"t": "t", "at": [str(i - 1)] if i else [0, 0]} for i in range(length)}
    return Records.from_json({"blocks": parts})


def test_one_block_more_than_allowed_is_refused() -> None:
    records = blocks(MAX_BLOCKS - 1)
    result(records, new())

    with pytest.raises(InvalidWorkspace, match="more than 5000 blocks"):
        result(records, {**new(), "id": "b"})
    assert len(records.blocks) == MAX_BLOCKS


def test_shadows_are_blocks_too() -> None:
    records = blocks(MAX_BLOCKS - 1)

    result(records, {"op": "set", "id": "~1", "keys": {"sh:A": SHADOW}})
    with pytest.raises(InvalidWorkspace, match="more than 5000 blocks"):
        result(records, {"op": "set", "id": "~1", "keys": {"sn": SHADOW}})


def test_a_comment_is_none() -> None:
    result(blocks(MAX_BLOCKS), new(t="#comment"))


def test_a_stack_grows_to_the_greatest_depth_and_no_further() -> None:
    longest = MAX_DEPTH // 2
    records = chain(longest - 1)
    result(records, new(at=[str(longest - 2)]))

    with pytest.raises(InvalidWorkspace, match="nested too deeply"):
        result(records, {**new(at=["a"]), "id": "b"})
    assert len(records.blocks) == longest


@pytest.mark.parametrize(
    "keys",
    [{"f:F": "1"}, {"d": "1"}, {"c": "<comment/>"}, {"m": "<mutation/>"}, {"sh:A": SHADOW}],
)
def test_a_block_at_the_greatest_depth_has_no_room_for_anything_inside(keys: Any) -> None:
    records = chain(MAX_DEPTH // 2 - 1)
    result(records, new(at=[str(MAX_DEPTH // 2 - 2)]))

    with pytest.raises(InvalidWorkspace, match="nested too deeply"):
        result(records, put(**keys))
    result(records, put(**{"a:collapsed": "true"}))
    result(records, {"op": "set", "id": "0", "keys": keys})


def test_a_stack_is_not_hung_where_its_end_would_lie_too_deep() -> None:
    records = chain(600)
    apply(records, {"blocks": {"300": {"at": [5, 5]}}})
    result(records, {"op": "mv", "id": "300", "at": ["299", "DO", "s"]})
    long = {f"b{i}": {"t": "t", "at": [f"b{i - 1}"] if i else [0, 0]} for i in range(500)}
    apply(records, {"blocks": long})

    with pytest.raises(InvalidWorkspace, match="nested too deeply"):
        result(records, {"op": "mv", "id": "b0", "at": ["599"]})
    result(records, {"op": "mv", "id": "b0", "at": ["399", "DO", "s"]})


def test_a_workspace_grows_to_the_greatest_size_and_no_further() -> None:
    records = Records()
    text = '&"' * 1000

    with pytest.raises(TooLarge, match="10000"):
        for i in range(100):
            result(records, {**new(d=text), "id": f"b{i}"}, max_bytes=10_000)

    assert 3000 < len(write_xml(records)) <= 10_000
    assert len(write_xml(records)) + len(text) * 3 > 10_000


def test_a_longer_name_of_a_variable_counts_wherever_it_is_used() -> None:
    records = Records()
    for i in range(20):
        field = {"var": "v", "name": "i"}
        result(records, {**new(**{"f:V": field}), "id": f"b{i}"}, max_bytes=10_000)

    with pytest.raises(TooLarge):
        result(records, {"op": "var", "id": "v", "name": "n" * 500}, max_bytes=10_000)
    assert records.vars["v"]["name"] == "i"


def test_shapes_have_a_limit_though_they_are_not_written() -> None:
    shape = {"in": [["x" * 100 + str(i), "v"] for i in range(100)], "joints": ""}

    with pytest.raises(TooLarge):
        result(Records(), new(s=shape), max_bytes=10_000)
