"""Names: one line, with something to be seen in it, read in one direction."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigsaw_service.document.names import LONGEST, PATTERN, make_title, read_name, read_title

UNSEEN = [
    "",
    " ",
    "\u00a0\u2003",
    "\u200b",
    "\u200b\u200c\u200d\ufeff",
    "\u2060\u00ad",
    "\u3164",
    "\u115f\u1160",
    "\uffa0",
    "\u2800\u2800",
    "\u034f\ufe0f",
    "\U000e0041",
    "\u202e\u202c",
    "\u180e",
    "\u061c",
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "\u0301",
    "\u0300\u036f \u20dd\ufe20\u1ab0\u1dc0",
    "\ufff9\ufffa\ufffb",
    "\U000e0061\U000e007f",
    "\U000e0100",
    "\U0001d159",
    "\u200b" * 100_000,
]


@pytest.mark.parametrize("text", UNSEEN)
def test_a_name_in_which_there_is_nothing_to_see_is_refused(text: str) -> None:
    for read in read_name, read_title:
        with pytest.raises(ValueError, match="at least one letter"):
            read(text)
    assert not re.search(PATTERN, text)
    assert make_title(text, "Imported") == "Imported"


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", "a\u2028b", "\ud800", "\x85a"])
def test_controls_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control"):
        read_title(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\u202egnp.exe", "gnp.exe"),
        ("a\u202ab\u202cc", "abc"),
        ("\u2066x\u2069", "x"),
        ("\u2067\u2068 x", "x"),
        ("متاهة", "متاهة"),
        ("👩\u200d🚀 ship", "👩\u200d🚀 ship"),
        ("❤️", "❤️"),
        ("e\u0301", "e\u0301"),
        ("\u200fسلام\u200e", "\u200fسلام\u200e"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e007f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (" Été ", "Été"),
    ],
)
def test_a_title_does_not_turn_what_stands_beside_it(text: str, title: str) -> None:
    assert read_title(text) == title == make_title(text, "Imported")
    assert re.search(PATTERN, text)


@given(st.text(max_size=300))
def test_any_text_makes_a_title_that_is_one(text: str) -> None:
    title = make_title(text, "Imported")

    assert read_title(title) == title and len(title) <= LONGEST
