"""Reducer of batches of operations, by the rules R1 to R10 of docs/live.md.

The only authority on it; browsers forecast with the same rules in `editor/src/document/reducer.ts`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .elements import escape_attribute
from .records import (
    COMMENT,
    NEXT,
    PROCEDURES,
    At,
    Patch,
    Record,
    Records,
    changed_keys,
    on_canvas,
    slot_of,
)
from .validation import MAX_COORDINATE

FIXED = frozenset(["t", "at", "tag"])
UNKNOWN_POSITION = 10
ASIDE = 48
_FARTHEST = int(MAX_COORDINATE)
_NUMBER = re.compile(r"[0-9]+")
# Of a number behind a name: nobody has a million variables.
_MOST_DIGITS = 6


def reduce(records: Records, ops: Iterable[dict[str, Any]]) -> Patch:
    """The effects of the operations, together; the records stay as they are."""
    draft = Draft(records)
    for operation in ops:
        draft.run(operation)
    return draft.effects()


class Draft:
    """The records as the operations so far would make them; only what they touch is copied."""

    def __init__(self, records: Records) -> None:
        self._base = records
        self._blocks: dict[str, Record | None] = {}
        self._vars: dict[str, dict[str, Any] | None] = {}
        self._children: dict[str, dict[str, str]] = {}
        # Made when first asked for, and kept true from then on.
        self._uses: Counter[str] | None = None
        self._variable_names: dict[str, Names] = {}
        self._procedure_names: Names | None = None

    def run(self, operation: dict[str, Any]) -> None:
        match operation:
            case {"op": "set", "id": block_id, "keys": keys}:
                self._set(block_id, keys)
            case {"op": "mv", "id": block_id, "at": at}:
                self._move(block_id, at)
            case {"op": "new", "id": block_id, "record": record}:
                self._new(block_id, record)
            case {"op": "del", "ids": ids}:
                self._delete(ids)
            case {"op": "var", "id": variable_id, "name": name}:
                self._variable(variable_id, name, operation.get("type", ""))
            case {"op": "vdel", "id": variable_id}:
                self._delete_variable(variable_id)

    def effects(self) -> Patch:
        """R10."""
        patch: Patch = {}
        blocks: dict[str, Any] = {}
        for block_id, after in self._blocks.items():
            before = self._base.blocks.get(block_id)
            if before is None or after is None:
                if before is not after:
                    blocks[block_id] = after
            elif changed := changed_keys(before, after):
                blocks[block_id] = changed
        variables = {
            variable_id: after
            for variable_id, after in self._vars.items()
            if self._base.vars.get(variable_id) != after
        }
        if blocks:
            patch["blocks"] = blocks
        if variables:
            patch["vars"] = variables
        return patch

    # Reading

    def _block(self, block_id: str) -> Record | None:
        if block_id in self._blocks:
            return self._blocks[block_id]
        return self._base.blocks.get(block_id)

    def _var(self, variable_id: str) -> dict[str, Any] | None:
        if variable_id in self._vars:
            return self._vars[variable_id]
        return self._base.vars.get(variable_id)

    def _all_blocks(self) -> Iterator[Record]:
        for block_id, record in self._base.blocks.items():
            if block_id not in self._blocks:
                yield record
        yield from (record for record in self._blocks.values() if record is not None)

    def _all_vars(self) -> Iterator[dict[str, Any]]:
        for variable_id, variable in self._base.vars.items():
            if variable_id not in self._vars:
                yield variable
        yield from (variable for variable in self._vars.values() if variable is not None)

    def _children_of(self, block_id: str) -> Mapping[str, str]:
        found = self._children.get(block_id)
        return self._base.children_of(block_id) if found is None else found

    # Changing

    def _edit(self, block_id: str) -> Record:
        """The record of a block that is there, to be changed."""
        record = self._blocks.get(block_id)
        if record is None:
            record = self._blocks[block_id] = dict(self._base.blocks[block_id])
        return record

    def _slots(self, block_id: str) -> dict[str, str]:
        slots = self._children.get(block_id)
        if slots is None:
            slots = self._children[block_id] = dict(self._base.children_of(block_id))
        return slots

    def _put_at(self, block_id: str, at: At) -> None:
        record = self._edit(block_id)
        self._unlink(block_id, record["at"])
        record["at"] = at
        if not on_canvas(at):
            self._slots(at[0])[slot_of(at)] = block_id

    def _unlink(self, block_id: str, at: At) -> None:
        if not on_canvas(at):
            slot = slot_of(at)
            if self._children_of(at[0]).get(slot) == block_id:
                del self._slots(at[0])[slot]

    def _write(self, record: Record, key: str, value: Any) -> None:
        """Set or take away a key, not `at`, of a record to be changed."""
        self._note(record, key, -1)
        if value is None:
            record.pop(key, None)
        else:
            record[key] = value
            self._note(record, key, 1)

    def _note(self, record: Record, key: str, sign: int) -> None:
        if self._uses is not None:
            for mentioned in _mentions(key, record.get(key)):
                self._uses[mentioned] += sign
        if self._procedure_names is not None and key == "f:NAME" and _is_procedure(record):
            self._procedure_names.count(record.get(key), sign)

    def _write_variable(self, variable_id: str, variable: dict[str, Any] | None) -> None:
        for one, sign in (self._var(variable_id), -1), (variable, 1):
            if one is not None and (names := self._variable_names.get(one["type"])):
                names.count(one["name"], sign)
        self._vars[variable_id] = variable

    # The operations

    def _new(self, block_id: str, record: Record) -> None:
        if self._block(block_id) is not None:
            return
        at = record["at"]
        aside = UNKNOWN_POSITION + ASIDE
        made = {"t": record["t"], "at": at if on_canvas(at) else [aside, aside]}
        for key, value in self._settled(made, record).items():
            if key not in made:
                self._write(made, key, value)
        self._blocks[block_id] = made
        if not on_canvas(at):
            self._place(block_id, at)

    def _set(self, block_id: str, keys: Record) -> None:
        if self._block(block_id) is None:
            return
        record = self._edit(block_id)
        settled = self._settled(record, {k: v for k, v in keys.items() if k not in FIXED})
        if "m" in settled and "s" not in settled:
            settled["s"] = None
        for key, value in settled.items():
            self._write(record, key, value)
        if "s" in record and "s" in settled:
            self._reshaped(block_id, record)

    def _settled(self, record: Record, keys: Record) -> Record:
        """Fields that refer to variables which are there; free names of procedures (R9)."""
        settled = dict(keys)
        for key, value in keys.items():
            if isinstance(value, dict) and "var" in value and key.startswith("f:"):
                settled[key] = self._reference(value)
        name = settled.get("f:NAME")
        if isinstance(name, str) and _is_procedure(record):
            settled["f:NAME"] = self._free_procedure_name(name, record.get("f:NAME"))
        return settled

    def _reference(self, field: Record) -> Record:
        """The field without the name it says, which is only for a variable that isn't there."""
        variable_id = field["var"]
        if self._var(variable_id) is None:
            name, kind = field.get("name"), field.get("type")
            self._variable(variable_id, variable_id if name is None else name, kind or "")
        return {key: value for key, value in field.items() if key not in ("name", "type")}

    def _free_procedure_name(self, name: str, own: Any) -> str:
        """R9."""
        names = self._procedure_names
        if names is None:
            touched = (record for record in self._blocks.values() if record is not None)
            untouched = (
                self._base.blocks[block_id]
                for block_id in self._base.procedures
                if block_id not in self._blocks
            )
            names = self._procedure_names = Names(
                record.get("f:NAME") for record in (*touched, *untouched) if _is_procedure(record)
            )
        return names.free(name, own)

    def _variable(self, variable_id: str, name: str, kind: str) -> None:
        """R7."""
        before = self._var(variable_id) or {"type": kind}
        kind = before["type"]
        names = self._variable_names.get(kind)
        if names is None:
            names = self._variable_names[kind] = Names(
                variable["name"] for variable in self._all_vars() if variable["type"] == kind
            )
        free = names.free(name, before.get("name"))
        self._write_variable(variable_id, {**before, "name": free})

    def _delete_variable(self, variable_id: str) -> None:
        """R8."""
        if self._var(variable_id) is not None and not self._in_use(variable_id):
            self._write_variable(variable_id, None)

    def _in_use(self, variable_id: str) -> bool:
        if self._uses is None:
            self._uses = Counter(
                mentioned
                for record in self._all_blocks()
                for key, value in record.items()
                for mentioned in _mentions(key, value)
            )
        return self._uses[escape_attribute(variable_id)] > 0

    def _move(self, block_id: str, at: At) -> None:
        if self._block(block_id) is None:
            return
        if on_canvas(at):
            self._put_at(block_id, at)
        else:
            self._place(block_id, at)

    def _place(self, block_id: str, at: At) -> None:
        """R2 and R3."""
        if not self._fits(block_id, at):
            return
        holder = self._children_of(at[0]).get(slot_of(at))
        if holder is None or holder == block_id:
            self._put_at(block_id, at)
            return
        was_at = self._edit(holder)["at"]
        self._put_at(block_id, at)
        below = [self._tail_of(block_id)]
        goes_on = _joint_for(at) == "p" and was_at[2:] == at[2:] and self._joins(holder, below)
        self._put_at(holder, below if goes_on else self._beside_root(at[0]))

    def _fits(self, block_id: str, at: At) -> bool:
        """R2."""
        return self._joins(block_id, at) and not self._is_within(at[0], block_id)

    def _joins(self, block_id: str, at: At) -> bool:
        """True if the block can join its parent there, by the joints of both."""
        block, parent = self._block(block_id), self._block(at[0])
        if block is None or parent is None or COMMENT in (block["t"], parent["t"]):
            return False
        if len(at) == 1 and parent["at"][2:] == ["v"]:
            return False
        if at[2:] == ["v"] and NEXT in self._children_of(block_id):
            return False
        shape = block.get("s")
        if shape and _joint_for(at) not in shape["joints"]:
            return False
        shape = parent.get("s")
        if not shape:
            return True
        if len(at) == 1:
            return "n" in shape["joints"]
        return any(name == at[1] and kind == at[2] for name, kind in shape["in"])

    def _is_within(self, block_id: str, ancestor: str) -> bool:
        if block_id != ancestor and not self._children_of(ancestor):
            return False
        while block_id != ancestor:
            record = self._block(block_id)
            if record is None or on_canvas(record["at"]):
                return False
            block_id = record["at"][0]
        return True

    def _tail_of(self, block_id: str) -> str:
        while (below := self._children_of(block_id).get(NEXT)) is not None:
            block_id = below
        return block_id

    def _beside_root(self, block_id: str) -> At:
        """R6."""
        at: At = [None, None]
        record = self._block(block_id)
        while record is not None:
            at = record["at"]
            if on_canvas(at):
                return [_aside(at[0]), _aside(at[1])]
            record = self._block(at[0])
        return [_aside(None), _aside(None)]

    def _reshaped(self, block_id: str, record: Record) -> None:
        """R5."""
        at = record["at"]
        if not on_canvas(at) and _joint_for(at) not in record["s"]["joints"]:
            self._put_at(block_id, self._beside_root(block_id))
        for child in list(self._children_of(block_id).values()):
            if not self._joins(child, self._edit(child)["at"]):
                self._put_at(child, self._beside_root(child))

    def _delete(self, ids: list[str]) -> None:
        """R4."""
        doomed = dict.fromkeys(one for one in ids if self._block(one) is not None)
        rescued: list[tuple[str, At]] = []
        for block_id in doomed:
            for slot, child in self._children_of(block_id).items():
                if child not in doomed:
                    gap = self._gap_left_by(block_id, doomed) if slot == NEXT else None
                    rescued.append((child, gap or self._beside_root(child)))
        for child, at in rescued:
            self._put_at(child, at)
        for block_id in doomed:
            record = self._edit(block_id)
            self._unlink(block_id, record["at"])
            for key in record:
                self._note(record, key, -1)
            self._blocks[block_id] = None

    def _gap_left_by(self, block_id: str, doomed: Mapping[str, None]) -> At | None:
        """The place that a deleted block, and those above it, leave to what stood below."""
        while record := self._block(block_id):
            at: At = record["at"]
            if on_canvas(at):
                return at
            if at[0] not in doomed:
                return None if at[2:] == ["v"] else at
            if len(at) > 1:
                return None
            block_id = at[0]
        return None


