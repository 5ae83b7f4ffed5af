"""The reducer's rules, one by one; docs/live.md numbers them."""

from typing import Any

import pytest

from jigsaw_service.document.records import Records, apply
from jigsaw_service.document.reducer import reduce

Json = dict[str, Any]

STATEMENT = {"in": [["A", "v"], ["DO", "s"]], "joints": "pn"}
VALUE = {"in": [["A", "v"]], "joints": "o"}
CAP = {"in": [], "joints": "p"}


def block(at: list[Any], shape: Json | None = None, **keys: Any) -> Json:
    return {"t": "t", "at": at, **({"s": shape} if shape else {}), **keys}


def workspace(variables: Json | None = None, **blocks: Json) -> Records:
    return Records.from_json({"blocks": blocks, "vars": variables or {}})


def stack() -> Records:
    """a, b and c below one another, a value in b, and others that stand alone."""
    return workspace(
        a=block([20, 30], STATEMENT),
        b=block(["a"], STATEMENT),
        c=block(["b"], STATEMENT),
        value=block(["b", "A", "v"], VALUE),
        inner=block(["b", "DO", "s"], STATEMENT),
        free=block([100, 100], STATEMENT),
        loose=block([200, 200], VALUE),
        cap=block([300, 300], CAP),
        unknown=block([None, None]),
        note={"t": "#comment", "at": [0, 0], "d": "Note"},
    )


def move(block_id: str, *at: Any) -> Json:
    return {"op": "mv", "id": block_id, "at": list(at)}


def put(block_id: str, **keys: Any) -> Json:
    return {"op": "set", "id": block_id, "keys": keys}


def new(block_id: str, *at: Any, **keys: Any) -> Json:
    return {"op": "new", "id": block_id, "record": {"t": "t", "at": list(at), **keys}}


def delete(*ids: str) -> Json:
    return {"op": "del", "ids": list(ids)}


def name(variable_id: str, name: str, **more: str) -> Json:
    return {"op": "var", "id": variable_id, "name": name, **more}


def forget(variable_id: str) -> Json:
    return {"op": "vdel", "id": variable_id}


def after(records: Records, *ops: Json) -> Records:
    apply(records, reduce(records, list(ops)))
    return records


def places(records: Records) -> dict[str, Any]:
    return {block_id: record["at"] for block_id, record in records.blocks.items()}


def changed_places(records: Records, *ops: Json) -> dict[str, Any]:
    patch = reduce(records, list(ops)).get("blocks", {})
    return {block_id: keys and keys.get("at") for block_id, keys in patch.items()}


def test_the_records_stay_as_they_are_until_the_patch_is_applied() -> None:
    records = stack()
    before = places(records)

    reduce(records, [delete("a", "b"), move("c", 1, 1), new("n", "c"), name("v", "i")])

    assert places(records) == before
    assert records == stack()


def test_operations_of_a_batch_see_what_came_of_those_before() -> None:
    records = after(stack(), new("n", 5, 5), new("m", "n"), move("n", "c"), delete("m"))

    assert records.blocks["n"]["at"] == ["c"]
    assert "m" not in records.blocks


@pytest.mark.parametrize(
    "op", [move("no", 1, 1), put("no", d="x"), delete("no"), forget("no"), new("a", 1, 1)]
)
def test_r1_what_is_not_there_and_what_is_there_already_is_left_out(op: Json) -> None:
    assert reduce(stack(), [op]) == {}


@pytest.mark.parametrize("parent", ["a", "b", "c", "inner"])
def test_r2_a_block_is_not_moved_into_itself_or_what_hangs_on_it(parent: str) -> None:
    assert reduce(stack(), [move("a", parent)]) == {}
    assert reduce(stack(), [move("a", parent, "DO", "s")]) == {}


def test_l4_two_people_who_move_two_blocks_into_each_other_make_no_loop() -> None:
    records = after(stack(), move("free", "cap", "DO", "s"), move("unknown", "free"))
    after(records, move("free", "unknown"))

    assert records.blocks["unknown"]["at"] == ["free"]


@pytest.mark.parametrize(
    ("op", "why"),
    [
        (move("free", "no"), "the parent is missing"),
        (move("free", "note"), "a comment holds nothing"),
        (move("note", "c"), "a comment stands alone"),
        (move("loose", "c", "B", "v"), "the shape has no such input"),
        (move("loose", "c", "DO", "v"), "the input is of the other kind"),
        (move("loose", "c", "DO", "s"), "a value has no previous joint"),
        (move("loose", "c"), "a value has no previous joint"),
        (move("free", "c", "A", "v"), "a statement has no output"),
        (move("free", "cap"), "the parent has no next joint"),
    ],
)
def test_r2_what_does_not_fit_stays_where_it_is(op: Json, why: str) -> None:
    assert reduce(stack(), [op]) == {}, why


