"""Any zip: it is imported within the limits or refused in words."""

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from jigsaw_service.errors import InvalidImport, InvalidWorkspace, TooLarge
from jigsaw_service.workspaces import archive

XML = b'<xml><block type="t"/></xml>'


def zip_of(names: list[str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, XML)
    return data.getvalue()


GOOD = zip_of(["python/a.xml", "b.xml"])


def judge(data: bytes) -> list[archive.ArchiveEntry]:
    try:
        return list(archive.entries(data, workspace_bytes=1000, total_bytes=3000, most=5))
    except (InvalidImport, InvalidWorkspace, TooLarge):
        return []


@given(st.integers(0, len(GOOD)), st.integers(0, 8), st.binary(max_size=8))
def test_damaged_zips_never_surprise(at: int, cut: int, put: bytes) -> None:
    for entry in judge(GOOD[:at] + put + GOOD[at + cut :]):
        assert entry.document.xml == XML


@given(st.binary(max_size=300))
def test_arbitrary_bytes_after_a_zips_beginning_are_refused(data: bytes) -> None:
    assert judge(b"PK\x03\x04" + data) == []


@given(st.lists(st.text(max_size=20).map(lambda name: name + ".xml"), max_size=4, unique=True))
def test_any_names_become_plain_ones(names: list[str]) -> None:
    names = [name for name in names if "\x00" not in name and name.isprintable()]
    for entry in judge(zip_of(names)):
        assert entry.name.strip() == entry.name != ""
        assert not set(entry.name) & set("/\\\x00\n")
