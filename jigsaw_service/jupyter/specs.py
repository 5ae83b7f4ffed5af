"""Known kernelspecs: those that people's servers list, and what was heard of them.

A kernelspec doesn't tell whether its program is there, nor whose folder it lies in. What
tells is that it didn't start, and that nobody else's server lists it. Both are heard when
people use kernels through the service, and kept in memory for a day.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

from ..errors import HubUnavailable
from .servers import Owner, Servers

_KEPT_SECONDS = 24 * 3600
_MOST_SERVERS = 10_000
# On one server.
_MOST_KERNELS = 100
_MOST_LETTERS = 300
_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")

# A person, and which of their servers.
Key = tuple[str, str]
Fault = Literal["refused", "ended", "silent"]
# In words, where it isn't the server that says why.
FAULTS: dict[Fault, str] = {
    "ended": "Its program ended as soon as it had started.",
    "silent": "It said nothing for a minute.",
}


@dataclass(frozen=True)
class Failure:
    """Failure of a kernel to start, and why."""

    fault: Fault
    why: str


@dataclass
class _Heard:
    when: float
    listed: frozenset[str] = frozenset()
    failed: dict[str, Failure] = field(default_factory=dict)
    """Failures by the kernel's name."""


class KnownSpecs:
    """Known kernelspecs by person and server: which are listed, and which did not start."""

    def __init__(self, kept_seconds: float = _KEPT_SECONDS) -> None:
        self._kept = kept_seconds
        self._heard: dict[Key, _Heard] = {}

    def listed(self, owner: Owner, names: frozenset[str]) -> None:
        """Note that the person's server lists these."""
        heard = self._of(owner)
        heard.listed = frozenset(sorted(filter(_NAME.fullmatch, names))[:_MOST_KERNELS])
        heard.failed = {name: why for name, why in heard.failed.items() if name in names}

    def started(self, owner: Owner, name: str) -> None:
        """Note that the kernel has answered, whatever was before."""
        self._of(owner).failed.pop(name, None)

    def failed(self, owner: Owner, name: str, why: str, fault: Fault = "refused") -> None:
        """Note that the kernel did not start, though it is listed."""
        failed = self._of(owner).failed
        if _NAME.fullmatch(name) and (name in failed or len(failed) < _MOST_KERNELS):
            failed[name] = Failure(fault, " ".join(why.split())[:_MOST_LETTERS])

    def failure(self, owner: Owner, name: str) -> Failure | None:
        """Failure of its last start; None where none is known."""
        heard = self._now().get((owner.name, owner.server))
        return heard.failed.get(name) if heard else None

    def has_failures(self, owner: Owner) -> bool:
        """True if any kernel of that server is known not to start."""
        heard = self._now().get((owner.name, owner.server))
        return bool(heard and heard.failed)

    def only_of(self, owner: Owner, name: str) -> bool:
        """True if others' servers are known, and none of them lists this kernel."""
        others = [heard for (person, _), heard in self._now().items() if person != owner.name]
        lists = [heard.listed for heard in others if heard.listed]
        return bool(lists) and not any(name in one for one in lists)

    def of_one_person(self) -> Iterator[tuple[str, str, int]]:
        """Kernels that one person alone has: kernel, person, and how many people are known."""
        by_kernel: dict[str, set[str]] = {}
        people = set()
        for (person, _), heard in self._now().items():
            if heard.listed:
                people.add(person)
            for name in heard.listed:
                by_kernel.setdefault(name, set()).add(person)
        for name, whose in sorted(by_kernel.items()):
            if len(whose) == 1 < len(people):
                yield name, next(iter(whose)), len(people)

    def failures(self) -> Iterator[tuple[str, str, str]]:
        """Kernels that did not start: kernel, person, and why."""
        for (person, _), heard in sorted(self._now().items()):
            for name, failure in sorted(heard.failed.items()):
                yield name, person, failure.why

    def _of(self, owner: Owner) -> _Heard:
        key = (owner.name, owner.server)
        heard = self._now().pop(key, None) or _Heard(0)
        heard.when = time.monotonic()
        # The newest stand last, so that what is dropped is the oldest.
        self._heard[key] = heard
        while len(self._heard) > _MOST_SERVERS:
            del self._heard[next(iter(self._heard))]
        return heard

    def _now(self) -> dict[Key, _Heard]:
        oldest = time.monotonic() - self._kept
        for key in [key for key, heard in self._heard.items() if heard.when < oldest]:
            del self._heard[key]
        return self._heard


async def kernelspecs(servers: Servers, owner: Owner) -> tuple[str, dict[str, dict[str, Any]]]:
    """The name of the server's own choice, and the specs by name; raises HubUnavailable."""
    status, _, content = await servers.request(owner, "GET", "api/kernelspecs")
    answer = json_object(content)
    found = answer.get("kernelspecs")
    if status != HTTPStatus.OK or not isinstance(found, dict):
        raise HubUnavailable("Your server runs, but did not tell its kernels. Try again.")
    specs = {
        name: entry["spec"]
        for name, entry in found.items()
        if isinstance(entry, dict) and isinstance(entry.get("spec"), dict)
    }
    return str(answer.get("default") or ""), specs


def record_start(known: KnownSpecs, owner: Owner, sent: bytes, status: int, answer: bytes) -> None:
    """Remember that the start of a kernel or session was refused. That it works, its word tells."""
    name = _kernel_named(json_object(sent))
    if name and status == HTTPStatus.INTERNAL_SERVER_ERROR:
        known.failed(owner, name, str(json_object(answer).get("message") or ""))


def _kernel_named(body: dict[str, Any]) -> str:
    """Name of the kernel, which in a session's request is in an object of its own."""
    kernel = body.get("kernel")
    name = kernel.get("name") if isinstance(kernel, dict) else body.get("name")
    return name if isinstance(name, str) else ""


def json_object(content: bytes) -> dict[str, Any]:
    """JSON object that a server answered; {} where that is something else."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
