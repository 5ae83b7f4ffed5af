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

from ...errors import InvalidImport
from ..elements import NAMESPACE, attributes_text, escape_text, leaf, parse
from . import deep
from .mutations import OWN_WORDS, State, dicts, extra_state_of, models_of, mutation_of
from .others import KEY, read_others

# The namespace of an element that holds JSON for which XML has no words.
KEPT = "https://jigsaw.invalid/json"
MANUALLY = "MANUALLY_DISABLED"

_BLOCK = frozenset(
    "type id x y collapsed deletable movable editable enabled disabledReasons inline data "
    "extraState icons fields inputs next".split()
) | {KEY}
# Names of inputs that hold statements; JSON doesn't tell.
_STATEMENT = re.compile(r"(DO|ELSE|STACK|EXCEPT|FINALLY|BODY|SUBSTACK|HANDLER|LOOP|SETUP)\d*")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Types of blocks that are values, and of those that are statements, as the editor knows them.
_KINDS: dict[str, frozenset[str]] = {
    kind: frozenset(types)
    for kind, types in json.loads((Path(__file__).parent / "kinds.json").read_text()).items()
}

_KNOWN = _KINDS["values"] | _KINDS["statements"] | OWN_WORDS.keys()
# The field whose text has lines.
MULTILINE = ("text_multiline", "TEXT")
# The text that the field writes in XML at the end of a line.
LINE_END = "&#10;"

# Text; or a block that is to be written: element, state, whether it is at the top.
_Piece = str | tuple[str, State, bool]


def is_workspace(value: Any) -> bool:
    """True if the value is a workspace as Blockly saves it."""
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
    """Workspace XML of it, to be checked like any other; InvalidImport where it is no workspace."""
    try:
        return _XmlWriter(workspace).xml().encode()
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidImport(
            "The JSON in the file is not a workspace as Blockly saves it. Export it again."
        ) from error


class _XmlWriter:
    """Writer of one workspace."""

    def __init__(self, workspace: State) -> None:
        self._workspace = workspace
        self._names = {one["id"]: one for one in dicts(workspace.get("variables")) if "id" in one}
        self._pieces: list[str] = []
        variables = {str(one.get("name")): key for key, one in self._names.items()}
        self._models = models_of(workspace.get("procedures"), variables)
        self._statements = _KINDS["statements"] | _seen_as_statements(workspace)

    def xml(self) -> str:
        state = self._workspace
        attributes, elements = _others(state)
        self._pieces = [f'<xml xmlns="{NAMESPACE}"{attributes}>']
        variables = [_variable(one) for one in dicts(state.get("variables"))]
        if variables:
            self._pieces += ["<variables>", *variables, "</variables>"]
        self._pieces += [_comment(one) for one in dicts(state.get("workspaceComments"))]
        blocks = state.get("blocks") or {}
        self._write([("block", one, True) for one in dicts(blocks.get("blocks"))])
        known = ("blocks", "variables", "workspaceComments", KEY)
        self._pieces += [elements, _kept({key: state[key] for key in state if key not in known})]
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
        if state.get("enabled") is False and not state.get("disabledReasons"):
            kept["enabled"] = False
        mutation = self._mutation(state, kept)
        more, elements = _others(state)
        attributes = attributes_text(_attributes(state, is_top)) + more
        pieces: list[_Piece] = [f"<{tag}{attributes}>", mutation]
        for name, value in (state.get("fields") or {}).items():
            pieces.append(self._field(_text(state.get("type")), name, value))
        pieces.append(_icons(state.get("icons") or {}, kept))
        if state.get("data") is not None:
            pieces.append(leaf("data", [], _text(state["data"])))
        for name, held in (state.get("inputs") or {}).items():
            kind = self._tag_for(state, name, held)
            pieces += self._held(kind, [("name", _text(name))], held)
        pieces += [elements, _kept(kept)]
        if state.get("next"):
            pieces += self._held("next", [], state["next"])
        return [*pieces, f"</{tag}>"]

    def _mutation(self, state: State, kept: State) -> str:
        extra = state.get("extraState")
        if extra is None:
            return ""
        kind = _text(state.get("type"))
        mutation = mutation_of(kind, extra, self._models)
        if not _says_all(kind, extra, mutation):
            kept["extraState"] = extra
        return mutation

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

    def _field(self, kind: str, name: str, value: Any) -> str:
        pairs = [("name", _text(name))]
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            declared = self._names.get(value["id"], {})
            of_type = value.get("type", declared.get("type"))
            pairs.append(("id", value["id"]))
            if of_type:
                pairs.append(("variabletype", _text(of_type)))
            return leaf("field", pairs, _text(value.get("name", declared.get("name", ""))))
        if isinstance(value, dict) and value.keys() <= {"name", "type"} and "name" in value:
            named = [("variabletype", _text(value["type"]))] if value.get("type") else []
            return leaf("field", pairs + named, _text(value["name"]))
        if isinstance(value, dict | list) or value is None:
            return leaf("field", [*pairs, ("json", "true")], _text(json.dumps(value)))
        if isinstance(value, int | float) and kind not in _KNOWN:
            # Nobody here knows that the field holds no text; XML spells it as one.
            pairs.append(("json", "true"))
        if (kind, name) == MULTILINE:
            value = str(value).replace("\n", LINE_END)
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


def _text(value: Any) -> str:
    """Text for XML: numbers as JavaScript spells them, nothing that no XML can hold."""
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
    """Comment of a block, as XML; its other icons go to `kept`."""
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


def _says_all(kind: str, extra: Any, mutation: str) -> bool:
    """True if the mutation would be written as the same `extraState`."""
    if not mutation:
        return False
    (element,) = parse(f"<xml>{mutation}</xml>".encode()).children
    return bool(extra_state_of(kind, element) == (extra or None))


def _others(state: State) -> tuple[str, str]:
    text = state.get(KEY)
    return (read_others(text) if isinstance(text, str) else None) or ("", "")


def _kept(state: State) -> str:
    if not state:
        return ""
    return f'<json xmlns="{KEPT}">{escape_text(_text(json.dumps(state)))}</json>'
