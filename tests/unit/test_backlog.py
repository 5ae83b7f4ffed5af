"""Back-pressure: senders of more than can be committed wait, and nobody is forgotten."""

import asyncio
from functools import partial

import pytest

from jigsaw_service.live import backlog
from jigsaw_service.live.backlog import Backlog, Queue
from jigsaw_service.live.commit import Ops
from jigsaw_service.live.connection import Bye, Connection
from jigsaw_service.runtime.identity import User


def batch(n: int, *, astray: bool = False) -> Ops:
    sender = Connection(User(1, "alice"), "c", None, send=lambda _: None, end=lambda _: None)
    if astray:
        sender.go(Bye.EPOCH_CHANGED)
    return Ops(sender, n, [])


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Backlog:
    """One of which three are the most, and three wait."""
    monkeypatch.setattr(backlog, "_MOST", 3)
    made = Backlog()
    made.count(3)
    return made


def test_all_rooms_together_fill_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "_MOST", 3)
    made = Backlog()
    first, second = Queue(made), Queue(made)
    for n, queue in enumerate((first, first, second)):
        assert not made.full
        queue.enqueue(batch(n))
    assert made.full

    assert [item.n for item in first.take(1) if isinstance(item, Ops)] == [0]
    assert not made.full
    assert (len(first), len(second)) == (1, 1)


async def test_those_who_rest_go_on_in_order_as_there_is_room(full: Backlog) -> None:
    went_on: list[str] = []

    def go_on(name: str) -> None:
        went_on.append(name)
        full.count(1)

    for name in "abc":
        full.pause(partial(go_on, name))

    full.count(-1)
    assert went_on == [], "not while the one is at work who made room"
    await asyncio.sleep(0)
    assert went_on == ["a"]
    full.count(-3)
    await asyncio.sleep(0)
    assert went_on == ["a", "b", "c"]


async def test_who_goes_on_and_brings_nothing_keeps_nobody_resting(full: Backlog) -> None:
    went_on: list[str] = []
    for name in "abcdef":
        full.pause(partial(went_on.append, name))

    full.count(-1)
    await asyncio.sleep(0)
    assert went_on == ["a", "b", "c", "d", "e", "f"]


def test_what_is_dropped_makes_room_too(full: Backlog) -> None:
    queue = Queue(full)
    queue.enqueue(batch(1))
    queue.enqueue(batch(2, astray=True))
    full.count(-3)

    queue.drop_astray()
    assert [item.n for item in queue.take(9) if isinstance(item, Ops)] == [1]
    queue.enqueue(batch(3))
    queue.clear()
    assert len(queue) == 0
    full.count(2)
    assert not full.full
