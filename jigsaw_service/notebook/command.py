"""Command after `%jigsaw`: its syntax, and every way in which it can be wrong."""

import os
import shlex
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from ..runtime.languages import LANGUAGES, Language

USAGE = "%jigsaw LANGUAGE [-w NAME] [-h PIXELS]"
LOWEST, DEFAULT, HIGHEST = 200, 500, 2000
_MAX_NAME = 200
_OPTIONS = {"-w": "-w", "--workspace": "-w", "-h": "-h", "--height": "-h"}


class CannotShow(Exception):
    """Reason why there is nothing to show, in one sentence that says what to do."""


@dataclass(frozen=True)
class MagicCommand:
    """Command read from a line."""

    language: Language
    workspace: str
    height: int = DEFAULT


def read(line: str, environment: Mapping[str, str] = os.environ) -> MagicCommand:
    """The command in `line`; raises CannotShow."""
    words, options = _split(line)
    known = ", ".join(language.title for language in LANGUAGES.values())
    if len(words) != 1:
        raise CannotShow(f"Say which blocks you want ({known}): {USAGE}.")
    language = LANGUAGES.get(words[0].lower())
    if language is None:
        raise CannotShow(f"There are no blocks for {_short(words[0])}; use one of {known}.")
    name = options["-w"] if "-w" in options else _of_notebook(environment)
    return MagicCommand(language, _checked(name), _height(options.get("-h", str(DEFAULT))))


def _split(line: str) -> tuple[list[str], dict[str, str]]:
    """The words of a line, and its options."""
    try:
        parts = iter(shlex.split(line))
    except ValueError:
        raise CannotShow(f"A quotation mark is missing: {USAGE}.") from None
    words: list[str] = []
    options: dict[str, str] = {}
    for part in parts:
        option, equals, value = part.partition("=")
        if option in _OPTIONS:
            options[_OPTIONS[option]] = value if equals else next(parts, "")
        elif part.startswith("-"):
            raise CannotShow(f"There is no option {_short(part)}: {USAGE}.")
        else:
            words.append(part)
    return words, options


def _of_notebook(environment: Mapping[str, str]) -> str:
    """Name of a notebook's own workspace, which is called after it."""
    path = PurePath(environment.get("JPY_SESSION_NAME", ""))
    if not path.name:
        raise CannotShow(f"Give the workspace a name: {USAGE}.")
    with_home = environment.get("HOME", "")
    if with_home and path.is_relative_to(with_home):
        path = path.relative_to(with_home)
    elif path.is_absolute():
        path = PurePath(path.name)
    return str(path.with_suffix(""))


def _checked(name: str) -> str:
    name = name.strip()
    if not name or len(name) > _MAX_NAME:
        raise CannotShow(f"Give the workspace a name of 1 to {_MAX_NAME} letters, after -w.")
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name):
        raise CannotShow("Give the workspace a name without control characters, after -w.")
    if name.startswith(("/", "\\", "~")) or ".." in name.replace("\\", "/").split("/"):
        raise CannotShow("Give the workspace a plain name, not a path that leads elsewhere.")
    return name


def _height(text: str) -> int:
    if not (text.isascii() and text.isdigit() and LOWEST <= int(text[:9]) <= HIGHEST):
        raise CannotShow(f"Give the height as a number of pixels from {LOWEST} to {HIGHEST}.")
    return int(text)


def _short(word: str) -> str:
    """A word as it can be quoted in a sentence."""
    plain = "".join(sign for sign in word if sign.isprintable())
    return f"“{plain[:40]}…”" if len(plain) > 40 else f"“{plain}”"
