"""Rate limit (token bucket): now and then a lot, in the long run not too much."""

import time
from collections.abc import Callable


class TokenBucket:
    """Token bucket, filled with `rate` tokens a second, up to `size`; each event takes one."""

    __slots__ = ("_filled", "_now", "_rate", "_size", "_tokens")

    def __init__(self, rate: float, size: float, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._size, self._now = rate, size, now
        self._tokens = size
        self._filled = now()

    def take(self, tokens: int = 1) -> bool:
        """Take so many tokens; False if there are too few."""
        now = self._now()
        self._tokens = min(self._size, self._tokens + self._rate * (now - self._filled))
        self._filled = now
        if self._tokens < tokens:
            return False
        self._tokens -= tokens
        return True
