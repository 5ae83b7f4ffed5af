"""Words of texts and queries in the search; rules W1 to W5."""

import pytest

from jigsaw_service.workspaces.search.contents import block_words
from jigsaw_service.workspaces.search.words import (
    LONGEST,
    endings_in,
    query_words,
    type_word,
    words_in,
)


def begins(query: str) -> list[str]:
    return [begin for word in query_words(query) for begin in word.begins]


def finds(query: str, text: str) -> bool:
    words = list(words_in(text))
    return all(any(word.startswith(begin) for word in words) for begin in begins(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ECOLE", "l’école"),
        ("école", "ECOLE"),
        ("strasse", "Straße"),
        ("ﬁsh", "fish"),
        ("istanbul", "İSTANBUL"),
        ("محمد", "مُحَمَّد"),
        ("احمد", "أحمد"),
        ("кот", "КОТ"),
    ],
)
def test_w1_case_accents_and_forms_make_no_difference(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize("query", ['"draw" OR *', "draw* NOT", "-draw", "draw'):*", "dra^w:or"])
def test_w2_a_query_has_no_syntax(query: str) -> None:
    assert all(begin.isalnum() for begin in begins(query))


@pytest.mark.parametrize("query", ["", "   ", '"*"', "🎉", "\x00", "()"])
def test_w2_signs_alone_are_no_word(query: str) -> None:
    assert query_words(query) == []


def test_w3_a_word_is_found_by_its_beginning_and_by_its_humps() -> None:
    assert finds("foo", "football")
    assert not finds("ball", "football")
    assert finds("circle", "drawCircle") and finds("drawci", "drawCircle")
    assert finds("if", "controls_if")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("世界", "你好世界"),
        ("你好世界和平", "大家你好世界和平吧"),
        ("界", "你好世界abc"),
        ("カナ", "カタカナ"),
        ("ไทย", "ภาษาไทยง่าย"),
    ],
)
def test_w4_any_run_is_found_where_words_have_no_space_between(query: str, text: str) -> None:
    assert finds(query, text)
    assert not finds(f"{query}世", text)


def test_w5_all_words_must_be_there() -> None:
    assert finds("red ball", "a ball, and it is red")
    assert not finds("red ball", "a red car")


def test_names_are_found_by_any_part() -> None:
    assert {"maze", "aze", "ze"} <= set(endings_in("Maze"))


def test_words_that_never_end_are_cut() -> None:
    assert finds("x" * 300, "x" * 200)
    assert max(map(len, words_in("x" * 200))) == LONGEST


def test_the_words_of_blocks_are_what_people_wrote_and_the_types() -> None:
    xml = """<xml><variables><variable id="v">Speed</variable></variables>
      <block type="procedures_defnoreturn"><mutation><arg name="sideLength"/></mutation>
        <field name="NAME">spiral</field><comment>Nautilus</comment>
        <statement name="STACK"><block type="text"><field name="TEXT">Hallo</field>
          <data>extra</data></block></statement>
      </block><comment>a note</comment></xml>"""

    words = block_words(xml.encode()).split(" ")

    assert {"speed", "spiral", "nautilus", "hallo", "extra", "note", "sidelength"} <= set(words)
    assert {"length", "procedures", type_word("text")} <= set(words)
    assert not {"name", "stack", "xml", "field"} & set(words)
