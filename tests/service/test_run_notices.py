"""Notices of runs: what a program asks is known to every process, however long the question is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from jigsaw_service.jupyter.run_notices import RunNotices
from jigsaw_service.jupyter.runs import KernelKey, Runs
from jigsaw_service.storage.database import Database

KERNEL = KernelKey("alice", "", "kernel")


@asynccontextmanager
async def process(url: str) -> AsyncIterator[tuple[Runs, asyncio.Queue[dict[str, Any]]]]:
    """The runs of a process of the service, and what it hears from others."""
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    database, runs = Database(url), Runs(lambda *_: None)
    await database.open()
    runs.at(KERNEL).apply_notice = heard.put_nowait  # type: ignore[method-assign]
    RunNotices(database, runs)
    yield runs, heard
    await database.notices.close()
    await database.close()


def question(prompt: str) -> dict[str, Any]:
    return {"about": "run", "run": "r", "input": {"content": {"prompt": prompt}}}


PROMPTS = ["Name?", "x" * 6_900, "x" * 7_000, "long " * 20_000, "  " * 10_000, "ä>1/2}" * 5_000]


async def test_a_question_of_any_length_reaches_the_other_processes(new_postgresql: str) -> None:
    async with process(new_postgresql) as (asks, own), process(new_postgresql) as (_, heard):
        # A process hears once it listens, which takes a moment.
        while heard.empty():
            asks.spread(KERNEL, {"about": "what goes on"})
            await asyncio.sleep(0.05)
        for prompt in PROMPTS:
            asks.spread(KERNEL, question(prompt))
            while (news := await heard.get())["about"] == "what goes on":
                pass
            assert news == {"at": [*KERNEL], **question(prompt)}
        assert own.empty(), "nobody tells themselves"


@pytest.mark.parametrize(
    "lost", [["b>1/3", "c>2/3"], ["a>0/3", "c>2/3"], ["a>0/3", "b>1/3"], ["c>2/3"]]
)
async def test_a_message_of_which_parts_got_lost_is_left_out(
    new_postgresql: str, lost: list[str]
) -> None:
    async with process(new_postgresql) as (runs, heard):
        notices = RunNotices(Database(new_postgresql), runs)
        for part in lost:
            notices._hear(part)
        assert heard.empty()
        message = '{"at": ["alice", "", "kernel"], "about": "restart"}'
        notices._hear(f"{message[:20]}>0/2")
        notices._hear(f"{message[20:]}>1/2")
        assert (await heard.get())["about"] == "restart"
        notices._hear("c>1/2")
        assert heard.empty()
