"""A workspace as a file to take along."""

import re
from dataclasses import dataclass

from .errors import ExportInBrowser

FORMATS = ("xml", "source", "ipynb", "svg", "png")
_SERVED = ("xml",)


@dataclass(frozen=True)
class File:
    """Bytes with a name and a media type."""

    name: str
    media_type: str
    data: bytes


def as_file(name: str, xml: bytes, form: str) -> File:
    """The workspace `name` as `form`; ExportInBrowser for what only the editor can draw or write.

    Code comes from the blocks in the reader's own browser, and so do pictures.
    """
    if form not in _SERVED:
        raise ExportInBrowser(
            f"Open the workspace and export {form} there: only the editor makes it.",
            formats=list(_SERVED),
        )
    return File(f"{file_stem(name)}.xml", "application/xml", xml)


def file_stem(name: str) -> str:
    """`name` as every file system takes it."""
    plain = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", name).strip(" .")
    return plain[:100] or "workspace"
