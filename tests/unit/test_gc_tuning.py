"""Garbage collection doesn't hold the service up by looking where there is none."""

import subprocess
import sys

_SETTLED = """
import gc, weakref
import jigsaw_service.app
from jigsaw_service.runtime import gc_tuning

before = len(gc.get_objects())
gc_tuning.settle()
assert len(gc.get_objects()) < before / 100, "what was there is still looked through"

class Circle:
    pass

circle = Circle()
circle.itself, seen = circle, weakref.ref(circle)
del circle
kept = [[] for _ in range(20_000)]
assert seen() is None, "what goes in circles is never found"
"""


def test_what_was_there_at_the_start_is_left_alone_and_later_garbage_is_found() -> None:
    subprocess.run([sys.executable, "-c", _SETTLED], check=True, timeout=60)
