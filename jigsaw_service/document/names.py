"""Names that people give: one line, with something to be seen in it, read in one direction."""

import re
import unicodedata

LONGEST = 200
# Unicode's controls, surrogates, line and paragraph separators.
_CONTROLS = frozenset(["Cc", "Cs", "Zl", "Zp"])
_UNSEEN = (
    # Default_Ignorable_Code_Point (Unicode 17, DerivedCoreProperties.txt), Braille's blank, music's
    # empty note, and the other controls that Unicode calls formats.
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U00016fe4"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    # Marks that only show on a letter: the blocks of combining characters.
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
# Embeddings, overrides and isolates (UAX #9): they turn what stands beside a name, too.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*"
# `read_name` as callers are told of it: a regular expression of JSON Schema.
PATTERN = rf"^{_LINE}[^\s\x00-\x1f\x7f-\x9f{_UNSEEN}]{_LINE}$"
_SEEN = re.compile(rf"[^\s{_UNSEEN}]")


def has_controls(text: str) -> bool:
    return any(unicodedata.category(sign) in _CONTROLS for sign in text)


def read_name(text: str) -> str:
    """`text` without spaces around it; ValueError for controls, or if there is nothing to see."""
    if has_controls(text):
        raise ValueError("use letters and spaces, no control characters")
    if not _SEEN.search(text):
        raise ValueError("give it at least one letter that can be seen")
    return text.strip()


def read_title(text: str) -> str:
    """The same, without what changes the direction of writing."""
    return read_name(_DIRECTIONS.sub("", text))


def make_title(text: str, otherwise: str) -> str:
    """A title made of any text."""
    plain = "".join(sign for sign in text if unicodedata.category(sign) not in _CONTROLS)
    plain = _DIRECTIONS.sub("", plain).strip()[:LONGEST].strip()
    return plain if _SEEN.search(plain) else otherwise
