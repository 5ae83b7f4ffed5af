"""Records from workspace XML and back: the one serialisation of docs/live.md.

`read_records` expects what `validation.inspect` has accepted. Nothing here recurses: programs
are a thousand blocks deep.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from .elements import (
    NAMESPACE,
    Element,
    attributes_text,
    escape_text,
    leaf,
    parse,
    qualified_attributes,
    text_of,
)
from .records import COMMENT, NEXT, REST, At, Record, Records, on_canvas
from .validation import NUMBER

MAX_VARIABLE_NAME_IN_ID = 61
# Blockly takes an id with this in it for a connection's, and fails.
RESERVED = "_connection"

Pairs = list[list[str]]

_TAGS = {"v": ("value", "sh:"), "s": ("statement", "ss:")}
_KEYS = {"mutation": "m", "comment": "c", "data": "d"}
_HOLDERS = frozenset(["xml", "block", "shadow", "value", "statement", "next"])


def read_records(xml: bytes) -> Records:
    """The records of a document that may be kept."""
    root = parse(xml)
    _give_ids(root)
    variables = _Variables()
    for element in root.children:
        if element.name == "variables":
            for variable in element.children:
                variables.declare(variable)
    waiting: list[tuple[Element, At]] = [
        (element, [_coordinate(element, "x"), _coordinate(element, "y")])
        for element in reversed(root.children)
        if _is_item(element)
    ]
    blocks: dict[str, Record] = {}
    while waiting:
        item = _Item(*waiting.pop(), variables)
        blocks[item.id] = item.record
        waiting.extend(reversed(item.attached))
    if rest := _rest_of(root):
        blocks[REST] = rest
    return Records.from_json({"blocks": blocks, "vars": variables.found})


def _is_item(element: Element) -> bool:
    """True if the element becomes a record; a comment with elements inside is none of Blockly's."""
    if element.name == "comment":
        return not element.children
    return element.name in ("block", "shadow")


def _rest_of(root: Element) -> Record:
    """Record of the rest, besides blocks, comments and variables; {} if there is none."""
    record: Record = {f"a:{name}": value for name, value in root.attributes.items()}
    if root.qualified:
        record["n"] = _qualified_text(root)
    others = [one for one in root.children if one.name != "variables" and not _is_item(one)]
    if others:
        record["o"] = "".join(map(text_of, others))
    return {"t": REST, "at": [None, None], **record} if record else {}


def _qualified_text(element: Element) -> str:
    return f"<n{qualified_attributes(element)}/>"


def _give_ids(root: Element) -> None:
    items = list(_blocks_in(root))
    items.extend(one for one in root.children if one.name == "comment" and _is_item(one))
    given = {item.attributes.get("id", "") for item in items}
    seen: set[str] = set()
    number = 0
    for item in items:
        item_id = item.attributes.get("id", "")
        if not item_id or item_id in seen or RESERVED in item_id or item_id == REST:
            number += 1
            while (item_id := f"~{number}") in given:
                number += 1
            item.attributes["id"] = item_id
        seen.add(item_id)


def _blocks_in(root: Element) -> Iterator[Element]:
    """Blocks and shadows in document order; what looks like one elsewhere isn't."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.name in ("block", "shadow"):
            yield element
        if element.name in _HOLDERS:
            waiting.extend(reversed(element.children))


def _coordinate(element: Element, name: str) -> int | None:
    found = NUMBER.match(element.attributes.get(name, ""))
    return math.floor(float(found[0]) + 0.5) if found else None


class _Variables:
    """Variables that are declared, and those that fields refer to all the same."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}
        self._named: dict[tuple[str, str], str] = {}
        # Ids of declarations that an earlier one made needless.
        self._aliases: dict[str, str] = {}

    def declare(self, element: Element) -> None:
        name, kind = element.text, element.attributes.get("type", "")
        variable_id = element.attributes.get("id") or f"~v:{name[:MAX_VARIABLE_NAME_IN_ID]}"
        if variable_id in self.found:
            return
        if (earlier := self._named.get((name, kind))) is not None:
            self._aliases.setdefault(variable_id, earlier)
            return
        self._make(variable_id, name, kind, _others(element, "id", "type" if kind else ""))

    def of_field(self, element: Element) -> str:
        """The id of what a field refers to."""
        variable_id = element.attributes["id"]
        variable_id = self._aliases.get(variable_id, variable_id)
        if variable_id not in self.found:
            name, kind = element.text, element.attributes.get("variabletype", "")
            if (known := self._named.get((name, kind))) is not None:
                return known
            self._make(variable_id, name, kind, {})
        return variable_id

    def _make(self, variable_id: str, name: str, kind: str, rest: Record) -> None:
        self.found[variable_id] = {"name": name, "type": kind, **rest}
        self._named[name, kind] = variable_id


