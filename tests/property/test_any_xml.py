"""Any bytes: the validator keeps them within the limits or says why not."""

import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jigsaw_service.document import validation
from jigsaw_service.document.validation import Inspection, inspect
from jigsaw_service.errors import InvalidWorkspace, TooLarge

FILES = sorted((Path(__file__).parents[1] / "workspaces").glob("*.xml"))
REAL = [path.read_bytes() for path in FILES] or [b'<xml><block type="t"/></xml>']
PIECES = [
    b"<",
    b">",
    b"/",
    b'"',
    b"&",
    b"&#13;",
    b"\xff",
    b"\x00",
    b"<block",
    b"</block>",
    b'<block type="t">',
    b"<next>",
    b"</next>",
    b"<!--",
    b"]]>",
    b"<?x?>",
    b"<!DOCTYPE x>",
    b' x="1e9"',
    b'items="501"',
    b"\xef\xbb\xbf",
    "é".encode(),
]


def judge(xml: bytes) -> Inspection | None:
    """Inspect; a refusal names the place in plain words, and nothing else is ever raised."""
    try:
        return inspect(xml)
    except TooLarge:
        assert len(xml) > validation.MAX_BYTES
    except InvalidWorkspace as refusal:
        assert refusal.detail.endswith(".")
        assert refusal.members["line"] >= 1
        assert refusal.members["column"] >= 1
    return None


def assert_within_limits(xml: bytes, seen: Inspection) -> None:
    root = ElementTree.fromstring(xml)
    blocks = [e for e in root.iter() if e.tag.rpartition("}")[2] in ("block", "shadow")]
    assert len(blocks) == seen.blocks <= validation.MAX_BLOCKS
    assert {e.get("type") for e in blocks} == seen.types
    assert b"<!DOCTYPE" not in xml or b"<!--" in xml or b"<![CDATA[" in xml
    assert all("\r" not in (e.text or "") for e in root.iter())


@given(st.binary(max_size=400))
@example(b"")
def test_arbitrary_bytes_are_refused_in_words(xml: bytes) -> None:
    seen = judge(xml)

    assert seen is None or seen.blocks == 0


@given(st.lists(st.sampled_from([*PIECES, b"<xml>", b"</xml>", b"a", b" "]), max_size=30))
def test_crumbs_of_xml_never_surprise(pieces: list[bytes]) -> None:
    xml = b"".join(pieces)
    if seen := judge(xml):
        assert_within_limits(xml, seen)


@given(st.sampled_from(REAL), st.data())
def test_damaged_real_files_are_kept_within_limits_or_refused(
    xml: bytes, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(xml)))
        cut = data.draw(st.integers(0, 40))
        xml = xml[:at] + data.draw(st.sampled_from(PIECES)) + xml[at + cut :]

    if seen := judge(xml):
        assert_within_limits(xml, seen)


@pytest.mark.parametrize(
    "unit",
    [
        b"<block type='t'/>",
        b"<!-- -->",
        b" ",
        b"<block type='t'><next>",
        b"<xml>",
        b"&amp;",
        b"&#13;",
        b'<block type="t" a="1" b="2" c="3"/>',
        b"<block type='t'><mutation><a/><a/></mutation></block>",
    ],
)
def test_the_largest_documents_take_a_fraction_of_a_second(unit: bytes) -> None:
    xml = b"<xml>" + unit * (validation.MAX_BYTES // len(unit) - 1) + b"</xml>"

    started = time.perf_counter()
    judge(xml[: validation.MAX_BYTES])
    assert time.perf_counter() - started < 2
