"""Checks of kernels: seen by everybody, really there, new enough; and of frames in notebooks."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

from ..errors import KernelFailed, NotAllowed, ServerStopped
from ..jupyter.execute import execute
from ..jupyter.reach import Reach
from ..jupyter.servers import Owner, Servers
from ..jupyter.specs import FAULTS, KnownSpecs, kernelspecs, record_start
from .finding import Finding, Place
from .hub_api import version_of
from .runner import Visit

_LEAST_METAKERNEL = (1, 0)
_ASK_VERSION = "%python import metakernel; retval = metakernel.__version__"
_MOST_KERNELS = 12
_AT_ONCE = 4
_SILENT_SECONDS = 12
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_MEND = {Place.SHELL: "jupyter kernelspec list  # as that person; see argv in its kernel.json"}
_NOT_OURS = "Kernels on a server of your own: start it, then look again."


async def kernels(visit: Visit) -> AsyncIterator[Finding]:
    """Check: kernels on the asker's own server, and the failures that others had with theirs."""
    async for finding in _own_kernels(visit):
        yield finding
    for kernel, person, people in visit.incidents.specs.of_one_person():
        says = f"The kernel {kernel} is listed by {person}'s server alone: no other person has it."
        where = f"The kernels on the servers of {people} people who used any in the last day"
        mend = {Place.SHELL: f"python3 -m {kernel} install --sys-prefix  # see docs/kernels.md"}
        yield Finding("kernel-of-one-person", says, where, mend)
    for kernel, person, why in visit.incidents.specs.failures():
        says = f"The kernel {kernel} is listed, and did not start for {person}."
        where = f"What was said: {why or 'nothing'}"
        yield Finding("kernel-does-not-start", says, where, _MEND)


async def _own_kernels(visit: Visit) -> AsyncIterator[Finding]:
    """Check: each kernel on the asker's own server is started, asked for MetaKernel, and ended."""
    if not (own := await _own_server(visit)):
        visit.not_looked_at.append(_NOT_OURS)
        return
    servers, asker = own
    names = sorted((await kernelspecs(servers, asker))[1])
    visit.incidents.specs.listed(asker, frozenset(names))
    if names[_MOST_KERNELS:]:
        visit.not_looked_at.append(f"The kernels {', '.join(names[_MOST_KERNELS:])}.")
    turns = asyncio.Semaphore(_AT_ONCE)
    trials = (
        _tried(visit.incidents.specs, servers, asker, name, turns) for name in names[:_MOST_KERNELS]
    )
    for finding in await asyncio.gather(*trials):
        if finding:
            yield finding


async def _own_server(visit: Visit) -> tuple[Servers, Owner] | None:
    """The asker's server, if it runs and their token reaches it."""
    if not (visit.asker and visit.servers):
        return None
    try:
        runs = await visit.servers.state(visit.asker) == "ready"
    except NotAllowed:
        return None
    return (visit.servers, visit.asker) if runs else None


async def _tried(
    known: KnownSpecs, servers: Servers, asker: Owner, name: str, turns: asyncio.Semaphore
) -> Finding | None:
    """Try a kernel by a session, whose answer tells why one doesn't start, and is remembered."""
    path = f"jigsaw/doctor/{name}"
    session = {"path": path, "name": "doctor", "type": "jigsaw", "kernel": {"name": name}}
    body = json.dumps(session).encode()
    async with turns:
        status, _, content = await servers.request(asker, "POST", "api/sessions", body=body)
        record_start(known, asker, body, status, content)
        if status >= 400:
            return None
        answer: dict[str, Any] = json.loads(content)
        try:
            path = f"api/kernels/{answer['kernel']['id']}"
            asking = _metakernel(Reach(servers, known, asker, path))
            return _of_metakernel(name, await asyncio.wait_for(asking, _SILENT_SECONDS))
        except asyncio.TimeoutError:
            says = f"The kernel {name} starts, and doesn't answer."
            where = f"It said nothing for {_SILENT_SECONDS} seconds"
            return Finding("kernel-silent", says, where, _MEND)
        except KernelFailed:
            return None
        except ServerStopped:
            known.failed(asker, name, FAULTS["ended"], "ended")
            return None
        finally:
            await servers.request(asker, "DELETE", f"api/sessions/{answer['id']}")


async def _metakernel(reach: Reach) -> str:
    """Version of MetaKernel; "" of another kernel, which takes the question for code."""
    told = ""
    async for message in execute(reach, _ASK_VERSION):
        if message["msg_type"] == "execute_result":
            told = str(message["content"]["data"].get("text/plain") or "")
    found = _VERSION.search(told)
    return found[0] if found else ""


def _of_metakernel(name: str, version: str) -> Finding | None:
    if not version or version_of(version) >= _LEAST_METAKERNEL:
        return None
    least = ".".join(map(str, _LEAST_METAKERNEL))
    says = f"The kernel {name} has MetaKernel {version}; %jigsaw needs {least} or later."
    mend = {Place.SHELL: f"python3 -m pip install --upgrade 'metakernel>={least}'"}
    return Finding("metakernel-too-old", says, f"{_ASK_VERSION} on that kernel", mend)


async def frames_in_notebooks(visit: Visit) -> AsyncIterator[Finding]:
    """Check: the asker's JupyterLab may show our page in a frame."""
    if not (own := await _own_server(visit)):
        return
    servers, asker = own
    policy = await servers.policy(asker, "lab")
    rules = _rules(policy)
    for name in ("frame-src", "child-src", "default-src"):
        if name in rules:
            if not _allows(rules[name], visit):
                says = "Notebooks may not show the editor in a frame: their own server forbids it."
                sources = " ".join([*rules[name], _source(visit)]).replace("'none' ", "")
                line = f"c.Spawner.args  # Content-Security-Policy with {name} {sources}"
                where = f"GET {servers.url(asker, 'lab')}: {name} {' '.join(rules[name])}"
                yield Finding("notebooks-forbid-frames", says, where, {Place.HUB: line})
            return


def _rules(policy: str) -> dict[str, list[str]]:
    words = [rule.split() for rule in policy.split(";")]
    return {rule[0].lower(): rule[1:] for rule in words if rule}


def _allows(sources: list[str], visit: Visit) -> bool:
    wanted = {"*", "'self'", f"{visit.public_url.partition(':')[0]}:", _source(visit)}
    return bool(wanted & set(sources))


def _source(visit: Visit) -> str:
    return visit.service_origin or "'self'"
