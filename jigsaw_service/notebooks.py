"""Notebooks whose metadata holds the blocks they were made from, as `export.py` writes them."""

import json
import re
from dataclasses import dataclass
from typing import Any

from .errors import InvalidImport
from .languages import LANGUAGES
from .revisions import Document, read_document

_BEGINNING = re.compile(rb"(\xef\xbb\xbf)?\s*\{")


@dataclass(frozen=True)
class Held:
    """What a notebook holds; None where it doesn't say."""

    name: str | None
    language: str | None
    document: Document


def is_notebook(data: bytes) -> bool:
    """Whether it may be one: JSON begins so, and XML never does."""
    return _BEGINNING.match(data) is not None


def read_notebook(data: bytes, max_bytes: int) -> Held:
    """The blocks in a notebook; InvalidImport, InvalidWorkspace or TooLarge."""
    held = _metadata(data)
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
    )


def _metadata(data: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise InvalidImport("This is no notebook: its JSON is broken. Export it again.") from error
    metadata = notebook.get("metadata") if isinstance(notebook, dict) else None
    held = metadata.get("jigsaw") if isinstance(metadata, dict) else None
    if not isinstance(held, dict):
        raise InvalidImport(_NO_BLOCKS)
    return held


_NO_BLOCKS = "The notebook holds no blocks. Only those that were exported from here do."
