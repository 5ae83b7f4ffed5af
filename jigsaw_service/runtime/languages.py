"""Languages: the block sets, and the kernel language each runs on."""

from dataclasses import dataclass

from ..errors import BadRequest


@dataclass(frozen=True)
class Language:
    """A block set; its blocks and generator are `editor/src/languages/NAME/`."""

    name: str
    title: str
    kernel_language: str
    """Language that a kernelspec must have to run it."""
    file_extension: str


LANGUAGES = {
    language.name: language
    for language in [
        Language("python", "Python", "python", ".py"),
        Language("processing", "Processing", "processing", ".pde"),
    ]
}


def language_named(name: str) -> Language:
    """The language of that name, or BadRequest."""
    if name not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise BadRequest(f"language: there is none of that name; use one of {known}.")
    return LANGUAGES[name]
