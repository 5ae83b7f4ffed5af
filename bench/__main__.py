"""`make bench`: prints every figure beside its rival, measured in the same run."""

import asyncio
import tempfile
from pathlib import Path

from tests.hub.conftest import Demo, running

from . import execute, memory, page, saves
from .report import HEADER


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Demo(Path(folder))) as demo:
        print(HEADER)
        for measured in (execute, saves, page, memory):
            for figure in await measured.measure(demo):
                print(figure.line(), flush=True)


asyncio.run(main())
