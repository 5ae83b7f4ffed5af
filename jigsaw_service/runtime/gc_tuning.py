"""Garbage collection: seldom, and not among what lives as long as the service.

Most garbage goes at once, when nothing refers to it any more; only circles wait for a
collection, and everybody waits for that. A full one took 150 ms or more with a thousand
people editing, and two thirds of what it went through were modules, tables and statements.
"""

import gc

# Objects that may have come before the young ones are looked through; Python's own is 700, less
# than what a few dozen edits hold until they are committed.
_AT_ONCE = 10_000


def settle() -> None:
    """Leave what is there alone from now on. Called once, after the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_AT_ONCE)
