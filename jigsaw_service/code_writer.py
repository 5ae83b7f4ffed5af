"""Code from blocks on the server, by the editor's own generators.

The generators are JavaScript, and run in an engine without files or network, in
a process of its own with nothing in its environment: whatever a program of
blocks makes them do, it ends with that process.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from .errors import CodeNotWritten
from .workspace_xml import limits_told

_SCRIPT = Path(__file__).parent / "static" / "writeCode.js"
_SECONDS = 20
_MEMORY = 512 * 1024 * 1024
_STACK = 6 * 1024 * 1024
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[1])}
# Each takes a core for a moment; more at once would only slow one another down.
_PLACES = asyncio.Semaphore(2)


async def write_code(language: str, xml: bytes, *, as_file: bool) -> str:
    """The program that `xml`, checked before, stands for in `language`; or CodeNotWritten.

    `as_file` puts above it what a file of that language begins with.
    """
    async with _PLACES:
        return await _write(
            json.dumps([language, xml.decode(), as_file, limits_told(len(xml))]).encode()
        )


async def _write(wanted: bytes) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT
    )
    try:
        written, _ = await asyncio.wait_for(process.communicate(wanted), _SECONDS)
    except asyncio.TimeoutError as error:
        raise CodeNotWritten("It takes too long. Make the program smaller.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise CodeNotWritten("Open the workspace in the editor: it shows what is wrong.")
    return written.decode()


def _main() -> None:
    import quickjs

    wanted = json.load(sys.stdin)
    write = quickjs.Function("writeCode", _SCRIPT.read_text())
    write.set_memory_limit(_MEMORY)
    write.set_max_stack_size(_STACK)
    write.set_time_limit(_SECONDS)
    sys.stdout.buffer.write(write(*wanted).encode())


if __name__ == "__main__":
    _main()
