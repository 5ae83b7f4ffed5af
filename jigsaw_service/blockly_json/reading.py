"""Workspace XML from Blockly's JSON, with all that XML can carry.

What it has no words for (states of a block's own, icons other than a comment, what plugins save)
is kept as an element of our own namespace, and written back.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import InvalidImport
from ..live.elements import NAMESPACE, attributes_text, escape_text, leaf, parse, text_of
from ..workspace_xml import inspect
from . import deep
from .mutations import OWN_WORDS, State

KEPT = "https://jigsaw.invalid/json"
"""The namespace of an element that holds JSON for which XML has no words."""
MANUALLY = "MANUALLY_DISABLED"

_BLOCK = frozenset(
    "type id x y collapsed deletable movable editable enabled disabledReasons inline data "
    "extraState icons fields inputs next".split()
)
_STATEMENT = re.compile(r"(DO|ELSE|STACK|EXCEPT|FINALLY|BODY|SUBSTACK|HANDLER|LOOP|SETUP)\d*")
"""Names of inputs that hold statements; JSON doesn't tell."""
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_KINDS: dict[str, frozenset[str]] = {
    kind: frozenset(types)
    for kind, types in json.loads((Path(__file__).parent / "kinds.json").read_text()).items()
}
"""Types of blocks that are values, and of those that are statements, as the editor knows them."""

_Piece = str | tuple[str, State, bool]
"""Text; or a block that is to be written: element, state, whether it is at the top."""


def is_workspace(value: Any) -> bool:
    """Whether it is a workspace as Blockly saves it."""
    return isinstance(value, dict) and (
        isinstance(value.get("blocks"), dict)
        or isinstance(value.get("variables"), list)
        or isinstance(value.get("workspaceComments"), list)
    )


def read_json(data: bytes) -> Any:
    """The value in a file; InvalidImport where it is broken."""
    try:
        return deep.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidImport("The JSON in the file is broken. Export it again.") from error


def to_xml(workspace: State) -> bytes:
    """The same as XML, to be checked like any other; InvalidImport where it is no workspace."""
    try:
        return _Writer(workspace).xml().encode()
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidImport(
            "The JSON in the file is not a workspace as Blockly saves it. Export it again."
        ) from error


class _Writer:
    """One workspace."""

    def __init__(self, workspace: State) -> None:
        self._workspace = workspace
        self._names = {one["id"]: one for one in _dicts(workspace.get("variables")) if "id" in one}
        self._pieces: list[str] = []
        self._statements = _KINDS["statements"] | _seen_as_statements(workspace)

    def xml(self) -> str:
        state = self._workspace
        self._pieces = [f'<xml xmlns="{NAMESPACE}">']
        variables = [_variable(one) for one in _dicts(state.get("variables"))]
        if variables:
            self._pieces += ["<variables>", *variables, "</variables>"]
        self._pieces += [_comment(one) for one in _dicts(state.get("workspaceComments"))]
        blocks = state.get("blocks") or {}
        self._write([("block", one, True) for one in _dicts(blocks.get("blocks"))])
        known = ("blocks", "variables", "workspaceComments")
        self._pieces.append(_kept({key: state[key] for key in state if key not in known}))
        self._pieces.append("</xml>")
        return "".join(self._pieces)

    def _write(self, tops: list[_Piece]) -> None:
        waiting = tops[::-1]
        while waiting:
            piece = waiting.pop()
            if isinstance(piece, str):
                self._pieces.append(piece)
            else:
                waiting.extend(reversed(self._block(*piece)))

    def _block(self, tag: str, state: State, is_top: bool) -> list[_Piece]:
        kept = {key: state[key] for key in state if key not in _BLOCK}
        mutation = _mutation(state, kept)
        pieces: list[_Piece] = [f"<{tag}{attributes_text(_attributes(state, is_top))}>", mutation]
        for name, value in (state.get("fields") or {}).items():
            pieces.append(self._field(name, value))
        pieces.append(_icons(state.get("icons") or {}, kept))
        if state.get("data") is not None:
            pieces.append(leaf("data", [], _text(state["data"])))
        for name, held in (state.get("inputs") or {}).items():
            kind = self._tag_for(state, name, held)
            pieces += self._held(kind, [("name", _text(name))], held)
        pieces.append(_kept(kept))
        if state.get("next"):
            pieces += self._held("next", [], state["next"])
        return [*pieces, f"</{tag}>"]

    def _held(self, tag: str, pairs: list[tuple[str, str]], held: State) -> list[_Piece]:
        inside: list[_Piece] = [
            (kind, held[kind], False) for kind in ("shadow", "block") if held.get(kind)
        ]
        return [f"<{tag}{attributes_text(pairs)}>", *inside, f"</{tag}>"] if inside else []

    def _tag_for(self, holder: State, name: str, held: State) -> str:
        """JSON doesn't say what kind an input is: what it holds does, or else its name."""
        blocks = [one for one in held.values() if isinstance(one, dict)]
        types = {str(one.get("type")) for one in blocks}
        if any(one.get("next") or _is_statement(one) for one in blocks):
            return "statement"
        if not types & _KINDS["values"] and types & self._statements:
            return "statement"
        if types & _KINDS["values"] or holder.get("type") in _KINDS["values"]:
            return "value"
        return "statement" if _STATEMENT.fullmatch(name) else "value"

    def _field(self, name: str, value: Any) -> str:
        pairs = [("name", _text(name))]
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            declared = self._names.get(value["id"], {})
            kind = value.get("type", declared.get("type"))
            pairs.append(("id", value["id"]))
            if kind:
                pairs.append(("variabletype", _text(kind)))
            return leaf("field", pairs, _text(value.get("name", declared.get("name", ""))))
        if isinstance(value, dict) and value.keys() <= {"name", "type"} and "name" in value:
            kind = [("variabletype", _text(value["type"]))] if value.get("type") else []
            return leaf("field", pairs + kind, _text(value["name"]))
        if isinstance(value, dict | list) or value is None:
            return leaf("field", [*pairs, ("json", "true")], _text(json.dumps(value)))
        return leaf("field", pairs, _text(value))


