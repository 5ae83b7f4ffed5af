"""Zips of workspaces: read without trusting what they say about themselves.

A zip holds XML and notebooks. One of everything that somebody owns has a file that tells
their true names and languages; it is believed where it tells of a file that is there.
"""

import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..document.names import LONGEST, make_title
from ..document.notebook_file import Held, read_notebook
from ..document.revisions import Document, read_document
from ..errors import InvalidImport, InvalidWorkspace, TooLarge
from ..runtime.languages import LANGUAGES
from .encodings import as_utf8

# Errors of zipfile for files that are damaged, encrypted, or of a strange kind.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    OSError,
)
# The file in a zip of ours that says what is in it.
CONTENTS = "contents.csv"
# The file in a zip of ours that tells the true names of the workspaces.
NAMES = "jigsaw.json"
_NAMES_BYTES = 4 * 1024 * 1024
_ENDINGS = (".xml", ".ipynb")
UNNAMED = "Imported"
# A notebook may be so many times as long as its blocks: it holds their code, too.
_ROOM_IN_NOTEBOOK = 8
_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class ArchiveEntry:
    """Entry of a zip: one workspace."""

    name: str
    language: str | None
    """Language of the folder it lies in, where that is a language's."""
    document: Document
    folder: str
    """Folder in the zip; "" for one that lies in none, or whose name the zip tells."""
    edited_code: str | None
    """Edited code, as in `notebook_file.Held`."""
    was_recoded: bool


def is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def entries(
    data: bytes, *, workspace_bytes: int, total_bytes: int, most: int
) -> Iterator[ArchiveEntry]:
    """Every workspace in the zip; InvalidImport, InvalidWorkspace or TooLarge name the entry."""
    left = total_bytes
    check_table(data, most)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = _told(archive)
            for info in _workspaces(archive, most):
                room = _ROOM_IN_NOTEBOOK if _is_notebook(info.filename) else 1
                content = unpack(archive, info, min(room * workspace_bytes, left))
                left -= len(content)
                yield _entry(info.filename, content, workspace_bytes, told)
    except FAULTS as error:
        raise InvalidImport(f"The zip cannot be read: {error}. Pack it again.") from error


def check_table(data: bytes, most: int) -> None:
    """TooLarge for a zip whose table alone would take more memory than all else."""
    if (said := data.count(_ENTRY)) > 2 * most + 100:
        raise TooLarge(f"The zip holds {said} files; {most} are allowed.", limit=most)


def _workspaces(archive: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not _is_clutter(info)]
    if not infos:
        raise InvalidImport("The zip holds no workspaces (files that end in .xml or .ipynb).")
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
    if info.filename in (CONTENTS, NAMES):
        return True
    parts = re.split(r"[/\\]", info.filename)
    return info.is_dir() or "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db")


def _check_name(name: str) -> None:
    if ".." in re.split(r"[/\\]", name) or name.startswith(("/", "\\")):
        raise InvalidImport("A name in the zip leads out of it. Pack it again.", entry=name)
    if not name.lower().endswith(_ENDINGS):
        raise InvalidImport(
            "The zip holds a file that is neither XML nor a notebook. Remove it.", entry=name
        )


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Unpack at most `most` bytes, whatever the zip says of the entry's size."""
    with archive.open(info) as file:
        xml = file.read(most + 1)
    if len(xml) > most:
        raise TooLarge(
            f"Unpacked, the zip or a file in it is too large: {most} bytes are allowed here.",
            limit=most,
            entry=info.filename,
        )
    return xml


def _is_notebook(filename: str) -> bool:
    return filename.lower().endswith(".ipynb")


def _told(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Name and language of each file, as the zip of somebody's workspaces tells them."""
    if NAMES not in archive.namelist():
        return {}
    try:
        told = json.loads(unpack(archive, archive.getinfo(NAMES), _NAMES_BYTES))
        return {
            str(one["file"]): (str(one["name"]), str(one["language"])) for one in told["workspaces"]
        }
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise InvalidImport("The list of names in the zip is broken.", entry=NAMES) from error


def _entry(
    filename: str, content: bytes, workspace_bytes: int, told: dict[str, tuple[str, str]]
) -> ArchiveEntry:
    *folders, last = re.split(r"[/\\]", filename)
    try:
        content, was_recoded = as_utf8(content)
        if _is_notebook(filename):
            held = read_notebook(content, workspace_bytes)
        else:
            held = Held(None, None, read_document(content, workspace_bytes))
    except (InvalidImport, InvalidWorkspace) as error:
        raise type(error)(f"{filename}: {error.detail}", entry=filename, **error.members) from error
    own = held.name or last.rpartition(".")[0], held.language or (folders[-1] if folders else "")
    name, language = told.get(filename, own)
    return ArchiveEntry(
        make_title(name, UNNAMED),
        language if language in LANGUAGES else None,
        held.document,
        folder="" if filename in told else "/".join(folders),
        edited_code=held.edited_code,
        was_recoded=was_recoded,
    )


def distinct_names(entries: Iterable[ArchiveEntry]) -> list[ArchiveEntry]:
    """Entries with distinct names: those that share one get the folder into it that they lie in."""
    found = list(entries)
    times = Counter(entry.name for entry in found)
    return [
        replace(entry, name=_name_in_folder(entry))
        if times[entry.name] > 1 and entry.folder
        else entry
        for entry in found
    ]


def _name_in_folder(entry: ArchiveEntry) -> str:
    room = LONGEST - len(entry.name) - 1
    # The end of a long path tells more than its beginning.
    return make_title(f"{entry.folder[-room:]}/{entry.name}" if room > 0 else entry.name, UNNAMED)
