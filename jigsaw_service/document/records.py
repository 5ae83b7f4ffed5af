"""The records of a workspace, and how a patch changes them. docs/live.md says what each key means.

Values of keys are never changed in place, only replaced; so records, patches and their inverses
may share them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Record = dict[str, Any]
Patch = dict[str, Any]
At = list[Any]

COMMENT = "#comment"
# Type and id of the record of what a document holds besides blocks, comments and variables.
REST = "#xml"
# The place below a block, among the slots of its children; inputs are `in NAME`.
NEXT = "next"
# Blocks whose field `NAME` no two may share.
PROCEDURES = frozenset(["procedures_defnoreturn", "procedures_defreturn"])

_NONE: Mapping[str, str] = {}
_BLOCK = re.compile(r"<(?:block|shadow)[ />]")
_EMPTY_WORKSPACE = len('<xml xmlns="https://developers.google.com/blockly/xml"></xml>')
_EMPTY_WORKSPACE += len("<variables></variables>")


class Records:
    """Records of a workspace: all blocks, workspace comments and variables.

    Only `apply` changes them: it keeps what is counted here true, at the cost of what it touches.
    """

    def __init__(self) -> None:
        self.blocks: dict[str, Record] = {}
        self.vars: dict[str, dict[str, Any]] = {}
        self.procedures: set[str] = set()
        # Number of fields that refer to a variable.
        self.uses: Counter[str] = Counter()
        # Blocks, the shadows included; never too few.
        self.block_count = 0
        # At most so long is the XML.
        self.xml_bytes = _EMPTY_WORKSPACE
        self.shape_bytes = 0
        self._children: dict[str, dict[str, str]] = {}

    @classmethod
    def from_json(cls, value: Patch) -> "Records":
        records = cls()
        apply(records, value)
        return records

    def to_json(self) -> dict[str, Any]:
        """JSON that `from_json` reads: a view, to be written out at once and not to be changed."""
        return {"blocks": self.blocks, "vars": self.vars}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records):
            return NotImplemented
        return self.blocks == other.blocks and self.vars == other.vars

    __hash__ = None  # type: ignore[assignment]

    def children_of(self, block_id: str) -> Mapping[str, str]:
        """Children of a block: slot → id."""
        return self._children.get(block_id, _NONE)

    def put(self, block_id: str, before: Record | None, after: Record | None) -> None:
        """Keep the index when a record appears, moves, changes its type or goes."""
        old_at, at = before and before["at"], after and after["at"]
        if old_at != at:
            if old_at:
                self._unlink(block_id, old_at)
            if at:
                self._link(block_id, at)
        if after is not None and after["t"] in PROCEDURES:
            self.procedures.add(block_id)
        else:
            self.procedures.discard(block_id)

    def weigh(self, key: str, value: Any, sign: int) -> None:
        """Add (or take away) what one key of a record weighs."""
        if key[0] == "s" and key == "s":
            self.shape_bytes += sign * (40 + sum(len(name) + 12 for name, _ in value["in"]))
            return
        self.xml_bytes += sign * _weight(key, value)
        if isinstance(value, dict):
            if (variable := value.get("var")) is not None:
                self._use(variable, sign)
        elif key == "t":
            self.block_count += sign * (value not in (COMMENT, REST))
        elif key in ("m", "x") or key[0] == "s":
            # As the validator does, we count what only looks like a block in a mutation.
            self.block_count += sign * len(_BLOCK.findall(value))

    def _use(self, variable: str, sign: int) -> None:
        self.uses[variable] += sign
        if not self.uses[variable]:
            del self.uses[variable]
        if variable in self.vars:
            self.xml_bytes += sign * _reference_bytes(self.vars[variable])

    def put_variable(self, variable_id: str, after: dict[str, Any] | None) -> None:
        """Set or delete a variable; use `apply`."""
        uses = self.uses.get(variable_id, 0)
        if before := self.vars.get(variable_id):
            self.xml_bytes -= _variable_bytes(variable_id, before)
            self.xml_bytes -= uses * _reference_bytes(before)
        if after is None:
            self.vars.pop(variable_id, None)
        else:
            self.vars[variable_id] = after
            self.xml_bytes += _variable_bytes(variable_id, after)
            self.xml_bytes += uses * _reference_bytes(after)

    def _link(self, block_id: str, at: At) -> None:
        if not on_canvas(at):
            self._children.setdefault(at[0], {})[slot_of(at)] = block_id

    def _unlink(self, block_id: str, at: At) -> None:
        if on_canvas(at):
            return
        children = self._children.get(at[0], {})
        slot = slot_of(at)
        # Another may have taken the place already.
        if children.get(slot) == block_id:
            del children[slot]
            if not children:
                del self._children[at[0]]


def on_canvas(at: At) -> bool:
    """True if the place is on the canvas, not at another block."""
    return not isinstance(at[0], str)


def slot_of(at: At) -> str:
    """Slot at the parent, of a place that isn't on the canvas."""
    return NEXT if len(at) == 1 else f"in {at[1]}"


