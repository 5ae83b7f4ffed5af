"""Validation of documents: workspaces of blocks as XML, read once from end to end.

Nothing is changed or repaired here; the bytes that pass are the bytes that are
stored. The limits are told to the editor, which has none of its own, so that
whatever is kept can be opened, and whatever the editor saves can be kept.

    X1  UTF-8, with or without a byte order mark; no other encoding is declared.
    X2  Well-formed XML without a document type, entities of its own or
        processing instructions.
    X3  Blockly's elements, whatever namespace the root has, each where it belongs. Elements
        of others may stand at the top, in blocks, inputs and texts; they are kept closed,
        with all that is in them. Scripts are none of them. At most MAX_QUALIFIED elements
        and attributes are in namespaces of others, which have at most MAX_NAMESPACE characters:
        each may have to say its own.
    X4  At most MAX_DEPTH elements deep and MAX_BLOCKS blocks.
    X5  Every block has a type; a place in the program holds one block at most.
    X6  Counts of inputs in mutations are from 0 to MAX_COUNT: Blockly builds as many
        inputs without asking.
    X7  Texts have at most MAX_TEXT characters, none of them a carriage return or
        another control: it would end a comment in the generated code.
    X8  Blocks lie within MAX_COORDINATE of the origin. As Blockly does, we take what begins
        like a number for one, and anything else for no place at all.
"""

import re
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from ..errors import InvalidWorkspace, TooLarge
from .elements import OURS, SEPARATOR, apart

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 2000
MAX_BLOCKS = 5000
# Characters as browsers count them, in UTF-16.
MAX_TEXT = 64 * 1024
MAX_ID = 64
MAX_COUNT = 500
MAX_MUTATION_CHILDREN = 200
MAX_COORDINATE = 1e6
MAX_QUALIFIED = 5000
MAX_NAMESPACE = 200

_IN_BLOCK = frozenset("mutation field title value statement next comment data".split())
_IN_INPUT = frozenset(["block", "shadow"])
_PLACED = frozenset(["block", "shadow", "comment"])
_VOCABULARY = _IN_BLOCK | {"xml", "variables", "variable", "block", "shadow"}
_NOTHING: frozenset[str] = frozenset()
# Places in which elements that aren't Blockly's may stand.
_FOREIGN_IN = frozenset("xml block shadow value statement field title comment data".split())
_CHILDREN = {
    "": frozenset(["xml"]),
    "xml": frozenset(["variables", "block", "shadow", "comment"]),
    "variables": frozenset(["variable"]),
    "block": _IN_BLOCK,
    "shadow": _IN_BLOCK,
    "value": _IN_INPUT,
    "statement": _IN_INPUT,
    "next": _IN_INPUT,
    # `title` is what `field` was called until 2013.
    **dict.fromkeys(["variable", "field", "title", "comment", "data"], _NOTHING),
}

