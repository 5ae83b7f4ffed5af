"""What a browser would feel: the checks that go by the public URL."""

from .examination import Check, InTurn

OUTSIDE: list[Check | InTurn] = []
