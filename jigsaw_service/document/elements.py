"""Elements of workspace XML, with the namespaces of those that aren't Blockly's.

Nothing here recurses: programs are a thousand blocks deep.
"""

import re
from collections.abc import Iterable
from xml.parsers import expat

NAMESPACE = "https://developers.google.com/blockly/xml"
# Blockly's own namespaces over the years; whichever the root has is Blockly's too.
OURS = frozenset(["", NAMESPACE, "http://www.w3.org/1999/xhtml"])

_NEEDS_ESCAPE = re.compile(r'[&<>"\t\n]')
_DECLARED = re.compile(rb"""xmlns(:[^=\s]*)?\s*=\s*["']([^"']*)""")
# The prefix that needs no declaration.
_XML = "xml"
# Between the parts of expat's names: no XML holds it.
SEPARATOR = "\x01"
# Namespaces by prefix; of no prefix, "" is Blockly's.
_Scope = dict[str, str]


class Element:
    """An element; text counts where there are no children, or where it is more than white space."""

    __slots__ = ("attributes", "children", "content", "name", "prefix", "qualified")

    def __init__(self, name: str, attributes: dict[str, str], prefix: str = "") -> None:
        # `{namespace}name` where the namespace isn't Blockly's.
        self.name = name
        self.prefix = prefix
        # Those without a namespace.
        self.attributes = attributes
        # Of those with one: prefix, namespace, name and value.
        self.qualified: list[tuple[str, str, str, str]] = []
        self.children: list[Element] = []
        self.content: list[Element | str] = []

    @property
    def text(self) -> str:
        if self.children:
            return ""
        return "".join(piece for piece in self.content if isinstance(piece, str))


def parse(xml: bytes) -> Element:
    """The root element of a document that may be kept."""
    document = Element("", {})
    waiting = [document]
    ours = OURS

    def start(qualified: str, attributes: dict[str, str]) -> None:
        nonlocal ours
        uri, name, prefix = apart(qualified)
        parent = waiting[-1]
        if parent is document:
            ours = OURS | {uri}
        element = Element(name, attributes)
        if uri not in ours:
            element.name, element.prefix = f"{{{uri}}}{name}", prefix
        if any(SEPARATOR in key for key in attributes):
            _take_qualified(element)
        parent.children.append(element)
        parent.content.append(element)
        waiting.append(element)

    def end(_name: str) -> None:
        waiting.pop()

    def characters(text: str) -> None:
        content = waiting[-1].content
        if content and isinstance(content[-1], str):
            content[-1] += text
        else:
            content.append(text)

    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=SEPARATOR)
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.Parse(xml, True)
    return document.children[0]


def apart(qualified: str) -> tuple[str, str, str]:
    """Namespace, name and prefix in a name of expat's."""
    first, *others = qualified.split(SEPARATOR)
    if not others:
        return "", first, ""
    return first, others[0], "".join(others[1:])


def _take_qualified(element: Element) -> None:
    plain: dict[str, str] = {}
    for key, value in element.attributes.items():
        uri, name, prefix = apart(key)
        if uri:
            element.qualified.append((prefix, uri, name, value))
        else:
            plain[name] = value
    element.attributes = plain


def text_of(root: Element) -> str:
    """Text of one element with all that is in it.

    White space between elements is left out where they are Blockly's own.
    """
    pieces: list[str] = []
    waiting: list[tuple[Element | str, _Scope]] = [(root, {"": ""})]
    while waiting:
        item, scope = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        scope, name, attributes = _start_of(item, scope)
        content = _content_of(item)
        if not content:
            pieces.append(f"<{name}{attributes}/>")
            continue
        pieces.append(f"<{name}{attributes}>")
        waiting.append((f"</{name}>", scope))
        waiting.extend(
            (escape_text(one) if isinstance(one, str) else one, scope) for one in reversed(content)
        )
    return "".join(pieces)


def without_namespaces(xml: bytes) -> bytes:
    """The document for a reader that knows no namespaces: what is in those of others is empty."""
    declared = _DECLARED.findall(xml)
    if all(not prefix and uri.decode() in OURS for prefix, uri in declared):
        return xml
    root = parse(xml)
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.qualified:
            element.qualified = []
            element.attributes["foreign"] = ""
        for index, one in enumerate(element.content):
            if isinstance(one, Element) and one.name.startswith("{"):
                element.content[index] = Element("foreign", {})
            elif isinstance(one, Element):
                waiting.append(one)
    return text_of(root).encode()


def _content_of(element: Element) -> list["Element | str"]:
    if element.name.startswith("{") or not element.children:
        return element.content
    return [one for one in element.content if not isinstance(one, str) or one.strip(" \t\r\n")]


def qualified_attributes(element: Element) -> str:
    """Qualified attributes, with what declares their namespaces, as they stand in a start tag."""
    _, declared, written = _qualified(element, {"": ""})
    return declared + written


def _start_of(element: Element, scope: _Scope) -> tuple[_Scope, str, str]:
    """The namespaces inside of it, its name and attributes as written."""
    uri, name = "", element.name
    if is_foreign := name.startswith("{"):
        uri, _, name = name[1:].rpartition("}")
    declared = ""
    if scope.get(element.prefix, "") != uri:
        scope = {**scope, element.prefix: uri}
        declared = _declaration(element.prefix, uri)
    inside, more, qualified = _qualified(element, scope)
    attributes = attributes_text(element.attributes.items())
    name = f"{element.prefix}:{name}" if element.prefix else name
    return (
        inside if is_foreign else scope,
        name,
        f"{declared}{attributes}{more}{qualified}",
    )


def _qualified(element: Element, scope: _Scope) -> tuple[_Scope, str, str]:
    declared = written = ""
    for prefix, uri, name, value in element.qualified:
        if prefix != _XML and scope.get(prefix) != uri:
            scope = {**scope, prefix: uri}
            declared += _declaration(prefix, uri)
        written += f' {prefix}:{name}="{escape_attribute(value)}"'
    return scope, declared, written


def _declaration(prefix: str, uri: str) -> str:
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    return f' {name}="{escape_attribute(uri or NAMESPACE)}"'


def attributes_text(pairs: Iterable[Iterable[str]]) -> str:
    return "".join([f' {key}="{escape_attribute(value)}"' for key, value in pairs])


def leaf(name: str, pairs: Iterable[Iterable[str]], text: str, qualified: str = "") -> str:
    """An element with nothing in it but text; `qualified` are attributes in namespaces."""
    start = f"<{name}{attributes_text(pairs)}{qualified}"
    return f"{start}>{escape_text(text)}</{name}>" if text else f"{start}/>"


def escape_text(text: str) -> str:
    if _NEEDS_ESCAPE.search(text) is None:
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    if _NEEDS_ESCAPE.search(text) is None:
        return text
    text = escape_text(text).replace('"', "&quot;")
    return text.replace("\t", "&#9;").replace("\n", "&#10;")
