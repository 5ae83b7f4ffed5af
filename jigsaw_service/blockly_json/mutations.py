"""What a block's shape depends on: `extraState` in JSON, `<mutation>` in XML.

Most blocks have a mutation only; JSON has its text then, as Blockly writes it. Blockly's own blocks
have both, and each its own words.
"""

from collections.abc import Callable
from typing import Any

from ..live.elements import Element, attributes_text, leaf

State = dict[str, Any]


def _count(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else "0"


def _items(state: State) -> str:
    return leaf("mutation", [("items", _count(state.get("itemCount")))], "")


def _item_count(mutation: Element) -> State:
    return {"itemCount": _number(mutation, "items")}


def _if(state: State) -> str:
    pairs = []
    if state.get("elseIfCount"):
        pairs.append(("elseif", _count(state["elseIfCount"])))
    if state.get("hasElse"):
        pairs.append(("else", "1"))
    return leaf("mutation", pairs, "")


def _if_state(mutation: Element) -> State:
    state: State = {}
    if count := _number(mutation, "elseif"):
        state["elseIfCount"] = count
    if _number(mutation, "else"):
        state["hasElse"] = True
    return state


def _definition(state: State) -> str:
    pairs = [("statements", "false")] if state.get("hasStatements") is False else []
    arguments = [
        leaf("arg", [("name", str(one.get("name", ""))), ("varid", str(one.get("id", "")))], "")
        for one in state.get("params") or ()
        if isinstance(one, dict)
    ]
    return _with(pairs, arguments)


def _definition_state(mutation: Element) -> State:
    state: State = {}
    params = [_parameter(one) for one in mutation.children if one.name == "arg"]
    if params:
        state["params"] = params
    if mutation.attributes.get("statements") == "false":
        state["hasStatements"] = False
    return state


def _parameter(argument: Element) -> State:
    name, variable = (argument.attributes.get(key) for key in ("name", "varid"))
    return {"name": name or "", **({"id": variable} if variable else {})}


def _call(state: State) -> str:
    arguments = [leaf("arg", [("name", str(one))], "") for one in state.get("params") or ()]
    return _with([("name", str(state.get("name", "")))], arguments)


def _call_state(mutation: Element) -> State:
    state: State = {"name": mutation.attributes.get("name", "")}
    params = [one.attributes.get("name", "") for one in mutation.children if one.name == "arg"]
    return {**state, "params": params} if params else state


def _statement(state: State) -> str:
    return leaf("mutation", [("statement", "true" if state.get("isStatement") else "false")], "")


def _statement_state(mutation: Element) -> State:
    return {"isStatement": True} if mutation.attributes.get("statement") == "true" else {}


def _mode(state: State) -> str:
    return leaf("mutation", [("mode", str(state.get("mode", "SPLIT")))], "")


def _mode_state(mutation: Element) -> State:
    return {"mode": mutation.attributes.get("mode", "SPLIT")}


def _with(pairs: list[tuple[str, str]], children: list[str]) -> str:
    attributes = attributes_text(pairs)
    if not children:
        return f"<mutation{attributes}/>"
    return f"<mutation{attributes}>{''.join(children)}</mutation>"


def _number(mutation: Element, name: str) -> int:
    text = mutation.attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


OWN_WORDS: dict[str, tuple[Callable[[State], str], Callable[[Element], State]]] = {
    "lists_create_with": (_items, _item_count),
    "text_join": (_items, _item_count),
    "controls_if": (_if, _if_state),
    "lists_getIndex": (_statement, _statement_state),
    "lists_split": (_mode, _mode_state),
    "procedures_defnoreturn": (_definition, _definition_state),
    "procedures_defreturn": (_definition, _definition_state),
    "procedures_callnoreturn": (_call, _call_state),
    "procedures_callreturn": (_call, _call_state),
}
"""By type: the mutation that a state says, and the state that a mutation says."""

FROM_FIELDS = frozenset(["lists_setIndex", "lists_getSublist"])
"""Blocks of Blockly's that JSON says nothing of this kind about: their fields tell it all."""