def _is_statement(state: State) -> bool:
    extra = state.get("extraState")
    return isinstance(extra, dict) and extra.get("isStatement") is True


def _seen_as_statements(workspace: State) -> set[str]:
    """Types of blocks that something stands below, or that stand below something."""
    found: set[str] = set()
    waiting: list[Any] = [workspace.get("blocks")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            if isinstance(value.get("next"), dict):
                found.update(
                    str(one["type"])
                    for one in (value, *value["next"].values())
                    if isinstance(one, dict) and "type" in one
                )
    return found


def _dicts(items: Any) -> list[State]:
    return [one for one in items or () if isinstance(one, dict)]


def _text(value: Any) -> str:
    """As XML has it: numbers as JavaScript spells them, nothing that no XML can hold."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return _UNFIT.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _variable(state: State) -> str:
    pairs = [(key, _text(state[key])) for key in ("type", "id") if state.get(key)]
    return leaf("variable", pairs, _text(state.get("name", "")))


def _attributes(state: State, is_top: bool) -> Iterable[tuple[str, str]]:
    for key in "type", "id":
        if state.get(key) is not None:
            yield key, _text(state[key])
    if state.get("collapsed"):
        yield "collapsed", "true"
    reasons = [str(one) for one in state.get("disabledReasons") or ()]
    if state.get("enabled") is False and not reasons:
        reasons = [MANUALLY]
    if reasons:
        yield "disabled-reasons", ",".join(quote(_text(one), safe="!*'()") for one in reasons)
    for key in "deletable", "movable", "editable":
        if state.get(key) is False:
            yield key, "false"
    if isinstance(state.get("inline"), bool):
        yield "inline", str(state["inline"]).lower()
    if is_top:
        yield from ((axis, _text(state[axis])) for axis in "xy" if state.get(axis) is not None)


def _comment(state: State) -> str:
    names = {"id": "id", "x": "x", "y": "y", "width": "w", "height": "h"}
    pairs = [(ours, _text(state[key])) for key, ours in names.items() if key in state]
    if state.get("collapsed"):
        pairs.append(("collapsed", "true"))
    pairs += [
        (key, "false") for key in ("deletable", "movable", "editable") if state.get(key) is False
    ]
    return leaf("comment", pairs, _text(state.get("text", "")))


def _icons(icons: State, kept: State) -> str:
    """The comment; what else there is, goes to `kept`."""
    others = {key: icons[key] for key in icons if key != "comment"}
    if others:
        kept["icons"] = others
    comment = icons.get("comment")
    if not isinstance(comment, dict):
        return ""
    pairs = [("pinned", str(bool(comment.get("pinned"))).lower())]
    for key, name in ("height", "h"), ("width", "w"), ("x", "x"), ("y", "y"):
        if comment.get(key) is not None:
            pairs.append((name, _text(comment[key])))
    return (
        f"<comment{attributes_text(pairs)}>{escape_text(_text(comment.get('text', '')))}</comment>"
    )


def _mutation(state: State, kept: State) -> str:
    extra = state.get("extraState")
    if extra is None:
        return ""
    if isinstance(extra, dict) and (words := OWN_WORDS.get(_text(state.get("type")))):
        return words[0](extra)
    if isinstance(extra, str) and (written := _written_mutation(extra)):
        return written
    kept["extraState"] = extra
    return ""


def _written_mutation(text: str) -> str:
    document = f'<xml><block type="t">{text}</block></xml>'.encode("utf-8", "replace")
    try:
        inspect(document, len(document))
    except Exception:
        return ""
    root = parse(document)
    children = root.children[0].children if len(root.children) == 1 else []
    if len(children) != 1 or children[0].name != "mutation":
        return ""
    return text_of(children[0])


def _kept(state: State) -> str:
    if not state:
        return ""
    return f'<json xmlns="{KEPT}">{escape_text(_text(json.dumps(state)))}</json>'