class _Item:
    """A block or workspace comment: its `record`, and the blocks `attached` to it."""

    def __init__(self, element: Element, at: At, variables: _Variables) -> None:
        self.id = element.attributes["id"]
        self.record: Record = {"t": COMMENT, "at": at}
        self.attached: list[tuple[Element, At]] = []
        self._variables = variables
        self._filled: set[str] = set()
        self._rest: list[str] = []
        if element.name == "comment":
            self._attributes(element, "id", "x", "y")
            if element.text:
                self.record["d"] = element.text
            return
        self.record["t"] = element.attributes["type"]
        if element.name == "shadow":
            self.record["tag"] = "shadow"
        self._attributes(element, "id", "x", "y", "type")
        for child in element.children:
            self._child(child)
        if self._rest:
            self.record["x"] = "".join(self._rest)

    def _attributes(self, element: Element, *ours: str) -> None:
        for name, value in element.attributes.items():
            if name not in ours:
                self.record[f"a:{name}"] = value
        if element.qualified:
            self.record["n"] = _qualified_text(element)

    def _child(self, child: Element) -> None:
        name = child.attributes.get("name", "")
        if child.name == "next":
            self._joint(child, "sn", [self.id])
        elif child.name in ("field", "title"):
            self._part(child, f"f:{name}")
        elif child.name in _KEYS:
            self._part(child, _KEYS[child.name])
        elif child.name not in ("value", "statement") or not self._is_plain_input(child, name):
            self._rest.append(text_of(child))
        else:
            self._filled.add(name)
            kind = "v" if child.name == "value" else "s"
            self._joint(child, _TAGS[kind][1] + name, [self.id, name, kind])

    def _is_plain_input(self, child: Element, name: str) -> bool:
        if name in self._filled or not child.children or child.qualified:
            return False
        held = all(one.name in ("block", "shadow") for one in child.children)
        return held and not child.attributes.keys() - {"name"}

    def _joint(self, element: Element, shadow: str, at: At) -> None:
        """Take what stands in a place apart into shadow and block."""
        for child in element.children:
            if child.name == "shadow":
                self.record[shadow] = text_of(child)
            else:
                self.attached.append((child, at))

    def _part(self, child: Element, key: str) -> None:
        """A mutation, field, comment or data."""
        opaque = key not in ("m", "c") and child.children
        marked = key == "d" and (child.attributes or child.qualified)
        if key in self.record or opaque or marked:
            self._rest.append(text_of(child))
        elif key == "d":
            self.record[key] = child.text
        elif key in ("m", "c"):
            self.record[key] = text_of(child)
        else:
            self.record[key] = self._field(child)

    def _field(self, element: Element) -> Any:
        if not element.attributes.get("id"):
            extras = _extras(element, "name")
            return {"text": element.text, **extras} if extras else element.text
        variable_id = self._variables.of_field(element)
        # Old releases said so where there is no type.
        kind = element.attributes.get("variabletype") or self._variables.found[variable_id]["type"]
        extras = _extras(element, "name", "id", "variabletype" if kind else "")
        return {"var": variable_id, **extras}


def _extras(element: Element, *known: str) -> Record:
    """What a field's element has beside what it says."""
    extras = {"tag": "title"} if element.name == "title" else {}
    extras |= _others(element, *known)
    if element.qualified:
        extras["n"] = _qualified_text(element)
    return extras


def _others(element: Element, *known: str) -> Record:
    pairs = [[name, value] for name, value in element.attributes.items() if name not in known]
    return {"attrs": pairs} if pairs else {}


def write_xml(records: Records) -> bytes:
    """The whole workspace."""
    rest = records.blocks.get(REST, {})
    pieces = [f'<xml xmlns="{NAMESPACE}"{_others_text(rest)}>']
    if records.vars:
        pieces.append("<variables>")
        pieces.extend(_write_variable(*item) for item in records.vars.items())
        pieces.append("</variables>")
    comments: list[str | tuple[str]] = []
    blocks: list[str | tuple[str]] = []
    for block_id, record in records.blocks.items():
        if on_canvas(record["at"]) and record["t"] != REST:
            (comments if record["t"] == COMMENT else blocks).append((block_id,))
    waiting = [*reversed(blocks), *reversed(comments)]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            waiting.extend(reversed(_pieces_of(records, piece[0])))
    pieces.append(f"{rest.get('o', '')}</xml>")
    return "".join(pieces).encode()