@pytest.mark.parametrize("at", [["c"], ["c", "A", "v"], ["c", "DO", "s"]])
def test_l11_a_block_that_nobody_knows_fits_everywhere(at: list[Any]) -> None:
    assert after(stack(), move("unknown", *at)).blocks["unknown"]["at"] == at


@pytest.mark.parametrize("at", [["unknown"], ["unknown", "ANY", "s"]])
def test_l11_everything_fits_a_block_that_nobody_knows(at: list[Any]) -> None:
    assert after(stack(), move("free", *at)).blocks["free"]["at"] == at


@pytest.mark.parametrize("at", [["no"], ["note"], ["cap"], ["c", "B", "v"], ["c", "A", "v"]])
def test_r2_a_new_block_that_does_not_fit_goes_to_the_canvas(at: list[Any]) -> None:
    made = after(stack(), new("n", *at, s=STATEMENT)).blocks["n"]

    assert made["at"] == [58, 58]


def test_r3_a_newcomer_takes_the_place_and_the_stack_goes_on_below_it() -> None:
    records = after(stack(), move("unknown", "free"), move("free", "a"))

    assert records.blocks["free"]["at"] == ["a"]
    assert records.blocks["unknown"]["at"] == ["free"]
    assert records.blocks["b"]["at"] == ["unknown"]


def test_r3_the_same_in_a_statement_input() -> None:
    records = after(stack(), move("free", "b", "DO", "s"))

    assert records.blocks["free"]["at"] == ["b", "DO", "s"]
    assert records.blocks["inner"]["at"] == ["free"]


def test_r3_where_the_newcomers_stack_takes_nothing_the_old_goes_to_the_canvas() -> None:
    assert changed_places(stack(), move("cap", "a")) == {"cap": ["a"], "b": [68, 78]}


def test_r3_in_a_value_input_the_old_goes_to_the_canvas() -> None:
    moved = changed_places(stack(), move("loose", "b", "A", "v"))

    assert moved == {"loose": ["b", "A", "v"], "value": [68, 78]}


def test_r3_a_block_from_further_below_takes_the_place_with_its_stack() -> None:
    assert changed_places(stack(), move("c", "a")) == {"c": ["a"], "b": ["c"]}


def test_r4_exactly_what_is_listed_is_deleted_and_what_stood_below_closes_the_gap() -> None:
    left = changed_places(stack(), delete("b"))

    assert left == {"b": None, "c": ["a"], "value": [68, 78], "inner": [68, 78]}


def test_r4_the_gap_of_several_is_closed_too() -> None:
    left = changed_places(stack(), delete("b", "a", "value", "inner"))

    assert left == {"a": None, "b": None, "value": None, "inner": None, "c": [20, 30]}


def test_r4_a_block_attached_meanwhile_outlives_the_one_it_hangs_on() -> None:
    records = after(stack(), move("free", "inner"))
    after(records, delete("b", "value", "inner"))

    assert records.blocks["free"]["at"] == [68, 78]
    assert records.blocks["c"]["at"] == ["a"]


def test_r5_what_a_new_shape_has_no_place_for_goes_to_the_canvas() -> None:
    shape = {"in": [["DO", "s"]], "joints": "p"}
    moved = changed_places(stack(), put("b", m="<mutation/>", s=shape))

    assert moved == {"b": None, "c": [68, 78], "value": [68, 78]}


def test_r5_an_input_of_the_other_kind_is_another() -> None:
    shape = {"in": [["A", "s"], ["DO", "v"]], "joints": "pn"}

    assert set(changed_places(stack(), put("b", s=shape))) == {"b", "value", "inner"}


def test_r5_a_block_that_loses_its_own_joint_goes_to_the_canvas() -> None:
    assert after(stack(), put("value", s=CAP)).blocks["value"]["at"] == [68, 78]


def test_r5_a_mutation_without_a_shape_takes_the_shape_away_and_everything_fits() -> None:
    records = after(stack(), put("b", m="<mutation/>"))

    assert "s" not in records.blocks["b"]
    assert places(records) == places(stack())


def test_r5_a_mutation_with_the_shape_of_before_keeps_it() -> None:
    assert after(stack(), put("b", m="<mutation/>", s=STATEMENT)).blocks["b"]["s"] == STATEMENT


def test_r6_the_canvas_begins_at_ten_where_a_place_is_unknown_and_ends_at_the_limit() -> None:
    records = workspace(
        a=block([None, 999_999]),
        b=block(["a", "A", "v"]),
    )

    assert after(records, delete("a")).blocks["b"]["at"] == [58, 1_000_000]


I_AND_J = {"v": {"name": "i", "type": ""}, "w": {"name": "j", "type": "", "attrs": [["a", "b"]]}}


@pytest.mark.parametrize(
    ("op", "name"),
    [
        (name("n", "k"), "k"),
        (name("n", "i"), "i2"),
        (name("n", "I"), "I"),
        (name("n", "i", type="Number"), "i"),
        (name("w", "i"), "i2"),
        (name("v", "i"), "i"),
    ],
)
def test_r7_a_second_variable_of_one_name_gets_the_next_free_one(op: Json, name: str) -> None:
    assert after(workspace(I_AND_J), op).vars[op["id"]]["name"] == name


