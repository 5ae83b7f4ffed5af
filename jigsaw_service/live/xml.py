"""Records from workspace XML and back: the one serialisation of docs/live.md.

`read_records` expects what `workspace_xml.inspect` has accepted. Nothing here recurses: programs
are a thousand blocks deep.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from .records import COMMENT, NEXT, At, Record, Records, on_canvas

NAMESPACE = "https://developers.google.com/blockly/xml"
MAX_VARIABLE_NAME_IN_ID = 61
RESERVED = "_connection"
"""Blockly takes an id with this in it for a connection's, and fails."""

Pairs = list[list[str]]

_TAGS = {"v": ("value", "sh:"), "s": ("statement", "ss:")}
_KEYS = {"mutation": "m", "comment": "c", "data": "d"}
_NEEDS_ESCAPE = re.compile(r'[&<>"\t\n]')


class Element:
    """An element without white space between its children; text counts where there are none."""

    __slots__ = ("attributes", "children", "name", "pieces")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        return "" if self.children else "".join(self.pieces)


def parse(xml: bytes) -> Element:
    """The root element; attributes in a namespace are left out."""
    document = Element("", {})
    waiting = [document]

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = {key: value for key, value in attributes.items() if " " not in key}
        element = Element(name.rpartition(" ")[2], plain)
        waiting[-1].children.append(element)
        waiting.append(element)

    def end(_name: str) -> None:
        waiting.pop()

    def characters(text: str) -> None:
        waiting[-1].pieces.append(text)

    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.Parse(xml, True)
    return document.children[0]


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
        if element.name != "variables"
    ]
    blocks: dict[str, Record] = {}
    while waiting:
        item = _Item(*waiting.pop(), variables)
        blocks[item.id] = item.record
        waiting.extend(reversed(item.attached))
    return Records.from_json({"blocks": blocks, "vars": variables.found})


def _give_ids(root: Element) -> None:
    items = list(_blocks_in(root))
    items.extend(element for element in root.children if element.name == "comment")
    given = {item.attributes.get("id", "") for item in items}
    seen: set[str] = set()
    number = 0
    for item in items:
        item_id = item.attributes.get("id", "")
        if not item_id or item_id in seen or RESERVED in item_id:
            number += 1
            while (item_id := f"~{number}") in given:
                number += 1
            item.attributes["id"] = item_id
        seen.add(item_id)


def _blocks_in(root: Element) -> Iterator[Element]:
    """Blocks and shadows in document order; what looks like one inside a mutation isn't."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.name in ("block", "shadow"):
            yield element
        if element.name != "mutation":
            waiting.extend(reversed(element.children))


def _coordinate(element: Element, name: str) -> int | None:
    value = element.attributes.get(name)
    return None if value is None else math.floor(float(value) + 0.5)


class _Variables:
    """Those declared, and those that fields refer to all the same."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}
        self._named: dict[tuple[str, str], str] = {}
        self._aliases: dict[str, str] = {}
        """Ids of declarations that an earlier one made needless."""

    def declare(self, element: Element) -> None:
        name, kind = element.text, element.attributes.get("type", "")
        variable_id = element.attributes.get("id") or f"~v:{name[:MAX_VARIABLE_NAME_IN_ID]}"
        if variable_id in self.found:
            return
        if (earlier := self._named.get((name, kind))) is not None:
            self._aliases.setdefault(variable_id, earlier)
            return
        self._make(variable_id, name, kind, _others(element, "id", "type"))

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

    def _child(self, child: Element) -> None:
        name = child.attributes.get("name", "")
        if child.name == "next":
            self._joint(child, "sn", [self.id])
        elif child.name in ("field", "title"):
            self._part(child, f"f:{name}")
        elif child.name in _KEYS:
            self._part(child, _KEYS[child.name])
        elif name in self._filled or not child.children or child.attributes.keys() - {"name"}:
            self._rest.append(text_of(child))
        else:
            self._filled.add(name)
            kind = "v" if child.name == "value" else "s"
            self._joint(child, _TAGS[kind][1] + name, [self.id, name, kind])

    def _joint(self, element: Element, shadow: str, at: At) -> None:
        """Take what stands in a place apart into shadow and block."""
        for child in element.children:
            if child.name == "shadow":
                self.record[shadow] = text_of(child)
            else:
                self.attached.append((child, at))

    def _part(self, child: Element, key: str) -> None:
        """A mutation, field, comment or data."""
        if key in self.record or (key == "d" and child.attributes):
            self._rest.append(text_of(child))
        elif key == "d":
            self.record[key] = child.text
        elif key in ("m", "c"):
            self.record[key] = text_of(child)
        else:
            self.record[key] = self._field(child)

    def _field(self, element: Element) -> Any:
        tag = {"tag": "title"} if element.name == "title" else {}
        if element.attributes.get("id"):
            rest = _others(element, "name", "id", "variabletype")
            return {"var": self._variables.of_field(element), **tag, **rest}
        rest = _others(element, "name")
        return {"text": element.text, **tag, **rest} if tag or rest else element.text