# Types are anything but empty; no control, which could end a comment in the generated code.
TYPE = re.compile(r"(?!#)[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]{1,128}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
# The beginning of a coordinate.
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LEADING_NUMBER = re.compile(r"[\s\ufeff]*([+-]?[0-9]+)")
# Read by Blockly's own blocks with parseInt, which stops at the first non-digit.
_COUNTS = frozenset(["items", "elseif", "else"])


def limits_told(max_bytes: int = MAX_BYTES) -> dict[str, int]:
    """The limits as editor and export are told them (`editor/src/xml/limits.ts`)."""
    return {
        "bytes": max_bytes,
        "depth": MAX_DEPTH,
        "blocks": MAX_BLOCKS,
        "text": MAX_TEXT,
        "id": MAX_ID,
        "count": MAX_COUNT,
        "mutation_children": MAX_MUTATION_CHILDREN,
        "coordinate": int(MAX_COORDINATE),
    }


@dataclass(frozen=True, slots=True)
class Inspection:
    """Inspection of a document that may be kept: what was seen in it."""

    blocks: int
    types: frozenset[str]


def inspect(xml: bytes, max_bytes: int = MAX_BYTES) -> Inspection:
    """Read `xml` once; raise TooLarge, or InvalidWorkspace with line and column."""
    if len(xml) > max_bytes:
        raise TooLarge(
            f"The workspace has {len(xml)} bytes; {max_bytes} are allowed. "
            "Split the program into several workspaces.",
            limit=max_bytes,
        )
    _check_utf8(xml)
    return _Validator(xml).read()


def _check_utf8(xml: bytes) -> None:
    # Encodings with two or four bytes to a letter; half of them would pass for UTF-8.
    if b"\0" in xml[:4] or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InvalidWorkspace(
            "The file is encoded in UTF-16 or UTF-32. Save it as UTF-8 and try again.",
            line=1,
            column=1,
        )
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError as error:
        before = xml[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        raise InvalidWorkspace(
            "The file is not encoded in UTF-8. Save it as UTF-8 and try again.",
            line=line,
            column=column,
        ) from error


class _Element:
    """An element whose end has not been seen yet."""

    __slots__ = ("children", "filled", "in_mutation", "is_closed", "name")

    def __init__(self, name: str, in_mutation: bool, is_closed: bool) -> None:
        self.name = name
        self.in_mutation = in_mutation
        # Its content isn't looked at by anybody.
        self.is_closed = is_closed
        self.children = 0
        self.filled: set[str] | None = None


class _Validator:
    """Reader of one document, in one pass of expat."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._open = [_Element("", False, False)]
        self._ours = OURS
        self._blocks = 0
        self._qualified = 0
        self._types: set[str] = set()
        # A short text can't be too long, and only a character reference brings a control
        # in: expat refuses plain ones. So most documents need no look at their texts.
        self._check_texts = len(xml) > MAX_TEXT or b"&#" in xml
        self._text = 0
        parser = expat.ParserCreate(encoding="utf-8", namespace_separator=SEPARATOR)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        if self._check_texts:
            parser.CharacterDataHandler = self._characters
        self._parser = parser

    def read(self) -> Inspection:
        try:
            self._parser.Parse(self._xml, True)
        except expat.ExpatError as error:
            raise InvalidWorkspace(
                f"This is not well-formed XML: {expat.ErrorString(error.code)}. "
                "Export the workspace again, or correct the file at this place.",
                line=error.lineno,
                column=error.offset + 1,
            ) from error
        return Inspection(self._blocks, frozenset(self._types))

    def _refuse(self, detail: str) -> NoReturn:
        raise InvalidWorkspace(
            detail,
            line=self._parser.CurrentLineNumber,
            column=self._parser.CurrentColumnNumber + 1,
        )

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8"):
            self._refuse(f"The file says that its encoding is {encoding[:40]}. Save it as UTF-8.")

    def _doctype(self, *_declared: object) -> None:
        self._refuse("A document type declaration is not allowed. Remove the <!DOCTYPE …>.")

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if len(prefix or "") + len(uri or "") > MAX_NAMESPACE:
            self._refuse(f"A namespace has more than {MAX_NAMESPACE} characters. Shorten it.")

    def _count_qualified(self, namespace: str, attributes: dict[str, str]) -> None:
        self._qualified += namespace not in self._ours
        self._qualified += sum(SEPARATOR in name for name in attributes)
        if self._qualified > MAX_QUALIFIED:
            self._refuse(
                f"More than {MAX_QUALIFIED} elements and attributes are in namespaces that aren't "
                "Blockly's. Remove some."
            )

    def _instruction(self, *_instruction: str) -> None:
        self._refuse("Processing instructions are not allowed. Remove the <?…?>.")

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        namespace, name, _ = apart(qualified)
        parent = self._open[-1]
        self._text = 0
        if len(self._open) == 1:
            self._ours = OURS | {namespace}
        if len(self._open) > MAX_DEPTH:
            self._refuse("The blocks are nested too deeply. Move a part into a function.")
        self._count_qualified(namespace, attributes)
        element = self._element(namespace, name, parent)
        self._open.append(element)
        if attributes:
            self._check_attributes(name, attributes, element)
        if element.is_closed:
            return
        if name in _IN_INPUT:
            self._block(name, attributes, element)
        if element.in_mutation:
            self._check_counts(attributes)
        elif name in _IN_INPUT or name == "next":
            self._fill(parent, name)

    def _element(self, namespace: str, name: str, parent: _Element) -> _Element:
        """X3."""
        if parent.in_mutation:
            self._count_child(parent)
            return _Element(name, True, False)
        if parent.is_closed:
            return _Element(name, False, True)
        is_ours = namespace in self._ours and name in _VOCABULARY
        if is_ours and name in _CHILDREN[parent.name]:
            return _Element(name, name == "mutation", False)
        if is_ours or parent.name not in _FOREIGN_IN or name.lower() == "script":
            self._refuse_place(name, parent.name)
        return _Element(name, False, True)

    def _refuse_place(self, name: str, parent: str) -> NoReturn:
        if not parent:
            self._refuse("This is not a Blockly workspace: it must begin with <xml>.")
        self._refuse(f"<{name[:40]}> cannot stand inside <{parent}>. Remove it from there.")

    def _count_child(self, parent: _Element) -> None:
        parent.children += 1
        if parent.children > MAX_MUTATION_CHILDREN:
            self._refuse(f"A mutation has more than {MAX_MUTATION_CHILDREN} parts. Use fewer.")

    def _fill(self, parent: _Element, name: str) -> None:
        """X5; Blockly would take the last one and drop the others in silence."""
        if parent.name == "xml":
            return
        if parent.filled is None:
            parent.filled = set()
        if name in parent.filled:
            self._refuse(
                f"A <{parent.name}> can hold only one <{name}>. Put the second one elsewhere."
            )
        parent.filled.add(name)

    def _block(self, name: str, attributes: dict[str, str], element: _Element) -> None:
        if element.in_mutation:
            # It only looks like one; counted all the same, as `Records` counts.
            self._count_block()
            return
        kind = attributes.get("type", "")
        if not TYPE.fullmatch(kind):
            self._refuse(
                f"A <{name}> needs a type of at most 128 characters, none of them a control."
            )
        self._types.add(kind)
        self._count_block()

    def _count_block(self) -> None:
        self._blocks += 1
        if self._blocks > MAX_BLOCKS:
            self._refuse(
                f"There are more than {MAX_BLOCKS} blocks. "
                "Split the program into several workspaces."
            )

    def _check_attributes(self, name: str, attributes: dict[str, str], element: _Element) -> None:
        if self._check_texts:
            for value in attributes.values():
                self._check_text(value, length_of(value))
        if element.is_closed:
            return
        if len(attributes.get("id", "")) > MAX_ID:
            self._refuse(f"An id has more than {MAX_ID} characters. Give it a shorter one.")
        if name in _PLACED:
            for axis in ("x", "y"):
                if axis in attributes:
                    self._check_coordinate(axis, attributes[axis])

    def _check_coordinate(self, name: str, value: str) -> None:
        found = NUMBER.match(value)
        if found and abs(float(found[0])) > MAX_COORDINATE:
            self._refuse(
                f"{name} must be a number from -{MAX_COORDINATE:.0f} to {MAX_COORDINATE:.0f}."
            )

    def _check_counts(self, attributes: dict[str, str]) -> None:
        for name in _COUNTS & attributes.keys():
            found = _LEADING_NUMBER.match(attributes[name])
            # With more digits than these it is too large, whatever it converts to.
            if found and (len(found[1]) > 20 or not 0 <= int(found[1]) <= MAX_COUNT):
                self._refuse(
                    f'{name}="{attributes[name][:40]}" in a mutation: '
                    f"use a number from 0 to {MAX_COUNT}."
                )

    def _check_text(self, text: str, length: int) -> None:
        if length > MAX_TEXT:
            self._refuse(f"A text has more than {MAX_TEXT} characters. Shorten it.")
        if _CONTROL.search(text):
            self._refuse("A text holds a control character, such as &#13;. Remove it.")

    def _characters(self, text: str) -> None:
        self._text += length_of(text)
        self._check_text(text, self._text)

    def _end(self, _qualified: str) -> None:
        self._text = 0
        self._open.pop()


def length_of(text: str) -> int:
    """Length in UTF-16 units, as browsers count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
