"""Mutations, which blocks' shapes depend on: `extraState` in JSON, `<mutation>` in XML.

Most blocks have a mutation only; JSON has its text then, as Blockly writes it. Blockly's own blocks
have both, and each its own words. Plugins of Blockly's say more there than a mutation can: what was
read is kept beside it, and written again as long as the mutation says the same.
"""

import re
from collections.abc import Callable
from typing import Any

from ...errors import JigsawError
from ..elements import Element, attributes_text, leaf, parse, text_of
from ..validation import inspect

State = dict[str, Any]
# Parameters of functions by id: those of the plugin whose functions stand beside the blocks.
Models = dict[str, list[State]]

_EMPTY = re.compile(r"<([\w:.-]+)( [^<>]*)?/>")


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


# By type: the mutation that a state says, and the state that a mutation says.
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

# Blocks of Blockly's that JSON says nothing of this kind about: their fields tell it all.
FROM_FIELDS = frozenset(["lists_setIndex", "lists_getSublist"])

_SAID = frozenset(
    "itemCount elseIfCount hasElse params hasStatements name isStatement mode procedureId".split()
)


def mutation_of(kind: str, extra: Any, models: Models) -> str:
    """XML of an `extraState`; "" where XML has no words for it."""
    if isinstance(extra, dict) and (words := OWN_WORDS.get(kind)):
        model = models.get(str(extra.get("procedureId")))
        return words[0]({"params": model, **extra} if model else extra)
    return _written(extra) if isinstance(extra, str) else ""


def models_of(procedures: Any, variables: dict[str, str]) -> Models:
    """Parameters by function, from the plugin's state and the ids of variables by name."""
    return {
        str(one.get("id")): [
            {"name": said.get("name"), "id": variables.get(str(said.get("name")), "")}
            for said in dicts(one.get("parameters"))
        ]
        for one in dicts(procedures)
    }


def dicts(items: Any) -> list[State]:
    """The objects in what should be a list of them."""
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []


def _written(text: str) -> str:
    """Text of a mutation as we write it; "" where it is none."""
    document = f'<xml><block type="t">{text}</block></xml>'.encode("utf-8", "replace")
    try:
        inspect(document, len(document))
    except JigsawError:
        return ""
    root = parse(document)
    children = root.children[0].children if len(root.children) == 1 else []
    if len(children) != 1 or children[0].name != "mutation":
        return ""
    return text_of(children[0])


def extra_state_of(kind: str, mutation: Element) -> Any:
    """`extraState` of a mutation; None for nothing."""
    if kind in FROM_FIELDS:
        return None
    if words := OWN_WORDS.get(kind):
        return words[1](mutation) or None
    # Blockly closes an empty element by a tag of its own.
    return _EMPTY.sub(r"<\1\2></\1>", text_of(mutation))


def unsaid(extra: Any) -> State:
    """Rest of an `extraState`: its keys that are none of Blockly's."""
    return {key: extra[key] for key in extra if key not in _SAID} if isinstance(extra, dict) else {}
