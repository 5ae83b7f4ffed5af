"""Incidents: faults that the running service noticed, and that no check could ask about.

In memory: the doctor tells of them until the next start.
"""

from dataclasses import dataclass, field
from typing import TypeVar

from ..jupyter.specs import KnownSpecs

_Value = TypeVar("_Value")
_MOST = 20
_MOST_LETTERS = 200


@dataclass
class Incidents:
    """Incidents: added where they happen, read by the checks."""

    specs: KnownSpecs = field(default_factory=KnownSpecs)
    sign_ins: dict[str, str] = field(default_factory=dict)
    """Sign-ins that the Hub refused: its words, by OAuth's name of the fault."""
    framers: dict[str, None] = field(default_factory=dict)
    """Origins of pages that tried to frame the editor and may not; the newest last."""

    def sign_in_refused(self, fault: str, words: str) -> None:
        _keep(self.sign_ins, fault[:_MOST_LETTERS], words[:_MOST_LETTERS])

    def frame_refused(self, origin: str) -> None:
        _keep(self.framers, origin[:_MOST_LETTERS], None)


def _keep(heard: dict[str, _Value], key: str, value: _Value) -> None:
    """Keep only the newest, as anybody may cause them."""
    heard.pop(key, None)
    heard[key] = value
    while len(heard) > _MOST:
        del heard[next(iter(heard))]