def apply(records: Records, patch: Patch) -> Patch:
    """Change the records in place; answer with the patch that takes it back.

    The order of blocks and keys is that of the XML. What was taken out and is put back comes last,
    so an inverse says the `order` of before too.
    """
    order: dict[str, Any] = {}
    for part, items in ("blocks", records.blocks), ("vars", records.vars):
        if None in patch.get(part, {}).values():
            order[part] = list(items)
    keys_order: dict[str, list[str]] = {}
    blocks: dict[str, Any] = {}
    for block_id, keys in patch.get("blocks", {}).items():
        before = records.blocks.get(block_id)
        if keys is None:
            if before is not None:
                blocks[block_id] = _take_out(records, block_id, before)
        elif before is None:
            blocks[block_id] = None
            _put_in(records, block_id, keys)
        else:
            names = list(before)
            blocks[block_id] = _set_keys(records, block_id, before, keys)
            if not before.keys() >= set(names):
                keys_order[block_id] = names
    variables: dict[str, Any] = {}
    for variable_id, variable in patch.get("vars", {}).items():
        variables[variable_id] = records.vars.get(variable_id)
        records.put_variable(variable_id, variable)
    if "order" in patch:
        _reorder(records, patch["order"])
    if keys_order:
        order["keys"] = keys_order
    inverse = {"blocks": blocks, "vars": variables}
    return {**inverse, "order": order} if order else inverse


def _reorder(records: Records, order: dict[str, Any]) -> None:
    for block_id, names in order.get("keys", {}).items():
        _sort(records.blocks[block_id], names)
    _sort(records.blocks, order.get("blocks", ()))
    _sort(records.vars, order.get("vars", ()))


def _sort(items: dict[str, Any], first: Iterable[str]) -> None:
    for key in [key for key in first if key in items]:
        items[key] = items.pop(key)


def _take_out(records: Records, block_id: str, record: Record) -> Record:
    del records.blocks[block_id]
    records.put(block_id, record, None)
    for key, value in record.items():
        records.weigh(key, value, -1)
    records.xml_bytes -= attribute_bytes(block_id)
    return record


def _put_in(records: Records, block_id: str, keys: Record) -> None:
    record = {key: value for key, value in keys.items() if value is not None}
    records.blocks[block_id] = record
    records.put(block_id, None, record)
    for key, value in record.items():
        records.weigh(key, value, 1)
    records.xml_bytes += attribute_bytes(block_id)


def _set_keys(records: Records, block_id: str, record: Record, keys: Record) -> Record:
    inverse: Record = {}
    if "m" in keys and "s" not in keys and "s" in record:
        keys = {**keys, "s": None}
    if "at" in keys or "t" in keys:
        records.put(block_id, record, {**record, **keys})
    for key, value in keys.items():
        before = inverse[key] = record.get(key)
        if before is not None:
            records.weigh(key, before, -1)
        if value is not None:
            record[key] = value
            records.weigh(key, value, 1)
        elif before is not None:
            del record[key]
    return inverse


def changed_keys(before: Record, after: Record) -> Record:
    """Patch of one record that was `before` and is `after`."""
    changed = {key: None for key in before if key not in after}
    changed.update((key, value) for key, value in after.items() if before.get(key) != value)
    if "m" in changed:
        # A new mutation takes the old shape away by itself, even if it is the new one too.
        changed.pop("s", None)
        if "s" in after:
            changed["s"] = after["s"]
    return changed


def _weight(key: str, value: Any) -> int:
    """Bytes that a key adds to the XML, at least; without the names of variables."""
    if key == "t":
        return len('<shadow type="" id=""></shadow>') + attribute_bytes(value)
    if key == "at":
        return _place_bytes(value)
    if key in ("m", "c", "x", "n", "o"):
        return text_bytes(value)
    if key == "sn":
        return len("<next></next>") + text_bytes(value)
    if key[:3] in ("sh:", "ss:"):
        return _place_bytes(["", key[3:], key[1]]) + text_bytes(value)
    if key[:2] == "f:":
        return len('<field name=""></field>') + attribute_bytes(key[2:]) + _field_bytes(value)
    return len("<data></data>") + attribute_bytes(key) + attribute_bytes(value)


def _place_bytes(at: At) -> int:
    if on_canvas(at):
        return sum(len(' x=""') + len(str(axis)) for axis in at if axis is not None)
    if len(at) == 1:
        return len("<next></next>")
    return len('<statement name=""></statement>') + attribute_bytes(at[1])


def _field_bytes(field: Any) -> int:
    if isinstance(field, str):
        return text_bytes(field, escaped=True)
    reference = attribute_bytes(field["var"]) + len(' id=""') if "var" in field else 0
    own = text_bytes(field.get("text", ""), escaped=True) + text_bytes(field.get("n", ""))
    return reference + own + _attributes_bytes(field)


def _attributes_bytes(value: Record) -> int:
    pairs = value.get("attrs", ())
    return sum(len(' =""') + text_bytes(name) + attribute_bytes(text) for name, text in pairs)


def _reference_bytes(variable: Record) -> int:
    """Bytes of a variable's name and type where a field refers to it."""
    kind = attribute_bytes(variable["type"])
    return len(' variabletype=""') + text_bytes(variable["name"], escaped=True) + kind


def _variable_bytes(variable_id: str, variable: Record) -> int:
    own = len('<variable id=""></variable>') + attribute_bytes(variable_id)
    return own + _reference_bytes(variable) + _attributes_bytes(variable)


def text_bytes(text: str, *, escaped: bool = False) -> int:
    """Length of a text in UTF-8, in bytes; `escaped`: escaped in XML too."""
    escapes = 4 * text.count("&") + 3 * text.count("<") + 3 * text.count(">") if escaped else 0
    return escapes + (len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass")))


def attribute_bytes(text: str) -> int:
    escapes = 5 * text.count('"') + 4 * text.count("\n") + 3 * text.count("\t")
    return escapes + text_bytes(text, escaped=True)
