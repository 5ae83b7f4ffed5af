"""Faults of the store that were met: each is logged once a while, and damage is remembered."""

import logging
import time

from ..errors import NotReady, StorageFailed
from .faults import DAMAGED

log = logging.getLogger(__name__)

_QUIET_SECONDS = 60


class FaultLog:
    """Faults of one database, in this process."""

    # Some of it could not be read: it never mends itself.
    damaged = False

    def __init__(self) -> None:
        self._logged: dict[str, float] = {}

    def count(self, refusal: NotReady, error: BaseException) -> None:
        """Count a fault that a caller met."""
        if not isinstance(refusal, StorageFailed):
            return
        fault = refusal.members["fault"]
        self.damaged |= fault == DAMAGED
        now = time.monotonic()
        if now >= self._logged.get(fault, 0.0):
            self._logged[fault] = now + _QUIET_SECONDS
            # Without the statement and what was to be stored: that is people's own.
            reason = getattr(error, "orig", None) or error
            log.error("%s: %s: %s", fault, type(reason).__name__, reason)
