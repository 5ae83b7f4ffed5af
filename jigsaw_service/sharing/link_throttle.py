"""Keeps people from trying out codes of share links."""

from ..errors import TooManyRequests
from ..runtime.rate_limit import TokenBucket

_AT_ONCE = 20
# After that, one wrong code in so many seconds.
_SECONDS = 6
_MOST = 10_000


class _Tries(TokenBucket):
    def give_back(self) -> None:
        self._tokens = min(self._size, self._tokens + 1)


class LinkThrottle:
    """Throttle of wrong link codes, by person; in memory."""

    def __init__(self) -> None:
        self._tries: dict[int, _Tries] = {}

    def guess(self, account: int) -> None:
        """Count a code before it is looked at; TooManyRequests after too many."""
        if account not in self._tries and len(self._tries) >= _MOST:
            # Whoever comes first was here first.
            del self._tries[next(iter(self._tries))]
        tries = self._tries.setdefault(account, _Tries(1 / _SECONDS, _AT_ONCE))
        if not tries.take():
            raise TooManyRequests(
                "Too many links that don't exist. Try again in a moment.",
                headers={"Retry-After": str(_SECONDS)},
            )

    def right(self, account: int) -> None:
        """It was one that exists, so it is not counted."""
        if account in self._tries:
            self._tries[account].give_back()
