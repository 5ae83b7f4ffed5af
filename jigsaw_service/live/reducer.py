"""What comes of a batch of operations: the rules R1 to R10 of docs/live.md.

The only authority on it; browsers forecast with the same rules in `editor/src/live/reducer.ts`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..workspace_xml import MAX_COORDINATE
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
from .xml import escape_attribute

FIXED = frozenset(["t", "at", "tag"])
UNKNOWN_POSITION = 10
ASIDE = 48
_FARTHEST = int(MAX_COORDINATE)


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

    # What is there

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

    def _all_vars(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for variable_id, variable in self._base.vars.items():
            if variable_id not in self._vars:
                yield variable_id, variable
        for variable_id, touched in self._vars.items():
            if touched is not None:
                yield variable_id, touched

    def _children_of(self, block_id: str) -> Mapping[str, str]:
        found = self._children.get(block_id)
        return self._base.children_of(block_id) if found is None else found

    # Changing it

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

    # The operations

    def _new(self, block_id: str, record: Record) -> None:
        if self._block(block_id) is not None:
            return
        at = record["at"]
        keys = self._settled(block_id, record["t"], record)
        made = {key: value for key, value in keys.items() if value is not None}
        aside = UNKNOWN_POSITION + ASIDE
        made["at"] = at if on_canvas(at) else [aside, aside]
        self._blocks[block_id] = made
        if not on_canvas(at):
            self._place(block_id, at)

    def _set(self, block_id: str, keys: Record) -> None:
        record = self._block(block_id)
        if record is None:
            return
        wanted = {key: value for key, value in keys.items() if key not in FIXED}
        settled = self._settled(block_id, record["t"], wanted)
        record = self._edit(block_id)
        if "m" in settled and "s" not in settled:
            settled["s"] = None
        for key, value in settled.items():
            if value is None:
                record.pop(key, None)
            else:
                record[key] = value
        if "s" in record and "s" in settled:
            self._reshaped(block_id, record)

    def _settled(self, block_id: str, kind: str, keys: Record) -> Record:
        """Fields that refer to variables which are there; free names of procedures (R9)."""
        settled = dict(keys)
        for key, value in keys.items():
            if isinstance(value, dict) and "var" in value and key.startswith("f:"):
                settled[key] = self._reference(value)
        name = settled.get("f:NAME")
        if kind in PROCEDURES and isinstance(name, str):
            settled["f:NAME"] = _free(name, self._procedure_names(block_id))
        return settled

    def _reference(self, field: Record) -> Record:
        """The field without the name it says, which is only for a variable that isn't there."""
        variable_id = field["var"]
        if self._var(variable_id) is None:
            name, kind = field.get("name"), field.get("type")
            self._variable(variable_id, variable_id if name is None else name, kind or "")
        return {key: value for key, value in field.items() if key not in ("name", "type")}

    def _procedure_names(self, apart_from: str) -> set[Any]:
        names = {
            _hashable(record.get("f:NAME"))
            for block_id, record in self._blocks.items()
            if record is not None and record["t"] in PROCEDURES and block_id != apart_from
        }
        for block_id in self._base.procedures:
            if block_id not in self._blocks and block_id != apart_from:
                names.add(_hashable(self._base.blocks[block_id].get("f:NAME")))
        return names

    def _variable(self, variable_id: str, name: str, kind: str) -> None:
        """R7."""
        before = self._var(variable_id)
        if before is not None:
            kind = before["type"]
        taken = {
            variable["name"]
            for other, variable in self._all_vars()
            if other != variable_id and variable["type"] == kind
        }
        self._vars[variable_id] = {**(before or {}), "name": _free(name, taken), "type": kind}

    def _delete_variable(self, variable_id: str) -> None:
        """R8."""
        if self._var(variable_id) is not None and not self._in_use(variable_id):
            self._vars[variable_id] = None

    def _in_use(self, variable_id: str) -> bool:
        quoted = f'"{escape_attribute(variable_id)}"'
        for record in self._all_blocks():
            for key, value in record.items():
                if isinstance(value, dict):
                    if value.get("var") == variable_id and key.startswith("f:"):
                        return True
                elif (key in ("m", "sn", "x") or key[:3] in ("sh:", "ss:")) and quoted in value:
                    return True
        return False

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
        aside = self._beside_root(holder)
        was_at = self._edit(holder)["at"]
        self._put_at(holder, aside)
        self._put_at(block_id, at)
        if _joint_for(at) == "o" or was_at[2:] != at[2:]:
            return
        below = [self._tail_of(block_id)]
        if self._fits(holder, below):
            self._put_at(holder, below)

    def _fits(self, block_id: str, at: At) -> bool:
        """R2."""
        block, parent = self._block(block_id), self._block(at[0])
        if block is None or parent is None or COMMENT in (block["t"], parent["t"]):
            return False
        if self._is_within(at[0], block_id):
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
            if not self._fits(child, self._edit(child)["at"]):
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
            self._unlink(block_id, self._edit(block_id)["at"])
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


def _free(name: str, taken: set[Any]) -> str:
    """The name, or the first of `name2`, `name3` … that nobody has."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}{number}"
    return found


def _hashable(name: Any) -> Any:
    return name if isinstance(name, str) else None