def test_r7_a_third_one_gets_the_one_after() -> None:
    records = after(workspace(I_AND_J), name("x", "i"), name("y", "i"))

    assert [records.vars[one]["name"] for one in "xy"] == ["i2", "i3"]


def test_r7_a_number_is_free_again_within_the_same_batch() -> None:
    ops = [name(one, "i") for one in "abcd"]
    records = after(workspace(), *ops, name("c", "k"), name("e", "i"), forget("b"), name("f", "i"))

    names = {one: variable["name"] for one, variable in records.vars.items()}
    assert names == {"a": "i", "c": "k", "d": "i4", "e": "i3", "f": "i2"}


def test_r7_another_name_changes_neither_type_nor_attributes() -> None:
    records = after(workspace(I_AND_J), name("w", "k", type="Number"))

    assert records.vars["w"] == {"name": "k", "type": "", "attrs": [["a", "b"]]}


def test_a_deleted_variable_comes_back_with_the_field_that_says_its_name() -> None:
    records = workspace(I_AND_J, a=block([0, 0]))
    after(records, forget("v"), put("a", **{"f:V": {"var": "v", "name": "i", "type": ""}}))

    assert records.vars["v"] == {"name": "i", "type": ""}
    assert records.blocks["a"]["f:V"] == {"var": "v"}


def test_a_field_that_says_no_name_brings_its_variable_along_all_the_same() -> None:
    records = after(workspace(), new("a", 0, 0, **{"f:V": {"var": "v"}}))

    assert records.vars == {"v": {"name": "v", "type": ""}}


def test_the_name_that_a_field_says_does_not_rename_a_variable() -> None:
    field = {"var": "v", "name": "other", "type": "Number"}
    patch = reduce(workspace(I_AND_J, a=block([0, 0])), [put("a", **{"f:V": field})])

    assert patch == {"blocks": {"a": {"f:V": {"var": "v"}}}}


@pytest.mark.parametrize(
    "keys",
    [
        {"f:V": {"var": "v"}},
        {"m": '<mutation><arg varid="v"/></mutation>'},
        {"sh:A": '<shadow type="t"><field name="V" id="v">i</field></shadow>'},
        {"ss:DO": '<shadow type="t"><field name="V" id="v">i</field></shadow>'},
        {"sn": '<shadow type="t"><field name="V" id="v">i</field></shadow>'},
        {"x": '<field name="V" id="v">i</field>'},
    ],
)
def test_r8_a_variable_in_use_is_not_deleted_and_one_out_of_use_is(keys: Json) -> None:
    records = workspace(I_AND_J, a=block([0, 0], **keys))

    assert reduce(records, [forget("v")]) == {}
    assert reduce(records, [delete("a"), forget("v")])["vars"] == {"v": None}
    assert reduce(records, [forget("w")]) == {"vars": {"w": None}}


def test_r8_an_id_is_looked_for_as_xml_writes_it() -> None:
    variables = {'"&': {"name": "i", "type": ""}}
    records = workspace(variables, a=block([0, 0], m='<mutation a="&quot;&amp;"/>'))

    assert reduce(records, [forget('"&')]) == {}


@pytest.mark.parametrize("kind", ["procedures_defnoreturn", "procedures_defreturn"])
def test_r9_a_second_procedure_of_one_name_gets_the_next_free_one(kind: str) -> None:
    records = workspace(
        p={"t": "procedures_defnoreturn", "at": [0, 0], "f:NAME": "draw"},
        q={"t": kind, "at": [0, 0], "f:NAME": "paint"},
        other=block([0, 0]),
    )

    after(records, put("q", **{"f:NAME": "draw"}), put("other", **{"f:NAME": "draw"}))

    assert records.blocks["q"]["f:NAME"] == "draw2"
    assert records.blocks["other"]["f:NAME"] == "draw"


def test_r9_a_name_is_free_again_when_its_procedure_is_deleted() -> None:
    procedure = {"t": "procedures_defreturn", "at": [0, 0], "f:NAME": "draw"}
    records = workspace(p=procedure)

    after(records, delete("p"), {"op": "new", "id": "q", "record": procedure})

    assert records.blocks["q"]["f:NAME"] == "draw"


@pytest.mark.parametrize(
    "ops",
    [
        [],
        [move("a", 20, 30)],
        [move("b", "a")],
        [move("a", 1, 1), move("a", 20, 30)],
        [new("n", 1, 1), delete("n")],
        [put("a", s=STATEMENT, c=None)],
        [put("a", t="other", at=[1, 1], tag="shadow")],
        [name("v", "i"), forget("v")],
    ],
)
def test_r10_what_does_not_change_is_not_in_the_patch(ops: list[Json]) -> None:
    assert reduce(stack(), ops) == {}
