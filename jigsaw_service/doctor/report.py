"""Findings as text, for whoever runs the command."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_WIDTH = 88
_INDENT = "   "


def report(looked_at: Iterable[str], findings: Sequence[Any], not_looked_at: Sequence[str]) -> str:
    """`findings` in their JSON form, as the running service tells them, too."""
    lines = [f"Looked at {' and '.join(looked_at)}."]
    for number, finding in enumerate(findings, 1):
        lines += ["", *_told(number, finding)]
    if not_looked_at:
        lines += ["", "Not looked at:", *(f"{_INDENT}- {plain(one)}" for one in not_looked_at)]
    count = len(findings)
    lines += ["", "Nothing found." if not count else f"{count} finding{'s' * (count > 1)}."]
    return "\n".join(lines)


def _told(number: int, finding: Any) -> Iterator[str]:
    yield f"{number}. {plain(finding['name'])}"
    for text in (finding["says"], f"Seen: {finding['where']}"):
        yield from textwrap.wrap(
            plain(text),
            _WIDTH,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
    for mend in finding["mend"]:
        yield f"{_INDENT}In {plain(mend['place'])}:"
        yield from (f"{_INDENT}    {plain(line)}" for line in mend["line"].splitlines())


def plain(text: str) -> str:
    """Without what a terminal would obey: some of it was said by servers that we don't know."""
    return "".join(letter if letter.isprintable() else "�" for letter in str(text))
