"""The validator: what it keeps, what it refuses, and where it says the fault is."""

from pathlib import Path

import pytest

from jigsaw_service.document import validation
from jigsaw_service.document.validation import inspect
from jigsaw_service.errors import InvalidWorkspace, TooLarge

WORKSPACES = Path(__file__).parents[1] / "workspaces"
NEGATIVE = {"blockly_invalid.xml"}
FILES = sorted(path.name for path in WORKSPACES.glob("*.xml") if path.name not in NEGATIVE)


def block(inside: str = "", attributes: str = "") -> bytes:
    return f'<xml><block type="t" {attributes}>{inside}</block></xml>'.encode()


def stack(statements: int) -> bytes:
    inside = '<block type="t"><next>' * (statements - 1) + '<block type="t"/>'
    return f"<xml>{inside}{'</next></block>' * (statements - 1)}</xml>".encode()


@pytest.mark.parametrize("name", FILES)
def test_real_files_of_ten_years_are_kept(name: str) -> None:
    assert inspect((WORKSPACES / name).read_bytes()).blocks > 0


def test_x1_a_byte_order_mark_and_a_declaration_are_fine() -> None:
    assert inspect(b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><xml/>').blocks == 0


@pytest.mark.parametrize(
    "xml",
    [
        b'<?xml version="1.0" encoding="latin-1"?><xml/>',
        "<xml/>".encode("utf-16"),
        "<xml/>".encode("utf-16-le"),
        "<xml/>".encode("utf-16-be"),
        '<?xml version="1.0" encoding="UTF-16"?><xml/>'.encode("utf-16-le"),
        "\n<xml/>".encode("utf-16-le"),
        "<xml/>".encode("utf-32"),
        "<xml/>".encode("utf-32-le"),
        "<xml/>".encode("utf-32-be"),
        b"<xml>\xff</xml>",
        b"<xml>\xed\xa0\x80</xml>",
    ],
)
def test_x1_other_encodings_are_refused(xml: bytes) -> None:
    with pytest.raises(InvalidWorkspace, match="UTF-8"):
        inspect(xml)


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<xml>",
        b"<xml/><xml/>",
        b"<xml>&nbsp;</xml>",
        b"<xml>\x01</xml>",
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>',
        b"<!DOCTYPE xml><xml/>",
        b"<xml><?php echo 1 ?></xml>",
    ],
)
def test_x2_ill_formed_documents_and_document_types_are_refused(xml: bytes) -> None:
    with pytest.raises(InvalidWorkspace):
        inspect(xml)


@pytest.mark.parametrize(
    "xml",
    [
        b"<html/>",
        b"<XML/>",
        b'<xml><script>alert("1")</script></xml>',
        b'<xml><value name="A"/></xml>',
        b'<xml><field name="MODE"><block type="t"/></field></xml>',
        b"<xml><foo><Script/></foo><SCRIPT/></xml>",
        b'<xml><variables><variable id="v">a<b/></variable></variables></xml>',
        block("<next><note/></next>"),
        block('<block type="t"/>'),
    ],
)
def test_x3_only_blocklys_vocabulary_in_its_place(xml: bytes) -> None:
    with pytest.raises(InvalidWorkspace):
        inspect(xml)


@pytest.mark.parametrize(
    "xml",
    [
        b'<xml xmlns="http://www.w3.org/1999/xhtml"><toolbox><block/></toolbox></xml>',
        b'<xml><yacodeblocks ya-version="208"/></xml>',
        b'<xml xmlns:s="urn:s"><s:block s:x="1e9" id="' + b"i" * 65 + b'"/></xml>',
        b'<xml xmlns="urn:other"><block xmlns="" type="t"/></xml>',
        block('<note xmlns="urn:n">a <b>c</b></note><value name="A"><hint/></value>'),
        block('<field name="F"><b>bold</b></field><comment><i/></comment><data><d/></data>'),
    ],
)
def test_x3_elements_of_others_are_kept_and_not_looked_into(xml: bytes) -> None:
    assert inspect(xml).blocks == xml.count(b'type="t"')


def test_x3_names_in_namespaces_are_few_and_short() -> None:
    inspect(b'<xml xmlns:p="u">' + b"<p:a/>" * 5000 + b"</xml>")
    with pytest.raises(InvalidWorkspace, match="More than 5000"):
        inspect(b'<xml xmlns:p="u">' + b'<block type="t" p:a="1"/>' * 4000 + b"<p:a/>" * 1001)
    with pytest.raises(InvalidWorkspace, match="more than 200 characters"):
        inspect(b'<xml xmlns:p="' + b"u" * 200 + b'"/>')


def test_x3_fields_may_be_called_titles_as_until_2013() -> None:
    assert inspect(block('<title name="NUM">1</title>')).types == {"t"}


def test_x3_a_mutation_may_hold_anything() -> None:
    assert inspect(block('<mutation><arg name="x"><deep>a</deep></arg></mutation>')).blocks == 1


