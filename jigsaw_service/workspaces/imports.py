"""Rules of imports: a file comes in parts, and becomes workspaces when it is whole.

I1  Parts are numbered from 0, may come in any order, and again.
I2  A part is small enough for a proxy's default limit on bodies; all together
    stay within the limit on imports.
I3  The file is XML, Blockly's JSON, a file of another app (`foreign_files.py`), a notebook
    that holds the blocks it was made from, or a zip of XML and notebooks; there a folder
    names the language (`python/Maze.xml`), and the zip of an export
    tells all names. All of it is imported, or nothing.
    A file whose byte order mark says UTF-16 or UTF-32 becomes UTF-8, and the answer says so.
I4  A zip is unpacked in memory, entry by entry, and never beyond the limits;
    names in it are names of workspaces, never paths.
I5  Finishing again gives the same workspaces as the first time.
I6  What is refused, or fails, is over, and nothing of it is kept; what can be mended goes on:
    a part that is missing, a service that is not ready.
I7  Nobody is locked out: where too many were begun and not finished, the oldest gives way.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..document.names import make_title
from ..document.notebook_file import is_notebook, read_notebook
from ..document.revisions import Document, RevisionKind, read_document
from ..errors import Conflict, NotFound, TooLarge
from ..runtime.identity import User
from ..runtime.languages import language_named
from ..runtime.limits import Limits
from ..runtime.roles import Action
from ..storage.tables import Import, ImportPart
from . import archive, store
from .encodings import as_utf8
from .foreign_files import open_foreign
from .store import Found, new_id

_KEEP = timedelta(hours=24)
_DEFAULT_NAME = archive.UNNAMED
_DEFAULT_LANGUAGE = "python"


async def begin(
    db: AsyncSession, user: User, *, name: str | None, language: str | None, limits: Limits
) -> Import:
    """An import without parts; what was begun too long ago, or too often, gives way."""
    if language:
        language_named(language)
    yesterday = datetime.now(timezone.utc) - _KEEP
    unfinished = await db.scalars(
        select(Import.id)
        .where(Import.owner_id == user.id, Import.made.is_(None))
        .order_by(Import.created.desc(), Import.id)
    )
    too_many = unfinished.all()[max(0, limits.imports_per_user - 1) :]
    await db.execute(
        delete(Import).where(
            Import.owner_id == user.id, or_(Import.created < yesterday, Import.id.in_(too_many))
        )
    )
    new = Import(
        id=new_id(),
        owner_id=user.id,
        name=name and make_title(name, _DEFAULT_NAME),
        language=language,
        created=datetime.now(timezone.utc),
    )
    db.add(new)
    await db.flush()
    return new


async def _find(db: AsyncSession, user: User, import_id: str) -> Import:
    """The caller's own import; locked, so that its parts are counted one at a time."""
    found = await db.get(Import, import_id, with_for_update=True)
    if found is None or found.owner_id != user.id:
        raise NotFound("There is no such import of yours, or it is over. Begin another.")
    return found


async def end(db: AsyncSession, user: User, import_id: str) -> None:
    """Forget an import and its parts; the workspaces it became stay."""
    await db.delete(await _find(db, user, import_id))


async def put_part(
    db: AsyncSession, user: User, import_id: str, number: int, data: bytes, *, limits: Limits
) -> None:
    """Keep part `number`; a part that is there already is replaced."""
    found = await _find(db, user, import_id)
    if found.made is not None:
        raise Conflict("The import is finished; begin another.")
    others = await db.scalar(
        select(func.sum(func.length(ImportPart.data))).where(
            ImportPart.import_id == import_id, ImportPart.number != number
        )
    )
    if (others or 0) + len(data) > limits.import_bytes:
        raise TooLarge(
            f"An import may have {limits.import_bytes} bytes.", limit=limits.import_bytes
        )
    await db.merge(ImportPart(import_id=import_id, number=number, data=data))


@dataclass(frozen=True)
class Program:
    """A workspace to be."""

    name: str
    language: str
    document: Document
    edited_code: str | None = None
    """Code of a notebook whose code was edited since its export: it isn't in the blocks."""
    was_recoded: bool = False
    """True if the file was in UTF-16 or UTF-32."""


async def whole(db: AsyncSession, user: User, import_id: str) -> tuple[Import, bytes]:
    """The import and all its bytes, none if it is finished; Conflict when a part is missing."""
    found = await _find(db, user, import_id)
    rows = await db.execute(
        select(ImportPart.number, ImportPart.data)
        .where(ImportPart.import_id == import_id)
        .order_by(ImportPart.number)
    )
    parts = dict(rows.all())
    missing = sorted(set(range(max(parts, default=0) + 1)) - set(parts))
    if missing and found.made is None:
        raise Conflict(f"Parts are missing: {missing[:10]}.", missing=missing[:10])
    return found, b"".join(parts.values())


def programs(found: Import, data: bytes, limits: Limits) -> list[Program]:
    """Programs in the file, all of them checked. Takes a while: to be called off the loop."""
    if archive.is_zip(data):
        return _read(found, data, limits)
    data, was_recoded = as_utf8(data)
    return [replace(one, was_recoded=was_recoded) for one in _read(found, data, limits)]


def _read(found: Import, data: bytes, limits: Limits) -> list[Program]:
    fallback = found.language or _DEFAULT_LANGUAGE
    if not data:
        return []
    if (opened := open_foreign(data, limits)) is not None:
        names = [make_title(one.name or found.name or "", _DEFAULT_NAME) for one in opened]
        return [
            Program(name, fallback, one.document) for name, one in zip(names, opened, strict=True)
        ]
    if is_notebook(data):
        held = read_notebook(data, limits.workspace_bytes)
        name = make_title(held.name or found.name or "", _DEFAULT_NAME)
        return [Program(name, held.language or fallback, held.document, held.edited_code)]
    if not archive.is_zip(data):
        document = read_document(data, limits.workspace_bytes)
        return [Program(found.name or _DEFAULT_NAME, fallback, document)]
    entries = archive.entries(
        data,
        workspace_bytes=limits.workspace_bytes,
        total_bytes=limits.import_bytes,
        most=limits.import_entries,
    )
    return [
        Program(
            entry.name,
            entry.language or fallback,
            entry.document,
            entry.edited_code,
            entry.was_recoded,
        )
        for entry in archive.distinct_names(entries)
    ]


async def finish(
    db: AsyncSession, user: User, import_id: str, made_of: list[Program], *, limits: Limits
) -> list[Found]:
    """Make workspaces of what the file held, once."""
    found = await _find(db, user, import_id)
    if found.made is not None:
        made = found.made.split()
        return [await store.find(db, user, one, Action.READ) for one in made]
    new = await make(db, user, made_of, limits=limits)
    found.made = " ".join(one.workspace.id for one in new)
    await db.execute(delete(ImportPart).where(ImportPart.import_id == import_id))
    return new


async def make(
    db: AsyncSession, user: User, programs: list[Program], *, limits: Limits
) -> list[Found]:
    """Workspaces of `user` that hold these."""
    return [
        await store.create(
            db,
            user,
            name=program.name,
            language=program.language,
            limits=limits,
            document=program.document,
            kind=RevisionKind.IMPORT,
        )
        for program in programs
    ]
