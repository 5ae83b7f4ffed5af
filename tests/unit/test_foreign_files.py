"""Files of other apps: the blocks in them, or a sentence that says what to do instead."""

import io
import json
import lzma
import zipfile

import pytest

from jigsaw_service.errors import InvalidImport, InvalidWorkspace, TooLarge
from jigsaw_service.runtime.limits import Limits
from jigsaw_service.workspaces.foreign_files import open_foreign

XML = '<xml xmlns="http://www.w3.org/1999/xhtml"><block type="component_event" id="a"/></xml>'
LIMITS = Limits(workspace_bytes=10_000)


def zipped(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return data.getvalue()


def makecode(files: dict[str, str], packed: bool = True) -> bytes:
    project = json.dumps({"meta": {"name": "Dice"}, "source": json.dumps(files)}).encode()
    return lzma.compress(project, lzma.FORMAT_ALONE) if packed else project


def test_blocklys_json_is_opened_as_it_is_and_in_jupyterlabs_wrapping() -> None:
    workspace = {"blocks": {"languageVersion": 0, "blocks": [{"type": "text", "id": "a"}]}}

    for value in workspace, {"workspace": workspace, "toolbox": "default"}:
        opened = open_foreign(b"\xef\xbb\xbf" + json.dumps(value).encode(), LIMITS)
        assert opened and b'<block type="text" id="a">' in opened[0].document.xml


def test_each_screen_of_an_app_inventor_project_is_opened_byte_for_byte() -> None:
    with_version = XML.replace("</xml>", '<yacodeblocks ya-version="208"/></xml>')
    data = zipped(
        youngandroidproject__project_dot_properties="main=a.Screen1",
        src__appinventor__ai__a__Screen1_dot_bky=with_version,
        src__appinventor__ai__a__Screen1_dot_scm="#|\n$JSON",
        src__appinventor__ai__a__Menu_dot_bky=XML,
        src__appinventor__ai__a__Empty_dot_bky="",
    )

    opened = open_foreign(data, LIMITS)

    assert opened
    assert [(one.name, one.document.xml.decode()) for one in opened] == [
        ("Screen1", with_version),
        ("Menu", XML),
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_the_blocks_of_a_makecode_project_are_opened(packed: bool) -> None:
    opened = open_foreign(makecode({"main.blocks": XML, "main.ts": ""}, packed), LIMITS)

    assert opened
    assert (opened[0].name, opened[0].document.xml.decode()) == ("Dice", XML)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<block_set xmlns="http://de.fhg.iais.roberta.blockly"/>', "Open Roberta Lab"),
        (b'<?xml version="1.0"?><!-- a --><export><program/></export>', "Open Roberta Lab"),
        (b'\xef\xbb\xbf<project name="a" app="Snap! 9"/>', "Snap!"),
        (b"<HTML><body/></HTML>", "web page"),
        (zipped(project_dot_json="{}", a_dot_svg=""), "Scratch"),
        (b'{"targets": [], "meta": {"semver": "3.0.0"}}', "Scratch"),
        (b"UF2\nWQ]\x9e", "MakeCode"),
        (b":020000040000FA\r\n:10000000C0070000D1060000D1000000B1060000CA", "MakeCode"),
        (makecode({"main.ts": "let a = 1"}), "written as text"),
        (makecode({"main.blocks": XML})[:60], "damaged"),
        (zipped(youngandroidproject__project_dot_properties="main=a"), "no blocks yet"),
        (b'{"blocks": {"blocks": {"type": "text"}}, "variables": [[1]]}', ""),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words_that_help(data: bytes, says: str) -> None:
    if says:
        with pytest.raises(InvalidImport, match=says) as refused:
            open_foreign(data, LIMITS)
        assert refused.value.detail.endswith(".")
    else:
        assert open_foreign(data, LIMITS)


def test_what_unpacks_beyond_the_limits_is_refused() -> None:
    with pytest.raises(TooLarge):
        open_foreign(zipped(a_dot_bky="<xml>" + " " * 20_000 + "</xml>"), LIMITS)
    with pytest.raises(InvalidImport, match="too large"):
        open_foreign(makecode({"main.blocks": XML, "a": "a" * 1_000_000}), LIMITS)
    with pytest.raises(InvalidWorkspace):
        open_foreign(makecode({"main.blocks": "<xml><block/></xml>"}), LIMITS)


def test_a_zip_is_bounded_before_its_table_is_read_and_while_it_unpacks() -> None:
    with pytest.raises(TooLarge):
        open_foreign(zipped(a_dot_bky=XML) + b"PK\x01\x02" * 5000, LIMITS)
    screens = {f"s{n}_dot_bky": "<xml>" + " " * 9_000 + "</xml>" for n in range(5)}
    with pytest.raises(TooLarge):
        open_foreign(zipped(**screens), Limits(workspace_bytes=10_000, import_bytes=20_000))


def test_a_damaged_project_is_left_to_whoever_reads_zips() -> None:
    data = bytearray(zipped(a_dot_bky=XML))
    data[40:60] = bytes(20)

    assert open_foreign(bytes(data), LIMITS) is None


@pytest.mark.parametrize("unit", [b"<!---->", b"<?a?>", b" ", b"<!--", b"<!-- -- "])
def test_no_beginning_of_a_file_takes_long_to_read(unit: bytes) -> None:
    """A second reading of any comment would take the age of the universe."""
    assert open_foreign(unit * 5000, LIMITS) is None


@pytest.mark.parametrize(
    "data", [b"", b"<xml/>", b"{}", b'{"cells": []}', b"[1]", zipped(a_dot_xml=XML), b"PK\x03\x04"]
)
def test_all_else_is_left_to_others(data: bytes) -> None:
    assert open_foreign(data, LIMITS) is None
