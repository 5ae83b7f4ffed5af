"""Workspace XML from Blockly's JSON, with all that XML can carry.

What it has no words for (states of a block's own, icons other than a comment, what plugins save)
is kept as an element of our own namespace, and written back.
"""

import json
import re
from pathlib import Path
from typing import Any

from ...errors import InvalidImport
from ..elements import (
    NAMESPACE,
    Element,
    attributes_text,
    escape_text,
    leaf,
    parse,
    qualified_attributes,
    text_of,
)
from . import deep, leaves, own
from .leaves import as_text
from .mutations import OWN_WORDS, State, dicts, extra_state_of, models_of, mutation_of
from .others import KEY, read_others

# The namespace of an element that holds JSON for which XML has no words.
KEPT = "https://jigsaw.invalid/json"

_BLOCK = frozenset(
    "type id x y collapsed deletable movable editable enabled disabledReasons inline data "
    "extraState icons fields inputs next".split()
) | {KEY, own.KEY}
# Names of inputs that hold statements; JSON doesn't tell.
_STATEMENT = re.compile(r"(DO|ELSE|STACK|EXCEPT|FINALLY|BODY|SUBSTACK|HANDLER|LOOP|SETUP)\d*")

# Types of blocks that are values, and of those that are statements, as the editor knows them.
_KINDS: dict[str, frozenset[str]] = {
    kind: frozenset(types)
    for kind, types in json.loads((Path(__file__).parent / "kinds.json").read_text()).items()
}

STATEMENTS = _KINDS["statements"]
KNOWN = _KINDS["values"] | STATEMENTS | OWN_WORDS.keys()
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
        self._statements = STATEMENTS | _seen_as_statements(workspace)

    def xml(self) -> str:
        state = self._workspace
        attributes, elements = _others(state)
        self._pieces = [f'<xml xmlns="{NAMESPACE}"{attributes}>']
        spelled = own.read_own(state.get(own.KEY))
        variables = [_variable(one, spelled) for one in dicts(state.get("variables"))]
        if variables:
            self._pieces += ["<variables>", *variables, "</variables>"]
        self._pieces += [_comment(one) for one in dicts(state.get("workspaceComments"))]
        blocks = state.get("blocks") or {}
        self._write([("block", one, True) for one in dicts(blocks.get("blocks"))])
        known = ("blocks", "variables", "workspaceComments", KEY, own.KEY)
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
        spelled = own.read_own(state.get(own.KEY))
        tag = "shadow" if is_top and "shadow" in spelled else tag
        mutation = self._mutation(state, kept)
        more, elements = _others(state)
        pieces: list[_Piece] = [f"<{tag}{_attributes(state, is_top, spelled)}{more}>", mutation]
        kind = as_text(state.get("type"))
        for name, value in (state.get("fields") or {}).items():
            pieces.append(self._field(kind, name, value, spelled.get(f"field {as_text(name)}")))
        pieces.append(_icons(state.get("icons") or {}, kept, spelled.get("comment")))
        if state.get("data") is not None:
            pieces.append(_data(as_text(state["data"]), spelled.get("data")))
        for name, held in (state.get("inputs") or {}).items():
            place = spelled.get(f"value {name}") or spelled.get(f"statement {name}")
            place = place or Element(self._tag_for(state, name, held), {"name": as_text(name)})
            pieces += self._held(place, held)
        pieces += [elements, _kept(kept)]
        if state.get("next"):
            pieces += self._held(spelled.get("next") or Element("next", {}), state["next"])
        return [*pieces, f"</{tag}>"]

    def _mutation(self, state: State, kept: State) -> str:
        extra = state.get("extraState")
        if extra is None:
            return ""
        kind = as_text(state.get("type"))
        mutation = mutation_of(kind, extra, self._models)
        if not _says_all(kind, extra, mutation):
            kept["extraState"] = extra
        return mutation

    def _held(self, place: Element, held: State) -> list[_Piece]:
        inside: list[_Piece] = [
            (kind, held[kind], False) for kind in ("shadow", "block") if held.get(kind)
        ]
        start = f"{place.name}{attributes_text(place.attributes.items())}"
        others = "".join(map(text_of, place.children))
        end = [others, f"</{place.name}>"]
        return [f"<{start}{qualified_attributes(place)}>", *inside, *end] if inside else []

    def _tag_for(self, holder: State, name: str, held: State) -> str:
        blocks = [one for one in held.values() if isinstance(one, dict)]
        return tag_for(
            str(holder.get("type")),
            name,
            {str(one.get("type")) for one in blocks},
            self._statements,
            is_statement=any(one.get("next") or _is_statement(one) for one in blocks),
        )

    def _field(self, kind: str, name: str, value: Any, spelled: Element | None) -> str:
        written = leaves.field_to_xml(kind, name, value, self._names, is_known=kind in KNOWN)
        says_same = spelled is not None and leaves.field_to_json(kind, spelled) == value
        return own.respelled(written, spelled, says_same)


def tag_for(
    holder: str, name: str, held: set[str], statements: frozenset[str], *, is_statement: bool
) -> str:
    """JSON doesn't say what kind an input is: what it holds does, or else its name."""
    values = _KINDS["values"]
    if is_statement or (not held & values and held & statements):
        return "statement"
    if held & values or holder in values:
        return "value"
    return "statement" if _STATEMENT.fullmatch(name) else "value"


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


def _variable(state: State, spelled: dict[str, Element]) -> str:
    found = spelled.get(f"variable {state.get('id')}")
    says_same = found is not None and leaves.variable_to_json(found) == state
    return own.respelled(leaves.variable_to_xml(state), found, says_same)


def _attributes(state: State, is_top: bool, spelled: dict[str, Element]) -> str:
    found = spelled.get("block")
    settings: dict[str, str] = dict(leaves.settings_to_xml(state))
    if found and leaves.settings_to_json(found.attributes) == leaves.settings_to_json(settings):
        settings = found.attributes
    given = dict(leaves.attributes_to_xml(state, is_top))
    places = {axis: given[axis] for axis in "xy" if axis in given}
    names = {key: given[key] for key in ("type", "id") if key in given}
    return attributes_text([*names.items(), *settings.items(), *places.items()])


def _comment(state: State) -> str:
    found = own.read_own(state.get(own.KEY)).get("comment")
    said = {key: state[key] for key in state if key != own.KEY}
    says_same = found is not None and leaves.comment_to_json(found) == said
    return own.respelled(leaves.comment_to_xml(said), found, says_same)


def _data(data: str, spelled: Element | None) -> str:
    says_same = spelled is not None and spelled.text == data
    return own.respelled(leaf("data", [], data), spelled, says_same)


def _icons(icons: State, kept: State, spelled: Element | None) -> str:
    """Comment of a block, as XML; its other icons go to `kept`."""
    others = {key: icons[key] for key in icons if key != "comment"}
    if others:
        kept["icons"] = others
    comment = icons.get("comment")
    if not isinstance(comment, dict):
        return ""
    says_same = spelled is not None and leaves.block_comment_to_json(spelled) == comment
    return own.respelled(leaves.block_comment_to_xml(comment), spelled, says_same)


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
    return f'<json xmlns="{KEPT}">{escape_text(as_text(json.dumps(state)))}</json>'
