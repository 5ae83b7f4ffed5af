"""Blockly's JSON from workspace XML, for `Blockly.serialization.workspaces.load`."""

import json
from collections.abc import Iterator, Mapping

from ..elements import Element, leaf, parse, text_of
from ..xml import read_records, write_xml
from . import deep, leaves
from .leaves import MANUALLY
from .mutations import Models, State, extra_state_of, models_of, mutation_of, unsaid
from .others import others_in
from .own import own_in
from .reading import KEPT, KNOWN, STATEMENTS, tag_for

_KEPT = f"{{{KEPT}}}json"
_SETTINGS = "collapsed disabled disabled-reasons deletable movable editable inline".split()


def to_json(xml: bytes) -> str:
    """The workspace in XML that may be kept, every block with its id."""
    records = read_records(xml)
    root = parse(write_xml(records))
    state: State = {}
    comments = [one for one in root.children if one.name == "comment" and not one.children]
    if comments:
        state["workspaceComments"] = [_comment(one) for one in comments]
    declared = [
        one for group in root.children if group.name == "variables" for one in group.children
    ]
    variables = [leaves.variable_to_json(one) for one in declared]
    if variables:
        state["variables"] = variables
    state.update(_kept_in(root))
    known = [one for one in root.children if one.name in ("block", "shadow", "variables", _KEPT)]
    state.update(others_in(root, known + comments))
    state.update(own_in(one for one in declared if _is_respelled(one)))
    names = {one["id"]: one for one in variables}
    ids = {one["name"]: one["id"] for one in variables}
    tops = [one for one in root.children if one.name in ("block", "shadow")]
    writer = _JsonWriter(models_of(state.get("procedures"), ids), names, _statements_in(tops))
    blocks = writer.written(tops)
    rest = json.dumps(state, ensure_ascii=False)[1:-1]
    others = f",{rest}" if rest else ""
    return f'{{"blocks":{{"languageVersion":0,"blocks":[{blocks}]}}{others}}}\n'


def _is_respelled(variable: Element) -> bool:
    return text_of(variable) != leaves.variable_to_xml(leaves.variable_to_json(variable))


def _statements_in(tops: list[Element]) -> frozenset[str]:
    """Types of blocks that something stands below, or that stand below something."""
    found: set[str] = set()
    waiting = [*tops]
    while waiting:
        element = waiting.pop()
        for child in element.children:
            if child.name == "next" and child.children:
                found.update(one.attributes.get("type", "") for one in (element, *child.children))
        waiting.extend(element.children)
    return STATEMENTS | found


