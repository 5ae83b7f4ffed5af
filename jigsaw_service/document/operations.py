"""Operations on a workspace: the form they have, and the limits of their result.

`read_batch` checks the form of what a browser sent; what the operations mean there and then is the
reducer's business. `check_result` holds what comes of them to the validator's limits.
"""

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, NoReturn

from ..errors import InvalidOperations, InvalidWorkspace, JigsawError, TooLarge
from ..runtime.limits import Limits
from .elements import parse, text_of
from .records import COMMENT, REST, Patch, Record, Records, on_canvas
from .validation import (
    MAX_BLOCKS,
    MAX_COORDINATE,
    MAX_DEPTH,
    MAX_ID,
    MAX_TEXT,
    TYPE,
    inspect,
    length_of,
)
from .xml import RESERVED, write_xml

Operation = dict[str, Any]

MAX_OPERATIONS = 5000
# Characters of the name of an input, a field or an attribute, as of a type: each stands in every
# patch that has to do with it.
MAX_NAME = 128
# Of one shape; more than the mutations that we keep can ask for.
MAX_INPUTS = 1000

# Controls that the validator refuses, and what no XML can hold.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_JOINTS = re.compile(r"o?p?n?")


def read_batch(value: Any, limits: Limits) -> list[Operation]:
    """The operations of an untrusted `ops`; InvalidOperations says what is wrong, and where."""
    if not isinstance(value, list):
        _refuse("ops", "a list of operations is needed")
    if len(value) > MAX_OPERATIONS:
        _refuse("ops", f"at most {MAX_OPERATIONS} operations go together")
    return [_operation(item, f"ops[{i}]", limits) for i, item in enumerate(value)]


def _refuse(where: str, detail: str) -> NoReturn:
    raise InvalidOperations(f"{where}: {detail}.")


def _operation(value: Any, where: str, limits: Limits) -> Operation:
    kind = value.get("op") if isinstance(value, dict) else None
    parts = _OPERATIONS.get(kind) if isinstance(kind, str) else None
    if parts is None:
        _refuse(where, f"an object is needed whose “op” is one of {', '.join(_OPERATIONS)}")
    for name in value:
        if name != "op" and name not in parts:
            _refuse(f"{where}.{name[:40]}", f"“{kind}” knows no such thing")
    operation: Operation = {"op": kind}
    for name, read in parts.items():
        if name in value:
            operation[name] = read(value[name], f"{where}.{name}", limits)
        elif name != "type":
            _refuse(where, f"“{kind}” needs “{name}”")
    return operation


def _id(value: Any, where: str, _limits: Limits) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID or _UNFIT.search(value):
        _refuse(where, f"an id is a text of 1 to {MAX_ID} characters without controls")
    if RESERVED in value or value == REST:
        _refuse(where, f"an id has no {RESERVED} in it, nor is it {REST}")
    return value


def _ids(value: Any, where: str, limits: Limits) -> list[str]:
    if not isinstance(value, list) or len(value) > MAX_BLOCKS:
        _refuse(where, f"a list of at most {MAX_BLOCKS} ids is needed")
    return [_id(item, where, limits) for item in value]


def _text(value: Any, where: str, most: int = MAX_TEXT) -> str:
    if not isinstance(value, str):
        _refuse(where, "a text is needed")
    if length_of(value) > most:
        _refuse(where, f"a text has more than {most} characters")
    if _UNFIT.search(value):
        _refuse(where, "a text holds a control character, such as a carriage return")
    return value


def _variable_text(value: Any, where: str, _limits: Limits) -> str:
    return _text(value, where)


def _record(value: Any, where: str, limits: Limits) -> Record:
    if not isinstance(value, dict):
        _refuse(where, "a record is an object")
    kind = value.get("t")
    if not isinstance(kind, str) or not (kind == COMMENT or TYPE.fullmatch(kind)):
        _refuse(f"{where}.t", f"a block needs a type of at most {MAX_NAME} plain characters")
    record = {"t": kind, "at": _at(value.get("at"), f"{where}.at", limits)}
    for key, item in value.items():
        if kind == COMMENT and key not in ("t", "at", "d", "n") and key[:2] != "a:":
            _refuse(f"{where}.{key[:40]}", "a workspace comment has no such key")
        if key == "tag":
            if item != "shadow":
                _refuse(f"{where}.tag", "there is only the tag “shadow”")
            record[key] = item
        elif key not in ("t", "at"):
            place = f"{where}.{key[:40]}"
            record[key] = _reader_of(key, place)(item, place, limits)
    return record


def _keys(value: Any, where: str, limits: Limits) -> Record:
    if not isinstance(value, dict):
        _refuse(where, "an object of keys and values is needed")
    keys: Record = {}
    for key, item in value.items():
        place = f"{where}.{key[:40]}"
        read = _reader_of(key, place)
        keys[key] = None if item is None else read(item, place, limits)
    return keys


