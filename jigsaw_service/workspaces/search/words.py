"""Words of the search: how texts and queries are cut into them.

W1  Case, accents, vowel points and compatibility forms make no difference.
W2  A word is a run of letters and digits; every other sign only separates. So a
    query has no syntax: quotes, stars and operators are nothing, or plain words.
W3  A word is found by its beginning. `drawCircle` begins anew at `Circle`.
W4  In scripts that put no space between words, any run of signs is found.
W5  All the words of a query must be found, each anywhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Of one workspace; the later ones are not found.
MOST_WORDS = 5000
# Longer words are found by this much of them.
LONGEST = 40
_GRAM = 4
_WORDS_IN_QUERY = 16

# Marks that readers leave out: accents, Hebrew points, Arabic vowel signs, and the tatweel.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
# Thai to Myanmar, Khmer, kana, Han; Hangul is written with spaces, but words grow at their end.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Before a block type; no query can hold it, as it is no letter.
_TYPE = "\ue000"


def fold(text: str) -> str:
    """`text` without what makes no difference (W1)."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", plain))


def words_in(text: str) -> Iterator[str]:
    """Words that `text` is found by, with repetitions."""
    yield from _indexed(text)
    # A hump begins a word of its own, besides the whole.
    if not (text.islower() or text.isupper()):
        for hump in _HUMP.split(text)[1:]:
            yield from _indexed(hump)


def _indexed(text: str) -> Iterator[str]:
    for run, unspaced in _runs(fold(text)):
        if unspaced:
            yield from (run[at : at + _GRAM] for at in range(len(run)))
        else:
            yield run[:LONGEST]


def endings_in(text: str) -> Iterator[str]:
    """The same, with the endings of each word: for names, of which any part is found."""
    for word in words_in(text):
        yield from (word[at:] for at in range(max(1, len(word) - 1)))


def type_word(block_type: str) -> str:
    """Word that a block type is found by; it is found only as a whole."""
    return f"{_TYPE}{block_type}"


def is_type_word(word: str) -> bool:
    return word.startswith(_TYPE)


def in_one(words: Iterable[str]) -> str:
    """Words as the index keeps them: each once, with one space between."""
    return " ".join(list(dict.fromkeys(words))[:MOST_WORDS])


@dataclass(frozen=True)
class Word:
    """A word of a query."""

    plain: str
    """Word as it came, in any case."""
    begins: tuple[str, ...]
    """The beginnings of words that all must be there."""


def query_words(query: str) -> list[Word]:
    """The words that a workspace must have to be found (W5)."""
    found: dict[str, Word] = {}
    for run, unspaced in _runs(unicodedata.normalize("NFKC", query).casefold()):
        folded = fold(run)
        starts, most = range(1), LONGEST
        if unspaced:
            starts, most = range(max(1, len(folded) - _GRAM + 1)), _GRAM
        begins = tuple(folded[at : at + most] for at in starts)
        if folded:
            found.setdefault(folded, Word(run, begins))
    return list(found.values())[:_WORDS_IN_QUERY]


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Each run of letters, and whether it is of a script that puts no space between words."""
    if text.isascii():
        yield from ((run, False) for run in _ASCII_WORD.findall(text.lower()))
        return
    for run in "".join(sign if _is_letter(sign) else " " for sign in text).split():
        at = 0
        for match in _UNSPACED.finditer(run):
            if match.start() > at:
                yield run[at : match.start()], False
            yield match[0], True
            at = match.end()
        if at < len(run):
            yield run[at:], False


def _is_letter(sign: str) -> bool:
    """A letter, a digit, or a mark upon one."""
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"
