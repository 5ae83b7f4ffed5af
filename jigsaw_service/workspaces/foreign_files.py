"""Files of other apps: opened where they hold blocks, else refused in words that help."""

import io
import json
import lzma
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from ..document.blockly_json.reading import is_workspace, read_json, to_xml
from ..document.revisions import Document, read_document
from ..errors import InvalidImport
from ..runtime.limits import Limits
from . import archive

# A project may be so many times as long as its blocks: it holds code and pictures, too.
_ROOM = 8
_JSON = re.compile(rb"(\xef\xbb\xbf)?\s*\{")
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*\?>|<!--(?:(?!-->).)*-->)*<([\w:-]+)", re.DOTALL
)
# Bytes in which the root is looked for.
_BEGINNING = 64 * 1024
_HEX = re.compile(rb"\s*:[0-9A-Fa-f]{10}")
_UF2 = b"UF2\n"
_LZMA = b"\x5d\x00\x00"

_SCRATCH = (
    "This is a Scratch project. Scratch's blocks move sprites, and there is nothing like that "
    "here: build the program anew, or go on in Scratch."
)
_DEVICE = (
    "This is a program for a device, made by MakeCode. Open it in MakeCode, save the project as a "
    "file (.mkcd), and import that."
)
_ROBERTA = (
    "This is a program of Open Roberta Lab. Its blocks drive robots, and are kept in a form of "
    "their own that can't be opened here: go on in Open Roberta Lab."
)
_SNAP = "This comes from Snap!, whose blocks are not Blockly's: go on in Snap!."
_XML = {
    "block_set": _ROBERTA,
    "export": _ROBERTA,
    "project": _SNAP,
    "snapdata": _SNAP,
    "blocks": _SNAP,
    "html": "This is a web page. In the app that it comes from, save or export the blocks as XML.",
}


@dataclass(frozen=True)
class Opened:
    """Blocks from a file of another app; no name where it doesn't say."""

    name: str | None
    document: Document


def open_foreign(data: bytes, limits: Limits) -> list[Opened] | None:
    """Contents of a file of another app, None if it is none; InvalidImport says what to do."""
    if data.startswith(b"PK\x03\x04"):
        return _from_zip(data, limits)
    if _JSON.match(data):
        return _from_json(data, limits)
    if data.startswith(_LZMA):
        return _from_makecode(_unpacked(data, limits), limits)
    if data.startswith(_UF2) or _HEX.match(data):
        raise InvalidImport(_DEVICE)
    root = _ROOT.match(data[:_BEGINNING])
    if root and (why := _XML.get(root[1].decode().lower())):
        raise InvalidImport(why)
    return None


def _from_json(data: bytes, limits: Limits) -> list[Opened] | None:
    if len(data) > _ROOM * limits.workspace_bytes:
        return None
    value = read_json(data)
    if not isinstance(value, dict):
        return None
    # jupyterlab-blockly keeps more than the workspace.
    inner = value.get("workspace")
    for workspace in (value, inner):
        if isinstance(workspace, dict) and is_workspace(workspace):
            return [Opened(None, _document(workspace, limits))]
    if isinstance(value.get("targets"), list):
        raise InvalidImport(_SCRATCH)
    if isinstance(value.get("source"), str) or "main.blocks" in value:
        return _from_makecode(value, limits)
    return None


def _document(workspace: dict[str, Any], limits: Limits) -> Document:
    return read_document(to_xml(workspace), limits.workspace_bytes)


def _unpacked(data: bytes, limits: Limits) -> Any:
    """The JSON in a file of MakeCode's, never more than there is room for."""
    most = _ROOM * limits.workspace_bytes
    try:
        text = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=64 * 1024 * 1024).decompress(
            data, most
        )
        return json.loads(text)
    except (lzma.LZMAError, ValueError, RecursionError, EOFError) as error:
        raise InvalidImport(
            "The file looks like a MakeCode project, but it is damaged or too large. Save it again."
        ) from error


def _from_makecode(project: Any, limits: Limits) -> list[Opened]:
    """The blocks of a project: what else it holds can't be shown here."""
    try:
        source = project.get("source", project)
        files = json.loads(source) if isinstance(source, str) else source
        xml = files.get("main.blocks")
        settings = json.loads(files.get("pxt.json") or "{}")
        name = (project.get("meta") or {}).get("name") or settings.get("name")
    except (ValueError, RecursionError, AttributeError) as error:
        raise InvalidImport("The MakeCode project is damaged. Save it again.") from error
    if not isinstance(xml, str) or not xml.strip():
        raise InvalidImport(
            "The MakeCode project holds no blocks: it was written as text. "
            "In MakeCode, switch to Blocks and save it again."
        )
    document = read_document(xml.encode("utf-8", "replace"), limits.workspace_bytes)
    return [Opened(name if isinstance(name, str) else None, document)]


def _from_zip(data: bytes, limits: Limits) -> list[Opened] | None:
    """App Inventor's projects are zips, and Scratch's; all others are none of ours."""
    archive.check_table(data, limits.import_entries)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            names = opened.namelist()
            if any(name.endswith((".bky", "project.properties")) for name in names):
                return _screens(opened, limits)
            if "project.json" in names or "mscratch.json" in names:
                raise InvalidImport(_SCRATCH)
    except archive.FAULTS:
        # `archive`, which reads it next, says what is wrong with it.
        pass
    return None


def _screens(project: zipfile.ZipFile, limits: Limits) -> list[Opened]:
    """The blocks of each screen."""
    screens = [info for info in project.infolist() if info.filename.endswith(".bky")]
    if len(screens) > limits.import_entries:
        raise InvalidImport("The App Inventor project has too many screens. Take some out.")
    found: list[Opened] = []
    left = limits.import_bytes
    for info in screens:
        xml = archive.unpack(project, info, min(limits.workspace_bytes, left))
        left -= len(xml)
        if xml.strip():
            stem = info.filename.rpartition("/")[2].removesuffix(".bky")
            found.append(Opened(stem, read_document(xml, limits.workspace_bytes)))
    if not found:
        raise InvalidImport("The App Inventor project holds no blocks yet.")
    return found
