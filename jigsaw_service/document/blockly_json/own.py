"""Blockly's own elements in spellings that its JSON has no words for.

A field or a comment with attributes of another app, an input with something beside its block,
`collapsed="false"`: they stand under a key of ours, as XML. Where the JSON beside it still says
the same, the element is written back as it was; where it says something else, it keeps what the
JSON doesn't speak of.
"""

from collections.abc import Iterable
from xml.parsers.expat import ExpatError

from ..elements import Element, parse, text_of

KEY = "jigsaw:own"
_NAME = "own"
# Attributes that belong to what a field says.
_SAYING = ("id", "variabletype", "json")


def slot_of(element: Element) -> str:
    """Key of an element of which its parent has one at most."""
    name = "field" if element.name == "title" else element.name
    key = "id" if name == "variable" else "name"
    return f"{name} {element.attributes[key]}" if key in element.attributes else name


def own_in(elements: Iterable[Element]) -> dict[str, str]:
    """The elements by our key; {} if there are none."""
    wrapper = Element(_NAME, {})
    wrapper.content = [*elements]
    wrapper.children = [one for one in wrapper.content if isinstance(one, Element)]
    return {KEY: text_of(wrapper)} if wrapper.children else {}


def read_own(text: object) -> dict[str, Element]:
    """The elements by their slots; {} where the text is none of ours."""
    if not isinstance(text, str):
        return {}
    try:
        found = parse(f"<xml>{text}</xml>".encode("utf-8", "replace")).children
    except ExpatError:
        return {}
    if len(found) != 1 or found[0].name != _NAME:
        return {}
    return {slot_of(one): one for one in found[0].children}


def respelled(written: str, own: Element | None, says_same: bool) -> str:
    """An element of the JSON's, in the spelling of the XML that the JSON was made of."""
    if own is None:
        return written
    if says_same:
        return text_of(own)
    (element,) = parse(f"<xml>{written}</xml>".encode()).children
    element.name = own.name
    for key, value in own.attributes.items():
        if key not in _SAYING:
            element.attributes.setdefault(key, value)
    element.qualified = own.qualified
    return text_of(element)