class _JsonWriter:
    """Writer of one workspace."""

    def __init__(
        self, models: Models, names: Mapping[str, State], statements: frozenset[str]
    ) -> None:
        self._models = models
        self._names = names
        self._statements = statements
        # Shadows that stand on the canvas itself, where JSON knows blocks only.
        self._shadows: set[int] = set()

    def written(self, tops: list[Element]) -> str:
        """Blocks one after another, without recursion: they are nested as deep as they are many."""
        self._shadows = {id(top) for top in tops if top.name == "shadow"}
        pieces: list[str] = []
        waiting: list[Element | str] = []
        for index, top in enumerate(tops):
            waiting += [",", top] if index else [top]
        waiting.reverse()
        while waiting:
            piece = waiting.pop()
            if isinstance(piece, str):
                pieces.append(piece)
            else:
                waiting.extend(reversed(list(self._block(piece))))
        return "".join(pieces)

    def _block(self, element: Element) -> Iterator[Element | str]:
        inputs = {
            one.attributes.get("name", ""): one
            for one in reversed(element.children)
            if one.name in ("value", "statement") and _holds_blocks(one)
        }
        state = self._own_state(element, [*inputs.values()])
        yield json.dumps(state, ensure_ascii=False)[:-1]
        separator = ',"inputs":{'
        for name, one in reversed(inputs.items()):
            yield f"{separator}{json.dumps(name, ensure_ascii=False)}:"
            yield from _held(one)
            separator = ","
        if inputs:
            yield "}"
        for one in element.children:
            if one.name == "next" and one.children:
                yield ',"next":'
                yield from _held(one)
        yield "}"

    def _own_state(self, element: Element, inputs: list[Element]) -> State:
        """State of an element without the blocks that hang on it."""
        kind = element.attributes.get("type", "")
        state = leaves.attributes_to_json(element.attributes)
        kept = _kept_in(element)
        own = {_slot(child): child for child in reversed(element.children)}
        if "data" in own:
            state["data"] = own["data"].text
        state.update(_extra_state(kind, own.get("mutation"), kept, self._models))
        comment = own.get("comment")
        icons = {"comment": leaves.block_comment_to_json(comment)} if comment else {}
        if icons or "icons" in kept:
            state["icons"] = {**kept.pop("icons", {}), **icons}
        fields = {
            name.removeprefix("field "): leaves.field_to_json(kind, child)
            for name, child in reversed(own.items())
            if name.startswith("field ")
        }
        if fields:
            state["fields"] = fields
        if kept.pop("enabled", None) is False and state.get("disabledReasons") == [MANUALLY]:
            del state["disabledReasons"]
            state["enabled"] = False
        known = [child for slot, child in own.items() if slot]
        others = others_in(element, [*known, *inputs])
        return {**state, **kept, **others, **own_in(self._respelled(element, own, inputs))}

    def _respelled(
        self, element: Element, own: dict[str, Element], inputs: list[Element]
    ) -> Iterator[Element]:
        """Elements that would be written back in another spelling."""
        settings = {key: value for key, value in element.attributes.items() if key in _SETTINGS}
        if settings != dict(leaves.settings_to_xml(leaves.settings_to_json(settings))):
            yield Element("block", settings)
        if id(element) in self._shadows:
            yield Element("shadow", {})
        kind = element.attributes.get("type", "")
        for slot, child in reversed(own.items()):
            if slot == "next":
                yield from self._respelled_place(kind, child)
            elif slot and self._written_back(kind, slot, child) not in (None, text_of(child)):
                yield child
        for child in inputs:
            yield from self._respelled_place(kind, child)

    def _written_back(self, kind: str, slot: str, child: Element) -> str | None:
        if slot == "comment":
            return leaves.block_comment_to_xml(leaves.block_comment_to_json(child))
        if slot == "data":
            return leaf("data", [], child.text)
        if not slot.startswith("field "):
            return None
        name, value = child.attributes.get("name", ""), leaves.field_to_json(kind, child)
        return leaves.field_to_xml(kind, name, value, self._names, is_known=kind in KNOWN)

    def _respelled_place(self, kind: str, place: Element) -> Iterator[Element]:
        """An input, or what a block is below, with what it has beside its blocks."""
        blocks = [one for one in place.children if one.name in ("block", "shadow")]
        bare = Element(place.name, place.attributes)
        bare.qualified = place.qualified
        bare.children = [one for one in place.children if one not in blocks]
        bare.content = [*bare.children]
        says_more = bare.qualified or bare.children or place.attributes.keys() - {"name"}
        if blocks and (says_more or self._is_taken_for_another(kind, place, blocks)):
            yield bare

    def _is_taken_for_another(self, kind: str, place: Element, blocks: list[Element]) -> bool:
        if place.name == "next":
            return False
        is_statement = any(
            child.name == "next" and child.children for one in blocks for child in one.children
        )
        held = {one.attributes.get("type", "") for one in blocks}
        name = place.attributes.get("name", "")
        tag = tag_for(kind, name, held, self._statements, is_statement=is_statement)
        return tag != place.name


def _slot(child: Element) -> str:
    """Key of a child of which a block has one at most; "" where it is none of Blockly's."""
    if child.name in ("field", "title") and not child.children:
        return f"field {child.attributes.get('name', '')}"
    return child.name if child.name in ("mutation", "comment", "data", "next", _KEPT) else ""


def _holds_blocks(place: Element) -> bool:
    return any(child.name in ("block", "shadow") for child in place.children)


def _held(place: Element) -> Iterator[Element | str]:
    separator = "{"
    for child in place.children:
        if child.name in ("block", "shadow"):
            yield f'{separator}"{child.name}":'
            yield child
            separator = ","
    yield "}" if separator == "," else "{}"


def _extra_state(kind: str, mutation: Element | None, kept: State, models: Models) -> State:
    """`extraState` as it was read, unless the mutation has become another since."""
    extra = kept.pop("extraState", None)
    said = text_of(mutation) if mutation else ""
    if extra is not None and mutation_of(kind, extra, models) == said:
        return {"extraState": extra}
    now = extra_state_of(kind, mutation) if mutation else None
    if isinstance(now, dict) or now is None:
        now = {**unsaid(extra), **(now or {})} or None
    return {} if now is None else {"extraState": now}


def _comment(comment: Element) -> State:
    state = leaves.comment_to_json(comment)
    is_same = leaves.comment_to_xml(state) == text_of(comment)
    return state if is_same else {**state, **own_in([comment])}


def _kept_in(element: Element) -> State:
    """State that was read from JSON and has no words in XML."""
    state: State = {}
    for child in element.children:
        if child.name == _KEPT:
            try:
                value = deep.loads(child.text)
            except ValueError:
                continue
            if isinstance(value, dict):
                state.update(value)
    return state
