"""Foreign content of other apps: attributes and elements that are none of Blockly's.

Blockly's JSON has no words for them. They stand under a key of our own, which Blockly passes over,
as the text of one element that has them.
"""

from xml.parsers.expat import ExpatError

from ..elements import Element, parse, text_of

KEY = "jigsaw:xml"
_NAME = "kept"
_ATTRIBUTES = frozenset(
    "type id x y collapsed disabled disabled-reasons deletable movable editable inline".split()
)


def others_in(element: Element, known: list[Element]) -> dict[str, str]:
    """Foreign content by our key: all but what is `known` of the element; {} if there is none."""
    ours = _ATTRIBUTES if element.name != "xml" else ()
    plain = {key: value for key, value in element.attributes.items() if key not in ours}
    kept = Element(_NAME, plain)
    kept.qualified = element.qualified
    kept.children = [child for child in element.children if not any(child is one for one in known)]
    kept.content = [*kept.children]
    return {KEY: text_of(kept)} if plain or kept.qualified or kept.children else {}


def read_others(text: str) -> tuple[str, str] | None:
    """Attributes and elements as XML; None where the text is none of ours."""
    try:
        found = parse(f"<xml>{text}</xml>".encode("utf-8", "replace")).children
    except ExpatError:
        return None
    if len(found) != 1 or found[0].name != _NAME:
        return None
    elements = "".join(map(text_of, found[0].children))
    found[0].children, found[0].content = [], []
    return text_of(found[0])[len(_NAME) + 1 : -len("/>")], elements
