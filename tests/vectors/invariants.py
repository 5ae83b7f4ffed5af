"""Invariants of the records, whatever people do, and of every effect."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from jigsaw_service.document import reducer
from jigsaw_service.document.difference import difference
from jigsaw_service.document.records import COMMENT, PROCEDURES, Records, apply
from jigsaw_service.document.validation import inspect
from jigsaw_service.document.xml import read_records, write_xml

from .runs import Json, Run


def faults(records: Records) -> Iterator[str]:
    """Everything that is wrong in this state."""
    places: Counter[tuple[str, ...]] = Counter()
    for block_id, record in records.blocks.items():
        at = record["at"]
        if isinstance(at[0], str):
            places[tuple(at[:2])] += 1
            yield from _misfits(records, block_id, record, at)
        for key, value in record.items():
            if key.startswith("f:") and isinstance(value, dict):
                if value["var"] not in records.vars:
                    yield f"{block_id} refers to a variable that isn't there"
                if set(value) != {"var"}:
                    yield f"{block_id} keeps the name of a variable"
    for place, blocks in places.items():
        if blocks > 1:
            yield f"{place} holds {blocks} blocks"
    yield from _loops(records)
    variables = Counter((one["name"], one["type"]) for one in records.vars.values())
    procedures = Counter(
        record["f:NAME"]
        for record in records.blocks.values()
        if record["t"] in PROCEDURES and "f:NAME" in record
    )
    for name, number in (variables + procedures).items():
        if number > 1:
            yield f"{number} are called {name}"


def _misfits(records: Records, block_id: str, record: Json, at: list[str]) -> Iterator[str]:
    parent = records.blocks.get(at[0])
    if parent is None:
        yield f"{block_id} hangs on nothing"
        return
    if COMMENT in (record["t"], parent["t"]):
        yield f"{block_id} and {at[0]}: a comment is part of a program"
    if (shape := record.get("s")) and ("o" if at[2:] == ["v"] else "p") not in shape["joints"]:
        yield f"{block_id} has no joint for {at}"
    if (shape := parent.get("s")) and (
        at[1:] not in shape["in"] if at[1:] else "n" not in shape["joints"]
    ):
        yield f"{at[0]} has no place for {block_id} at {at}"


def _loops(records: Records) -> Iterator[str]:
    for block_id in records.blocks:
        seen = set()
        above: Any = block_id
        while isinstance(above, str) and above in records.blocks:
            if above in seen:
                yield f"{block_id} hangs on itself"
                break
            seen.add(above)
            above = records.blocks[above]["at"][0]


def state_of(records: Records) -> Json:
    """All of it, with what is counted along the way, and in which order it stands."""
    return {**deepcopy(vars(records)), "json": json.dumps(records.to_json())}


def step(records: Records, ops: list[Json], *, with_xml: bool = False) -> Json:
    """Reduce and apply one batch; whatever is wrong with its effect is an AssertionError."""
    before = state_of(records)
    patch = reducer.reduce(records, ops)
    assert state_of(records) == before, "reducing changed the records"
    assert json.loads(json.dumps(patch)) == patch, "the effect isn't JSON"
    _assert_only_changes(records, patch)

    inverse = json.loads(json.dumps(apply(records, patch)))
    after = state_of(records)
    apply(records, inverse)
    assert state_of(records) == before, "the inverse doesn't take it back"
    apply(records, json.loads(json.dumps(patch)))
    assert state_of(records) == after, "the effect isn't the same twice"
    copy = Records.from_json(json.loads(after["json"]))
    assert state_of(copy) == after, "records differ from those read from their JSON"
    assert list(faults(records)) == []

    old = Records.from_json(before)
    listed = {block_id for op in ops if op["op"] == "del" for block_id in op["ids"]}
    lost = set(old.blocks) - set(records.blocks)
    assert lost <= listed, "L4: a block is gone that nobody deleted"
    for block_id in set(old.blocks) & set(records.blocks) - listed:
        same = old.blocks[block_id]["t"] == records.blocks[block_id]["t"]
        assert same, "a block became another"
    if len(ops) == 1:
        _assert_meant(old, records, ops[0])
    else:
        alone = Records.from_json(before)
        for op in ops:
            apply(alone, reducer.reduce(alone, [op]))
        assert alone == records, "a batch is more than its operations, one after another"
    apply(old, difference(old, records))
    assert without_shapes(old) == without_shapes(records), "the difference doesn't lead there"
    assert list(faults(old)) == []
    if with_xml:
        assert_xml(records)
    return patch


def _assert_only_changes(records: Records, patch: Json) -> None:
    """R10."""
    for part, now in ("blocks", records.blocks), ("vars", records.vars):
        assert patch.get(part, True), "an empty part of a patch"
        for one, value in patch.get(part, {}).items():
            assert value != now.get(one), "R10: what doesn't change is in the patch"
            if part == "blocks" and value and one in now:
                for key, new in value.items():
                    needed = key == "s" and "m" in value
                    assert needed or new != now[one].get(key), "R10: a key doesn't change"


def _assert_meant(old: Records, new: Records, op: Json) -> None:
    """Assert what a single operation means where nothing stands against it."""
    match op:
        case {"op": "del", "ids": ids}:
            assert new.blocks.keys().isdisjoint(ids), "R4: it was to be deleted"
            [*others] = set(ids) & set(old.blocks)
            if len(others) == 1 and (below := old.children_of(others[0]).get("next")):
                at = old.blocks[others[0]]["at"]
                if at[2:] != ["v"]:
                    assert new.blocks[below]["at"] == at, "R4: the gap is open"
        case {"op": "mv", "id": block_id, "at": [None | int(), _] as at} if block_id in old.blocks:
            assert new.blocks[block_id]["at"] == at
        case {"op": "vdel", "id": variable_id} if variable_id in new.vars:
            quoted = '"' + variable_id.replace("&", "&amp;").replace('"', "&quot;") + '"'
            uses = [
                key
                for record in new.blocks.values()
                for key, value in record.items()
                if value == {"var": variable_id} or (isinstance(value, str) and quoted in value)
            ]
            assert uses, "R8: nobody uses it"


def assert_xml(records: Records) -> None:
    """The validator keeps its XML, which is as long as said, and which says the same."""
    xml = write_xml(records)
    blocks = inspect(xml).blocks
    kept = without_shapes(_without_what_xml_cannot_say(records))
    assert blocks <= records.block_count, "blocks are miscounted"
    assert len(xml) <= records.xml_bytes, "bytes are misjudged"
    if kept == without_shapes(records):
        assert records.xml_bytes < 2 * len(xml) + 100, "bytes are misjudged"
    back = read_records(xml)
    assert back.to_json() == kept
    assert write_xml(back) == write_xml(Records.from_json(back.to_json()))


def without_shapes(records: Records) -> Json:
    """Records without shapes, of which XML says nothing."""
    blocks = {
        block_id: {key: value for key, value in record.items() if key != "s"}
        for block_id, record in records.blocks.items()
    }
    return {"blocks": blocks, "vars": records.vars}


def _without_what_xml_cannot_say(records: Records) -> Records:
    """A shadow of the other kind than the block in its input; what isn't a comment's in one."""
    blocks = deepcopy(records.blocks)
    for record in records.blocks.values():
        match record["at"]:
            case [parent, name, kind]:
                blocks[parent].pop({"v": "ss:", "s": "sh:"}[kind] + name, None)
    for record in blocks.values():
        if record["t"] == COMMENT:
            for key in set(record) - {"t", "at", "d", "a:inline"}:
                del record[key]
    return Records.from_json({"blocks": blocks, "vars": records.vars})


def play(seed: int, mode: str, operations: int, most: int = 3) -> Records:
    """Play a run to its end, or to the first AssertionError."""
    run = Run(seed, mode)
    records = Records()
    step(records, run.start())
    done = 0
    for number, ops in enumerate(run.batches(most)):
        step(records, ops, with_xml=number % 10 == 0)
        done += len(ops)
        if done >= operations:
            return records
    raise AssertionError("a run goes on for ever")
