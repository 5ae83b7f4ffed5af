"""Encodings of files: those whose byte order mark says UTF-16 or UTF-32 are brought in as UTF-8."""

import codecs
import re

from ..errors import InvalidImport

# Of UTF-16, the mark is the beginning of that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(r"""\A(<\?xml\b[^>]*?\bencoding\s*=\s*)(["'])[^"'>]*\2""")


def as_utf8(data: bytes) -> tuple[bytes, bool]:
    """The file in UTF-8, and whether it was in another encoding; what it declares is put right."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        return data, False
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidImport(
            f"The file begins as one in {encoding.upper()}, but is damaged. Save it as UTF-8 and "
            "try again."
        ) from error
    return _DECLARED.sub(r"\1\2UTF-8\2", text, count=1).encode(), True