def test_x4_a_thousand_statements_fit_where_a_thousand_and_one_do_not() -> None:
    longest = (validation.MAX_DEPTH - 1) // 2

    assert inspect(stack(longest)).blocks == longest
    with pytest.raises(InvalidWorkspace, match="nested too deeply"):
        inspect(stack(longest + 2))


def test_x4_too_many_blocks_are_refused() -> None:
    one = b'<block type="t"/>'
    assert inspect(b"<xml>" + one * 5000 + b"</xml>").blocks == 5000

    with pytest.raises(InvalidWorkspace, match="more than 5000 blocks"):
        inspect(b"<xml>" + one * 5001 + b"</xml>")


@pytest.mark.parametrize(
    "inside",
    [
        "<next/><next/>",
        '<value name="A"><block type="a"/><block type="b"/></value>',
        '<statement name="A"><shadow type="a"/><shadow type="b"/></statement>',
    ],
)
def test_x5_a_place_holds_one_block(inside: str) -> None:
    with pytest.raises(InvalidWorkspace, match="can hold only one"):
        inspect(block(inside))


def test_x5_a_shadow_may_lie_behind_a_block() -> None:
    inside = '<value name="A"><shadow type="a"/><block type="b"/></value>'
    assert inspect(block(inside)).blocks == 3


@pytest.mark.parametrize("kind", ["", "#comment", "a&#10;b", "x" * 129, "a&#x2028;b"])
def test_x5_every_block_needs_a_type(kind: str) -> None:
    with pytest.raises(InvalidWorkspace, match="needs a type"):
        inspect(f'<xml><block type="{kind}"/></xml>'.encode())


@pytest.mark.parametrize(
    "kind", ["control_pid.__init__", "pxt-on-start", "a:b$c", "a b", "一/二", "+"]
)
def test_x5_types_of_real_editors_are_kept(kind: str) -> None:
    assert inspect(f'<xml><block type="{kind}"/></xml>'.encode()).types == {kind}


@pytest.mark.parametrize(
    "attribute",
    ['items="501"', 'items="-1"', 'items="100000000x"', f'else="{"9" * 5000}"', 'elseif="501"'],
)
def test_x6_hostile_counts_are_refused(attribute: str) -> None:
    with pytest.raises(InvalidWorkspace, match="mutation"):
        inspect(block(f"<mutation {attribute}/>"))


@pytest.mark.parametrize(
    "attribute", ['items="500"', 'name="1000"', 'baud="115200"', 'rolloff="-1200"', 'at="false"']
)
def test_x6_honest_mutations_are_kept(attribute: str) -> None:
    assert inspect(block(f"<mutation {attribute}/>")).blocks == 1


def test_x6_a_mutation_has_a_bounded_number_of_children() -> None:
    with pytest.raises(InvalidWorkspace, match="more than 200 parts"):
        inspect(block("<mutation>" + "<arg/>" * 201 + "</mutation>"))


@pytest.mark.parametrize("text", ["hi&#13;import os", "&#xD;"])
def test_x7_control_characters_are_refused_in_texts_and_attributes(text: str) -> None:
    for xml in block(f"<comment>{text}</comment>"), block("", f'id="{text}"'):
        with pytest.raises(InvalidWorkspace, match="control character"):
            inspect(xml)


def test_x7_line_ends_of_windows_and_tabs_are_fine() -> None:
    assert inspect(block("<comment>a\r\nb\tc</comment>\r\n")).blocks == 1


def test_x7_a_long_text_is_refused_even_when_comments_cut_it() -> None:
    text = "<!-- -->".join(["x" * 1000] * 66)
    with pytest.raises(InvalidWorkspace, match="more than 65536 characters"):
        inspect(block(f"<comment>{text}</comment>"))


@pytest.mark.parametrize("x", ["1e15", "-1000001", "1000000.5px", "1e400", "9" * 400])
def test_x8_far_away_blocks_are_refused(x: str) -> None:
    with pytest.raises(InvalidWorkspace, match="must be a number"):
        inspect(block("", f'x="{x}"'))


@pytest.mark.parametrize("x", ["Infinity", "NaN", "left", "", "12,5", "10px"])
def test_x8_what_is_no_number_is_no_place(x: str) -> None:
    assert inspect(block("", f'x="{x}"')).blocks == 1


def test_bytes_over_the_limit_are_too_large() -> None:
    with pytest.raises(TooLarge):
        inspect(b"<xml/>", max_bytes=5)


def test_a_fault_is_told_with_its_line_and_column() -> None:
    with pytest.raises(InvalidWorkspace) as refused:
        inspect('<xml>\n  <block type="t"/>\n  é<value/>\n</xml>'.encode())

    assert refused.value.members == {"line": 3, "column": 4}
    with pytest.raises(InvalidWorkspace) as refused:
        inspect("<xml>\né".encode() + b"\xff")
    assert refused.value.members == {"line": 2, "column": 2}