def _write_variable(variable_id: str, variable: dict[str, Any]) -> str:
    pairs = [["type", variable["type"]]] if variable["type"] else []
    pairs += [["id", variable_id], *variable.get("attrs", ())]
    return leaf("variable", pairs, variable["name"])


def _others_text(record: Record) -> str:
    """Attributes other than type, id and place, those in namespaces at the end."""
    plain = attributes_text((key[2:], value) for key, value in record.items() if key[:2] == "a:")
    return plain + _qualified_in(record)


def _qualified_in(value: Record) -> str:
    qualified: str = value.get("n", "")
    return qualified[len("<n") : -len("/>")]


def _pieces_of(records: Records, block_id: str) -> list[str | tuple[str]]:
    """Pieces of a block's XML: text, and (as tuples) the ids of the blocks in between."""
    record = records.blocks[block_id]
    at = record["at"]
    comment = record["t"] == COMMENT
    pairs = [] if comment else [("type", record["t"])]
    pairs.append(("id", block_id))
    place: list[tuple[str, str]] = []
    if on_canvas(at):
        place = [(name, str(at[i])) for i, name in enumerate("xy") if at[i] is not None]
    attributes = attributes_text(pairs) + _others_text(record) + attributes_text(place)
    if comment:
        text = escape_text(record.get("d", ""))
        return [f"<comment{attributes}>{text}</comment>" if text else f"<comment{attributes}/>"]
    # Elsewhere a shadow would be a second one, behind a block.
    tag = "shadow" if record.get("tag") == "shadow" and on_canvas(at) else "block"
    inside = _inside(records, block_id, record)
    if not inside:
        return [f"<{tag}{attributes}/>"]
    return [f"<{tag}{attributes}>", *inside, f"</{tag}>"]


def _inside(records: Records, block_id: str, record: Record) -> list[str | tuple[str]]:
    pieces: list[str | tuple[str]] = []
    if "m" in record:
        pieces.append(record["m"])
    pieces.extend(
        _write_field(records, key[2:], value) for key, value in record.items() if key[:2] == "f:"
    )
    if "c" in record:
        pieces.append(record["c"])
    if "d" in record:
        pieces.append(leaf("data", [], record["d"]))
    children = records.children_of(block_id)
    for name, kind in _inputs_of(records, record, children):
        tag, prefix = _TAGS[kind]
        pieces.append(f"<{tag}{attributes_text([('name', name)])}>")
        pieces.extend(_held(record.get(prefix + name), children.get(f"in {name}")))
        pieces.append(f"</{tag}>")
    if "x" in record:
        pieces.append(record["x"])
    if held := _held(record.get("sn"), children.get(NEXT)):
        pieces += ["<next>", *held, "</next>"]
    return pieces


def _held(shadow: str | None, child: str | None) -> list[str | tuple[str]]:
    pieces: list[str | tuple[str]] = []
    if shadow is not None:
        pieces.append(shadow)
    if child is not None:
        pieces.append((child,))
    return pieces


def _write_field(records: Records, name: str, field: Any) -> str:
    if isinstance(field, str):
        return leaf("field", [("name", name)], field)
    tag = field.get("tag", "field")
    rest = field.get("attrs", ())
    qualified = _qualified_in(field)
    if "text" in field:
        return leaf(tag, [("name", name), *rest], field["text"], qualified)
    variable = records.vars.get(field["var"], {"name": "", "type": ""})
    pairs = [("name", name), ("id", field["var"])]
    if variable["type"]:
        pairs.append(("variabletype", variable["type"]))
        rest = [pair for pair in rest if pair[0] != "variabletype"]
    return leaf(tag, [*pairs, *rest], variable["name"], qualified)


def _inputs_of(
    records: Records, record: Record, children: Mapping[str, str]
) -> list[tuple[str, str]]:
    """The inputs that hold something: in the order of the shape, then by name."""
    kinds: dict[str, str] = {}
    for key in record:
        if key[:3] in ("sh:", "ss:"):
            kinds[key[3:]] = "v" if key[1] == "h" else "s"
    if children:
        for child in children.values():
            at = records.blocks[child]["at"]
            if len(at) == 3:
                kinds[at[1]] = at[2]
    if not kinds:
        return []
    ordered: list[tuple[str, str]] = []
    for name, _ in record.get("s", {}).get("in", ()):
        if name in kinds:
            ordered.append((name, kinds.pop(name)))
    ordered.extend(sorted(kinds.items(), key=lambda item: item[0].encode("utf-16-be")))
    return ordered
