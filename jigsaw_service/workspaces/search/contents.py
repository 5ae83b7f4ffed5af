"""Words inside the blocks of a workspace."""

from collections.abc import Iterator

from ...document.elements import Element, parse
from .words import in_one, type_word, words_in


def block_words(xml: bytes) -> str:
    """Words of field values, texts, comments, variables, procedures and block types."""
    return in_one(_words(parse(xml)))


def _words(root: Element) -> Iterator[str]:
    elements = list(_all(root))
    for block_type in dict.fromkeys(_type(element) for element in elements):
        if block_type:
            yield type_word(block_type)
            yield from words_in(block_type)
    for element in elements:
        if element.name not in _STRUCTURE and "name" in element.attributes:
            # In mutations: of procedures and their parameters.
            yield from words_in(element.attributes["name"])
        yield from words_in(element.text)


def _all(root: Element) -> Iterator[Element]:
    waiting = [one for one in reversed(root.children) if one.name in _PARTS]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(reversed(element.children))


def _type(element: Element) -> str:
    return element.attributes.get("type", "") if element.name in ("block", "shadow") else ""


# The rest of a document is no part of the program.
_PARTS = frozenset(["variables", "block", "shadow", "comment"])
# Their names are those of the block set, not of the program.
_STRUCTURE = frozenset(["field", "title", "value", "statement"])