def _joint_for(at: At) -> str:
    return "o" if at[2:] == ["v"] else "p"


def _aside(coordinate: int | None) -> int:
    return min((UNKNOWN_POSITION if coordinate is None else coordinate) + ASIDE, _FARTHEST)


def _is_procedure(record: Record) -> bool:
    return record["t"] in PROCEDURES


def _mentions(key: str, value: Any) -> Iterable[str]:
    """The ids of variables, as XML writes them, that a key may refer to; other texts too."""
    if isinstance(value, dict):
        return [escape_attribute(value["var"])] if "var" in value and key[:2] == "f:" else ()
    if isinstance(value, str) and (key in ("m", "sn", "x") or key[:3] in ("sh:", "ss:")):
        # All that stands between two quotes.
        return value.split('"')[1:-1]
    return ()


class Names:
    """Names that are taken, and which numbered one is free; in time for thousands of one name."""

    def __init__(self, names: Iterable[Any]) -> None:
        self._taken = Counter(name for name in names if isinstance(name, str))
        # Name → all its numbers below this are taken.
        self._numbers: dict[str, int] = {}

    def count(self, name: Any, sign: int) -> None:
        """Count one more of this name, or one less."""
        if not isinstance(name, str):
            return
        self._taken[name] += sign
        if self._taken[name] > 0:
            return
        for digits in range(1, _MOST_DIGITS + 1):
            stem, number = name[:-digits], name[-digits:]
            if not _NUMBER.fullmatch(number):
                break
            if stem in self._numbers:
                self._numbers[stem] = min(self._numbers[stem], int(number))

    def free(self, name: str, own: Any) -> str:
        """The name, or the first of `name2`, `name3` … that nobody else has."""
        self.count(own, -1)
        found = name
        if self._taken[name] > 0:
            number = self._numbers.get(name, 2)
            while self._taken[found := f"{name}{number}"] > 0:
                number += 1
            self._numbers[name] = number
        self.count(own, 1)
        return found
