"""Throttle of codes of share links: keeps people from trying them out."""

from ..errors import TooManyRequests
from ..runtime.rate_limit import TokenBucket

_AT_ONCE = 20
# After that, one wrong code in so many seconds.
_SECONDS = 6
_MOST = 10_000


class _Tries(TokenBucket):
    def refund(self) -> None:
        self._tokens = min(self._size, self._tokens + 1)


class LinkThrottle:
    """Throttle of wrong link codes, by person; in memory."""

    def __init__(self) -> None:
        self._tries: dict[int, _Tries] = {}

    def guess(self, account: int) -> None:
        """Count a code before it is looked at; TooManyRequests after too many."""
        if account not in self._tries and len(self._tries) >= _MOST:
            # The first is the oldest: a dict keeps the order of insertion.
            del self._tries[next(iter(self._tries))]
        tries = self._tries.setdefault(account, _Tries(1 / _SECONDS, _AT_ONCE))
        if not tries.take():
            raise TooManyRequests(
                "Too many links that don't exist. Try again in a moment.",
                headers={"Retry-After": str(_SECONDS)},
            )

    def right(self, account: int) -> None:
        """Give back a try whose code exists, so that it is not counted."""
        if account in self._tries:
            self._tries[account].refund()
