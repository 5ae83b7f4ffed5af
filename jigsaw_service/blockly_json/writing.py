"""Blockly's JSON from workspace XML, for `Blockly.serialization.workspaces.load`."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ..live.elements import Element, parse, text_of
from ..live.records import Records
from ..live.xml import read_records, write_xml
from . import deep
from .mutations import FROM_FIELDS, OWN_WORDS, State
from .reading import KEPT, MANUALLY

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_NUMBERS = frozenset([("math_number", "NUM"), ("controls_repeat", "TIMES")])
"""Fields of Blockly's that hold numbers."""
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
    tops = [one for one in root.children if one.name in ("block", "shadow")]
    blocks = _written(tops, records)
    rest = json.dumps(state, ensure_ascii=False)[1:-1]
    others = f",{rest}" if rest else ""
    return f'{{"blocks":{{"languageVersion":0,"blocks":[{blocks}]}}{others}}}\n'


def _written(tops: list[Element], records: Records) -> str:
    """Blocks one after another; without recursion, as they are nested as deep as they are many."""
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
            waiting.extend(reversed(list(_block(piece, records))))
    return "".join(pieces)


def _block(element: Element, records: Records) -> Iterator[Element | str]:
    state = _own_state(element, records)
    yield json.dumps(state, ensure_ascii=False)[:-1]
    inputs = [
        one for one in element.children if one.name in ("value", "statement") and one.children
    ]
    separator = ',"inputs":{'
    for one in inputs:
        yield f"{separator}{json.dumps(one.attributes.get('name', ''), ensure_ascii=False)}:"
        yield from _held(one)
        separator = ","
    if inputs:
        yield "}"
    for one in element.children:
        if one.name == "next" and one.children:
            yield ',"next":'
            yield from _held(one)
    yield "}"


def _held(place: Element) -> Iterator[Element | str]:
    separator = "{"
    for child in place.children:
        if child.name in ("block", "shadow"):
            yield f'{separator}"{child.name}":'
            yield child
            separator = ","
    yield "}" if separator == "," else "{}"


def _own_state(element: Element, records: Records) -> State:
    """All but what hangs on it."""
    given = element.attributes
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
    fields: State = {}
    for child in element.children:
        if child.name == "data":
            state["data"] = child.text
        elif child.name == "mutation":
            state.update(_extra_state(given.get("type", ""), child))
        elif child.name == "comment":
            state["icons"] = {"comment": _block_comment(child)}
        elif child.name in ("field", "title") and not child.children:
            fields[child.attributes.get("name", "")] = _field(given.get("type", ""), child, records)
    if fields:
        state["fields"] = fields
    kept = _kept_in(element)
    if icons := kept.pop("icons", None):
        state["icons"] = {**icons, **state.get("icons", {})}
    return {**state, **kept}


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,9}", text, re.ASCII) is not None


def _reasons(given: dict[str, str]) -> list[str]:
    reasons = [unquote(one) for one in given.get("disabled-reasons", "").split(",") if one]
    return reasons or ([MANUALLY] if given.get("disabled") == "true" else [])


def _extra_state(kind: str, mutation: Element) -> State:
    if kind in FROM_FIELDS:
        return {}
    if words := OWN_WORDS.get(kind):
        state = words[1](mutation)
        return {"extraState": state} if state else {}
    return {"extraState": text_of(mutation)}


def _field(kind: str, field: Element, records: Records) -> Any:
    name = field.attributes.get("name", "")
    if variable := field.attributes.get("id"):
        known = records.vars.get(variable, {"name": field.text, "type": ""})
        return {"id": variable, "name": known["name"], "type": known["type"]}
    if field.attributes.get("json") == "true":
        try:
            return deep.loads(field.text)
        except ValueError:
            return field.text
    if name == "VAR" or (kind, name) == ("import_statement", "module"):
        # In old files it is named, and nothing more.
        return {"name": field.text, "type": field.attributes.get("variabletype", "")}
    if (kind, name) in _NUMBERS and _NUMBER.fullmatch(field.text):
        return json.loads(field.text)
    return field.text


def _block_comment(comment: Element) -> State:
    given = comment.attributes
    state: State = {"text": _text_in(comment), "pinned": given.get("pinned") == "true"}
    for key, name in ("height", "h"), ("width", "w"), ("x", "x"), ("y", "y"):
        if (number := _float(given.get(name))) is not None:
            state[key] = number
    return state


def _text_in(element: Element) -> str:
    """All text, that of elements inside, too, as Blockly reads it."""
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
    """What was read from JSON and has no words in XML."""
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
