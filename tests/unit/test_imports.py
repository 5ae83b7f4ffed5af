"""Imports: parts in any order, zips within bounds; rules I1 to I5."""

import dataclasses
import io
import json
import zipfile

import pytest
from sqlalchemy import select

from jigsaw_service.document import revisions
from jigsaw_service.errors import (
    Conflict,
    InvalidImport,
    InvalidWorkspace,
    JigsawError,
    NotFound,
    TooLarge,
)
from jigsaw_service.runtime.identity import User
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.runtime.roles import Action
from jigsaw_service.storage.database import Database
from jigsaw_service.storage.tables import Import, ImportPart
from jigsaw_service.workspaces import archive, imports, store
from jigsaw_service.workspaces.store import Found

from .conftest import LIMITS, program

XML = program("a").xml


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return data.getvalue()


async def begin(database: Database, user: User, name: str | None = None) -> str:
    async with database.write() as db:
        return (await imports.begin(db, user, name=name, language=None, limits=LIMITS)).id


async def put(
    database: Database, user: User, begun: str, number: int, data: bytes, limits: Limits = LIMITS
) -> None:
    async with database.write() as db:
        await imports.put_part(db, user, begun, number, data, limits=limits)


async def finish(database: Database, user: User, begun: str) -> list[Found]:
    async with database.read() as db:
        found, data = await imports.whole(db, user, begun)
    programs = imports.programs(found, data, LIMITS)
    async with database.write() as db:
        return await imports.finish(db, user, begun, programs, limits=LIMITS)


def entries(data: bytes, **limits: int) -> list[archive.ArchiveEntry]:
    given = {"workspace_bytes": 10_000, "total_bytes": 20_000, "most": 10} | limits
    return list(archive.entries(data, **given))


async def test_i1_parts_come_in_any_order_and_again(database: Database, alice: User) -> None:
    begun = await begin(database, alice, "Maze")
    for number, data in (1, XML[10:]), (0, b"wrong"), (0, XML[:10]), (1, XML[10:]):
        await put(database, alice, begun, number, data)
    (made,) = await finish(database, alice, begun)

    async with database.read() as db:
        found = await store.find(db, alice, made.workspace.id, Action.DELETE)
        assert (await revisions.head(db, found.workspace)).xml == XML
    assert (found.workspace.name, found.workspace.language) == ("Maze", "python")


async def test_i1_a_missing_part_is_named(database: Database, alice: User) -> None:
    begun = await begin(database, alice)
    await put(database, alice, begun, 2, XML)

    with pytest.raises(Conflict) as refused:
        await finish(database, alice, begun)
    assert refused.value.members == {"missing": [0, 1]}


async def test_i2_all_parts_together_stay_within_the_limit(database: Database, alice: User) -> None:
    limits = dataclasses.replace(LIMITS, import_bytes=10)
    begun = await begin(database, alice)
    await put(database, alice, begun, 0, b"12345678", limits)
    await put(database, alice, begun, 0, b"1234567890", limits)

    with pytest.raises(TooLarge):
        await put(database, alice, begun, 1, b"1", limits)


async def test_i7_the_oldest_of_too_many_gives_way(database: Database, alice: User) -> None:
    begun = [await begin(database, alice, f"{n}") for n in range(LIMITS.imports_per_user)]
    for one in begun:
        await put(database, alice, one, 0, XML)
    (kept,) = await finish(database, alice, begun[0])

    newest = [await begin(database, alice) for _ in range(2)]

    with pytest.raises(NotFound, match="it is over"):
        await put(database, alice, begun[1], 1, XML)
    for one in *begun[2:], *newest:
        await put(database, alice, one, 0, XML)
        assert await finish(database, alice, one)
    assert (await finish(database, alice, begun[0]))[0].workspace.id == kept.workspace.id
    async with database.read() as db:
        assert not (await db.scalars(select(ImportPart.number))).all()


async def test_i7_others_imports_are_left_alone(database: Database, alice: User, bob: User) -> None:
    bobs = await begin(database, bob)
    for _ in range(2 * LIMITS.imports_per_user):
        await begin(database, alice)
    await put(database, bob, bobs, 0, XML)

    assert await finish(database, bob, bobs)


async def test_i6_an_import_can_be_given_up(database: Database, alice: User, bob: User) -> None:
    begun = await begin(database, alice)
    await put(database, alice, begun, 0, XML)
    with pytest.raises(NotFound):
        async with database.write() as db:
            await imports.end(db, bob, begun)

    async with database.write() as db:
        await imports.end(db, alice, begun)

    with pytest.raises(NotFound):
        await finish(database, alice, begun)
    async with database.read() as db:
        assert not (await db.scalars(select(ImportPart.number))).all()


