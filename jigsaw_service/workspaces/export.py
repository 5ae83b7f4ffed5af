"""Export: a workspace as a file to take along."""

import asyncio
import re
from dataclasses import dataclass

from ..document.blockly_json.writing import to_json
from ..document.codegen import write_code
from ..errors import ExportInBrowser
from ..runtime.languages import language_named
from ..storage.tables import Workspace

FORMATS = ("xml", "json", "source", "ipynb", "svg", "png")
_SERVED = ("xml", "json", "source", "ipynb")


@dataclass(frozen=True)
class File:
    """Bytes with a name and a media type."""

    name: str
    media_type: str
    data: bytes


def xml_file(name: str, xml: bytes) -> File:
    """The XML itself."""
    return File(f"{file_stem(name)}.xml", "application/xml", xml)


async def as_file(person: str, workspace: Workspace, xml: bytes, form: str) -> File:
    """`workspace` with the content `xml` as `form`, for `person`.

    Raises CodeNotWritten, or ExportInBrowser for pictures, which only the editor can draw.
    """
    stem = file_stem(workspace.name)
    if form == "xml":
        return xml_file(workspace.name, xml)
    if form == "json":
        text = await asyncio.to_thread(to_json, xml)
        return File(f"{stem}.json", "application/json", text.encode())
    if form not in _SERVED:
        raise ExportInBrowser(
            f"Open the workspace and export {form} there: only the editor draws it.",
            formats=list(_SERVED),
        )
    code = await write_code(person, workspace.language, xml, as_file=form == "source")
    if form == "source":
        extension = language_named(workspace.language).file_extension
        return File(f"{stem}{extension}", "text/plain; charset=utf-8", code.encode())
    return File(f"{stem}.ipynb", "application/x-ipynb+json", _notebook(workspace, xml, code))


def _notebook(workspace: Workspace, xml: bytes, code: str) -> bytes:
    """Notebook of one code cell; the metadata holds the blocks it was made from."""
    import nbformat  # 20 MB that a service which exports no notebook can do without

    language = language_named(workspace.language)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code)],
        metadata={
            "language_info": {"name": language.kernel_language},
            # The code, too: an import learns from it whether the cell was edited since.
            "jigsaw": {
                "name": workspace.name,
                "language": language.name,
                "xml": xml.decode(),
                "code": code,
            },
        },
    )
    written: str = nbformat.writes(notebook)
    return written.encode()


def file_stem(name: str) -> str:
    """`name` as every file system takes it."""
    plain = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", name).strip(" .")
    return plain[:100] or "workspace"
