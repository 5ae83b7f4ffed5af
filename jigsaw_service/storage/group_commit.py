"""Group commit: whatever comes while a transaction is under way shares the next one.

Under load it is the transaction that costs, and the wait for the disk; not its rows.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..errors import NotReady
from ..runtime.tasks import spawn

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """Result of one item, or the fault that kept it from one; told only after the commit."""

    result: Result | None = None
    fault: Exception | None = None


@dataclass
class _Waiting(Generic[Item, Result]):
    item: Item
    done: "asyncio.Future[Result]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def end(self, outcome: Outcome[Result]) -> None:
        if self.done.cancelled():
            return
        if outcome.fault:
            self.done.set_exception(outcome.fault)
        else:
            self.done.set_result(outcome.result)  # type: ignore[arg-type]


class GroupCommit(Generic[Item, Result]):
    """Group commit of all that is committed alike: a lone item at once, many in one transaction."""

    def __init__(
        self,
        commit: Callable[[list[Item]], Awaitable[Sequence[Outcome[Result]]]],
        *,
        at_once: int,
        side_by_side: int = 1,
        turn: AbstractAsyncContextManager[None],
        weigh: Callable[[Item], int] = lambda item: 1,
        crowd_seconds: float = 0,
    ) -> None:
        """`commit` makes one transaction of its items and answers for each, or raises for all.

        at_once: items in a transaction. side_by_side: transactions at once. turn: held by each.
        crowd_seconds: from the beginning of a transaction that weighed more than 1, after it was
        made, to that of the next; for a while, others will come as fast.
        """
        self._commit = commit
        self._at_once = at_once
        self._most = side_by_side
        self._turn = turn
        self._weigh = weigh
        self._crowd_seconds = crowd_seconds
        self._waiting: list[_Waiting[Item, Result]] = []
        self._workers = 0
        # The monotonic time of the next transaction, at the earliest.
        self._next = 0.0

    async def submit(self, item: Item) -> Result:
        """Return what came of `item` when it is committed, or raise what kept it from that."""
        waiting = _Waiting[Item, Result](item)
        self._waiting.append(waiting)
        if self._workers < self._most:
            self._workers += 1
            spawn(self._work(), name="committing")
        return await waiting.done

    async def _work(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._next - time.monotonic())
                async with self._turn:
                    # Another may have taken them all meanwhile.
                    if group := self._take():
                        begun = time.monotonic()
                        await self._commit_together(group)
                        if sum(self._weigh(one.item) for one in group) > 1:
                            self._next = begun + self._crowd_seconds
        finally:
            self._workers -= 1

    def _take(self) -> list[_Waiting[Item, Result]]:
        group, self._waiting = self._waiting[: self._at_once], self._waiting[self._at_once :]
        return group

    async def _commit_together(self, group: list[_Waiting[Item, Result]]) -> None:
        try:
            outcomes = await self._commit([one.item for one in group])
        except Exception as fault:
            if len(group) > 1 and not isinstance(fault, NotReady):
                # One of them spoilt it for all; done alone, it spoils it for itself.
                for one in group:
                    await self._commit_together([one])
                return
            outcomes = [Outcome(fault=fault)] * len(group)
        except BaseException:
            for one in group:
                one.done.cancel()
            raise
        for one, outcome in zip(group, outcomes, strict=True):
            one.end(outcome)