async def test_an_import_is_its_makers_alone(database: Database, alice: User, bob: User) -> None:
    begun = await begin(database, alice)

    with pytest.raises(NotFound):
        await put(database, bob, begun, 0, XML)
    with pytest.raises(NotFound):
        await finish(database, bob, begun)


async def test_i3_a_zip_becomes_a_workspace_for_each_file(database: Database, alice: User) -> None:
    data = zip_of(
        {
            "python/Maze.xml": XML,
            "processing/": b"",
            "processing/Dots.xml": XML,
            "elsewhere/Été.XML": XML,
            "__MACOSX/._Maze.xml": b"clutter",
            ".DS_Store": b"clutter",
        }
    )
    begun = await begin(database, alice)
    await put(database, alice, begun, 0, data)
    made = await finish(database, alice, begun)

    assert [(one.workspace.name, one.workspace.language) for one in made] == [
        ("Maze", "python"),
        ("Dots", "processing"),
        ("Été", "python"),
    ]


async def test_i3_files_of_one_name_keep_their_folder_in_it(
    database: Database, alice: User
) -> None:
    data = zip_of(
        {
            "7b/alice/Maze.xml": XML,
            "7b/bob/Maze.xml": XML,
            "Maze.xml": XML,
            "7b/bob/Dots.xml": XML,
            "7b/alice/a.ipynb": notebook(XML.decode(), name="Boat"),
            "7b/bob/b.ipynb": notebook(XML.decode(), name="Boat"),
            "x" * 400 + "/end/Boat.xml": XML,
        }
    )
    begun = await begin(database, alice)
    await put(database, alice, begun, 0, data)
    names = [one.workspace.name for one in await finish(database, alice, begun)]

    assert names[:6] == [
        "7b/alice/Maze",
        "7b/bob/Maze",
        "Maze",
        "Dots",
        "7b/alice/Boat",
        "7b/bob/Boat",
    ]
    assert names[6].endswith("x/end/Boat") and len(names[6]) == 200


async def test_i3_any_file_name_makes_a_name(database: Database, alice: User) -> None:
    for said, name in (
        ("\u202eevil\u202c", "evil"),
        ("a\x00b\n", "ab"),
        ("\u200b\u3164 ", "Imported"),
        ("n" * 500, "n" * 200),
    ):
        begun = await begin(database, alice, said)
        await put(database, alice, begun, 0, XML)
        (made,) = await finish(database, alice, begun)
        assert made.workspace.name == name


def notebook(xml: object, **more: object) -> bytes:
    return json.dumps({"cells": [], "metadata": {"jigsaw": {"xml": xml, **more}}}).encode()


async def test_i3_a_notebook_brings_its_blocks_its_name_and_its_language(
    database: Database, alice: User
) -> None:
    told = notebook(XML.decode(), name="Dots/1", language="processing")
    for data, expected in (
        (told, ("Dots/1", "processing")),
        (b"\xef\xbb\xbf\n" + told, ("Dots/1", "processing")),
        (notebook(XML.decode(), name=3, language="cobol"), ("File", "python")),
        (zip_of({"processing/a.ipynb": notebook(XML.decode())}), ("a", "processing")),
        (zip_of({"python/a.ipynb": told}), ("Dots/1", "processing")),
    ):
        begun = await begin(database, alice, "File")
        await put(database, alice, begun, 0, data)
        (made,) = await finish(database, alice, begun)
        assert (made.workspace.name, made.workspace.language) == expected
        async with database.read() as db:
            assert (await revisions.head(db, made.workspace)).xml == XML


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"{}",
        b"[" * 100_000,
        b'{"metadata":' * 100_000,
        b'{"metadata": []}',
        b'{"metadata": {"jigsaw": "xml"}}',
        notebook(None),
        notebook("\ud800"),
        notebook("<html/>"),
        notebook("<xml>" + " " * 20_000 + "</xml>"),
        b'{"metadata": {"jigsaw": {"xml": "\xff"}}}',
    ],
)
def test_i3_a_notebook_without_blocks_that_can_be_kept_is_refused_in_words(data: bytes) -> None:
    limits = dataclasses.replace(LIMITS, workspace_bytes=10_000)
    with pytest.raises((InvalidImport, InvalidWorkspace, TooLarge)):
        imports.programs(Import(name=None, language=None), data, limits)
    with pytest.raises((InvalidImport, InvalidWorkspace, TooLarge)) as refused:
        entries(zip_of({"a.ipynb": data}))
    assert refused.value.members["entry"] == "a.ipynb" or isinstance(refused.value, TooLarge)


