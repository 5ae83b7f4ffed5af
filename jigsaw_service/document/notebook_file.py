"""Notebooks whose metadata holds the blocks they were made from, as `export.py` writes them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidImport
from ..runtime.languages import LANGUAGES
from .revisions import Document, read_document

_BEGINNING = re.compile(rb"(\xef\xbb\xbf)?\s*\{")


@dataclass(frozen=True)
class Held:
    """Contents of a notebook; None where it doesn't say."""

    name: str | None
    language: str | None
    document: Document
    edited_code: str | None = None
    """The code of its cells, where that isn't the code of the blocks any more."""


def is_notebook(data: bytes) -> bool:
    """True if it may be a notebook: JSON begins so, and XML never does."""
    return _BEGINNING.match(data) is not None


def read_notebook(data: bytes, max_bytes: int) -> Held:
    """The blocks in a notebook; InvalidImport, InvalidWorkspace or TooLarge."""
    notebook = _json(data)
    held = _metadata(notebook)
    xml, name, language = (held.get(key) for key in ("xml", "name", "language"))
    if not isinstance(xml, str):
        raise InvalidImport(_NO_BLOCKS)
    try:
        document = read_document(xml.encode(), max_bytes)
    except UnicodeError as error:
        raise InvalidImport("The blocks in the notebook hold letters that are none.") from error
    return Held(
        name if isinstance(name, str) else None,
        language if isinstance(language, str) and language in LANGUAGES else None,
        document,
        _edited_code(notebook, held.get("code")),
    )


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise InvalidImport("This is no notebook: its JSON is broken. Export it again.") from error


def _edited_code(notebook: dict[str, Any], exported: Any) -> str | None:
    """Edited code of the cells; None, too, where the export didn't tell the code of the blocks."""
    code = "\n\n".join(filter(None, (source.strip("\n") for source in _code_cells(notebook))))
    if not isinstance(exported, str) or code == exported.strip("\n"):
        return None
    return f"{code}\n"


def _code_cells(notebook: dict[str, Any]) -> Iterator[str]:
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source")
            # Both forms are in nbformat 4: a text, or its lines.
            lines = source if isinstance(source, list) else [source]
            yield "".join(line for line in lines if isinstance(line, str))


def _metadata(notebook: Any) -> dict[str, Any]:
    metadata = notebook.get("metadata") if isinstance(notebook, dict) else None
    held = metadata.get("jigsaw") if isinstance(metadata, dict) else None
    if not isinstance(held, dict):
        raise InvalidImport(_NO_BLOCKS)
    return held


_NO_BLOCKS = "The notebook holds no blocks. Only those that were exported from here do."
