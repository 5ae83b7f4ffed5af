"""Blockly's JSON from workspace XML, for `Blockly.serialization.workspaces.load`."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ..elements import Element, parse, text_of
from ..xml import read_records, write_xml
from . import deep
from .mutations import Models, State, extra_state_of, models_of, mutation_of, unsaid
from .others import others_in
from .reading import KEPT, LINE_END, MANUALLY, MULTILINE

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
# Fields of Blockly's that hold numbers.
_NUMBERS = frozenset([("math_number", "NUM"), ("controls_repeat", "TIMES")])
_KEPT = f"{{{KEPT}}}json"


def to_json(xml: bytes) -> str:
    """The workspace in XML that may be kept, every block with its id."""
    records = read_records(xml)
    root = parse(write_xml(records))
    state: State = {}
    comments = [
        _comment(one) for one in root.children if one.name == "comment" and not one.children
    ]
    if comments:
        state["workspaceComments"] = comments
    if records.vars:
        state["variables"] = [
            {"name": one["name"], "id": key} | ({"type": one["type"]} if one["type"] else {})
            for key, one in records.vars.items()
        ]
    state.update(_kept_in(root))
    known = [
        one
        for one in root.children
        if one.name in ("block", "shadow", "variables", _KEPT)
        or (one.name == "comment" and not one.children)
    ]
    state.update(others_in(root, known))
    variables = {one["name"]: key for key, one in records.vars.items()}
    writer = _JsonWriter(models_of(state.get("procedures"), variables))
    tops = [one for one in root.children if one.name in ("block", "shadow")]
    blocks = writer.written(tops)
    rest = json.dumps(state, ensure_ascii=False)[1:-1]
    others = f",{rest}" if rest else ""
    return f'{{"blocks":{{"languageVersion":0,"blocks":[{blocks}]}}{others}}}\n'


class _JsonWriter:
    """Writer of one workspace."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def written(self, tops: list[Element]) -> str:
        """Blocks one after another, without recursion: they are nested as deep as they are many."""
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
        state = _attributes(element.attributes)
        kept = _kept_in(element)
        own = {_slot(child): child for child in reversed(element.children)}
        if "data" in own:
            state["data"] = own["data"].text
        state.update(_extra_state(kind, own.get("mutation"), kept, self._models))
        icons = {"comment": _block_comment(own["comment"])} if "comment" in own else {}
        if icons or "icons" in kept:
            state["icons"] = {**kept.pop("icons", {}), **icons}
        fields = {
            name.removeprefix("field "): _field(kind, child)
            for name, child in reversed(own.items())
            if name.startswith("field ")
        }
        if fields:
            state["fields"] = fields
        if kept.pop("enabled", None) is False and state.get("disabledReasons") == [MANUALLY]:
            del state["disabledReasons"]
            state["enabled"] = False
        known = [child for slot, child in own.items() if slot]
        return {**state, **kept, **others_in(element, [*known, *inputs])}


def _slot(child: Element) -> str:
    """Key of a child of which a block has one at most; "" where it is none of Blockly's."""
    if child.name in ("field", "title") and not child.children:
        return f"field {child.attributes.get('name', '')}"
    return child.name if child.name in ("mutation", "comment", "data", "next", _KEPT) else ""


def _holds_blocks(place: Element) -> bool:
    return any(child.name in ("block", "shadow") for child in place.children)


def _attributes(given: dict[str, str]) -> State:
    state: State = {key: given[key] for key in ("type", "id") if key in given}
    state.update((axis, int(given[axis])) for axis in "xy" if _is_whole(given.get(axis, "")))
    if given.get("collapsed") == "true":
        state["collapsed"] = True
    if reasons := _reasons(given):
        state["disabledReasons"] = reasons
    state.update(
        (key, False) for key in ("deletable", "movable", "editable") if given.get(key) == "false"
    )
    if "inline" in given:
        state["inline"] = given["inline"] == "true"
    return state


def _held(place: Element) -> Iterator[Element | str]:
    separator = "{"
    for child in place.children:
        if child.name in ("block", "shadow"):
            yield f'{separator}"{child.name}":'
            yield child
            separator = ","
    yield "}" if separator == "," else "{}"


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,9}", text, re.ASCII) is not None


def _reasons(given: dict[str, str]) -> list[str]:
    reasons = [unquote(one) for one in given.get("disabled-reasons", "").split(",") if one]
    return reasons or ([MANUALLY] if given.get("disabled") == "true" else [])


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


def _field(kind: str, field: Element) -> Any:
    name = field.attributes.get("name", "")
    if variable := field.attributes.get("id"):
        return {"id": variable}
    if field.attributes.get("json") == "true":
        return _value(field.text)
    if name == "VAR" or (kind, name) == ("import_statement", "module"):
        # In old files it is named, and nothing more.
        return {"name": field.text, "type": field.attributes.get("variabletype", "")}
    if (kind, name) in _NUMBERS and _NUMBER.fullmatch(field.text):
        return json.loads(field.text)
    if (kind, name) == MULTILINE:
        return field.text.replace(LINE_END, "\n")
    return field.text


def _value(text: str) -> Any:
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    try:
        return deep.loads(text)
    except ValueError:
        return text


def _block_comment(comment: Element) -> State:
    given = comment.attributes
    state: State = {"text": _text_in(comment), "pinned": given.get("pinned") == "true"}
    for key, name in ("height", "h"), ("width", "w"), ("x", "x"), ("y", "y"):
        if (number := _float(given.get(name))) is not None:
            state[key] = number
    return state


def _text_in(element: Element) -> str:
    """Text of an element, with that of elements inside, as Blockly reads it."""
    found: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        else:
            waiting.extend(reversed(item.content))
    return "".join(found)


def _float(text: str | None) -> float | int | None:
    if text is None or not _NUMBER.fullmatch(text):
        return None
    number: float | int = json.loads(text)
    return number


def _comment(element: Element) -> State:
    given = element.attributes
    state: State = {"id": given.get("id", ""), "text": element.text}
    for key, name in ("x", "x"), ("y", "y"), ("width", "w"), ("height", "h"):
        if (number := _float(given.get(name))) is not None:
            state[key] = number
    if given.get("collapsed") == "true":
        state["collapsed"] = True
    state.update(
        (key, False) for key in ("deletable", "movable", "editable") if given.get(key) == "false"
    )
    return state


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
