"""Identity of the caller."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class User:
    """A person, as the Hub's answer and our accounts table know them.

    `id` is our account's: a Hub name that was deleted and made again gets a new one.
    """

    id: int
    name: str
    groups: frozenset[str] = field(default_factory=frozenset)
