"""Leaves of a workspace: attributes, fields, comments and variables, as JSON and as XML."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from ..elements import Element, attributes_text, escape_text, leaf
from . import deep
from .mutations import State

MANUALLY = "MANUALLY_DISABLED"
# The field whose text has lines.
_MULTILINE = ("text_multiline", "TEXT")
# The text that the field writes in XML at the end of a line.
_LINE_END = "&#10;"

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
# Fields of Blockly's that hold numbers.
_NUMBERS = frozenset([("math_number", "NUM"), ("controls_repeat", "TIMES")])
_MAY_NOT = ("deletable", "movable", "editable")


def as_text(value: Any) -> str:
    """Text for XML: numbers as JavaScript spells them, nothing that no XML can hold."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return _UNFIT.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))


# ---- Attributes of blocks


def attributes_to_xml(state: State, is_top: bool) -> Iterable[tuple[str, str]]:
    for key in "type", "id":
        if state.get(key) is not None:
            yield key, as_text(state[key])
    yield from settings_to_xml(state)
    if is_top:
        yield from ((axis, as_text(state[axis])) for axis in "xy" if state.get(axis) is not None)


def settings_to_xml(state: State) -> Iterable[tuple[str, str]]:
    """Attributes that say what may be done with a block, and how it is shown."""
    if state.get("collapsed"):
        yield "collapsed", "true"
    reasons = [str(one) for one in state.get("disabledReasons") or ()]
    if state.get("enabled") is False and not reasons:
        reasons = [MANUALLY]
    if reasons:
        yield "disabled-reasons", ",".join(quote(as_text(one), safe="!*'()") for one in reasons)
    yield from ((key, "false") for key in _MAY_NOT if state.get(key) is False)
    if isinstance(state.get("inline"), bool):
        yield "inline", str(state["inline"]).lower()


def attributes_to_json(given: Mapping[str, str]) -> State:
    state: State = {key: given[key] for key in ("type", "id") if key in given}
    state.update((axis, int(given[axis])) for axis in "xy" if _is_whole(given.get(axis, "")))
    return state | settings_to_json(given)


def settings_to_json(given: Mapping[str, str]) -> State:
    state: State = {}
    if given.get("collapsed") == "true":
        state["collapsed"] = True
    if reasons := _reasons(given):
        state["disabledReasons"] = reasons
    state.update((key, False) for key in _MAY_NOT if given.get(key) == "false")
    if "inline" in given:
        state["inline"] = given["inline"] == "true"
    return state


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,9}", text, re.ASCII) is not None


def _reasons(given: Mapping[str, str]) -> list[str]:
    reasons = [unquote(one) for one in given.get("disabled-reasons", "").split(",") if one]
    return reasons or ([MANUALLY] if given.get("disabled") == "true" else [])


# ---- Fields


def field_to_xml(
    kind: str, name: str, value: Any, names: Mapping[str, State], *, is_known: bool
) -> str:
    """`names` are the variables by their ids; of a known block, we know which fields are text."""
    pairs = [("name", as_text(name))]
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        declared = names.get(value["id"], {})
        of_type = value.get("type", declared.get("type"))
        pairs.append(("id", value["id"]))
        if of_type:
            pairs.append(("variabletype", as_text(of_type)))
        return leaf("field", pairs, as_text(value.get("name", declared.get("name", ""))))
    if isinstance(value, dict) and value.keys() <= {"name", "type"} and "name" in value:
        named = [("variabletype", as_text(value["type"]))] if value.get("type") else []
        return leaf("field", pairs + named, as_text(value["name"]))
    if isinstance(value, dict | list) or value is None:
        return leaf("field", [*pairs, ("json", "true")], as_text(json.dumps(value)))
    if isinstance(value, int | float) and not is_known:
        # Nobody here knows that the field holds no text; XML spells it as one.
        pairs.append(("json", "true"))
    if (kind, name) == _MULTILINE:
        value = str(value).replace("\n", _LINE_END)
    return leaf("field", pairs, as_text(value))


def field_to_json(kind: str, field: Element) -> Any:
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
    if (kind, name) == _MULTILINE:
        return field.text.replace(_LINE_END, "\n")
    return field.text


def _value(text: str) -> Any:
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    try:
        return deep.loads(text)
    except ValueError:
        return text


# ---- Comments and variables


def block_comment_to_xml(state: State) -> str:
    pairs = [("pinned", str(bool(state.get("pinned"))).lower())]
    for key, name in ("height", "h"), ("width", "w"), ("x", "x"), ("y", "y"):
        if state.get(key) is not None:
            pairs.append((name, as_text(state[key])))
    text = escape_text(as_text(state.get("text", "")))
    return f"<comment{attributes_text(pairs)}>{text}</comment>"


def block_comment_to_json(comment: Element) -> State:
    given = comment.attributes
    state: State = {"text": _text_in(comment), "pinned": given.get("pinned") == "true"}
    for key, name in ("height", "h"), ("width", "w"), ("x", "x"), ("y", "y"):
        if (number := _float(given.get(name))) is not None:
            state[key] = number
    return state


def comment_to_xml(state: State) -> str:
    names = {"id": "id", "x": "x", "y": "y", "width": "w", "height": "h"}
    pairs = [(ours, as_text(state[key])) for key, ours in names.items() if key in state]
    if state.get("collapsed"):
        pairs.append(("collapsed", "true"))
    pairs += [(key, "false") for key in _MAY_NOT if state.get(key) is False]
    return leaf("comment", pairs, as_text(state.get("text", "")))


def comment_to_json(element: Element) -> State:
    given = element.attributes
    state: State = {"id": given.get("id", ""), "text": element.text}
    for key, name in ("x", "x"), ("y", "y"), ("width", "w"), ("height", "h"):
        if (number := _float(given.get(name))) is not None:
            state[key] = number
    if given.get("collapsed") == "true":
        state["collapsed"] = True
    state.update((key, False) for key in _MAY_NOT if given.get(key) == "false")
    return state


def variable_to_xml(state: State) -> str:
    pairs = [(key, as_text(state[key])) for key in ("type", "id") if state.get(key)]
    return leaf("variable", pairs, as_text(state.get("name", "")))


def variable_to_json(element: Element) -> State:
    state: State = {"name": element.text, "id": element.attributes.get("id", "")}
    return state | ({"type": element.attributes["type"]} if element.attributes.get("type") else {})


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