@pytest.mark.parametrize(
    "told", [b"", b"[]", b"{}", b'{"workspaces": [1]}', b'{"workspaces": [{"file": "a.xml"}]}']
)
def test_i3_names_that_are_told_wrongly_are_refused(told: bytes) -> None:
    with pytest.raises(InvalidImport) as refused:
        entries(zip_of({"a.xml": XML, archive.NAMES: told}))
    assert refused.value.members == {"entry": archive.NAMES}


def test_i3_names_that_are_told_are_made_plain() -> None:
    told = {"file": "a.xml", "name": "\u2028../b\x00\n", "language": "cobol"}
    data = zip_of({"a.xml": XML, archive.NAMES: json.dumps({"workspaces": [told]}).encode()})

    (entry,) = entries(data)

    assert (entry.name, entry.language) == ("../b", None)


async def test_i3_one_bad_file_keeps_all_out_and_is_named(database: Database, alice: User) -> None:
    begun = await begin(database, alice)
    await put(database, alice, begun, 0, zip_of({"a.xml": XML, "b.xml": b"<html/>"}))

    with pytest.raises(InvalidWorkspace) as refused:
        await finish(database, alice, begun)
    assert refused.value.members["entry"] == "b.xml"
    assert refused.value.members["line"] == 1


def test_i4_a_bomb_is_refused_while_it_unpacks() -> None:
    one = zip_of({"a.xml": b" " * 10_000_000})
    several = zip_of({f"{n}.xml": b"<xml>" + b" " * 9_000 + b"</xml>" for n in range(3)})

    assert len(one) < 11_000
    for bomb in one, several:
        with pytest.raises(TooLarge):
            entries(bomb)


def test_i4_a_zip_that_lies_about_a_size_is_refused() -> None:
    data = zip_of({"a.xml": b" " * 50_000})
    lie = data.replace((50_000).to_bytes(4, "little"), (5).to_bytes(4, "little"))

    assert lie != data
    with pytest.raises(JigsawError):
        entries(lie)


def test_i4_a_table_of_very_many_files_is_not_even_read() -> None:
    with pytest.raises(TooLarge):
        entries(zip_of({}) + archive._ENTRY * 1000)


def test_i4_too_many_files_are_too_large() -> None:
    with pytest.raises(TooLarge):
        entries(zip_of({f"{n}.xml": XML for n in range(11)}))


@pytest.mark.parametrize(
    "name", ["../a.xml", "a/../../b.xml", "/etc/a.xml", "..\\a.xml", "\\a.xml", "a.txt", "a"]
)
def test_i4_names_that_lead_out_or_are_no_workspaces_are_refused(name: str) -> None:
    with pytest.raises(InvalidImport):
        entries(zip_of({name: XML}))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b\\c.xml", "c"),
        ("deep/er/x.xml", "x"),
        (".xml", "Imported"),
        ("x" * 300 + ".xml", "x" * 200),
    ],
)
def test_i4_paths_become_plain_names(path: str, name: str) -> None:
    assert [entry.name for entry in entries(zip_of({path: XML}))] == [name]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and nothing more",
        zip_of({}),
        zip_of({"a.xml": XML})[:-30],
        zip_of({"a.xml": XML}, zipfile.ZIP_LZMA),
        zip_of({"a.xml": XML}).replace(b"PK\x01\x02", b"PK\x01\x03"),
    ],
)
def test_i4_damaged_and_strange_zips_are_refused_in_words(data: bytes) -> None:
    assert archive.is_zip(data)
    with pytest.raises(InvalidImport):
        entries(data)


async def test_i5_finishing_again_gives_the_same_workspaces(
    database: Database, alice: User
) -> None:
    begun = await begin(database, alice)
    await put(database, alice, begun, 0, XML)
    first = await finish(database, alice, begun)
    again = await finish(database, alice, begun)

    assert [one.workspace.id for one in again] == [one.workspace.id for one in first]
    with pytest.raises(Conflict):
        await put(database, alice, begun, 1, XML)


async def test_an_import_without_parts_is_refused(database: Database, alice: User) -> None:
    begun = await begin(database, alice)

    with pytest.raises(Conflict):
        await finish(database, alice, begun)
