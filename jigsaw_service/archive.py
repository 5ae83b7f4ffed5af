"""Zips of workspaces: read without trusting what they say about themselves."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import InvalidImport, InvalidWorkspace, TooLarge
from .languages import LANGUAGES
from .revisions import Document, read_document

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    OSError,
)
"""What zipfile raises for files that are damaged, encrypted, or of a strange kind."""
CONTENTS = "contents.csv"
"""The file in a zip of ours that says what is in it."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Entry:
    """One workspace in a zip."""

    name: str
    language: str | None
    """Of the folder it lies in, where that is a language's."""
    document: Document


def is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def entries(data: bytes, *, workspace_bytes: int, total_bytes: int, most: int) -> Iterator[Entry]:
    """Every workspace in the zip; InvalidImport, InvalidWorkspace or TooLarge name the entry."""
    left = total_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in _workspaces(archive, most):
                xml = _unpack(archive, info, min(workspace_bytes, left))
                left -= len(xml)
                yield _entry(info.filename, xml, workspace_bytes)
    except _FAULTS as error:
        raise InvalidImport(f"The zip cannot be read: {error}. Pack it again.") from error


def _workspaces(archive: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not _is_clutter(info)]
    if not infos:
        raise InvalidImport("The zip holds no workspaces (files that end in .xml).")
    if len(infos) > most:
        raise TooLarge(f"The zip holds {len(infos)} files; {most} are allowed.", limit=most)
    for info in infos:
        _check_name(info.filename)
        if info.compress_type not in _METHODS or info.flag_bits & 1:
            raise InvalidImport(
                "Pack the zip with the usual compression and without a password.",
                entry=info.filename,
            )
    return infos


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    """Folders, what systems put into every zip, and what we put into ours for people to read."""
    if info.filename == CONTENTS:
        return True
    parts = re.split(r"[/\\]", info.filename)
    return info.is_dir() or "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db")


def _check_name(name: str) -> None:
    if ".." in re.split(r"[/\\]", name) or name.startswith(("/", "\\")):
        raise InvalidImport("A name in the zip leads out of it. Pack it again.", entry=name)
    if not name.lower().endswith(".xml"):
        raise InvalidImport("The zip holds a file that is not XML. Remove it.", entry=name)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """At most `most` bytes, whatever the zip says of the entry's size."""
    with archive.open(info) as file:
        xml = file.read(most + 1)
    if len(xml) > most:
        raise TooLarge(
            f"Unpacked, the zip or a file in it is too large: {most} bytes are allowed here.",
            limit=most,
            entry=info.filename,
        )
    return xml


def _entry(filename: str, xml: bytes, workspace_bytes: int) -> Entry:
    *folders, last = re.split(r"[/\\]", filename)
    try:
        document = read_document(xml, workspace_bytes)
    except InvalidWorkspace as error:
        raise InvalidWorkspace(
            f"{filename}: {error.detail}", entry=filename, **error.members
        ) from error
    language = folders[-1] if folders and folders[-1] in LANGUAGES else None
    return Entry(plain_name(last[: -len(".xml")]), language, document)


def plain_name(text: str) -> str:
    """A name of a workspace made of any text."""
    printable = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return printable.strip()[:200] or "Imported"
