"""Report of findings as text, for the command line."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_WIDTH = 88
_INDENT = "   "


def report(looked_at: Iterable[str], findings: Sequence[Any], not_looked_at: Sequence[str]) -> str:
    """`findings` in their JSON form, as the running service tells them, too."""
    lines = [f"Looked at {plain(' and '.join(looked_at))}."]
    for number, finding in enumerate(findings, 1):
        lines += ["", *_told(number, finding)]
    if not_looked_at:
        lines += ["", "Not looked at:"]
        lines += [line for one in not_looked_at for line in _wrapped(one, "- ")]
    count = len(findings)
    lines += ["", "Nothing found." if not count else f"{count} finding{'s' * (count > 1)}."]
    return "\n".join(lines)


def _told(number: int, finding: Any) -> Iterator[str]:
    yield f"{number}. {plain(finding['name'])}"
    yield from _wrapped(finding["says"])
    yield from _wrapped(f"Seen: {finding['where']}")
    for mend in finding["mend"]:
        yield f"{_INDENT}In {plain(mend['place'])}:"
        yield from (f"{_INDENT}    {plain(line)}" for line in mend["line"].splitlines())


def _wrapped(text: str, mark: str = "") -> list[str]:
    return textwrap.wrap(
        plain(text),
        _WIDTH,
        initial_indent=_INDENT + mark,
        subsequent_indent=_INDENT + " " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def plain(text: str) -> str:
    """Text without what a terminal would obey: some of it is from servers that we don't know."""
    return "".join(letter if letter.isprintable() else "�" for letter in str(text))