def _others(element: Element, *known: str) -> Record:
    pairs = [[name, value] for name, value in element.attributes.items() if name not in known]
    return {"attrs": pairs} if pairs else {}


def text_of(root: Element) -> str:
    """One element with all that is in it."""
    pieces: list[str] = []
    waiting: list[Element | str] = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            pieces.append(element)
        elif element.children:
            pieces.append(_opening(element.name, element.attributes.items()))
            waiting.append(f"</{element.name}>")
            waiting.extend(reversed(element.children))
        else:
            pieces.append(_leaf(element.name, element.attributes.items(), element.text))
    return "".join(pieces)


def _opening(name: str, pairs: Iterable[Iterable[str]]) -> str:
    attributes = "".join([f' {key}="{escape_attribute(value)}"' for key, value in pairs])
    return f"<{name}{attributes}>"


def _leaf(name: str, pairs: Iterable[Iterable[str]], text: str) -> str:
    start = _opening(name, pairs)
    return f"{start}{escape_text(text)}</{name}>" if text else f"{start[:-1]}/>"


def escape_text(text: str) -> str:
    if _NEEDS_ESCAPE.search(text) is None:
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    if _NEEDS_ESCAPE.search(text) is None:
        return text
    text = escape_text(text).replace('"', "&quot;")
    return text.replace("\t", "&#9;").replace("\n", "&#10;")


def write_xml(records: Records) -> bytes:
    """The whole workspace."""
    pieces = [f'<xml xmlns="{NAMESPACE}">']
    if records.vars:
        pieces.append("<variables>")
        pieces.extend(_write_variable(*item) for item in records.vars.items())
        pieces.append("</variables>")
    comments: list[str | tuple[str]] = []
    blocks: list[str | tuple[str]] = []
    for block_id, record in records.blocks.items():
        if on_canvas(record["at"]):
            (comments if record["t"] == COMMENT else blocks).append((block_id,))
    waiting = [*reversed(blocks), *reversed(comments)]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            waiting.extend(reversed(_pieces_of(records, piece[0])))
    pieces.append("</xml>")
    return "".join(pieces).encode()


def _write_variable(variable_id: str, variable: dict[str, Any]) -> str:
    pairs = [["type", variable["type"]]] if variable["type"] else []
    pairs += [["id", variable_id], *variable.get("attrs", ())]
    return _leaf("variable", pairs, variable["name"])


def _pieces_of(records: Records, block_id: str) -> list[str | tuple[str]]:
    """What a block is written as: pieces of text, and (as tuples) the blocks in between."""
    record = records.blocks[block_id]
    at = record["at"]
    comment = record["t"] == COMMENT
    pairs = [] if comment else [("type", record["t"])]
    pairs.append(("id", block_id))
    pairs.extend((key[2:], value) for key, value in record.items() if key[:2] == "a:")
    if on_canvas(at):
        pairs.extend((name, str(at[i])) for i, name in enumerate("xy") if at[i] is not None)
    if comment:
        return [_leaf("comment", pairs, record.get("d", ""))]
    # Elsewhere a shadow would be a second one, behind a block.
    tag = "shadow" if record.get("tag") == "shadow" and on_canvas(at) else "block"
    inside = _inside(records, block_id, record)
    start = _opening(tag, pairs)
    return [start, *inside, f"</{tag}>"] if inside else [f"{start[:-1]}/>"]


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
        pieces.append(_leaf("data", [], record["d"]))
    children = records.children_of(block_id)
    for name, kind in _inputs_of(records, record, children):
        tag, prefix = _TAGS[kind]
        pieces.append(_opening(tag, [("name", name)]))
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
        return _leaf("field", [("name", name)], field)
    tag = field.get("tag", "field")
    rest = field.get("attrs", ())
    if "text" in field:
        return _leaf(tag, [("name", name), *rest], field["text"])
    variable = records.vars.get(field["var"], {"name": "", "type": ""})
    pairs = [("name", name), ("id", field["var"])]
    if variable["type"]:
        pairs.append(("variabletype", variable["type"]))
    return _leaf(tag, [*pairs, *rest], variable["name"])


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