def _reader_of(key: str, where: str) -> "_Part":
    if (read := _VALUES.get(key)) is not None:
        return read
    kind, _, name = key.partition(":")
    if (read := _NAMED_VALUES.get(kind)) is None or ":" not in key:
        _refuse(where, "a record has no such key, or none to be set here")
    if kind == "a":
        _attribute_name(name, where, ("type", "id", "x", "y"))
    else:
        _text(name, where, MAX_NAME)
    return read


def _at(value: Any, where: str, limits: Limits) -> list[Any]:
    match value:
        case [str() as parent]:
            return [_id(parent, where, limits)]
        case [str() as parent, str() as name, "v" | "s" as kind]:
            return [_id(parent, where, limits), _text(name, where, MAX_NAME), kind]
        case [x, y] if not isinstance(x, str):
            return [_coordinate(x, where), _coordinate(y, where)]
    _refuse(where, "[x, y], [parent], [parent, input, “v”] or [parent, input, “s”] is needed")


def _coordinate(value: Any, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(where, "a coordinate is a number, or null where it is unknown")
    # Not a number isn't less than anything either.
    if not abs(value) <= MAX_COORDINATE:
        _refuse(where, f"a coordinate is at most {MAX_COORDINATE:.0f} from the origin")
    return int((value + 0.5) // 1)


def _shape(value: Any, where: str, _limits: Limits) -> Record:
    match value:
        case {"in": list() as inputs, "joints": str() as joints, **rest} if not rest:
            pass
        case _:
            _refuse(where, "a shape is {“in”: [[name, “v” or “s”], …], “joints”: …}")
    if not _JOINTS.fullmatch(joints):
        _refuse(f"{where}.joints", "some of the letters o, p and n are needed, in this order")
    if len(inputs) > MAX_INPUTS:
        _refuse(f"{where}.in", f"a block has at most {MAX_INPUTS} inputs")
    names: dict[str, str] = {}
    for item in inputs:
        match item:
            case [str() as name, "v" | "s" as kind] if name not in names:
                names[_text(name, f"{where}.in", MAX_NAME)] = kind
            case _:
                _refuse(f"{where}.in", "each input is [name, “v” or “s”], with a name of its own")
    return {"in": [[name, kind] for name, kind in names.items()], "joints": joints}


def _field(value: Any, where: str, limits: Limits) -> Any:
    if isinstance(value, str):
        return _text(value, where)
    if not isinstance(value, dict) or ("var" in value) == ("text" in value):
        _refuse(where, "a field is a text, or an object with “var” or “text”")
    refers = "var" in value
    field: Record = {}
    for key, item in value.items():
        if key == "tag" and item == "title":
            field[key] = item
        elif key == "attrs":
            field[key] = _attributes(item, f"{where}.attrs", refers)
        elif key == "n":
            field[key] = _elements(item, f"{where}.n", "n", limits)
        elif key == "var":
            field[key] = _id(item, f"{where}.var", limits)
        elif key == "text" or (refers and key in ("name", "type")):
            field[key] = _text(item, f"{where}.{key}")
        else:
            _refuse(f"{where}.{key[:40]}", "a field has no such key or value")
    return field


def _attributes(value: Any, where: str, refers: bool) -> list[list[str]]:
    pairs: dict[str, str] = {}
    for item in value if isinstance(value, list) else [None]:
        match item:
            case [str() as name, str() as text] if name not in pairs:
                ours = ["name"]
                # A field with an id would be one that refers to a variable.
                if refers or text:
                    ours.append("id")
                # Of one that does, the variable says the type, if it has any.
                if refers and text:
                    ours.append("variabletype")
                _attribute_name(name, where, ours)
                pairs[name] = _text(text, where)
            case _:
                _refuse(where, "a list of [name, value] is needed, each name once")
    if not pairs:
        _refuse(where, "leave out what is empty")
    return [[name, text] for name, text in pairs.items()]


def _attribute_name(name: str, where: str, ours: Collection[str]) -> None:
    if name in ours or name == "xmlns" or len(name) > MAX_NAME:
        _refuse(where, "no attribute of this name can be set here")
    if not _PLAIN_NAME.fullmatch(name) and not _is_attribute(name):
        _refuse(where, "this is not the name of an attribute")


@lru_cache(maxsize=256)
def _is_attribute(name: str) -> bool:
    """True if the name, in letters of any alphabet, is one to XML: asked of the parser itself."""
    if re.search(r"[\s=:/>\"'&<]", name) or _UNFIT.search(name):
        return False
    try:
        inspect(f'<xml {name}=""/>'.encode())
    except InvalidWorkspace:
        return False
    return True


def _data(value: Any, where: str, _limits: Limits) -> str:
    return _text(value, where)


def _element(name: str) -> Callable[[Any, str, Limits], str]:
    """Reads the text of one element of this name."""

    def read(value: Any, where: str, limits: Limits) -> str:
        return _elements(value, where, name, limits)

    return read


def _others(value: Any, where: str, limits: Limits) -> str:
    return _elements(value, where, "", limits)


def _elements(value: Any, where: str, name: str, limits: Limits) -> str:
    if not isinstance(value, str):
        _refuse(where, "elements are given as a text")
    if len(value) > limits.workspace_bytes or _UNFIT.search(value):
        _refuse(where, "a text holds a control character or is too long")
    try:
        return (_written_often if len(value) < _SHORT else _written)(value, name)
    except JigsawError as refused:
        _refuse(where, refused.detail.rstrip("."))


def _written(text: str, name: str) -> str:
    """The elements as the one serialisation has them.

    They are read where they belong, by the validator, and then looked at again: so a text can't
    close the block that it stands in.
    """
    before, after = ("<value>", "</value>") if name == "shadow" else ("", "")
    document = f'<xml><block type="t">{before}{text}{after}</block></xml>'.encode()
    inspect(document, len(document))
    inside = parse(document)
    for _ in ("block", "value") if name == "shadow" else ("block",):
        if len(inside.children) != 1:
            raise InvalidOperations("only elements that belong in one block are allowed.")
        inside = inside.children[0]
    names = [child.name for child in inside.children]
    if name and names != [name]:
        raise InvalidOperations(f"one <{name}> is needed and nothing else.")
    if not name and (not names or "next" in names):
        raise InvalidOperations("elements that belong in a block are needed, no <next> among them.")
    if name == "n" and (inside.children[0].attributes or inside.children[0].content):
        raise InvalidOperations("only attributes in namespaces are allowed.")
    return "".join(map(text_of, inside.children))


_written_often = lru_cache(maxsize=512)(_written)
# Characters of elements that are worth remembering: people change one thing again and again.
_SHORT = 4096

_Part = Callable[[Any, str, Limits], Any]

_OPERATIONS: dict[str, dict[str, _Part]] = {
    "new": {"id": _id, "record": _record},
    "set": {"id": _id, "keys": _keys},
    "mv": {"id": _id, "at": _at},
    "del": {"ids": _ids},
    "var": {"id": _id, "name": _variable_text, "type": _variable_text},
    "vdel": {"id": _id},
}
_VALUES: dict[str, _Part] = {
    "m": _element("mutation"),
    "s": _shape,
    "c": _element("comment"),
    "d": _data,
    "sn": _element("shadow"),
    "n": _element("n"),
    "x": _others,
}
_NAMED_VALUES: dict[str, _Part] = {
    "f": _field,
    "sh": _element("shadow"),
    "ss": _element("shadow"),
    "a": _data,
}


def check_result(records: Records, patch: Patch, max_bytes: int) -> None:
    """Refuse records, just changed by this patch, whose XML the validator would refuse.

    What is counted along the way is never too little. Only where it says too much is the XML
    written, and the validator itself asked.
    """
    if records.shape_bytes > max_bytes or records.xml_bytes > 2 * max_bytes:
        raise TooLarge(
            f"The workspace would have more than {max_bytes} bytes. "
            "Split the program into several workspaces.",
            limit=max_bytes,
        )
    if (
        records.block_count > MAX_BLOCKS
        or records.xml_bytes > max_bytes
        or _depth_below(records, patch) > MAX_DEPTH
    ):
        inspect(write_xml(records), max_bytes)


def _depth_below(records: Records, patch: Patch) -> int:
    """Upper bound of the depth of elements in the changed blocks and in what moved with them."""
    depths: dict[str, int] = {}
    moved: list[str] = []
    deepest = 0
    for block_id, keys in patch.get("blocks", {}).items():
        if keys is not None:
            depth = _depth_of(records, block_id, depths)
            deepest = max(deepest, depth + _height(records.blocks[block_id]))
            if "at" in keys:
                moved.append(block_id)
    seen: set[str] = set()
    while moved:
        block_id = moved.pop()
        if block_id not in seen:
            seen.add(block_id)
            deepest = max(deepest, depths[block_id] + _height(records.blocks[block_id]))
            for child in records.children_of(block_id).values():
                depths[child] = depths[block_id] + 2
                moved.append(child)
    return deepest


def _depth_of(records: Records, block_id: str, known: dict[str, int]) -> int:
    path: list[str] = []
    depth = 0
    while block_id not in known:
        path.append(block_id)
        at = records.blocks[block_id]["at"]
        if on_canvas(at):
            break
        block_id = at[0]
    else:
        depth = known[block_id]
    for below in reversed(path):
        depth += 2
        known[below] = depth
    return depth


def _height(record: Record) -> int:
    """Upper bound of how deep elements are nested in this one."""
    texts = (text for key, text in record.items() if _is_elements(key))
    return 1 + max((text.count("</") + 2 for text in texts), default=0)


def _is_elements(key: str) -> bool:
    return key in ("m", "x", "o", "sn") or key[:3] in ("sh:", "ss:")
