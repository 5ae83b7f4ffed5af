"""Code from blocks on the server, by the editor's own generators.

The generators are JavaScript, and run in an engine without files or network, in
a process of its own with nothing in its environment: whatever a program of
blocks makes them do, it ends with that process.
"""

import asyncio
import json
import logging
import re
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from weakref import WeakValueDictionary

from ..errors import CodeNotWritten
from .elements import without_namespaces
from .validation import limits_told

log = logging.getLogger(__name__)

_SCRIPT = Path(__file__).parents[1] / "static" / "writeCode.js"
_CPU_SECONDS = 20
# By the clock, on a machine that has much else to do.
_SECONDS = 120
_MEMORY = 1024 * 1024 * 1024
# Blocks inside one another, as deep as the editor lets them be, take some 20 MiB.
_STACK = 64 * 1024 * 1024
# The engine's message when it has used up its time.
_TOO_LONG = "interrupted"
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2])}

# Each takes a core for a moment; more at once would only slow one another down.
_places = asyncio.Semaphore(2)
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@asynccontextmanager
async def _place(person: str) -> AsyncIterator[None]:
    """Place to work, one for each person at a time: heavy use holds up nobody else."""
    turn = _turns.setdefault(person, asyncio.Lock())
    async with turn, _places:
        yield


async def write_code(person: str, language: str, xml: bytes, *, as_file: bool) -> str:
    """The program for `person` that `xml`, checked before, stands for; or CodeNotWritten.

    `as_file` puts above it what a file of that language begins with.
    """
    xml = without_namespaces(xml)
    limits = limits_told(len(xml))
    async with _place(person):
        return await _write(json.dumps([language, xml.decode(), as_file, limits]).encode())


async def _write(wanted: bytes) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_ENVIRONMENT
    )
    try:
        written, reason = await asyncio.wait_for(process.communicate(wanted), _SECONDS)
    except asyncio.TimeoutError as error:
        log.warning("code was not written within %s seconds", _SECONDS)
        raise CodeNotWritten("It takes too long. Make the program smaller.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        told = reason.decode(errors="replace").strip()
        log.warning("code was not written: %s", told[:500])
        if _TOO_LONG in told:
            raise CodeNotWritten("It takes too long. Make the program smaller.")
        raise CodeNotWritten("Open the workspace in the editor: it shows what is wrong.")
    return written.decode()


def _main() -> None:
    """Standard input to standard output, in a thread with a stack that is large enough."""
    wanted = json.load(sys.stdin)
    failed: list[str] = []

    def work() -> None:
        try:
            sys.stdout.buffer.write(_run(wanted).encode())
        except Exception as error:
            failed.append(_without_program(f"{type(error).__name__}: {error}", wanted[1]))

    threading.stack_size(_STACK + 16 * 1024 * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failed:
        sys.exit(failed[0])


def _run(wanted: tuple[str, str, bool, object]) -> str:
    import quickjs

    language, xml, as_file, limits = wanted
    context = quickjs.Context()
    context.set_memory_limit(_MEMORY)
    context.set_max_stack_size(_STACK)
    context.set_time_limit(_CPU_SECONDS)
    context.eval(_SCRIPT.read_text())
    # Through JSON: a text that was joined of many is none yet for those outside the engine.
    write = context.get("writeCode")
    answer = write(language, xml, as_file, context.parse_json(json.dumps(limits)))
    code: str = json.loads(answer.json())["code"]
    return code


def _without_program(message: str, xml: str) -> str:
    """Error text for the log: not a word of it is from somebody's program."""
    theirs = set(re.findall(r"\w+", xml))
    return re.sub(r"\w+", lambda word: "…" if word[0] in theirs else word[0], message)


if __name__ == "__main__":
    _main()
