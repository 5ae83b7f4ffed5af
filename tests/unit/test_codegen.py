"""Code from blocks, written in turns; what goes wrong is logged without a word of the program."""

import asyncio

import pytest

from jigsaw_service.document import codegen
from jigsaw_service.errors import CodeNotWritten
from jigsaw_service.runtime import tasks


async def test_whoever_asks_for_much_holds_up_only_themselves() -> None:
    inside: list[str] = []
    leave = asyncio.Event()

    async def ask(person: str) -> None:
        async with codegen._place(person):
            inside.append(person)
            await leave.wait()

    asked = [tasks.spawn(ask(person), name="asking") for person in ["alice"] * 6 + ["bob"]]
    while len(inside) < 2:
        await asyncio.sleep(0)
    assert inside == ["alice", "bob"]

    leave.set()
    await asyncio.gather(*asked)
    assert sorted(inside) == ["alice"] * 6 + ["bob"]


async def test_who_gives_up_waiting_leaves_their_place_to_others() -> None:
    leave = asyncio.Event()

    async def ask(person: str) -> None:
        async with codegen._place(person):
            await leave.wait()

    holding = [tasks.spawn(ask(person), name="asking") for person in ("alice", "bob")]
    gone = [tasks.spawn(ask(person), name="asking") for person in ("alice", "carol")]
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    leave.set()
    await asyncio.gather(*holding)

    await asyncio.wait_for(ask("carol"), 60)


async def test_what_went_wrong_is_logged_without_the_program(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(CodeNotWritten):
        await codegen.write_code("alice", "nonesuch", b"<xml>called secret</xml>", as_file=False)

    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("code was not written: JSException: Error: There is no language")
    assert "called" not in line
